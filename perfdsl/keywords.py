"""The words of the language: for each terminal its meaning, its English and its Chinese spelling, and further aliases.

Structure is grammar, vocabulary is this table: a new spelling never changes the parser or the formatter.
"""

from typing import NamedTuple


class Word(NamedTuple):
    """A keyword: terminal, meaning (the canonical English word), Chinese spelling, aliases, and is it reserved?"""

    kind: str
    meaning: str
    zh: str
    aliases: tuple[str, ...] = ()
    reserved: bool = False


WORDS = (
    # declarations
    Word("USE", "use", "引用"),
    Word("FOR", "for", "用于"),
    Word("OBJECT", "project", "项目"),
    Word("OBJECT", "department", "部门整体"),
    Word("OBJECT", "policy", "政策"),
    Word("RULESET", "ruleset", "规则集"),
    Word("RUBRIC", "rubric", "计分方法", ("评分办法",)),
    Word("SCALE", "scale", "等级量表"),
    Word("GRADES", "grades", "评价等级"),
    Word("LIGHTS", "lights", "预警灯"),
    Word("INPUT", "input", "输入"),
    Word("INDICATOR", "indicator", "指标"),
    Word("CEILING", "ceiling", "等级封顶", ("一票否决", "封顶")),
    Word("AWARD", "award", "评优"),
    Word("WHEN", "when", "条件"),
    Word("TEST", "test", "测试"),
    Word("GIVEN", "given", "给定"),
    Word("EXPECT", "expect", "预期"),
    Word("SCORE", "score", "得分"),
    Word("STATUS", "status", "状态"),
    Word("GRADE", "grade", "等级"),
    Word("CASE", "case", "档次"),
    # headers
    Word("YEAR", "year", "预算年度"),
    Word("AGENCY", "agency", "实施单位"),
    Word("AGENCY", "supervisor", "主管部门"),
    Word("TOTAL", "total", "总分"),
    Word("ROUNDING", "rounding", "保留小数"),
    Word("MISSING", "missing", "缺失"),
    Word("NOT_APPLICABLE", "not_applicable", "不适用处理"),
    Word("EFFECTIVE", "effective", "有效期"),
    Word("DEFAULT", "default", "默认"),
    Word("INFO", "info", "信息"),
    Word("SCHEDULE", "schedule", "序时进度"),
    Word("FUNDS", "funds", "项目资金", ("资金",)),
    Word("SIDE", "income", "收入"),
    Word("SIDE", "spend", "支出"),
    Word("TO", "to", "转入"),
    # clauses
    Word("PERIOD", "q1", "一季度", reserved=True),
    Word("PERIOD", "half", "半年", reserved=True),
    Word("PERIOD", "q3", "三季度", reserved=True),
    Word("PERIOD", "full", "全年", ("年度",), reserved=True),
    Word("PERIOD", "cycle", "实施周期", reserved=True),
    Word("POINTS", "points", "分值", reserved=True),
    Word("SHARED", "shared", "均分", reserved=True),
    Word("UPTO", "up to", "最高", reserved=True),
    Word("WEIGHT", "weight", "组权重", reserved=True),
    Word("BONUS", "bonus", "加减分范围", reserved=True),
    Word("EITHER", "either", "择一", reserved=True),
    Word("BY", "by", "评分", reserved=True),
    Word("FACTOR", "factor", "系数"),
    Word("GATHER", "gather", "汇总"),
    Word("WEIGHTED", "weighted", "加权"),
    Word("DIRECTION", "higher", "越高越好", reserved=True),
    Word("DIRECTION", "lower", "越低越好", reserved=True),
    Word("DIRECTION", "exact", "等于为好", reserved=True),
    Word("NATURE", "flow", "累计量", reserved=True),
    Word("NATURE", "stock", "时点量", reserved=True),
    Word("VALUES", "values", "取值", reserved=True),
    Word("WHOLE", "whole", "整数", reserved=True),
    Word("APPLIES", "applies", "适用于", reserved=True),
    Word("ACCEPT", "accept", "接受", reserved=True),
    Word("REMARK", "note", "指标说明", reserved=True),
    Word("REMARK", "basis", "评分依据", reserved=True),
    Word("REMARK", "source", "数据来源", reserved=True),
    Word("UNIT", "unit", "计量单位", reserved=True),
    Word("AS", "as", "简称", reserved=True),
    # rubrics
    Word("AGGREGATE", "check", "要点累计"),
    Word("AGGREGATE", "sum", "逐项累计"),
    Word("AGGREGATE", "best", "取最高"),
    Word("AGGREGATE", "mean", "取平均"),
    Word("AGGREGATE", "trimmed mean", "截尾平均"),
    Word("OVER", "over", "人数超过"),
    Word("PER", "per", "同一"),
    Word("FROM", "from", "起评"),
    Word("OTHERWISE", "otherwise", "否则", ("其余", "其他")),
    Word("AND", "and", "且", ("并且",), reserved=True),
    Word("OR", "or", "或", ("或者",), reserved=True),
    Word("NOT", "not", "非", reserved=True),
)

