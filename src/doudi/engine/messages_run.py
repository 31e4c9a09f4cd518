"""The sentences about everything that comes after checking: cases, reforms, runs, clusters. Each: zh, en."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
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
    "spark.engine_unknown": (
        "DOUDI_ENGINE 写的是 {engine}。请写 duckdb，或 Spark 主节点地址（如 spark://主机:7077）。",
        "DOUDI_ENGINE says {engine}. Write duckdb, or the address of a Spark master (such as spark://host:7077).",
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
    "simulate.nothing_set": (
        "{place} 在 {on} 没有一个项目定了所需的数额，没有可以比较的。请换一天或换一个地区。",
        "At {place} no programme has the figures it needs on {on}; there is nothing to compare. "
        "Choose another day or area.",
    ),
    "screen.folder_taken": (
        "文件夹 {folder} 里另有一次筛查正在进行。请等它结束，或用 --out 换一个文件夹。",
        "Another run is at work in {folder}. Wait until it ends, or choose another folder with --out.",
    ),
    "screen.incomplete": (
        "结果里有 {rows} 户，快照里有 {households} 户，结果不能用。请换一个空文件夹重新运行。",
        "The results hold {rows} households, the snapshot {households}; they cannot be used. "
        "Run again in an empty folder.",
    ),
    "screen.child_died": (
        "一个计算进程被中断（{reason}），多半是内存不够或被终止。已完成的部分保留，再运行一次会接着算；"
        "也可以减小 --threads 或 --memory。",
        "A process at work was ended ({reason}), killed or out of memory. What is finished is kept and the next run "
        "goes on from there; smaller --threads or --memory need less.",
    ),
    "run.requested_unknown": ("没有 {name} 这个量。", "There is no quantity {name}. Correct the name."),
    "replay.malformed": (
        "这不是一份留存的决定。请用 doudi decide --keep 写出的文件。",
        "This is not a kept decision. Give a file written by doudi decide --keep.",
    ),
    "replay.inputs_differ": (
        "留存的资料与摘要不一致，不能使用。请取原件。",
        "The kept inputs are not what their digest says. Fetch the original file.",
    ),
    "replay.rules_differ": (
        "留存的规则与它的版本号不一致，不能使用。请取原件。",
        "The kept rules are not what their version says. Fetch the original file.",
    ),
    "replay.result_differs": (
        "重新计算的结果与留存的不一致，不能使用。请联系系统管理员。",
        "The result worked out again is not the one that was kept. Tell the administrator.",
    ),
}
