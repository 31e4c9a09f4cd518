"""The sentences about formulas and rules. Each: zh, en."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    "rule.minimum_not_proved": (
        "公式不能保证不小于声明的 minimum {minimum}。请用 greatest 或 case 保证，或删去 minimum。",
        "The formula may be below its declared minimum {minimum}. Use greatest or case, or drop the minimum.",
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
    "rule.number_too_long": (
        "数最多 {whole} 位整数、{decimals} 位小数。请写短一些。",
        "A number has at most {whole} digits and {decimals} decimals. Shorten it.",
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
    "rule.never_known": (
        "{name} 无论给出什么事实都算不出来。请检查公式：是否汇总了不存在的人、条件是否永远不成立。",
        "{name} is unknown for everyone, whatever the facts. Check what it counts and whether its conditions can hold.",
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
}
