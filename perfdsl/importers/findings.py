"""What an import has to say: the kinds of doubts, and their words beside a cell of the ``.perf`` file."""

from collections.abc import Mapping, Sequence

from perfdsl.diagnostics import ERROR, INFO, WARNING, Diagnostic, Kind, stated
from perfdsl.document import Place
from perfdsl.importers.records import Doubt, Entry
from perfdsl.text import Source, Span

_MARK = "存疑："


def comment_of(each: Doubt) -> str:
    """The doubt as a remark in the file."""
    zh = KINDS[each.code].zh
    facts = dict(each.facts)
    sentence = _SHORT.get(each.code, zh)
    for name, value in {"about": each.about, **facts}.items():
        sentence = sentence.replace("{" + name + "}", value if len(value) <= 60 else f"{value[:40]}…{value[-16:]}")
    return (_MARK if KINDS[each.code].severity != INFO else "") + sentence.replace("\n", " ")


def diagnostics(document: str, doubts: Sequence[Doubt], entries: Sequence[Entry]) -> list[Diagnostic]:
    """Doubts as findings at rows of the document; each once."""
    rows: dict[Place, list[str]] = {}
    for entry in entries:
        rows.setdefault(_row(entry.place), []).append(entry.text.replace("\n", " "))
    made: dict[Doubt, Diagnostic] = {}
    for each in doubts:
        facts = {"about": each.about or "—", "place": shown(each.place, bare=True) or "表里", **dict(each.facts)}
        made.setdefault(each, stated(KINDS[each.code], _span(document, each, rows), facts))
    return list(made.values())


def _row(place: Place) -> Place:
    return place._replace(column=0)


def _span(document: str, each: Doubt, rows: Mapping[Place, list[str]]) -> Span:
    """The place in the words of its row, on the line that has its number."""
    row = max(each.place.row, 1)
    where = shown(each.place._replace(row=0, column=0)) if each.place.sheet or each.place.page > 1 else ""
    words = "  ".join(rows.get(_row(each.place), []))
    start = max(words.find(each.about), 0) if each.about else 0
    source = Source(f"{document}{where}", "\n" * (row - 1) + words)
    return Span(
        row - 1 + start,
        row - 1 + start + (len(each.about) if each.about and each.about in words else min(1, len(words))),
        source,
    )


def shown(place: Place, *, bare: bool = False) -> str:
    """``第2页第14行第3列`` with what is known of it."""
    parts = [
        place.sheet,
        f"第{place.page}页" if place.page and not place.sheet else "",
        f"第{place.row}行" if place.row else "",
        f"第{place.column}列" if place.column else "",
    ]
    words = "".join(parts)
    return words if bare or not words else f" {words}"


