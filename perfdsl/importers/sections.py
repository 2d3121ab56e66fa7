"""A run of rows taken apart: objects, and in each its head, its money and its indicators."""

import re
from collections.abc import Sequence

import attrs

from perfdsl.document import Place
from perfdsl.importers.align import Cells, align
from perfdsl.importers.beside import halves, together
from perfdsl.importers.clean import joined, key, named
from perfdsl.importers.headings import Column, columns_of, is_second_row, layout_of, role_like, with_second_row
from perfdsl.importers.lexicon import (
    AGENCY,
    AMOUNT_ROLES,
    FISCAL,
    FISCAL_SUM,
    GROUPS,
    LABEL_LIKE,
    LABELS,
    MONEY_LABELS,
    NAME_LABELS,
    PERSONAL,
    SUMS,
    SUPERVISOR,
    TASK_HEADS,
    TASK_LABELS,
    TOTALS,
    YEARS,
)  # fmt: skip
from perfdsl.importers.money import Reader, is_pair
from perfdsl.importers.records import Bit, Doubt, Field, Ledger, Money, Object, Row, doubt
from perfdsl.importers.shapes import is_caption, is_first, is_second, is_value
from perfdsl.importers.tasks import tasks
from perfdsl.importers.tree import number_of, tree
from perfdsl.importers.unfold import beside_caption, unfolded

_TITLE = re.compile(
    r"(?:绩效|预算|资金|项目|整体).{0,40}(?:表|指标体系(?:得分情况|评分表)?|得分情况|评分标准|打分表)(?:[（(][^()（）]*[)）])?$"
)
_RESULT = re.compile(r"^(?:附件\s*\d*\s*[:：]?)?\s*20\d\d\s*年.{0,30}(?:自评|评价)(?:结果|情况)$")
_YEAR = re.compile(r"[（(]?(20\d\d)\s*年?度?[)）]?")
_LABELLED = re.compile(r"^([^:：，。；]{2,24})[:：]\s*(.*)$", re.S)
_NOTE = re.compile(r"^(?:注|说明|备注|填表说明|填报说明)\s*\d*[:：.、]?")
ALL_LABELS = LABELS | set(NAME_LABELS) | AGENCY | SUPERVISOR | YEARS | PERSONAL


def is_title(row: Row) -> bool:
    """Is the row the printed name of a table?"""
    fresh = [bit for bit in row.bits if not bit.below]
    return (
        len(fresh) == 1
        and len(fresh[0].text) <= 90
        and "。" not in fresh[0].text
        and bool(_TITLE.search(fresh[0].text) or _RESULT.match(fresh[0].text))
    )


def label_of(bit: Bit) -> str:
    """The key of a label of the head, empty when the words are none."""
    word = key(bit.text)
    bare = re.sub(r"^(?:[一二三四五六七八九十]{1,2}(?=[年项单总预存改评])|\d{1,2}(?!\d|年))", "", word)
    for each in (word, bare, re.sub(r"^20\d\d年?度?", "", bare), re.sub(r"盖章|签章|签字$", "", bare)):
        if each in ALL_LABELS or each in MONEY_LABELS or each in TASK_LABELS:
            return each
    if len(bit.text) <= 24 and re.fullmatch(LABEL_LIKE, bare):
        return bare
    return ""


