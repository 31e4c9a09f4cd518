"""The sentences about files of a policy: their shape, names, figures and places. Each: zh, en."""

from __future__ import annotations

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
    "policy.not_a_file": (
        "这不是普通文件。请放一个 YAML 文件。",
        "This is no ordinary file. Put a YAML file here.",
    ),
    "policy.not_readable": (
        "读不到文件：{problem}。请检查文件和权限。",
        "The file cannot be read: {problem}. Check the file and its permissions.",
    ),
    "policy.link_refused": (
        "政策文件夹里不接受链接。请放文件或文件夹本身。",
        "Links are refused in a policy folder. Put the file or folder itself here.",
    ),
    "policy.file_name": (
        "文件名里有看不见或无法显示的字符。请改名。",
        "The file's name has characters that cannot be shown. Rename it.",
    ),
    "policy.too_many_files": (
        "政策文件超过 {limit} 个。请检查文件夹是否正确。",
        "There are over {limit} policy files. Check that this is the right folder.",
    ),
    "policy.too_many_faults": (
        "错误太多，只列出前 {limit} 处。改正后再检查。",
        "There are too many faults; the first {limit} are told. Mend them and check again.",
    ),
    "policy.too_many_values": (
        "文件里的值超过 {limit} 个。请拆成几个文件。",
        "The file holds over {limit} values. Split it into several.",
    ),
    "policy.key_too_long": ("键超过 {limit} 个字。请换短一些的名称。", "The key is over {limit} letters. Shorten it."),
    "policy.unseen_character": (
        "这里有看不见的字符（{character}）。请删去后重新输入。",
        "There is a character here that nobody sees ({character}). Delete it and type the text again.",
    ),
    "policy.directive_refused": ("不接受 % 指令。请删去这一行。", "Directives (%) are refused. Remove the line."),
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
        "名称 {name} 不合规。应为 household.名、person.名或记录名.名，只用小写字母、数字和下划线，最多 60 个。",
        "The name {name} is not allowed. Write household.x, person.x or record.x, 60 small letters and digits at most.",
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
    "policy.type_unknown": ("不认识的类型 {type}。可用：{known}。", "Unknown type {type}. Use one of {known}."),
    "policy.unit_unknown": ("不认识的单位 {unit}。可用：{known}。", "Unknown unit {unit}. Use one of {known}."),
    "policy.number_too_long": (
        "数最多 {whole} 位整数、{decimals} 位小数。请写短一些。",
        "A number has at most {whole} digits and {decimals} decimals. Shorten it.",
    ),
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
    "policy.replaces_nothing": (
        "{place} 的规则 {name} 没有替换任何规则，也没有被用到。请改正名称，或删去。",
        "The rule {name} of {place} replaces no rule and nothing reads it. Correct its name, or remove it.",
    ),
    "policy.kind_changed": (
        "{name} 在 {other} 是 {expected}，这里写成 {found}。替换的规则类型和单位要相同。",
        "{name} is {expected} at {other} and {found} here. A rule is replaced by one of the same type and unit.",
    ),
    "policy.parameter_unknown": (
        "没有参数 {name}。请改正名称；新的参数要写 type 和 label。",
        "There is no parameter {name}. Correct the name; a new parameter needs type and label.",
    ),
    "policy.programme_untried": (
        "项目 {name} 没有例子。请在它的文件夹里写 examples.yaml。",
        "The programme {name} has no example. Write examples.yaml in its folder.",
    ),
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
    "policy.place_unknown": (
        "没有地区 {place}。请核对行政区划代码。",
        "There is no area {place}. Check its code.",
    ),
    "policy.place_malformed": (
        "地区代码 {place} 不对，应为 2、4、6、9 或 12 位数字。",
        "The area code {place} is not 2, 4, 6, 9 or 12 digits. Correct it.",
    ),
}