NO_TABLE = Kind(
    "I140", ERROR, "“{name}”里没有找到指标表", "no table of indicators was found in “{name}”",
    "指标表要有“一级指标”“三级指标”“指标值”一类的栏目；新的栏目名称可以请人加进词表", "a table needs headings such as 一级指标, 三级指标, 指标值; a new heading can be added to the word list",
)  # fmt: skip
UNSURE = Kind(
    "I141", WARNING, "{place}：“{about}”一行的格子和栏目对不准：{row}", "{place}: the cells of “{about}” do not fit the headings: {row}",
    "对照原表看这一行的名称、分组和指标值", "compare name, groups and targets of this row with the table",
)  # fmt: skip
NO_VALUE = Kind(
    "I142", WARNING, "{place}：“{about}”没有“{column}”，或者丢了", "{place}: “{about}” has no {column}, or it was lost",
    "原表有的补上；原表就空着的，不用管", "add it if the table has it; leave it if the table is blank there",
)  # fmt: skip
JOINED = Kind(
    "I143", WARNING, "{place}：“{about}”由断开的几段接成：{row}", "{place}: “{about}” was joined from pieces: {row}",
    "对照原表看接得对不对", "compare with the table",
)  # fmt: skip
REGROUPED = Kind(
    "I144", INFO, "{place}：“{about}”没有印组名，按共性框架或分值归入“{group}”，不是上面的“{other}”",
    "{place}: “{about}” carries no group; by framework or points it belongs to “{group}”, not to “{other}” above",
    "不对的话，把这一行移回去", "move the row back if that is wrong",
)  # fmt: skip
AFTER_BREAK = Kind(
    "I145", WARNING, "{place}：“{about}”没有印组名，按上面的“{group}”归组", "{place}: “{about}” carries no group; “{group}” above was taken",
    "对照原表看它属于哪一组", "see in the table which group it belongs to",
)  # fmt: skip
GARBLED = Kind(
    "I146", WARNING, "{place}：“{about}”前面的组名“{label}”认不出，没有采用", "{place}: the group name “{label}” before “{about}” was not recognised and not used",
    "对照原表看它属于哪一组", "see in the table which group it belongs to",
)  # fmt: skip
LOST_GROUP = Kind(
    "I147", WARNING, "{place}：“{about}”的一级指标没有印出，按共性框架补为“{group}”", "{place}: the first-level group of “{about}” is missing; “{group}” was supplied from the framework",
    "对照原表核对一级指标的名称", "compare the name of the group with the table",
)  # fmt: skip
MONEY = Kind(
    "I148", WARNING, "{place}：资金“{about}”的金额和栏目对不准：{row}", "{place}: the amounts of “{about}” do not fit the headings: {row}",
    "对照原表核对金额", "compare the amounts with the table",
)  # fmt: skip
NO_AMOUNT = Kind(
    "I149", WARNING, "{place}：资金“{about}”没有金额，它下面各行有", "{place}: “{about}” has no amount although the lines below it have",
    "对照原表补上", "add it from the table",
)  # fmt: skip
LEFT = Kind(
    "I150", WARNING, "{place}：没有读懂，没有写进文件：{row}", "{place}: not understood and not written to the file: {row}",
    "需要的话，自己写进去；全部没有读懂的见导入记录", "write it yourself if it is needed; the record lists all of them",
)  # fmt: skip
TURNED = Kind(
    "I151", WARNING, "{place}起的一页，各行自下而上，已经倒过来读：{row}", "{place}: the rows of this page run from bottom to top and were read in reverse: {row}",
    "对照原表看各行的次序", "compare the order of the rows with the table",
)  # fmt: skip
RATE = Kind(
    "I152", WARNING, "资金表给执行率{points}分，没有写怎样计分，按“执行率乘分值、不超过分值”写成", "the money table gives {points} points to the execution rate without a rule; rate × points, capped, was written",
    "不是这样计分的，改这一行", "change this row if it is scored otherwise",
)  # fmt: skip
BONUS = Kind(
    "I153", WARNING, "“{about}”只写了不超过{limit}分，没有写最多减多少，按-{limit}至{limit}写成", "“{about}” has a limit of {limit} and no lower one; -{limit} .. {limit} was written",
    "按办法改下限", "set the lower limit by the rules",
)  # fmt: skip
POINTS = Kind(
    "I154", WARNING, "“{about}”印的分值{printed}不等于各项之和{sum}，没有采用", "the printed points {printed} of “{about}” are not the sum {sum} of its rows and were not used",
    "对照原表看是哪一行的分值不对", "see in the table which points are wrong",
)  # fmt: skip
DIRECTION = Kind(
    "I155", WARNING, "{place}：“{about}”的指标值看不出多好还是少好，暂按“{clause}”写", "{place}: “{about}” does not say whether more or less is better; “{clause}” was written",
    "不对的话，改成 higher、lower 或 exact", "change it to higher, lower or exact if that is wrong",
)  # fmt: skip
TWICE = Kind(
    "I156", WARNING, "{place}：同一组里有两个“{about}”，后一个写作“{other}”", "{place}: “{about}” stands twice in its group; the second is written “{other}”",
    "对照原表，改成能分清的名称", "give them names that can be told apart",
)  # fmt: skip
SCORES = Kind(
    "I157", WARNING, "表上的总得分{printed}不等于各项得分之和{sum}", "the printed total score {printed} is not the sum {sum} of the scores",
    "对照原表看是哪一项的得分不对", "see in the table which score is wrong",
)  # fmt: skip
BLANK_MARK = Kind(
    "I158", WARNING, "{place}：“{about}”的得分栏空着，总得分{printed}不含它，按0分填进完成值", "{place}: “{about}” has no score and the total {printed} is complete without it; 0 was entered",
    "不是0分的，改完成值表", "change the actuals if it is not 0",
)  # fmt: skip
BY_HAND = Kind(
    "I159", INFO, "{place}：“{about}”怎样计分留给评分人（{why}）：{row}", "{place}: how “{about}” is scored is left to an assessor ({why}): {row}",
    "写成计分方法，或者就由人评分", "write a rubric, or let a person score it",
)  # fmt: skip
CELL_ERROR = Kind(
    "I160", WARNING, "{place}：单元格是错误值“{row}”", "{place}: the cell holds the error {row}", "在原表里改好再导入", "mend the table and import again",
)  # fmt: skip
TAKEN = Kind(
    "I169", INFO, "{place}：“{about}”的评分标准读了，要看一看：{why}：{row}", "{place}: the sentence of “{about}” was read; look at this: {why}: {row}",
    "不对的话改计分方法", "change the rubric if it is wrong",
)  # fmt: skip
HEADING = Kind(
    "I161", WARNING, "{place}：栏目“{about}”不认识，或与别的栏目重复，各行的内容写在行后的注释里",
    "{place}: the heading “{about}” is not known or stands twice; its cells were written as remarks",
    "要用到的，移到指标值、说明等子句里；叫法可以请人加进词表", "move what is needed to its clause; a heading can be added to the word list",
)  # fmt: skip
SIDES = Kind(
    "I162", WARNING, "{place}：左右并排两套指标，左边的读作实施周期的指标值，右边的读作全年的",
    "{place}: two tables of indicators stand side by side; the left one was read as the whole cycle, the right one as the year",
    "对照原表看哪一边是年度的", "see in the table which side is the year",
)  # fmt: skip

