"""The wording of what monitoring finds."""

from perfdsl.diagnostics import ERROR, INFO, WARNING, Kind

NATURE_UNKNOWN = Kind(
    "M101", WARNING, "{count}个指标没有本期指标值，也没有写是累计量还是时点量，无法判断进度：{names}",
    "{count} indicators have no target for the period and do not say whether they accumulate: {names}",
    "在规则里补半年指标值，或写 flow（累计量，按序时进度折算）、stock（时点量，与全年指标值直接比）",
    "write a target for the period, or flow (by the schedule) or stock (as it stands) on the row",
)  # fmt: skip
NO_SCHEDULE = Kind(
    "M102", WARNING, "序时进度表里没有这一期：{names}无法折算", "the table of the schedule has no share for this period: {names} cannot be judged",
    "在表头 schedule 里补上这一期，或写 schedule months", "add the period to the header schedule, or write schedule months",
)  # fmt: skip
TABLE_NOT_BY_DAY = Kind(
    "M103", INFO, "序时进度按表取本期的{share}，与评价日{day}无关", "the schedule is a table: {share} for the period, whatever the day ({day})",
    "要按评价日算，写 schedule months 或 schedule days", "write schedule months or days to go by the day",
)  # fmt: skip
WRONG_YEAR = Kind(
    "M104", ERROR, "评价日{day}不在“{object}”的年度{year}里", "the day {day} is not in {year}, the year of “{object}”",
    "改 --as-of，或用那一年的规则", "change --as-of, or use the rules of that year",
)  # fmt: skip
NOT_AT_END = Kind(
    "M105", INFO, "评价日{day}不是本期的末日{end}：有本期指标值和本期计划的照样与它们比，不按日折算；“按计划”的预计不作",
    "{day} is not the end of the period, {end}: targets and plans of the period are compared as they stand, and nothing is forecast by the plan",
    "要全部按这一天折算，用 --period full", "to divide everything by this day, use --period full",
)  # fmt: skip
NO_DAY = Kind(
    "M106", WARNING, "规则没有写年度，也没有 --as-of，不知道到期没有：{names}", "the rules have no year and there is no --as-of, so nobody knows whether these are due: {names}",
    "在规则里写 year，或加上 --as-of", "write year in the rules, or add --as-of",
)  # fmt: skip
UNKNOWN_LIKELIHOOD = Kind(
    "M110", ERROR, "第{row}行：完成可能性“{text}”不认识", "row {row}: unknown likelihood “{text}”",
    "写 确定能、有可能 或 完全不可能", "write 确定能, 有可能 or 完全不可能",
)  # fmt: skip
UNKNOWN_CAUSE = Kind(
    "M111", ERROR, "第{row}行：原因类别“{text}”不认识", "row {row}: unknown cause “{text}”",
    "写 经费保障、制度保障、人员保障、硬件条件保障 或 其他", "write 经费保障, 制度保障, 人员保障, 硬件条件保障 or 其他",
)  # fmt: skip
FORECAST_UNREAD = Kind(
    "M112", ERROR, "全年预计完成：", "forecast for the year: ",
    "按全年指标值的写法填：数和单位、日期或词", "write it like an actual of the year",
)  # fmt: skip
UNEXPLAINED = Kind(
    "M130", WARNING, "“{name}”滞后，没有写偏差原因", "“{name}” is behind without a reason",
    "在完成值表填“偏差原因”或原因类别", "fill in 偏差原因 or a category of cause",
)  # fmt: skip
CONTRADICTS = Kind(
    "M131", WARNING, "“{name}”填的是“{said}”，而预计全年{shown}{verdict}", "“{name}” is said to be “{said_en}”, while {shown} is forecast, which {verdict_en}",
    "核对完成可能性和全年预计", "check the likelihood and the forecast",
)  # fmt: skip
OVER_BUDGET = Kind(
    "M132", WARNING, "“{name}”已执行{spent}，超过全年预算{budget}", "{spent} is spent on “{name}”, above the year's budget of {budget}",
    "核对金额，或先调整预算", "check the amount, or have the budget changed",
)  # fmt: skip
UNPLANNED = Kind(
    "M133", INFO, "“{name}”本期没有计划支出，已执行{spent}", "nothing is planned for “{name}” to date, and {spent} is spent",
    "核对计划和金额", "check the plan and the amount",
)  # fmt: skip
BACKWARDS = Kind(
    "M134", WARNING, "“{name}”是累计量，填的全年预计{shown}比现在的{actual}还少", "“{name}” accumulates, yet the forecast {shown} is less than {actual} today",
    "核对全年预计", "check the forecast",
)  # fmt: skip