@attrs.define
class Walk:
    """Reads the rows of one object."""

    ledger: Ledger
    title: str = ""
    year: str = ""
    state: str = "head"
    fields: list[Field] = attrs.Factory(list)
    money: Reader | None = None
    columns: tuple[Column, ...] = ()
    seen: list[Column] = attrs.Factory(list)
    cells: list[Cells] = attrs.Factory(list)
    tasks: list[Row] = attrs.Factory(list)
    doubts: list[Doubt] = attrs.Factory(list)
    label: str = ""
    headed: bool = False
    askew: bool = False  # the headings lost a level to their lower row: nothing below them is sure
    closed: bool = False
    waiting: tuple[Bit, ...] = ()
    beside: list[Cells] = attrs.Factory(list)
    above: Row | None = None
    before: Row | None = None
    total: dict[str, str] = attrs.Factory(dict)

    def row(self, row: Row) -> None:
        """Take one row."""
        if is_title(row):
            self._title(row)
            return
        above, self.above = self.above, row
        self.before = above
        found = columns_of(row)
        if found:
            self._headings(row, found, above)
            return
        if self.state == "items":
            if self.headed and self._second_row(row):
                return
            self.headed = False
            if self._is_total(row):
                return
            if not ends_table(row) and row.alone and not (is_first(row.text) or is_second(row.text)):
                return  # a line among rows of cells that is neither a group nor a label: listed as not understood
            if not ends_table(row):
                self._cells(row)
                return
            self.state = "head"
        self._head_row(row)

    def _headings(self, row: Row, found: tuple[Column, ...], above: Row | None) -> None:
        self.ledger.use(row.bits, "栏目")
        if above is not None and (right := beside_caption(above, found)):
            self.ledger.use(above.bits, "栏目")
            self._forget(above)
            self.doubts.append(doubt("I141", above.place, above.bits[0].text, row=above.text))
            found = (*found, *right)
        elif above is not None and not above.alone and above.fixed == row.fixed and above.width >= row.width:
            found = self._upper(above, row, found)
        self.columns, self.state, self.headed, self.askew = found, "items", True, False
        self.seen.extend(found)

    def _second_row(self, row: Row) -> bool:
        columns, lower = unfolded(self.columns, row)
        if not is_second_row(lower, columns):
            return False
        made = with_second_row(columns, lower)
        lost = {column.role for column in columns} & {*GROUPS, "name"} - {column.role for column in made}
        self.askew = bool(lost) and not row.fixed
        if lower is not row or self.askew:
            self.doubts.append(doubt("I141", row.place, row.bits[0].text, row=row.text))
        self.columns = made
        self.seen.extend(self.columns)
        self.ledger.use(row.bits, "栏目")
        return True

    def _upper(self, above: Row, row: Row, found: tuple[Column, ...]) -> tuple[Column, ...]:
        """With the headings of the row above that have nothing below them: it is the upper half of headings in two rows."""
        if len(above.bits) < 2 or not all(role_like(bit.text) or is_caption(bit.text) for bit in above.bits):
            return found
        right = max(column.at for column in found)
        more = [bit for bit in above.bits if bit.column > right and role_like(bit.text)]
        own = {bit.number for bit in row.bits}
        if not more and not any(bit.number in own for bit in above.bits):
            return found
        self.ledger.use(above.bits, "栏目")
        self._forget(above)
        if not more:
            return found
        first = more[0].column
        kept = [attrs.evolve(column, wide=min(column.wide, first - column.at)) for column in found]
        return (*kept, *(Column(role_like(bit.text), bit.text, bit.column) for bit in more))

    def _forget(self, row: Row) -> None:
        """The row was no part of the head: what was made of it goes."""
        places = {bit.place for bit in row.bits}
        self.fields = [field for field in self.fields if field.place not in places]

    def _cells(self, row: Row) -> None:
        cells = align(row, self.columns)
        if self.askew and not any(each.code == "I141" for each in cells.doubts):
            said = doubt("I141", row.place, cells.name, row=row.text)
            cells = attrs.evolve(cells, doubts=(*cells.doubts, said))
        left, right = halves(cells, self.columns)
        self.cells.append(left)
        if right is not None:
            self.beside.append(right)

    def _unknown(self) -> list[Doubt]:
        """A doubt for each heading that nobody knows, or that stands twice: its cells go to remarks."""
        headings = dict.fromkeys(column.heading for column in self.columns if column.role.startswith("+"))
        place = self.cells[0].row.place if self.cells else Place()
        held = {role for cells in self.cells for role in cells.words}
        known = {column.heading: column.role for column in self.columns}
        return [doubt("I161", place, heading) for heading in headings if known[heading] in held]

    def _title(self, row: Row) -> None:
        text = row.bits[0].text
        self.title = self.title or text
        year = re.search(r"(20\d\d)\s*年", text)
        self.year = self.year or (year.group(1) if year else "")
        self.ledger.use(row.bits, "表名")

    def _is_total(self, row: Row) -> bool:
        """总分 and its numbers, wherever they stand on the row."""
        fresh = [bit for bit in row.bits if not bit.below]
        labels = [bit for bit in fresh if key(bit.text) in TOTALS]
        numbers = [bit for bit in fresh if number_of(bit.text) is not None]
        if len(labels) != 1 or len(numbers) + 1 < len(fresh) or not fresh:
            return False
        cells = align(row, self.columns)
        wanted: list[str] = [column.role for column in self.columns if column.role in ("points", "score")]
        found = {role: cells.words[role] for role in wanted if number_of(cells.words.get(role, "")) is not None}
        if len(found) < len(numbers):
            wanted = wanted if len(numbers) == len(wanted) else ["score"]
            found = dict(zip(wanted, (bit.text for bit in numbers), strict=False))
        self.total = self.total or found
        self.ledger.use(fresh, "总分")
        return True

    # ---- head

    def _head_row(self, row: Row) -> None:
        if year := _year_row(row):
            self.year = year
            self.ledger.use(row.bits, "年度")
            return
        first = row.bits[0]
        fresh = [bit for bit in row.bits if not bit.below] or list(row.bits)
        word = label_of(fresh[0])
        if word in TASK_LABELS:
            self.state = "tasks"
            self.ledger.use(fresh[0], "重点工作任务")
            if len(fresh) > 1:
                self.tasks.append(attrs.evolve(row, bits=tuple(fresh[1:])))
            return
        if self.state == "tasks" and all(key(bit.text) in TASK_HEADS for bit in fresh):
            self.tasks.append(row)
            return
        if (
            word in MONEY_LABELS
            and (word not in ALL_LABELS or len(fresh) > 2)
            or (
                word not in MONEY_LABELS
                and len(fresh) % 2 == 0
                and len(fresh) > 1
                and all(is_pair(*pair) for pair in zip(fresh[::2], fresh[1::2], strict=True))
            )
        ):
            self.state = "money"
        elif word or label_of(first) and not first.below:
            self.state = "head"
        elif self.state == "head" and not row.alone and _of_money(row):
            self.state = "money"
        elif self.state == "money" and _prose(fresh):
            self.state = "head"
        self.doubts.extend(row.doubts)
        if self.state == "money":
            self._money(row)
        elif self.state == "tasks":
            self.tasks.append(row)
        else:
            self._fields(row, fresh)

    def _money(self, row: Row) -> None:
        if self.money is None:
            self.money = Reader(self.ledger)
        self.money.read(row)

    def _fields(self, row: Row, bits: Sequence[Bit]) -> None:
        if row.alone:
            self._alone(bits[0])
            return
        if self.waiting and self._under(row, bits):
            return
        self.waiting = ()
        if len(bits) > 1 and all(label_of(bit) and not _LABELLED.match(bit.text) for bit in bits):
            self.waiting = tuple(bit for bit in bits if bit is not bits[0] or len(bits) == 2 or not row.fixed)
        index = 0
        before, more = len(self.fields), 0
        while index < len(bits):
            bit = bits[index]
            both = _LABELLED.match(bit.text)
            opens = both is not None and not both.group(2)  # its text stands in the cell behind it
            if both and both.group(2) and label_of_text(both.group(1)):
                self._field(both.group(1), both.group(2), (bit,))
            elif (
                label_of(bit)
                or opens
                or (
                    index + 1 < len(bits)
                    and not _is_label(bits[index + 1])
                    and len(bit.text) <= 16
                    and not bit.text.endswith("。")
                    and not is_value(bit.text)
                )
            ):
                following = bits[index + 1] if index + 1 < len(bits) else None
                label = both.group(1) if both and opens else bit.text
                if following is not None and not _is_label(following):
                    self._field(label, following.text, (bit, following))
                    index += 2
                    continue
                self._field(label, "", (bit,))
            elif both:
                self._field(both.group(1), both.group(2), (bit,))
            elif self.fields and not bit.below and not is_value(bit.text):
                self._more(bit)
                more += 1
            index += 1
        if not row.fixed and (more > 1 or (more and len(self.fields) > before)):
            self.doubts.append(doubt("I141", row.place, self.fields[-1].label, row=row.text))

    def _under(self, row: Row, bits: Sequence[Bit]) -> bool:
        """``预期目标 | 实际完成情况`` on one row, what they say below them: each goes to the label it stands under.

        Where places say nothing, several texts go to the last labels: those before name the block.  That is doubtful.
        """
        if any(label_of(bit) for bit in bits) or len(bits) > len(self.waiting):
            return False
        over = [next((w for w in self.waiting if w.column <= bit.column < w.column + w.columns), None) for bit in bits]
        parted = None not in over and len(set(over)) == len(over) and (row.fixed or self.waiting[0] not in over)
        fewer = len(self.waiting) - len(bits)
        if not parted and (fewer < 2 or (len(bits) > 1 and not row.fixed)):
            over = [*self.waiting[fewer:]]
        elif not parted:
            return False
        for bit, label in zip(bits, over, strict=True):
            at = next(
                (
                    i
                    for i, field in reversed(list(enumerate(self.fields)))
                    if label is not None and field.label == label.text and not field.text
                ),
                None,
            )
            if at is None:
                return False
            self.fields[at] = attrs.evolve(self.fields[at], text=bit.text)
            self.ledger.use(bit, f"表头“{self.fields[at].label}”")
        if not parted and fewer and not row.fixed:
            self.doubts.append(doubt("I141", row.place, self.waiting[-1].text, row=row.text))
        self.waiting = ()
        return True

    def _alone(self, bit: Bit) -> None:
        """A line by itself: ``label: text``, a label whose text follows, or more of the text before."""
        both = _LABELLED.match(bit.text)
        if is_caption(bit.text):
            self.ledger.use(bit, "小标题")
            self.label = ""
        elif both and label_of_text(both.group(1)):
            self._field(both.group(1), both.group(2), (bit,))
            self.label = both.group(1)
            self.closed = bool(both.group(2))
        elif label_of(bit):
            self._field(bit.text, "", (bit,))
            self.label, self.closed = bit.text, False
        elif self.fields and not self.label and self._torn(bit):
            pass
        elif self.fields and self.label and (not self.closed or re.match(r"^[（(]?\d+[）).、．]", bit.text)):
            self._more(bit)

    def _torn(self, bit: Bit) -> bool:
        """A short line right below a row of the head is the rest of its last cell, with a doubt."""
        above = self.before
        if above is None or above.alone or above.fixed or len(bit.text) > 40 or self.state != "head":
            return False
        last = above.bits[-1]
        if not self.fields or self.fields[-1].text != last.text:
            return False
        self.doubts.append(doubt("I143", bit.place, joined(last.text, bit.text), row=f"{last.text} {bit.text}"))
        self._more(bit)
        return True

    def _more(self, bit: Bit) -> None:
        last = self.fields[-1]
        self.fields[-1] = attrs.evolve(last, text=last.text + bit.text if last.text else bit.text)
        self.ledger.use(bit, f"表头“{last.label}”")

    def _field(self, label: str, text: str, bits: Sequence[Bit]) -> None:
        self.fields.append(Field(label, text, bits[0].place))
        self.ledger.use(bits, f"表头“{label}”")

    # ---- the object

    def object(self) -> Object:
        """What was read."""
        levels = [column.role for column in self.columns if column.role in GROUPS] if self.columns else []
        seen = [role for cells in self.cells for role in cells.words if role in GROUPS]
        levels = list(dict.fromkeys([*[r for r in ("g1", "g2", "g3", "task") if r in seen or r in levels]]))
        ordered, turned = _turned(self.cells)
        items, total = tree(ordered, levels, self.ledger)
        total = self.total or total
        sides: tuple[Doubt, ...] = ()
        if self.beside:
            items, sides = together(items, tree(self.beside, levels, self.ledger)[0], self.beside[0].row.place)
        name, kind = _name(self.fields, self.title)
        money: list[Money] = list(self.money.tables()) if self.money else []
        unit = self.money.unit if self.money else ""
        if found := tasks(self.tasks, self.ledger, unit):
            money.append(found)
        doubts = [*self.doubts, *self._unknown(), *sides, *turned, *(self.money.doubts if self.money else ())]
        rate = tuple(self.money.rate.items()) if self.money else ()
        place = self.cells[0].row.place if self.cells else self.fields[0].place if self.fields else Place()
        columns = tuple(dict.fromkeys(c.role for c in self.seen if c.role))
        return Object(kind, name, layout_of(self.seen), place, self.title, self.year or _year_of(self.fields), tuple(self.fields), tuple(money),
                      items, columns, tuple(total.items()), rate, tuple(doubts))  # fmt: skip


