"""What the second sheet says: how to fill in the first."""

from perfdsl.blank import Blank, Day, Number, Words


def notes(blank: Blank) -> tuple[str, ...]:
    """The paragraphs that concern this sheet."""
    asks = [(column, ask) for row in blank.rows for column, ask in row.asks]
    values = [ask for column, ask in asks if column == "value"]
    columns, sorts = {column for column, _ in asks}, {row.sort for row in blank.rows}
    parts = [
        "黄色的格子填写；灰色、白色的格子已锁定，不用填。保护没有设密码，只为防误改；指标名称、规则指纹请不要改，收表时靠它们对号。",
        "没有数据就空着，空着是“没有填”，不会当作 0；确实是 0 的填 0。这一条不适用的，填“不适用”。",
    ]
    if blank.renamed:
        parts.append("“对象”一格填本单位或本项目的名称，同一单位每次写得一样。")
    if any(isinstance(ask, Number) and ask.percent for ask in values):
        parts.append(
            "百分比的格子里键入 95 或 95%，显示 95.00%。不到 1% 的要写百分号：0.5%。只有百分比格式的格子才这样，不要清除格式。"
        )
    if any(isinstance(ask, Number) and not ask.percent for ask in values):
        parts.append("数按“单位”一栏的单位填，只写数，不写单位和“约”字；要说明的写在“偏差原因”里。")
    if any(isinstance(ask, Words) for ask in values):
        parts.append("有下拉箭头的格子从列表里选；列表不够用而能键入的，照实写。")
    if any(isinstance(ask, Day) for ask in values):
        parts.append("日期键入 2024-11-30 这样的年月日；只知道月份的，填那个月的最后一天。")
    if "entry" in sorts:
        parts.append(
            "按件计的指标一件一行，写明事项；没有发生的，在第一行填“无”，不要全空。列出要点的，做到了就在那一行选上，没做到的空着。"
        )
        parts.append("行不够用的，出表时加 --rows 多留几行；多出来的空行不用管。")
    if "unit" in sorts:
        parts.append("由几家单位汇总的指标，一家一行，“事项”写单位名称；写了名称而没有数的，算还没有填。")
    if any(row.sort == "indicator" and row.ask("value") is None for row in blank.rows):
        parts.append("由算式算出的指标不用填，填好它用到的数（表末“计算用的数据”和“资金”）。")
    if "prior" in columns:
        parts.append("“上年值”与实际值同一单位。")
    if "mark" in columns:
        parts.append("“评分”由评分人填：评的分数，或分值的百分之几（写作 90%）。")
    parts.append("没有达到指标值的，写“偏差原因”；“证据”写文件名、文号或存放处。批注不会读入。")
    parts.append("不要合并格子、插入或删除行、改工作表名；筛选隐藏的行照样读入。")
    return tuple(f"{number}. {text}" for number, text in enumerate(parts, 1))