# spelling -> word; the two-word spellings are joined by the lexer
SPELLINGS: dict[str, Word] = {s: w for w in WORDS for s in (w.meaning, w.zh, *w.aliases)}
CHINESE: dict[str, str] = {w.meaning: w.zh for w in WORDS}
STARTERS = frozenset({"USE", "OBJECT", "RULESET", "RUBRIC", "TEST", "FUNDS", "INDICATOR"})
# kinds that are names where the keyword cannot be meant -> does the kind start a statement?
SOFT: dict[str, bool] = {w.kind: w.kind in STARTERS for w in WORDS if not w.reserved}

# Words of formulas and settings: ordinary names to the parser, so they never clash with the grammar.
FORMULA_WORDS: dict[str, str] = {
    "actual": "完成值",
    "target": "指标值",
    "completion": "完成率",
    "gap": "差额",
    "excess": "超额",
    "met": "达标",
    "prior": "上年值",
    "missing": "缺失",
    "all": "全部",
    "points": "分值",
    "mark": "评分值",
    "high_first": "高者在前",
    "low_first": "低者在前",
    "ties_skip": "并列占位",
    "ties_dense": "并列不占位",
    "ties_last": "并列取后",
}
FUNCTIONS: dict[str, str] = {
    "score": "得分",
    "lost": "失分",
    "met": "达标",
    "count": "计数",
    "min": "最小",
    "max": "最大",
    "clamp": "限定",
    "abs": "绝对值",
    "floor": "向下取整",
    "ceil": "向上取整",
    "round": "四舍五入",
    "interpolate": "内插",
    "budget": "预算",
    "plan": "计划",
    "spent": "已支出",
    "rank": "名次",
    "rank_share": "名次占比",
    "best": "最优值",
    "worst": "最差值",
    "size": "家数",
}
SETTINGS: dict[str, str] = {
    "report": "如实列出",
    "error": "报错",
    "rescale": "折算",
    "full": "满分",
    "zero": "零分",
    "number": "数值",
    "level": "等级词",
    "actuals": "完成值表",
    "period": "期间",
    "months": "按月",
    "days": "按日",
    "sum": "合计",
    "mean": "平均",
    "output": "产出",
    "money": "资金",
}

# What tables and options call a period, and the two sides of a funds table.
PERIOD_WORDS: dict[str, str] = (
    {w.meaning: w.meaning for w in WORDS if w.kind == "PERIOD"}
    | {s: w.meaning for w in WORDS if w.kind == "PERIOD" for s in (w.zh, *w.aliases)}
    | {"上半年": "half", "第一季度": "q1", "前三季度": "q3"}
)
PERIOD_NAMES: dict[str, str] = {w.meaning: w.zh for w in WORDS if w.kind == "PERIOD"}
SIDES: dict[str, str] = {s: w.meaning for w in WORDS if w.kind == "SIDE" for s in (w.meaning, w.zh)}
