"""What limits a comparison."""

from perfdsl.diagnostics import ERROR, INFO, WARNING, Kind

NOTHING_IN_COMMON = Kind(
    "E150", ERROR, "“{after}”和“{before}”没有一个相同的指标，比不了", "“{after}” and “{before}” have no indicator in common",
    "核对 --against 给的文件和对象", "check the files and the object given with --against",
)  # fmt: skip
SAME_TWICE = Kind(
    "E151", INFO, "两边是同一套规则、同一份数据、同一期，差是0", "both sides are the same rules, data and period; the difference is 0",
    "想比的若是别的文件、期间或对象，改 --against、--against-period、--against-object",
    "to compare with something else change --against, --against-period or --against-object",
)  # fmt: skip
ONE_WITHOUT_POINTS = Kind(
    "E152", WARNING, "“{name}”没有分值，只比达标与否，不比总分", "“{name}” has no points; only what was met is compared",
    "两边都有分值才能比总分", "totals are compared where both sides have points",
)  # fmt: skip
OTHER_FULL_MARKS = Kind(
    "E153", WARNING, "满分不同：对照{before}分，这一份{after}分；差是两个总分直接相减", "full marks differ: {before} and {after}; the totals are subtracted as they are",
    "看差的时候要记得满分不同", "bear it in mind when you read the difference",
)  # fmt: skip
STILL_OPEN = Kind(
    "E154", WARNING, "有一边还没有定分，差在{low}至{high}之间；没有算进去的：{rows}", "a total is still open, the difference lies between {low} and {high}; left out: {rows}",
    "补齐完成值和评分再比", "fill in what is missing and compare again",
)  # fmt: skip
WITHOUT_RULES = Kind(
    "E155", INFO, "存下的报告里没有规则，同时变了几样的指标不再细分", "a saved report holds no rules; where several things changed they are not told apart",
    "要细分，用当时的规则和完成值：--against 规则 --against 完成值", "to tell them apart give the rules and data of that time: --against RULES --against DATA",
)  # fmt: skip
