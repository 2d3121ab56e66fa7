"""The blocks of a form under each other on one grid, and what found no room in it."""

from collections.abc import Mapping
from types import MappingProxyType

from attrs import evolve

from perfdsl import form as f
from perfdsl import plan as p
from perfdsl.diagnostics import INFO, Diagnostic, Kind, finding
from perfdsl.lay_out.columns import Filler, name_cell, names
from perfdsl.lay_out.money import Money, Shown
from perfdsl.lay_out.words import PERIODS, Words, number
from perfdsl.layout import (
    HEAD,
    LABEL,
    NOTE,
    NUMBER,
    SIGN,
    SUBTITLE,
    TEXT,
    TITLE,
    TOTAL,
    Cell,
    Layout,
    Number,
    Result,
    ToDate,
    Workings,
)
from perfdsl.quantity import format_number
from perfdsl.text import NOWHERE

MOST_TRIED = 4  # texts in a row that are shared out by trying
NOTHING: Mapping[p.Path, str] = MappingProxyType({})
Row = tuple[p.Path, p.PlanIndicator | None]


def lay_out(
    form: f.Form, plan: p.Plan, result: Result | ToDate | None = None, said: Mapping[p.Path, str] = NOTHING
) -> tuple[Layout, list[Diagnostic]]:
    """One object in ``form``, scored or monitored: with targets alone where there is no ``result``.

    Findings name what the form has no room for; ``said`` are rubrics as official sentences, for rows whose rules quote none.
    """
    to_date = result if isinstance(result, ToDate) else None
    sheet = _Sheet(form, plan, result if isinstance(result, Result) else None, said, to_date)
    return sheet.layout(), sheet.left_out()