def ends_table(row: Row) -> bool:
    """Does the row stand below the indicators: a label of the head, a note, a signature?"""
    first = next((bit for bit in row.bits if not bit.below), row.bits[0])
    if _NOTE.match(first.text) and (row.alone or len({bit.number for bit in row.bits}) == 1):
        return True
    word = label_of(first)
    if word and word not in TOTALS and not is_caption(first.text):
        return word in MONEY_LABELS or word in TASK_LABELS or word in LABELS or word in NAME_LABELS or word in PERSONAL
    both = _LABELLED.match(first.text)
    return both is not None and label_of_text(both.group(1)) != ""


def _is_label(bit: Bit) -> bool:
    """Known as a label, or written as one: words and a colon with nothing behind it."""
    both = _LABELLED.match(bit.text)
    return bool(label_of(bit)) or both is not None and not both.group(2)


def label_of_text(text: str) -> str:
    """The key of a label given as words."""
    return label_of(Bit(text, text, Place(), 0, 0))


def _of_money(row: Row) -> bool:
    """A row of money whose label was lost: headings of amounts, or a line every money table has."""
    bits = [bit for bit in row.bits if not bit.below]
    if len(bits) > 1 and len(bits) % 2 == 0 and all(is_pair(*pair) for pair in zip(bits[::2], bits[1::2], strict=True)):
        return True
    keys = [key(bit.text) for bit in row.bits]
    return any(
        word in AMOUNT_ROLES and AMOUNT_ROLES[word] in ("half", "full", "initial", "spent") and len(word) > 2
        for word in keys
    ) or (keys[0] in SUMS | FISCAL_SUM | FISCAL)


