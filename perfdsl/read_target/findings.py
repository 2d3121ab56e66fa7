"""What the reader of target cells and completion values may say: one table of codes."""

from perfdsl.diagnostics import ERROR, INFO, WARNING, Kind
from perfdsl.target import Finding


def finding(code: str, start: int, end: int, **facts: str) -> Finding:
    """One finding of a code in the table below."""
    shown = tuple((name, value.replace(">=", "≥").replace("<=", "≤")) for name, value in facts.items())
    return Finding(KINDS[code].code, start, end, shown)


_ROWS = (
    Kind(
        "T101",
        WARNING,
        "不认识的计量单位“{unit}”",
        "unknown unit “{unit}”",
        "改用常用单位，或确认这就是要计数的单位；不同写法不会自动换算。",
        "Use a known unit, or accept that it counts in its own dimension.",
    ),
    Kind(
        "T102",
        WARNING,
        "文字里有数字“{digits}”，没有当作指标值读",
        "the words contain the number “{digits}”, which was not read as a target",
        "把可考核的数值单独写成指标值，例如“≥2年”。",
        "Put the measurable part into a target of its own.",
    ),
    Kind(
        "T103",
        WARNING,
        "“{text}”可能是识别错误：也许应为“≥{rest}”",
        "“{text}” looks like OCR damage; perhaps “≥{rest}” was meant",
        "对照原表；程序不会自行改动。",
        "Compare with the original; nothing is repaired.",
    ),
    Kind(
        "T104",
        ERROR,
        "指标性质栏写“{column}”，单元格写“{cell}”，互相矛盾",
        "the sign column says “{column}”, the cell says “{cell}”",
        "以单元格为准读出；请改正其中一处。",
        "The cell was followed; correct one of the two.",
    ),
    Kind(
        "T105",
        WARNING,
        "计量单位栏写“{column}”，单元格的单位是“{cell}”",
        "the unit column says “{column}”, the cell's unit is “{cell}”",
        "以单元格为准读出；请改正其中一处。",
        "The cell was followed; correct one of the two.",
    ),
    Kind(
        "T106",
        WARNING,
        "一个单元格里有 {count} 个指标值",
        "one cell holds {count} targets",
        "拆成几行，每行一个指标。",
        "Split it into one indicator each.",
    ),
    Kind(
        "T107",
        WARNING,
        "“{word}”是约数，没有写允许的偏差",
        "“{word}” is approximate and no tolerance is given",
        "写明区间，例如“25-35分钟”，或去掉约数。",
        "State a range, or drop the word.",
    ),
    Kind(
        "T108",
        ERROR,
        "“{first}”与“{second}”互相矛盾",
        "“{first}” and “{second}” contradict each other",
        "只写一个符号或一个词。",
        "Write one sign or one word.",
    ),
    Kind(
        "T109",
        WARNING,
        "“{text}”：零带了正负号",
        "“{text}”: a zero with a sign",
        "写“0”，并确认不是漏了数字。",
        "Write 0, and make sure no digit is missing.",
    ),
    Kind(
        "T110",
        ERROR,
        "完成值“{text}”是一个范围，不是一个数",
        "the completion value “{text}” is an inequality, not a value",
        "填写实际完成的数。",
        "Enter the number that was achieved.",
    ),
    Kind(
        "T111",
        WARNING,
        "“{text}”与栏里写的“{column}”不是同一类",
        "“{text}” does not go with “{column}” in its column",
        "定性指标不填数值单位；定量指标要填数。",
        "A qualitative target takes no unit; a quantitative one needs a number.",
    ),
    Kind("T112", WARNING, "没有读懂“{text}”", "“{text}” was not understood", "改写成一个符号、一个数和一个单位。", "Write a sign, a number and a unit."),
    Kind(
        "T113",
        INFO,
        "单元格里带着考核对象“{label}”",
        "the cell carries its subject “{label}”",
        "对象写在指标名称里，指标值只写数。",
        "Put the subject into the indicator's name.",
    ),
    Kind(
        "T114",
        WARNING,
        "从一句话里读出了指标值“{value}”，其余为“{label}”",
        "the target “{value}” was read out of a sentence: “{label}”",
        "把对象写进指标名称，指标值只写数。",
        "Put the subject into the indicator's name.",
    ),
    Kind("T115", WARNING, "“{text}”只有数量级，没有单位", "“{text}” has a scale but no unit", "写明是万元、万人还是万件。", "Say 万元, 万人 or 万件."),
    Kind(
        "T116",
        WARNING,
        "“{name}”像是比率，指标值“{value}”没有单位：是 {value}% 吗？",
        "“{name}” looks like a rate and “{value}” has no unit: is it {value}%?",
        "写上 %，或在计量单位栏填 %。",
        "Write the percent sign, or put it into the unit column.",
    ),
    Kind("T117", WARNING, "指标值为空，值“{value}”取自指标名称", "the cell is empty; “{value}” was read from the name", "把值写进指标值栏。", "Move it into the cell."),
    Kind("T118", WARNING, "区间“{text}”上下限颠倒", "the range “{text}” is reversed", "从小到大写。", "Write the smaller edge first."),
    Kind(
        "T119",
        WARNING,
        "“{text}”可以是日期，也可以是数，读作{reading}",
        "“{text}” may be a date or a number; read as {reading}",
        "写成“2024年12月底前”或“12个月”。",
        "Write 2024年12月底前, or 12个月.",
    ),
    Kind(
        "T120",
        WARNING,
        "“{text}”像是表格软件的浮点误差，原来也许是 {near}",
        "“{text}” looks like spreadsheet noise; perhaps {near} was meant",
        "写原来的小数。",
        "Write the decimal that was meant.",
    ),
    Kind("T121", WARNING, "“{text}”有两种读法，读作{reading}", "“{text}” can be read in two ways; read as {reading}", "写得明确些。", "Write it plainly."),
    Kind("T122", WARNING, "括号里的说明“{text}”没有读", "the remark “{text}” was not read", "说明写在备注栏。", "Put remarks into their own column."),
    Kind(
        "T123",
        WARNING,
        "“{text}”没有说要求达到哪一级",
        "“{text}” does not say which level is required",
        "写明要求的等次，例如“优”。",
        "Name the level that is required.",
    ),
    Kind("T124", ERROR, "目标是百分数，完成值“{text}”没有百分号", "the target is a percent; “{text}” has no percent sign", "写“{text}%”。", "Write “{text}%”."),
    Kind("T125", WARNING, "单元格有 {count} 个字，太长，没有读", "the cell has {count} characters and was not read", "指标值只写数和单位。", "Keep a target short."),
    Kind("T126", INFO, "文字里有数目“{text}”，没有当作指标值读", "the number in words “{text}” was not read", "用阿拉伯数字写指标值。", "Write targets in digits."),
    Kind("T127", INFO, "“{first}”与“{second}”意思重复", "“{first}” and “{second}” say the same", "留一个就够。", "One is enough."),
    Kind("T128", ERROR, "完成值的单位“{actual}”与目标的单位“{target}”不同类", "the value's unit “{actual}” does not fit the target's “{target}”", "用同一类单位填写。", "Use the target's unit."),
    Kind("T129", ERROR, "目标是数值，完成值“{text}”不是数", "the target is a number, the completion value “{text}” is not", "填写实际完成的数。", "Enter the number that was achieved."),
)  # fmt: skip

KINDS = {row.code: row for row in _ROWS}