class _Sheet:
    """The grid while it is filled, from the top down."""

    def __init__(
        self, form: f.Form, plan: p.Plan, result: Result | None, said: Mapping[p.Path, str], to_date: ToDate | None
    ) -> None:
        self.form = form
        self.plan = plan
        self.result = result
        only = f.TARGETS if result is None and to_date is None else f.SCORES
        self.blocks = [block.content for block in form.blocks if block.only in (f.BOTH, only)]
        self.columns = [column for column in form.columns if column.only in (f.BOTH, only)]
        self.depth = sum(column.level > 0 for column in self.columns)
        self.width = len(self.columns)
        self.money = Money(plan, result, form.unit, to_date)
        self.words = Words(plan, result, self.money.unit.text, to_date)
        scored = {row.path: row for row in result.card.indicators} if result is not None else {}
        period = result.card.period if result is not None else to_date.period if to_date is not None else "full"
        self.workings = result.workings if result is not None else Workings()
        self.filler = Filler(period, self.workings, scored, said, to_date)
        self.cells: list[Cell] = []
        self.heights: list[tuple[int, int]] = []
        self.repeated: tuple[int, int] | None = None
        self.at = 0
        named = {block.indicator for block in self.blocks if isinstance(block, f.Execution)} - {""}
        self.apart = {row.path: row for row in plan.indicators if row.path[-1] in named}

    def layout(self) -> Layout:
        self.wide(self.words.filled(self.form.title), TITLE)
        if self.form.subtitle:
            self.wide(self.words.filled(self.form.subtitle), SUBTITLE)
        for block in self.blocks:
            self.block(block)
        return Layout(
            name=self.plan.object, widths=tuple(c.width for c in self.columns), cells=tuple(self.cells), rows=self.at,
            repeated=self.repeated, heights=tuple(self.heights), portrait=self.form.portrait, workings=self.workings,
        )  # fmt: skip

    def block(self, block: f.Content) -> None:
        match block:
            case f.Fields(rows):
                for row in rows:
                    self.fields(row)
            case f.Sides():
                self.sides(block)
            case f.Execution():
                self.execution(block)
            case f.Texts(label, fields, lines):
                self.texts(label, fields, lines)
            case f.Indicators():
                self.heads()
                self.indicators()
            case f.Total(label):
                self.total(label)
            case f.Notes():
                self.notes(block)
            case f.Signatures(texts):
                self.signatures(texts)

    # ---- the head of the form

    def put(self, column: int, text: str, role: str, rows: int = 1, columns: int = 1) -> None:
        self.cells.append(Cell(row=self.at, column=column, text=text, role=role, rows=rows, columns=columns))

    def wide(self, text: str, role: str) -> None:
        self.put(0, text, role, columns=self.width)
        self.at += 1

    def fields(self, row: tuple[f.Field, ...]) -> None:
        """Labels and texts share the columns: each label takes one, the texts what is left by width."""
        texts = _shares([c.width for c in self.columns], [field.columns for field in row])
        column = 0
        for field, columns in zip(row, texts, strict=True):
            self.put(column, field.label, LABEL)
            self.text_cell(column + 1, columns, field.text)
            column += 1 + columns
        self.at += 1

    def text_cell(self, column: int, columns: int, template: str) -> None:
        """A text with its places filled; total and grade in it are reckoned with the rest."""
        made = Cell(row=self.at, column=column, text=self.words.filled(template), columns=columns)
        live = self.words.live(template, self.workings)
        if live is not None:
            made = evolve(made, key=f"text:{self.at}:{column}", live=live)
        self.cells.append(made)

    def texts(self, label: str, fields: tuple[f.Field, ...], lines: int) -> None:
        """A tall cell beside its label, or several under their headings."""
        first = 1 if label else 0
        shares = _spread([c.width for c in self.columns][first:], len(fields))
        headed = any(field.label for field in fields)
        if label:
            self.put(0, label, LABEL, rows=1 + headed)
        if headed:
            column = first
            for field, columns in zip(fields, shares, strict=True):
                self.put(column, field.label, LABEL, columns=columns)
                column += columns
            self.at += 1
        column = first
        for field, columns in zip(fields, shares, strict=True):
            self.text_cell(column, columns, field.text)
            column += columns
        self.heights.append((self.at, lines))
        self.at += 1

    # ---- money

    def sides(self, block: f.Sides) -> None:
        """Income and spending under each other: side, line, amounts."""
        places = self.stretches(2, 1 + len(block.amounts))
        start, label = self.at, len(self.cells)
        self.put(0, self.words.filled(block.label) or block.table, LABEL)
        self.put(1, "", HEAD)
        for (column, columns), text in zip(places, ("项目", *map(self.head, block.amounts)), strict=True):
            self.put(column, text, HEAD, columns=columns)
        self.at += 1
        for side in block.sides:
            lines = list(self.money.lines(side, block.table))
            if lines or not block.table:
                self.put(1, side, LABEL, rows=max(1, len(lines)))
            for name, line in lines:
                self.line(places, name, [self.money.amount(x, line) for x in block.amounts])
            if not lines and not block.table:
                self.line(places, "", [Shown("") for _ in block.amounts])
        self.cells[label] = evolve(self.cells[label], rows=self.at - start)

    def execution(self, block: f.Execution) -> None:
        """The whole sum with its points and score, then its sources."""
        places = self.stretches(1, 1 + len(block.amounts))
        row = next((x for x in self.apart.values() if x.path[-1] == block.indicator), None)
        made = self.filler.scored.get(row.path) if row is not None else None
        start, label = self.at, len(self.cells)
        self.put(0, self.words.filled(block.label), LABEL)
        for (column, columns), text in zip(places, ("", *map(self.head, block.amounts)), strict=True):
            self.put(column, text, HEAD, columns=columns)
        self.at += 1
        self.line(places, block.whole, [self.money.whole(block, x, row, made) for x in block.amounts])
        for name, line in self.money.sources():
            shown = [Shown("—") if x.show in ("分值", "得分") else self.money.amount(x, line) for x in block.amounts]
            self.line(places, name, shown)
        self.cells[label] = evolve(self.cells[label], rows=self.at - start)

    def head(self, amount: f.Amount) -> str:
        return self.words.filled(amount.head)

    def stretches(self, first: int, parts: int) -> list[tuple[int, int]]:
        """The columns from ``first`` on in ``parts`` about equally wide: where each begins, how many it takes."""
        made, column = [], first
        for columns in _spread([c.width for c in self.columns][first:], parts):
            made.append((column, columns))
            column += columns
        return made

    def line(self, places: list[tuple[int, int]], name: str, amounts: list[Shown]) -> None:
        """One line of money: its name, then its amounts."""
        self.put(places[0][0], name, TEXT, columns=places[0][1])
        for place, shown in zip(places[1:], amounts, strict=True):
            self.amount(place, shown)
        self.at += 1

    def amount(self, place: tuple[int, int], shown: Shown) -> None:
        said = self.workings.live.get(shown.key)
        self.cells.append(Cell(row=self.at, column=place[0], columns=place[1], text=shown.text, role=NUMBER, number=shown.number,
                               key=shown.key, open=shown.typed, live=shown.live, note=said.note if said is not None else ""))  # fmt: skip

    # ---- indicators

    def heads(self) -> None:
        """The headings of the columns, in two rows where some stand under one."""
        first, tall = self.at, any(column.over for column in self.columns)
        for index, column in enumerate(self.columns):
            if not column.over:
                self.put(index, self.words.filled(column.head), HEAD, rows=1 + tall)
            elif index == 0 or self.columns[index - 1].over != column.over:
                together = 1
                while index + together < self.width and self.columns[index + together].over == column.over:
                    together += 1
                self.put(index, column.over, HEAD, columns=together)
        self.at += 1
        if tall:
            for index, column in enumerate(self.columns):
                if column.over:
                    self.put(index, self.words.filled(column.head), HEAD)
            self.at += 1
        self.repeated = (first, self.at - 1)

    def rows(self, above: p.Path, children: tuple[str, ...]) -> list[Row]:
        """Every row that has a line: indicators and what is only a name; those scored with the money are left out."""
        found: list[Row] = []
        groups = {g.path: g for g in self.plan.groups}
        known = {row.path: row for row in self.plan.indicators}
        stack = [(above, name) for name in reversed(children)]
        while stack:
            over, name = stack.pop()
            path = (*over, name)
            if path in groups and groups[path].children:
                stack.extend((path, child) for child in reversed(groups[path].children))
            elif path not in self.apart:
                found.append((path, known.get(path)))
        return found

    def indicators(self) -> None:
        """The tree merged down, a line for each indicator."""
        rows = self.rows((), self.plan.roots)
        trees = [names(path, self.depth) for path, _ in rows]
        for count, (path, row) in enumerate(rows, 1):
            self.tree(trees, count - 1, path)
            for index in range(self.depth, self.width):
                show = self.columns[index].show
                blank = Cell(row=self.at, column=index)
                self.cells.append(self.filler.cell(show, row, (self.at, index), count) if row is not None else blank)
            self.at += 1

    def tree(self, trees: list[tuple[str, ...]], index: int, path: p.Path) -> None:
        """The names that begin on this line, each as far down as it reaches."""
        tree = trees[index]
        for level, name in enumerate(tree):
            last = level == len(tree) - 1
            if (
                not last
                and index
                and trees[index - 1][: level + 1] == tree[: level + 1]
                and len(trees[index - 1]) > level + 1
            ):
                continue
            rows = 1
            while not last and index + rows < len(trees) and trees[index + rows][: level + 1] == tree[: level + 1]:
                rows += 1
            columns = self.depth - level if last else 1
            said = name + (self.points(path[: level + 1]) if self.columns[level].points and not last else "")
            self.cells.append(name_cell(said, (self.at, level), rows, columns))

    def points(self, path: p.Path) -> str:
        group = next((g for g in self.plan.groups if g.path == path), None)
        if group is None or (group.points is None and group.bonus is None):
            return ""
        if group.bonus is not None:
            return f"（{format_number(group.bonus[0])}至{format_number(group.bonus[1])}分）"
        return f"（{number(group.points)}分）"

    def total(self, label: str) -> None:
        """The label up to the points, then points and total."""
        at = {column.show: index for index, column in enumerate(self.columns)}
        numbers = [index for show in ("分值", "得分") if (index := at.get(show)) is not None]
        first = min(numbers, default=self.width - 1)
        self.put(0, label, TOTAL, columns=max(1, first))
        for index in range(max(1, first), self.width):
            show = self.columns[index].show
            cell = Cell(row=self.at, column=index, role=TOTAL)
            if show == "分值" and self.plan.total is not None:
                cell = evolve(cell, text=number(self.plan.total), number=Number(self.plan.total))
            if show == "得分" and self.result is not None:
                card, live = self.result.card, self.workings.live.get("total")
                cell = evolve(cell, text=number(card.total), number=Number(card.total) if card.total is not None else None,
                              key="total", note=live.note if live is not None else "")  # fmt: skip
            self.cells.append(cell)
        self.at += 1

    # ---- under the table

    def notes(self, block: f.Notes) -> None:
        lines = [self.words.filled(line) for line in block.lines]
        if block.arithmetic and self.result is not None:
            lines += _arithmetic(self.result)
        first = 1 if block.label else 0
        start = self.at
        for line in lines:
            self.put(first, line, NOTE, columns=self.width - first)
            self.at += 1
        if block.label and lines:
            note = "这里的算式按导出时的完成值写出" if block.arithmetic and self.workings.live else ""
            self.cells.append(Cell(row=start, column=0, text=block.label, role=LABEL, rows=len(lines), note=note))

    def signatures(self, texts: tuple[str, ...]) -> None:
        column = 0
        for text, columns in zip(texts, _spread([c.width for c in self.columns], len(texts)), strict=True):
            self.put(column, self.words.filled(text), SIGN, columns=columns)
            column += columns
        self.at += 1

    # ---- what found no room

    def left_out(self) -> list[Diagnostic]:
        """Facts, tables of money and periods of the rules that the form does not print."""
        facts = [name for name, _ in self.plan.facts if name not in self.words.used and name != "effective"]
        known = {"agency": "单位", "supervisor": "主管部门"}
        missed = [known.get(name, name) for name in facts]
        missed += [
            f"资金表“{x.title or '资金'}”"
            for x in self.plan.funds
            if x.title not in self.money.used and not self.sums(x)
        ]
        periods = dict.fromkeys(x.period for row in self.plan.indicators for x in row.targets)
        missed += [f"{PERIODS[period]}指标值" for period in periods if period not in self.filler.periods]
        if not missed:
            return []
        return [finding(NO_PLACE, NOWHERE, object=self.plan.object, form=self.form.name, names="、".join(missed))]

    def sums(self, table: p.PlanFunds) -> bool:
        """Is the table printed as a whole?"""
        return not table.title and any(isinstance(block, f.Execution) for block in self.blocks)