KINDS = {kind.code: kind for kind in (
    NO_TABLE, UNSURE, NO_VALUE, JOINED, REGROUPED, AFTER_BREAK, GARBLED, LOST_GROUP, MONEY, NO_AMOUNT, LEFT, TURNED, RATE, BONUS, POINTS, DIRECTION,
    TWICE, SCORES, BLANK_MARK, BY_HAND, CELL_ERROR, HEADING, SIDES, TAKEN,
)}  # fmt: skip
_SHORT = {
    "I141": "格子和栏目对不准，原文：{row}", "I142": "没有“{column}”，或者丢了", "I143": "由断开的几段接成：{row}",
    "I144": "没有印组名，归入“{group}”", "I145": "没有印组名，按上面的归组", "I146": "组名“{label}”认不出",
    "I147": "一级指标没有印出，按共性框架补", "I148": "金额和栏目对不准，原文：{row}", "I149": "没有金额，它下面各行有",
    "I151": "有一页各行自下而上，已经倒过来读", "I152": "没有写怎样计分，按执行率乘分值", "I153": "只写了不超过{limit}分，下限是补的",
    "I154": "印的分值{printed}不等于各项之和{sum}", "I155": "方向表上没有写", "I156": "同一组里重名", "I158": "得分栏空着，总得分不含它",
    "I159": "留给评分人：{why}", "I160": "单元格是错误值{row}",
    "I169": "{why}",
    "I161": "栏目“{about}”不认识，内容写在行后的注释里", "I162": "左右并排两套指标，左边按实施周期、右边按全年写",
}  # fmt: skip
