"""What the engine says about marks, reviews and points."""

from perfdsl.diagnostics import ERROR, INFO, WARNING, Diagnostic, Kind

MARK_UNUSED = Kind(
    "E101", ERROR, "“{name}”给了评分{mark}，但这一档的得分是算出来的，用不上评分", "“{name}” has a mark ({mark}), but its case computes the score",
    "删去评分；要改分请用“复核分”并写明原因", "remove the mark; to change a score use 复核分 with a reason",
)  # fmt: skip
MARK_OUTSIDE = Kind(
    "E102", ERROR, "“{name}”的评分{mark}不在这一档的{low}至{high}分之间", "the mark {mark} of “{name}” is outside its case: {low} to {high}",
    "改评分，或核对完成值属于哪一档", "change the mark, or check which case the actual belongs to",
)  # fmt: skip
NO_CASE = Kind(
    "E103", ERROR, "“{name}”的完成值“{actual}”没有一档管得到", "no case of “{name}” covers the actual “{actual}”",
    "给计分方法补上这一段", "add the missing case to the rubric",
)  # fmt: skip
CLAMPED = Kind(
    "E104", INFO, "“{name}”按规则得{award}分，超出范围，按{kept}分计", "“{name}” comes to {award} points, outside its limits; {kept} count",
    "", "",
)  # fmt: skip
OVERRIDE_UNUSED = Kind(
    "E105", ERROR, "“{name}”不计分，{column}用不上", "“{name}” is not scored, so {column} has no use", "删去{column}", "remove it",
)  # fmt: skip
OVERRIDE_OUTSIDE = Kind(
    "E106", ERROR, "“{name}”的复核分{mark}不在{low}至{high}分之间", "the reviewed score {mark} of “{name}” is outside {low} to {high}",
    "核对复核分", "check it",
)  # fmt: skip
OVERRIDE_UNEXPLAINED = Kind(
    "E107", WARNING, "“{name}”有复核分，没有写原因", "“{name}” has a reviewed score without a reason", "在“偏差原因”里写明", "give the reason",
)  # fmt: skip
BONUS_WITHOUT_ROWS = Kind(
    "E108", INFO, "加减分项“{name}”没有填，按0分计", "the bonus row “{name}” was not filled in and counts 0",
    "确实没有时填“无”", "write 无 when there were none",
)  # fmt: skip
UNKNOWN_ENTRY = Kind(
    "E109", ERROR, "“{name}”的“{text}”不在计分方法里", "“{text}” of “{name}” is not in its rubric", "可以写：{known}", "known: {known}",
)  # fmt: skip
NO_BAND = Kind(
    "E110", ERROR, "总分{total}没有对应的评价等级", "no grade covers the total {total}", "给评价等级补上这一段", "add the missing band",
)  # fmt: skip
NO_POLICY = Kind(
    "E111", ERROR, "“{name}”填了不适用，但没有规定它的{points}分怎么办", "“{name}” does not apply, and what becomes of its {points} points is not said",
    "在对象开头写 not_applicable（不适用处理）", "write not_applicable at the top of the object",
)  # fmt: skip
UNASSESSED = Kind(
    "E112", ERROR, "“{name}”本期没有指标值，但没有规定它的{points}分怎么办", "“{name}” has no target in this period, and what becomes of its {points} points is not said",
    "补上本期指标值，或在对象开头写 not_applicable（不适用处理）", "add the target, or write not_applicable at the top of the object",
)  # fmt: skip
EXCESS_UNEXPLAINED = Kind(
    "E115", WARNING, "“{name}”超过指标值“{target}”三成以上，没有说明原因", "“{name}” exceeds its target “{target}” by more than 30% without explanation",
    "在“偏差原因”里说明；指标值定得过低的，应当调整", "explain it in 偏差原因; a target set too low should be changed",
)  # fmt: skip
VALUE_MISSING = Kind(
    "E113", ERROR, "“{name}”缺少完成值", "“{name}” has no actual value", "补上完成值", "fill it in",
)  # fmt: skip
OUT_OF_DOMAIN = Kind(
    "E114", ERROR, "“{name}”算出来是{value}，超出取值范围", "“{name}” comes to {value}, outside its domain",
    "核对算式和数据；确实可能有这样的值时，写 values（取值）", "check the formula and the data; widen values if it can be so",
)  # fmt: skip
ALONE = Kind(
    "E120", WARNING, "{word} 要把几个对象放在一起比，这次只评了一个对象，没有名次可言", "{word} compares objects, and only one was scored",
    "把同类的对象放进一张完成值表（加“对象”栏）一起评分", "put all objects into one table of actuals (column 对象) and score them together",
)  # fmt: skip
CLASS_OF_ONE = Kind(
    "E121", INFO, "{word}：参加比较的只有“{name}”一家", "{word}: only “{name}” takes part",
    "家数太少时怎样算，可以用 size(…) 另写一档", "what holds for few objects can be a case of its own with size(…)",
)  # fmt: skip
NOT_PLACED = Kind(
    "E122", WARNING, "“{name}”的 {word} 还定不了：{others}还没有定", "{word} of “{name}” is open: it depends on {others}",
    "补上这些对象的完成值；不参加比较的填“不适用”", "fill in the actuals of these objects; write 不适用 for one that takes no part",
)  # fmt: skip
NOT_ALIKE = Kind(
    "E123", ERROR, "{word}：各对象的满分或单位不同，不能放在一起比", "{word}: full marks or units differ between the objects",
    "比同一满分、同一单位的：例如把比率列成一行再比", "compare what has the same full marks and unit, such as a ratio of its own row",
)  # fmt: skip
TOO_MANY_DIGITS = Kind(
    "E130", ERROR, "“{name}”（规则第{line}行）算出来的数超过{most}位，不再往下算", "“{name}” (line {line} of the rules) grows beyond {most} digits and is not worked out",
    "检查算式：多半是一个数反复与自己相乘", "check the formula: a number is most likely multiplied by itself again and again",
)  # fmt: skip
WEIGHT_MISSING = Kind(
    "E116", ERROR, "“{name}”有{count}家单位没有填“{column}”，不能加权平均", "{count} units of “{name}” have no “{column}”, so there is no weighted mean",
    "在完成值表里补上“{column}”栏", "fill in the column “{column}”",
)  # fmt: skip
WEIGHT_UNUSABLE = Kind(
    "E117", ERROR, "“{name}”的“{column}”有负数，或全是0，不能作权数（{weight}）", "“{column}” of “{name}” is negative somewhere or zero throughout ({weight}) and no weight",
    "核对“{column}”栏；都没有资金的，改用 gather mean（汇总 平均）", "check the column “{column}”; where nobody has funds use gather mean",
)  # fmt: skip
WEIGHT_ZERO = Kind(
    "E118", WARNING, "“{name}”有{count}家单位的“{column}”是0，它的完成值不起作用", "{count} units of “{name}” have a “{column}” of 0: their actuals do not count",
    "核对“{column}”栏；确实没有资金的，填“不适用”", "check the column; write 不适用 where there are no funds",
)  # fmt: skip
WORD_OFF_SCALE = Kind(
    "E119", ERROR, "“{name}”的“{text}”不在等级量表上，不能汇总", "“{text}” of “{name}” is on no scale and cannot be gathered",
    "写量表里的词", "write a word of the scale",
)  # fmt: skip

MARKS = (MARK_UNUSED, MARK_OUTSIDE)
REFUSALS = (
    *MARKS, NO_CASE, OVERRIDE_UNUSED, OVERRIDE_OUTSIDE, UNKNOWN_ENTRY, NO_POLICY, OUT_OF_DOMAIN, WEIGHT_MISSING, WEIGHT_UNUSABLE,
    WORD_OFF_SCALE, TOO_MANY_DIGITS,
)  # fmt: skip
REFUSED = frozenset(x.code for x in REFUSALS)  # something given counts for nothing


def field_of(found: Diagnostic) -> str:
    """The field of a row that a finding about it is of: ``value``, or that of the column it names."""
    if found.code in {x.code for x in MARKS}:
        return "mark"
    if found.code == OVERRIDE_OUTSIDE.code:
        return "override"
    return {"评分": "mark", "复核分": "override", "上年值": "prior", "次数": "times"}.get(
        dict(found.facts).get("column", ""), "value"
    )