def _prose(bits: Sequence[Bit]) -> bool:
    """A label and sentences: no line of money."""
    return (
        len(bits) == 2 and len(bits[0].text) <= 16 and (len(bits[1].text) > 30 or bits[1].text.endswith("。"))
    ) and not any(key(bit.text) in AMOUNT_ROLES for bit in bits)


def _year_row(row: Row) -> str:
    if len(row.bits) != 1:
        return ""
    found = _YEAR.fullmatch(row.bits[0].text)
    return found.group(1) if found else ""


def _year_of(fields: Sequence[Field]) -> str:
    for field in fields:
        found = (
            re.search(r"20\d\d", field.text) if key(field.label) in YEARS else re.match(r"(20\d\d)年?度", field.label)
        )
        if found:
            return found.group()[:4]
    return ""


def _name(fields: Sequence[Field], title: str) -> tuple[str, str]:
    """(name, kind) of the object: a project's name before a department's, else what the title says."""
    found: dict[str, str] = {}
    for field in fields:
        word = re.sub(r"盖章|签章$", "", key(field.label))
        if field.text and word in NAME_LABELS:
            found.setdefault(NAME_LABELS[word], named(field.text))
    for kind in ("project", "department"):
        if kind in found:
            return found[kind], kind
    kind = "department" if re.search(r"部门|整体|单位", title) else "project"
    return _from_title(title), kind


