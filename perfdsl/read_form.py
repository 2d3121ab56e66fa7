"""A form file (TOML) to a form: what is wrong in it is said with its line and left out.

``tomllib`` is loaded only where a form is read.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any

from perfdsl.diagnostics import ERROR, Diagnostic, Kind, closest, finding, stated
from perfdsl.form import (
    BOTH,
    SCORES,
    TARGETS,
    Amount,
    Block,
    Column,
    Content,
    Execution,
    Field,
    Fields,
    Form,
    Indicators,
    Notes,
    Sides,
    Signatures,
    Texts,
    Total,
)
from perfdsl.quantity import parse_unit
from perfdsl.text import Source, Span
from perfdsl.toml_place import toml_place

LEVELS = ("一级", "二级", "三级", "四级", "五级")
SHOWN = (
    "序号", "指标值", "全年指标值", "半年指标值", "一季度指标值", "三季度指标值", "实施周期指标值", "符号", "数值", "单位", "性质",
    "完成值", "完成率", "分值", "得分", "扣分", "是否达标", "偏差原因", "证据", "得分理由", "评分标准", "指标说明", "取值依据", "空白",
    "应完成", "全年预计", "预警灯", "监控结论", "经费保障", "制度保障", "人员保障", "硬件条件保障", "其他", "确定能", "有可能", "完全不可能",
)  # fmt: skip
AMOUNTS = (
    "全年", "年初", "半年", "一季度", "三季度", "实施周期", "执行数", "执行率", "应执行", "全年预计", "分值", "得分", "空白",
)  # fmt: skip
ONLY = (BOTH, TARGETS, SCORES)
MOST_COLUMNS, MOST_WIDTH = 40, 80
TOP = ("title", "subtitle", "paper", "unit", "columns", "blocks")
COLUMN = ("head", "show", "width", "over", "points", "only")
BLOCKS = {
    "表头": ("rows",), "资金": ("label", "amounts", "sides", "table"), "预算执行": ("label", "amounts", "whole", "indicator"),
    "文字": ("label", "text", "lines"), "并列": ("label", "fields", "lines"), "指标": (), "合计": ("label",),
    "说明": ("label", "lines", "arithmetic"), "签字": ("texts",),
}  # fmt: skip
SIDES = ("收入", "支出")
MONEY = (("元", 1),)


def read_form(source: Source, name: str) -> tuple[Form | None, list[Diagnostic]]:
    """The form in ``source``, called ``name``, and what is wrong with it; None where nothing can be made of it."""
    import tomllib

    try:
        given: Any = tomllib.loads(source.text)
    except (tomllib.TOMLDecodeError, RecursionError) as wrong:
        return None, [finding(NOT_TOML, toml_place(source, str(wrong)), words=str(wrong))]
    reader = _Reader(source)
    form = reader.form(given, name)
    return (None if reader.found else form), reader.found


class _Reader:
    """Reads one file; every fault is said at the key it is about."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.found: list[Diagnostic] = []

    def form(self, given: Mapping[str, Any], name: str) -> Form:
        self.known(given, TOP, ("", 0))
        title = self.text(given, "title", ("", 0))
        if not title:
            self.say(LACKING, ("", 0), "", what="title", where="这份文件")
        paper = self.one_of(given, "paper", ("横", "竖"), ("", 0))
        unit = self.text(given, "unit", ("", 0))
        money = parse_unit(unit) if unit else None
        if unit and (money is None or money.dims != MONEY):
            self.say(BAD_VALUE, ("", 0), "unit", word="unit", value=unit, form='unit = "万元"')
        columns = self.columns(given)
        blocks = [b for n, one in enumerate(self.tables(given, "blocks"), 1) if (b := self.block(one, n)) is not None]
        if not any(isinstance(block.content, Indicators) for block in blocks):
            self.say(LACKING, ("", 0), "", what='kind = "指标"', where="blocks")
        form = Form(name=name, title=title, subtitle=self.text(given, "subtitle", ("", 0)), portrait=paper == "竖",
                    unit=unit, columns=tuple(columns), blocks=tuple(blocks))  # fmt: skip
        self.check_fit(form)
        return form

    # ---- columns

    def columns(self, given: Mapping[str, Any]) -> list[Column]:
        made = [self.column(one, number) for number, one in enumerate(self.tables(given, "columns"), 1)]
        if not made:
            self.say(LACKING, ("", 0), "", what="[[columns]]", where="这份文件")
        if len(made) > MOST_COLUMNS:
            self.say(TOO_MANY, ("columns", len(made)), "", number=len(made), most=MOST_COLUMNS)
        levels = [column.level for column in made]
        first = [level for level in levels if level]
        if made and (not first or first != list(range(1, len(first) + 1)) or 0 in levels[: len(first)]):
            wrong = next((n for n, level in enumerate(levels, 1) if level != n and n <= len(first)), 1)
            self.say(LEVELS_ASTRAY, ("columns", wrong), "show", words="、".join(c.show for c in made))
        return made

    def column(self, one: Mapping[str, Any], number: int) -> Column:
        at = ("columns", number)
        self.known(one, COLUMN, at)
        show = self.one_of(one, "show", (*LEVELS, *SHOWN), at)
        if not show and "show" not in one:
            self.say(LACKING, at, "", what="show", where=f"第{number}个 [[columns]]")
        level = LEVELS.index(show) + 1 if show in LEVELS else 0
        width = self.number(one, "width", 10, MOST_WIDTH, at)
        return Column(head=self.template(self.text(one, "head", at), "head", at) or show, show=show, width=width, over=self.text(one, "over", at),
                      level=level, points=self.flag(one, "points", at), only=self.one_of(one, "only", ONLY, at) or BOTH)  # fmt: skip

    # ---- blocks

    def block(self, one: Mapping[str, Any], number: int) -> Block | None:
        at = ("blocks", number)
        kind = self.one_of(one, "kind", tuple(BLOCKS), at)
        if not kind:
            if "kind" not in one:
                self.say(LACKING, at, "", what="kind", where=f"第{number}个 [[blocks]]")
            return None
        self.known(one, ("kind", "only", *BLOCKS[kind]), at)
        return Block(self.content(kind, one, at), self.one_of(one, "only", ONLY, at) or BOTH)

    def content(self, kind: str, one: Mapping[str, Any], at: tuple[str, int]) -> Content:
        label = self.text(one, "label", at)
        match kind:
            case "表头":
                return Fields(tuple(self.fields(row, "rows", at) for row in self.list_of(one, "rows", at)))
            case "资金":
                sides = tuple(self.word(side, "sides", SIDES, at) for side in self.list_of(one, "sides", at)) or SIDES
                return Sides(label=label, amounts=self.amounts(one, at), sides=sides, table=self.text(one, "table", at))
            case "预算执行":
                return Execution(label=label, amounts=self.amounts(one, at), whole=self.text(one, "whole", at) or "资金总额",
                                 indicator=self.text(one, "indicator", at))  # fmt: skip
            case "文字":
                return Texts(label, (Field("", self.template(self.text(one, "text", at), "text", at)),),
                             self.number(one, "lines", 2, 60, at))  # fmt: skip
            case "并列":
                fields = self.fields(self.list_of(one, "fields", at), "fields", at)
                return Texts(label, fields, self.number(one, "lines", 2, 60, at))
            case "合计":
                return Total(label or "总分")
            case "说明":
                return Notes(label, self.templates(one, "lines", at), self.flag(one, "arithmetic", at))
            case "签字":
                return Signatures(self.templates(one, "texts", at))
        return Indicators()

    def fields(self, row: Any, key: str, at: tuple[str, int]) -> tuple[Field, ...]:
        """``[["项目名称", "{对象}"], ["主管部门", "{主管部门}", 2]]``."""
        if not isinstance(row, list) or not row:
            self.say(BAD_VALUE, at, key, word=key, value=_shown(row), form='[["项目名称", "{对象}"]]')
            return ()
        made = []
        for one in row:
            fits = isinstance(one, list) and 2 <= len(one) <= 3 and all(isinstance(x, str) for x in one[:2])
            if not fits or (len(one) == 3 and (type(one[2]) is not int or not 1 <= one[2] <= MOST_COLUMNS)):
                self.say(BAD_VALUE, at, key, word=key, value=_shown(one), form='["项目名称", "{对象}"]')
                continue
            made.append(Field(one[0], self.template(one[1], key, at), one[2] if len(one) == 3 else 0))
        return tuple(made)

    def amounts(self, one: Mapping[str, Any], at: tuple[str, int]) -> tuple[Amount, ...]:
        made = []
        for pair in self.list_of(one, "amounts", at):
            if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(x, str) for x in pair):
                self.say(BAD_VALUE, at, "amounts", word="amounts", value=_shown(pair), form='["全年预算数", "全年"]')
                continue
            made.append(Amount(self.template(pair[0], "amounts", at), self.word(pair[1], "amounts", AMOUNTS, at)))
        return tuple(made)

    def templates(self, one: Mapping[str, Any], key: str, at: tuple[str, int]) -> tuple[str, ...]:
        lines = self.list_of(one, key, at)
        for line in lines:
            if not isinstance(line, str):
                self.say(BAD_VALUE, at, key, word=key, value=_shown(line), form=f'{key} = ["一行文字"]')
        return tuple(self.template(line, key, at) for line in lines if isinstance(line, str))

    def template(self, text: str, key: str, at: tuple[str, int]) -> str:
        """Every ``{`` has its ``}`` and a word between them."""
        rest = re.sub(r"\{[^{}]+\}", "", text)
        if "{" in rest or "}" in rest:
            self.say(BAD_PLACE, at, key, text=text)
        return text

    def check_fit(self, form: Form) -> None:
        """A row of fields needs two columns for each, a block of money one for each amount."""
        for number, block in enumerate(form.blocks, 1):
            for only in (TARGETS, SCORES) if block.only == BOTH else (block.only,):
                have = sum(column.only in (BOTH, only) for column in form.columns)
                need = _columns_of(block.content)
                if need > have:
                    self.say(NO_ROOM, ("blocks", number), "", need=need, have=have)
                    break

    # ---- values

    def known(self, given: Mapping[str, Any], names: Collection[str], at: tuple[str, int]) -> None:
        for name in given:
            if name not in names:
                self.say(UNKNOWN_KEY, at, name, name=name, known=closest(name, names) or "、".join(names))

    def tables(self, given: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
        found = given.get(key, [])
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            self.say(BAD_VALUE, ("", 0), key, word=key, value=_shown(found), form=f"[[{key}]]")
            return []
        return found

    def list_of(self, given: Mapping[str, Any], key: str, at: tuple[str, int]) -> list[Any]:
        found = given.get(key, [])
        if not isinstance(found, list):
            self.say(BAD_VALUE, at, key, word=key, value=_shown(found), form=f"{key} = [ … ]")
            return []
        return found

    def text(self, given: Mapping[str, Any], key: str, at: tuple[str, int]) -> str:
        value = given.get(key, "")
        if not isinstance(value, str):
            self.say(BAD_VALUE, at, key, word=key, value=_shown(value), form=f'{key} = "文字"')
            return ""
        return value.strip()

    def flag(self, given: Mapping[str, Any], key: str, at: tuple[str, int]) -> bool:
        value = given.get(key, False)
        if not isinstance(value, bool):
            self.say(BAD_VALUE, at, key, word=key, value=_shown(value), form=f"{key} = true")
        return value is True

    def number(self, given: Mapping[str, Any], key: str, usual: int, most: int, at: tuple[str, int]) -> int:
        value = given.get(key, usual)
        if type(value) is not int or not 1 <= value <= most:
            self.say(BAD_VALUE, at, key, word=key, value=_shown(value), form=f"{key} = {usual}（1 至 {most}）")
            return usual
        return value

    def one_of(self, given: Mapping[str, Any], key: str, words: Collection[str], at: tuple[str, int]) -> str:
        return self.word(given[key], key, words, at) if key in given else ""

    def word(self, value: Any, key: str, words: Collection[str], at: tuple[str, int]) -> str:
        if isinstance(value, str) and value in words:
            return value
        near = closest(value, words) if isinstance(value, str) else ""
        self.say(UNKNOWN_WORD, at, key, word=key, value=_shown(value), known=near or "、".join(words))
        return ""

    # ---- places

    def say(self, kind: Kind, at: tuple[str, int], key: str, **facts: object) -> None:
        self.found.append(stated(kind, self.place(at, key), facts))

    def place(self, at: tuple[str, int], key: str) -> Span:
        """Where a key of the n-th ``[[table]]`` stands, as far as its spelling shows it; else the head of that table."""
        text, (table, number) = self.source.text, at
        start, end = 0, len(text)
        head = None
        if table:
            heads = list(re.finditer(rf"^[ \t]*\[\[[ \t]*({table})[ \t]*\]\]", text, re.M))
            head = heads[number - 1] if number <= len(heads) else None
            start = head.end() if head else 0
            end = next((m.start() for m in re.compile(r"^[ \t]*\[\[", re.M).finditer(text, start)), len(text))
        found = re.compile(rf"^[ \t]*[\[\"']*({re.escape(key)})\b", re.M).search(text, start, end) if key else None
        if found is not None:
            return Span(*found.span(1), self.source)
        return Span(*head.span(1), self.source) if head else Span(0, 0, self.source)


def _columns_of(content: Content) -> int:
    """The least columns a block needs."""
    match content:
        case Fields(rows):
            return max((sum(1 + (field.columns or 1) for field in row) for row in rows), default=1)
        case Sides(amounts=amounts):
            return 3 + len(amounts)
        case Execution(amounts=amounts):
            return 2 + len(amounts)
        case Texts(label, fields):
            return len(fields) + bool(label)
        case Signatures(texts):
            return max(1, len(texts))
    return 1


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else str(value)


NOT_TOML = Kind(
    "F100", ERROR, "表样文件读不通：{words}", "the form file is not valid TOML: {words}",
    "文字加引号，一节用 [[columns]] 或 [[blocks]] 开头", "put texts in quotes; a part begins with [[columns]] or [[blocks]]",
)  # fmt: skip
UNKNOWN_KEY = Kind(
    "F101", ERROR, "表样里没有“{name}”这一项", "a form has no setting “{name}” here", "这里可以写：{known}", "known here: {known}",
)  # fmt: skip
BAD_VALUE = Kind(
    "F102", ERROR, "“{word}”写成“{value}”不行", "“{word}” cannot be “{value}”", "要写成 {form} 的样子", "write it like {form}",
)  # fmt: skip
LACKING = Kind(
    "F103", ERROR, "{where}少了 {what}", "{what} is missing in {where}", "补上它；docs/forms.md 有可以照抄的样子", "add it; docs/forms.md has one to copy",
)  # fmt: skip
UNKNOWN_WORD = Kind(
    "F104", ERROR, "“{word}”里的“{value}”不认识", "“{value}” is not known as “{word}”", "可以写：{known}", "known: {known}",
)  # fmt: skip
BAD_PLACE = Kind(
    "F105", ERROR, "“{text}”里的花括号不成对", "the braces in “{text}” do not match",
    "要填的内容前后各写一个花括号，中间写一个词", "a place has one brace on either side and a word between them",
)  # fmt: skip
TOO_MANY = Kind(
    "F106", ERROR, "表样有{number}栏，最多{most}栏", "the form has {number} columns, at most {most} are possible", "合并一些栏", "join some of them",
)  # fmt: skip
LEVELS_ASTRAY = Kind(
    "F107", ERROR, "名称栏要排在最前面，从一级起依次排；现在的次序是：{words}",
    "the columns of names stand first, in order from 一级; they are: {words}",
    "先写 show = \"一级\"，再写二级、三级，然后才是别的栏", "put show = \"一级\" first, then 二级, 三级, then the others",
)  # fmt: skip
NO_ROOM = Kind(
    "F108", ERROR, "这一块要{need}栏，表只有{have}栏", "this block needs {need} columns, the table has {have}",
    "把这一块拆成几行，或给表加栏", "split it into several rows, or add columns",
)  # fmt: skip
