"""The sentence of every error code, zh and en: what is wrong, and what to do. The place is put first when there is
one.
"""

from __future__ import annotations

from collections.abc import Mapping

SENTENCES: dict[str, tuple[str, str]] = {
    "policy.several": (
        "政策文件有 {count} 处错误，逐条改正后再检查。",
        "The policy files have {count} faults; mend each and check again.",
    ),
    "policy.not_a_folder": (
        "这里没有政策文件夹：{folder}。请给出 policy 文件夹。",
        "There is no policy folder here: {folder}. Give the policy folder.",
    ),
    "policy.file_too_large": (
        "文件超过 {limit} 字节。请拆成几个文件。",
        "The file is over {limit} bytes. Split it into several.",
    ),
    "policy.not_utf8": (
        "第 {byte} 个字节不是 UTF-8。请存为 UTF-8。",
        "Byte {byte} is not UTF-8. Save the file as UTF-8.",
    ),
    "policy.several_documents": (
        "一个文件只能有一份文档。请删去 --- 分隔。",
        "A file holds one document. Remove the --- divider.",
    ),
    "policy.alias_refused": (
        "不接受别名和锚点（& *）。请把内容写全。",
        "Aliases and anchors (& *) are refused. Write the content out.",
    ),
    "policy.tag_refused": ("不接受标签 {tag}。请删去。", "The tag {tag} is refused. Remove it."),
    "policy.nested_too_deep": ("嵌套超过 {limit} 层。请写平一些。", "Nested over {limit} levels. Write it flatter."),
    "policy.yaml_malformed": (
        "YAML 写法不对：{problem}。请检查缩进和引号。",
        "Not well-formed YAML: {problem}. Check indents and quotes.",
    ),
    "policy.key_not_text": ("键必须是文字。", "A key must be text. Write a name."),
    "policy.duplicate_key": ("键 {key} 重复。请删去一个。", "The key {key} stands twice. Remove one."),
    "policy.key_unknown": ("不认识的键 {key}。可用：{known}。", "Unknown key {key}. Allowed: {known}."),
    "policy.key_missing": ("缺少 {key}。请补上。", "{key} is missing. Add it."),
    "policy.expected": ("这里应当是{what_zh}。", "This must be {what_en}. Correct it."),
    "policy.translation_missing": (
        "缺少 {lang} 的文字。zh 和 en 都要写。",
        "The {lang} text is missing. Write both zh and en.",
    ),
    "policy.name_invalid": (
        "名称 {name} 不合规。要写成 household.名、person.名或记录名.名，只用小写英文字母、数字和下划线。",
        "The name {name} is not allowed. Write household.x, person.x or record.x in lower case letters and digits.",
    ),
    "policy.name_reserved": (
        "名称 {name} 由系统自己使用。请换一个。",
        "The name {name} is used by the system itself. Choose another.",
    ),
    "policy.plain_name_invalid": (
        "名称 {name} 不合规。只用小写英文字母、数字和下划线，不用 __，不用公式里的词。",
        "The name {name} is not allowed. Use lower case letters, digits and _, no __ and no word of formulas.",
    ),
    "policy.fact_is_not_replaced": (
        "{name} 是 {other} 声明的事实，不能再写成规则。请换一个名称。",
        "{name} is a fact declared at {other} and cannot be a rule. Choose another name.",
    ),
    "policy.entity_unknown": (
        "不认识 {name}。规则只能属于 {known}。",
        "There is no {name}. A rule belongs to one of {known}.",
    ),
    "policy.word_unknown": ("{word} 不在这里能用的词里：{known}。", "{word} is none of the words for this: {known}."),
    "policy.entity_of_fact": (
        "事实不能属于 {name}，只能属于 {known}。",
        "A fact cannot belong to {name}; it belongs to {known}.",
    ),
    "policy.ends_before_it_begins": (
        "止于 {day}，早于起始的 {other}。请改正日期。",
        "It ends on {day}, before it begins on {other}. Correct the days.",
    ),
    "policy.set_twice": (
        "{area} 自 {day} 起的数值写了两次。请留一个。",
        "The value of {area} from {day} stands twice. Keep one.",
    ),
    "policy.out_of_bounds": (
        "{value} 超出允许的范围（界限 {bound}）。请核对。",
        "{value} is out of bounds (limit {bound}). Check it.",
    ),
    "rule.minimum_not_proved": (
        "公式不能保证不小于声明的 minimum {minimum}。请用 greatest 或 case 保证，或删去 minimum。",
        "The formula may be below its declared minimum {minimum}. Use greatest or case, or drop the minimum.",
    ),
    "policy.type_unknown": ("不认识的类型 {type}。可用：{known}。", "Unknown type {type}. Use one of {known}."),
    "policy.unit_unknown": ("不认识的单位 {unit}。可用：{known}。", "Unknown unit {unit}. Use one of {known}."),
    "policy.number_malformed": ("{text} 不是十进制数。", "{text} is not a decimal number. Write digits with a point."),
    "policy.date_malformed": (
        "{text} 不是日期。请写成 2026-07-01。",
        "{text} is not a date. Write it like 2026-07-01.",
    ),
    "policy.boolean_malformed": ("{text} 不是 yes/no（true/false）。", "{text} is not yes/no (true/false)."),
    "policy.defined_twice": (
        "{name} 已经在 {other} 定义过。请留一处。",
        "{name} is already defined at {other}. Keep one.",
    ),
    "policy.feed_unknown": ("没有数据源 {feed}。", "There is no feed {feed}. Check policy/sources."),
    "policy.column_unknown": ("{feed} 没有列 {column}。", "{feed} has no column {column}. Check its columns.yaml."),
    "policy.may_not_set": (
        "{area} 无权规定 {name}，只能由 {levels} 规定。",
        "{area} may not set {name}; only {levels} may. Move the value to that area's folder.",
    ),
    "policy.outside_place": ("{area} 不在 {place} 范围内。", "{area} is not within {place}. Put it in its own folder."),
    "policy.programme_unknown": ("没有项目 {name}。", "There is no programme {name}. Check policy/programmes."),
    "policy.choice_unknown": (
        "没有裁量点 {name}。请写 source: discretion 的事实。",
        "There is no choice {name}. Name a fact whose source is discretion.",
    ),
    "policy.choice_without_codes": (
        "裁量点要有可选的代码（type: code）或者是与否（boolean）。",
        "A choice is one of listed codes (type: code) or yes and no (boolean).",
    ),
    "policy.choice_misnamed": (
        "裁量点 {name} 的名字要以 discretion_ 开头，别的事实不能这样开头。",
        "A choice, and nothing else, has a name that begins with discretion_: mend {name}.",
    ),
    "policy.days_overlap": (
        "{area} 从 {day} 起的值，与到 {other} 为止的前一个值重叠。请把前一个的 to 提前。",
        "The value of {area} from {day} overlaps with the one before, which ends on {other}. End that one earlier.",
    ),
    "policy.otherwise_by_key": (
        "按代码分别取值的参数不能有 otherwise。请删去。",
        "A parameter that differs by a code has no otherwise. Remove it.",
    ),
    "policy.may_not_replace": (
        "{place} 不能另定 {name}，可以另定的是：{levels}。",
        "{place} may not replace {name}; it is set by {levels}. Leave the rule to them.",
    ),
    "policy.chain_unknown": ("没有认定链 {name}。", "There is no chain {name}. Check policy/chains."),
    "policy.place_malformed": (
        "地区代码 {place} 不对，应为 2、4、6、9 或 12 位数字。",
        "The area code {place} is not 2, 4, 6, 9 or 12 digits. Correct it.",
    ),
    "rule.too_long": (
        "公式超过 {limit} 字节。请拆成几条规则。",
        "The formula is over {limit} bytes. Split it into several rules.",
    ),
    "rule.too_deep": (
        "公式嵌套超过 {limit} 层。请拆成几条规则。",
        "The formula is nested over {limit} levels. Split it into several rules.",
    ),
    "rule.character": (
        "不接受字符 {character}。请用键盘上的半角字母和符号。",
        "The character {character} is not accepted. Use plain letters and signs.",
    ),
    "rule.full_width": (
        "{character} 是全角字符。请改用半角。",
        "{character} is a full-width character. Type the plain one.",
    ),
    "rule.number_malformed": (
        "{text} 不是数。请写成 1000 或 0.5。",
        "{text} is not a number. Write it like 1000 or 0.5.",
    ),
    "rule.two_constants": (
        "两边都是常数，比较没有意义。请写上要比较的事实。",
        "Both sides are constants. Name the fact to compare.",
    ),
    "rule.depends_too_deep": (
        "{name} 层层引用的规则太多（超过 {limit} 层）。请合并一些。",
        "{name} builds on too many rules in a row (over {limit} levels). Join some.",
    ),
    "rule.counts_no_value": (
        "{name} 只数行，不取值。请写 {name}(where 条件) 或 {name}(记录 where 条件)。",
        "{name} counts rows and takes no value. Write {name}(where …) or {name}(record where …).",
    ),
    "rule.look_alike": (
        "{word} 里混有形似的外文字母 {character}。请重新输入。",
        "{word} has a look-alike letter {character}. Type it again.",
    ),
    "rule.text_open": ("引号没有结束。", "The quote is not closed. Close it."),
    "rule.unexpected": (
        "这里不应是 {found}，应是 {expected}。",
        "Found {found} where {expected} should stand. Correct the formula.",
    ),
    "rule.case_without_else": ("case 必须有 else。请写明其余情况。", "A case needs an else. Say what holds otherwise."),
    "rule.name_unknown": ("不认识的名称 {name}。", "Unknown name {name}. Define it or correct it."),
    "rule.function_unknown": ("不认识的函数 {name}。", "Unknown function {name}. Use one of the listed functions."),
    "rule.arguments": (
        "{name} 要 {expected} 个参数，这里有 {found} 个。",
        "{name} takes {expected} arguments, found {found}. Correct the call.",
    ),
    "rule.out_of_scope": (
        "{name} 在这里读不到：这条规则属于 {scope}。",
        "{name} cannot be read here: this rule belongs to {scope}. Use an aggregate.",
    ),
    "rule.type_mismatch": (
        "{what} 应为 {expected}，这里是 {found}。",
        "{what} must be {expected}, here it is {found}. Correct the formula.",
    ),
    "rule.unit_mismatch": (
        "单位不一致：{left} 和 {right}。请用 monthly()、yearly() 换算，或改单位。",
        "Units differ: {left} and {right}. Convert with monthly() or yearly(), or correct a unit.",
    ),
    "rule.code_unknown": (
        "{value} 不在代码表里。可用：{known}。",
        "{value} is not in the code list. Use one of {known}.",
    ),
    "rule.division": (
        "不能证明除数不为零。请给除数声明 minimum，或用 case 先排除零。",
        "The divisor may be zero. Declare its minimum, or exclude zero in a case.",
    ),
    "rule.not_proved_positive": (
        "known_exceeds 里的值不能证明不小于零。请给事实声明 minimum: 0。",
        "The value in known_exceeds is not proved to be zero or more. Declare minimum: 0.",
    ),
    "rule.cycle": (
        "规则互相引用成环：{cycle}。请断开一处。",
        "Rules refer to each other in a circle: {cycle}. Break it at one place.",
    ),
    "rule.no_aggregate_target": (
        "看不出要汇总谁。请在里面写明 person.x 或 记录.x。",
        "It is not clear over what to aggregate. Name person.x or record.x inside.",
    ),
    "rule.several_records": (
        "一次只能汇总一种记录，这里有 {names}。",
        "One aggregate reads one kind of record, here are {names}. Split it.",
    ),
    "rule.step_not_constant": (
        "取整的单位要写成大于零的常数。",
        "The rounding step must be a constant above zero. Write it out.",
    ),
    "rule.not_applicable_input": (
        "{name} 在某些情况下不适用，不能直接用。请先用 case 排除：{condition}。",
        "{name} may not apply; exclude that first with a case: {condition}.",
    ),
    "case.file_too_large": (
        "文件超过 {limit} 字节。一份 CASE.json 只写一个家庭。",
        "The file is over {limit} bytes. One CASE.json holds one household.",
    ),
    "case.not_utf8": ("第 {byte} 个字节不是 UTF-8。请存为 UTF-8。", "Byte {byte} is not UTF-8. Save it as UTF-8."),
    "case.not_json": (
        "不是 JSON（第 {line} 行第 {column} 列）。请检查引号、逗号和括号。",
        "Not JSON (line {line}, column {column}). Check quotes, commas and brackets.",
    ),
    "case.nested_too_deep": ("嵌套超过 {limit} 层。请按样例写。", "Nested over {limit} levels. Follow the sample."),
    "case.key_twice": ("键 {key} 重复。请删去一个。", "The key {key} stands twice. Remove one."),
    "case.not_a_value": ("不接受 {text}。请写成文字的十进制数。", "{text} is refused. Write a decimal number as text."),
    "case.place_missing": (
        "没有写 place，也没有用 --place 给出地区。请写明按哪个地区的规则。",
        "There is no place in the case and no --place. Say whose rules apply.",
    ),
    "case.not_an_object": ("应当是一个 JSON 对象。", "This must be a JSON object. See the sample CASE.json."),
    "case.key_missing": ("{path} 缺少 {key}。请补上。", "{path} lacks {key}. Add it."),
    "case.fact_unknown": ("{path} 里没有 {name} 这个事实。", "{path} has no fact {name}. Correct the name."),
    "case.choice_without_reason": (
        "{path} 由人裁量，要写成 choice 和 reason，理由不能空。",
        "{path} is a person's choice: write choice and reason, and the reason may not be empty.",
    ),
    "case.null_refused": (
        '{path} 不能写 null。不知道就写 {{"unknown": "not_answered"}}，没问过就不写。',
        '{path} may not be null. Write {{"unknown": "not_answered"}}, or leave it out if never asked.',
    ),
    "case.number_as_float": (
        '{path} 的数要写成文字（如 "386.40"）或整数，不能写成小数。',
        '{path}: write the number as text ("386.40") or a whole number, not as a binary fraction.',
    ),
    "case.value_malformed": ("{path} 的值不是{what_zh}。", "The value of {path} is not {what_en}. Correct it."),
    "case.below_minimum": ("{path} 不能小于 {minimum}。", "{path} may not be below {minimum}. Correct it."),
    "case.code_unknown": (
        "{path} 的代码 {value} 不在表里。可用：{known}。",
        "{path}: the code {value} is not in the list. Use one of {known}.",
    ),
    "case.reason_unknown": (
        "{path} 的未知原因要是 {known} 之一。",
        "{path}: the reason must be one of {known}. Correct it.",
    ),
    "case.person_twice": ("人员 id {id} 重复。", "The person id {id} stands twice. Give each person one id."),
    "case.person_unknown": (
        "{path} 指向的人员 {id} 不在 persons 里。",
        "{path} names person {id}, who is not in persons. Add the person.",
    ),
    "case.outside_place": (
        "{area} 不在规则所属地区 {place} 内。",
        "{area} is not within {place}, whose rules were asked for. Use the right place.",
    ),
    "spark.not_installed": (
        "没有安装 PySpark，不能用 Spark 集群计算。请安装 doudi[spark]，或用 DOUDI_ENGINE=duckdb。",
        "PySpark is not installed, so no Spark cluster can be used. Install doudi[spark], or set DOUDI_ENGINE=duckdb.",
    ),
    "spark.java_missing": (
        "没有找到 Java，Spark 要靠它运行。请安装 Java {least} 或更新的版本（如 openjdk-17-jre-headless），"
        "或设置 JAVA_HOME；只用一台机器时可用 DOUDI_ENGINE=duckdb，不需要 Java。",
        "No Java was found, and Spark runs on it. Install Java {least} or newer (such as openjdk-17-jre-headless) "
        "or set JAVA_HOME; on one machine DOUDI_ENGINE=duckdb needs no Java.",
    ),
    "spark.java_too_old": (
        "找到的 Java 版本是 {found}，Spark 至少要 {least}。请安装新的版本，或让 JAVA_HOME 指向它。",
        "The Java found is version {found}; Spark needs {least} or newer. Install that, or point JAVA_HOME to it.",
    ),
    "spark.not_started": (
        "Spark（{master}）没有启动：{problem}。请检查主节点地址和网络。",
        "Spark ({master}) did not start: {problem}. Check the address of the master and the network.",
    ),
    "spark.other_engine": (
        "集群机器上的兜底版本与本机不同。请在每台机器上安装同一版本。",
        "The machines of the cluster have another version of Doudi. Install the same one on each.",
    ),
    "spark.task_failed": (
        "一个分片多次没有算成（{problem}）。已算成的分片保留，再运行一次会接着做；请查看集群机器的日志和内存。",
        "A slice failed again and again ({problem}). What is done is kept and another run goes on from there; look at "
        "the logs and memory of the cluster's machines.",
    ),
    "run.parameter_gap": (
        "{area} 在 {day} 没有规定“{label}”。请由有权的地方补上。",
        '{area} has no value of "{label}" on {day}. The area in charge must set it.',
    ),
    "run.overflow": (
        "计算 {name} 时数值过大。请核对输入。",
        "A value became too large while working out {name}. Check the input.",
    ),
    "reform.parameter_unknown": (
        "没有参数 {name}，改革只能改已有的参数。",
        "There is no parameter {name}; a reform changes those that exist. Correct the name.",
    ),
    "reform.rule_unknown": (
        "没有规则 {name}，改革只能改已有的规则。",
        "There is no rule {name}; a reform changes those that exist. Correct the name.",
    ),
    "reform.programme_unknown": (
        "没有项目 {name}，改革只能改已有的项目。",
        "There is no programme {name}; a reform changes those that exist. Correct the name.",
    ),
    "reform.chain_unknown": (
        "没有救助链 {name}，改革只能改已有的救助链。",
        "There is no chain {name}; a reform changes those that exist. Correct the name.",
    ),
    "reform.scale_of_no_number": (
        "{name} 不是数，不能按倍数改。请用 values 写明新值。",
        "{name} is no number and cannot be scaled. Give its new value under values.",
    ),
    "reform.scale_not_whole": (
        "{name} 是整数，按倍数算出来是 {value}。请用 values 写明新值。",
        "{name} is a whole number, and scaled it would be {value}. Give its new value under values.",
    ),
    "simulate.other_place": (
        "两部规则书的地区不同：{before} 和 {after}。请用同一个地区。",
        "The two rulebooks are of different places, {before} and {after}. Use one place.",
    ),
    "simulate.fact_differs": (
        "事实 {name} 在两部规则书里类型不同，不能用同一份快照比较。",
        "The fact {name} is of another type in the second rulebook; one snapshot cannot serve both. Keep its type.",
    ),
    "simulate.programme_unknown": (
        "两部规则书里都没有项目 {name}。",
        "Neither rulebook has the programme {name}. Correct the name.",
    ),
    "run.requested_unknown": ("没有 {name} 这个量。", "There is no quantity {name}. Correct the name."),
}


WORDS = {
    "boolean": "是/否",
    "integer": "整数",
    "number": "数",
    "date": "日期",
    "month": "月份",
    "code": "代码",
    "area": "区划",
    "household": "家庭（household）",
    "person": "个人（person）",
    "a value": "一个值",
    "a code": "一个代码",
    "the end": "公式结尾",
    "the end of the formula": "公式结尾",
    "a formula": "一条公式",
}
"""Words of the language of messages that zh says otherwise."""


class _Blank(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "?"


def sentence(code: str, context: Mapping[str, object], suggestion: str | None, lang: str) -> str:
    """The message of an error code in `zh` or `en`, without its place."""
    zh, en = SENTENCES[code]
    said = {key: WORDS.get(str(value), value) for key, value in context.items()} if lang == "zh" else context
    text = (zh if lang == "zh" else en).format_map(_Blank(said))
    if suggestion:
        text += f"是不是 {suggestion}？" if lang == "zh" else f" Did you mean {suggestion}?"
    return text