def _from_title(title: str) -> str:
    text = re.sub(r"^附件\d*[:：]?|^[一二三四五六七八九十]+、|20\d\d\s*年度?|[（(]\d{4}年?度?[)）]", "", title)
    text = re.split(r"(?:部门|单位)?整体|项目支出|项目预算|预算绩效|绩效|支出", text)[0]
    return named(re.split(r"[—\-–]+", text)[-1].strip()) or named(title)


def _turned(rows: Sequence[Cells]) -> tuple[list[Cells], list[Doubt]]:
    """A page whose rows run from the bottom to the top is turned round when that leaves fewer torn cells."""
    made: list[Cells] = []
    doubts: list[Doubt] = []
    pages: list[list[Cells]] = []
    for cells in rows:
        if pages and pages[-1][0].row.page == cells.row.page:
            pages[-1].append(cells)
        else:
            pages.append([cells])
    for number, page in enumerate(pages):
        if len(page) > 2 and not page[0].row.fixed:
            last = number == len(pages) - 1
            before = made[-1] if made else None
            if _torn(page[::-1], before, last=last) + 1 < _torn(page, before, last=last):
                page = page[::-1]
                doubts.append(doubt("I151", page[-1].row.place, "", row=page[0].row.text))
        made.extend(page)
    return made, doubts


def _torn(page: Sequence[Cells], before: Cells | None, *, last: bool) -> int:
    count = 0
    opened = 0
    for cells in page:
        for role, text in cells.words.items():
            if role in GROUPS:
                open_, close = text.count("(") + text.count("（"), text.count(")") + text.count("）")
                if close > open_:
                    count += 0 if opened else 1
                    opened = max(0, opened - 1)
                elif open_ > close:
                    opened += 1
    count += opened
    first = page[0]
    if not first.name and before is None:
        count += 1
    nameless = [index for index, cells in enumerate(page) if not cells.name and not set(cells.words) <= set(GROUPS)]
    count += sum(1 for index in nameless if index == len(page) - 1 and not last)
    numbers = [
        index
        for index, cells in enumerate(page)
        if "points" in cells.words and not set(cells.words) & {"g1", "g2", "about", "rule", "full", "half"}
    ]
    count += sum(1 for index in numbers if index < len(page) - 1 and last)
    return count