def _arithmetic(result: Result) -> list[str]:
    """How each score came about, as the engine says it; then what happened to the total."""
    card = result.card
    made = [
        f"{row.path[-1]}：{row.reason('zh')}"
        for row in card.indicators
        if row.counted and (row.points is not None or row.score is not None)
    ]
    made += [f"{group.path[-1]}：{group.note_zh}" for group in card.groups if group.note_zh]
    return [*made, *card.notes_zh]


def _shares(widths: list[int], wanted: list[int]) -> list[int]:
    """How many columns each text gets beside its label of one column; those that do not say share what is left."""
    spare = len(widths) - len(wanted) - sum(wanted)
    free = [index for index, columns in enumerate(wanted) if not columns]
    if len(free) == len(wanted) <= MOST_TRIED:
        return min(_splits(spare, len(wanted)), key=lambda split: _unevenness(widths, split))
    each, over = divmod(spare, len(free)) if free else (0, 0)
    made = [columns or each + (index in free[:over]) for index, columns in enumerate(wanted)]
    if not free:
        made[-1] += spare
    return made


def _splits(spare: int, parts: int) -> list[list[int]]:
    """Every way to share ``spare`` columns among ``parts``, at least one each."""
    if parts == 1:
        return [[spare]]
    return [[first, *rest] for first in range(1, spare - parts + 2) for rest in _splits(spare - first, parts - 1)]


def _unevenness(widths: list[int], split: list[int]) -> int:
    """How far the widths of label and text together are from each other."""
    at, sums = 0, []
    for columns in split:
        sums.append(sum(widths[at : at + 1 + columns]))
        at += 1 + columns
    return max(sums) - min(sums)


def _spread(widths: list[int], parts: int) -> list[int]:
    """``parts`` stretches of columns about equally wide."""
    made, at, left = [], 0, sum(widths)
    for part in range(parts):
        remaining = parts - part
        if remaining == 1:
            made.append(len(widths) - at)
            break
        goal, here, count = left / remaining, 0, 0
        while count < len(widths) - at - (remaining - 1) and (not count or here + widths[at + count] / 2 <= goal):
            here += widths[at + count]
            count += 1
        made.append(count)
        at += count
        left -= here
    return made


NO_PLACE = Kind(
    "F120", INFO, "“{object}”的这些内容在“{form}”这张表里没有位置：{names}", "“{form}” has no place for these of “{object}”: {names}",
    "要印出来，就在表样里加一栏或一行", "to print them, add a column or a row to the form",
)  # fmt: skip
