"""Rows with roles become the tree: pieces of one cell joined, labels of groups spread over their rows, points checked."""

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction

import attrs

from perfdsl.importers.align import Cells
from perfdsl.importers.clean import joined, key, named
from perfdsl.importers.lexicon import FIRST, GROUPS, HOMES, SECOND, TARGETS, TOTALS
from perfdsl.importers.records import Doubt, Item, Ledger, Level, doubt
from perfdsl.importers.shapes import is_first, is_second, is_value, points_of
from perfdsl.quantity import format_number, parse_number

_TEXTS = (
    "about",
    "rule",
    "basis",
    "reason",
    "remark",
    "name",
    "g1",
    "g2",
    "g3",
    "task",
    *TARGETS,
    "actual",
    "early",
    "forecast",
)
_VALUED = {*TARGETS, "actual", "early", "forecast"}
_NUMBERS = {"points", "score", "unit", "sign"}
_CLASS = {key(word): group for group, words in FIRST.items() for word in words.split()}
_ERROR = re.compile(r"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|SPILL!|CALC!)")
_GARBLED = re.compile(r"[\\|~^]|^[/\-+=.,]|\d\s*[日山]")


@attrs.define
class Line:
    """One row on its way into the tree; ``labels`` by level, filled in by and by; ``given`` are those printed on it."""

    cells: Cells
    words: dict[str, str]
    labels: dict[str, str]
    given: frozenset[str]
    doubts: list[Doubt]
    page: int

    @property
    def name(self) -> str:
        return self.words.get("name", "")

    @property
    def points(self) -> Fraction | None:
        return number_of(self.words.get("points", ""))


def number_of(text: str) -> Fraction | None:
    """The number of a cell such as ``10``, ``10分`` or ``10%``."""
    return parse_number(re.sub(r"\s|分|%|％", "", text)) if text else None


def tree(rows: Sequence[Cells], levels: Sequence[str], ledger: Ledger) -> tuple[tuple[Item, ...], dict[str, str]]:
    """The items in order, and the words of the total row by role."""
    lines = _lines(rows, ledger)
    total = _take_total(lines)
    _joined_labels(lines, levels)
    for level in reversed([level for level in levels if level in GROUPS]):
        for part in _with_level(lines, level):
            _spread(part, level, levels)
    return tuple(_items(lines, [level for level in levels if level in GROUPS])), total


def _lines(rows: Sequence[Cells], ledger: Ledger) -> list[Line]:
    made: list[Line] = []
    for cells in rows:
        words = dict(cells.words)
        for role, bits in cells.bits.items():
            ledger.use(bits, role)
        labels = {role: named(words[role]) for role in GROUPS if role in words}
        if (
            made
            and cells.row.fixed
            and not cells.row.whole
            and cells.row.page != made[-1].page
            and _over_page(words, made[-1], labels)
        ):
            _continue(made[-1], words, cells)
            continue
        if made and cells.row.fixed and not cells.row.whole and cells.row.page != made[-1].page:
            _rest_of_labels(made, labels, cells)
        if made and (not cells.row.whole or cells.row.page != made[-1].page) and _continues(words, made[-1]):
            _continue(made[-1], words, cells)
            continue
        doubts = list(cells.doubts)
        if "name" not in words and words.keys() & (_VALUED | {"points", "score"}) and not _sums(words, labels):
            words["name"] = labels.popitem()[1] if labels else "（没有名称）"
            if not any(each.code == "I141" for each in doubts):
                doubts.append(doubt("I141", cells.row.place, words["name"], row=cells.row.text))
        made.append(Line(cells, words, labels, frozenset(labels), doubts, cells.row.page))
    return made


def _with_level(lines: Sequence[Line], level: str) -> list[list[Line]]:
    """Stretches of rows whose headings have the level."""
    parts: list[list[Line]] = []
    open_ = False
    for line in lines:
        has = level in line.cells.roles
        if has and not open_:
            parts.append([])
        if has:
            parts[-1].append(line)
        open_ = has
    return parts


def _sums(words: dict[str, str], labels: dict[str, str]) -> bool:
    return any(key(label) in TOTALS for label in labels.values()) or (not labels and set(words) <= {"points", "score"})


def _continues(words: dict[str, str], before: Line) -> bool:
    """Pieces of the row above: no name, no number of its own, and text where the row above has text."""
    roles = set(words)
    if "name" in roles or not roles or roles & {"points", "score", "unit", "sign"} or not before.name:
        return False
    texts = roles - set(GROUPS)
    if any(is_value(words[role]) or is_value(before.words.get(role, "")) for role in texts & _VALUED):
        return False
    if texts:
        return texts <= set(_TEXTS) and all(role in before.words for role in texts)
    return all(_open(before.labels.get(role, "")) for role in roles)


def _over_page(words: dict[str, str], before: Line, labels: dict[str, str]) -> bool:
    """The first row of a page of a PDF: is it the rest of the last row of the page before?

    It is when nothing on it is a value of its own, and the row before has words in all its columns.
    """
    if not before.name or not words or any(role not in before.words and role not in before.labels for role in words):
        return False
    own = [role for role in words if role in _VALUED | _NUMBERS]
    if any(is_value(words[role]) or number_of(words[role]) is not None for role in own):
        return False
    if set(words) <= set(GROUPS):
        return all(_pieces(before.labels.get(role, before.words.get(role, "")), text) for role, text in labels.items())
    return "name" not in words or bool(before.words.keys() & (_VALUED | _NUMBERS)) and not own


def _pieces(first: str, second: str) -> bool:
    """Are two labels the halves of one: together a group of the frameworks, or the second too short for a name?"""
    if not first or is_first(second) or is_second(second):
        return False
    whole = joined(first, second)
    return is_first(whole) or is_second(whole) or len(second) < 3 or _open(first)


def _rest_of_labels(lines: list[Line], labels: dict[str, str], cells: Cells) -> None:
    """The label of a merged cell that a page break has cut: its two halves become one on both pages."""
    for role, text in labels.items():
        first = next((line.labels[role] for line in reversed(lines) if role in line.labels), "")
        whole = joined(first, text) if first else ""
        if not whole or is_first(text) or is_second(text) or not (is_first(whole) or is_second(whole)):
            continue
        for line in lines:
            if line.labels.get(role) == first:
                line.labels[role] = whole
                line.doubts.append(doubt("I143", cells.row.place, whole, row=f"{first} {text}"))
        labels[role] = whole


def _open(text: str) -> bool:
    return text.count("(") + text.count("（") > text.count(")") + text.count("）")


def _continue(line: Line, words: dict[str, str], cells: Cells) -> None:
    for role, text in words.items():
        line.words[role] = joined(line.words.get(role, ""), text)
        if role in GROUPS:
            line.labels[role] = named(joined(line.labels.get(role, ""), text))
            line.given |= {role}
    line.doubts.append(doubt("I143", cells.row.place, line.name, row=cells.row.text))


def _take_total(lines: list[Line]) -> dict[str, str]:
    """The total row, taken out: named so, or the last row whose points are those of all rows before it."""
    for index, line in enumerate(lines):
        label = line.words.get("name") or line.labels.get("g1") or line.labels.get("g2") or ""
        before = [p for p in (other.points for other in lines[:index]) if p is not None]
        own = line.points
        sums = bool(before) and own is not None and own == sum(before) and len(before) > 2
        if key(label) in TOTALS or (sums and len(label) <= 4 and index == len(lines) - 1):
            del lines[index]
            total = dict(line.words)
            total["label"] = label
            if key(label) not in TOTALS and lines:
                lines[-1].doubts.append(doubt("I141", line.cells.row.place, lines[-1].name, row=line.cells.row.text))
            return total
    return {}


def _joined_labels(lines: list[Line], levels: Sequence[str]) -> None:
    """``加减分项(≤5`` on one row and ``分)`` on a later one are one label."""
    for level in levels:
        if level not in GROUPS:
            continue
        last: Line | None = None
        for line in lines:
            label = line.labels.get(level)
            if label is None:
                continue
            if last is not None and _open(last.labels[level]) and re.fullmatch(r"[^(（]{0,3}[)）]", label):
                last.labels[level] += label
                del line.labels[level]
                line.given -= {level}
                last.doubts.append(doubt("I143", line.cells.row.place, last.name, row=line.cells.row.text))
                continue
            last = line


def _spread(lines: list[Line], level: str, levels: Sequence[str]) -> None:
    """Give every row the label of its group at ``level``."""
    if level in ("g1", "g2"):
        _drop_garbled(lines, level)
    marks = [index for index, line in enumerate(lines) if level in line.labels]
    above = levels[: list(levels).index(level)]
    for number, start in enumerate([-1, *marks]):
        end = marks[number] if number < len(marks) else len(lines)
        run = range(start + 1, end)
        here = lines[start].labels[level] if start >= 0 else ""
        there = lines[end].labels[level] if end < len(lines) else ""
        if level in lines[end - 1].labels and not run:
            continue
        cut = _cut(lines, run, level, here, there)
        for index in run:
            label = here if index < cut else there
            if index < cut and any(
                up in lines[index].given and lines[index].labels[up] != _at(lines, start, up) for up in above
            ):
                here = label = _of_new_group(lines, index, level, here)
            if label:
                lines[index].labels[level] = label
        _doubt_run(lines, run, cut, start, here, there)
    if level == "g1":
        _classes(lines)


def _at(lines: list[Line], index: int, level: str) -> str:
    while index >= 0:
        if level in lines[index].labels:
            return lines[index].labels[level]
        index -= 1
    return ""


def _of_new_group(lines: list[Line], index: int, level: str, here: str) -> str:
    """A row that opens a group above and has no label itself: the same label goes on where the two belong together."""
    parent = _CLASS.get(key(points_of(lines[index].labels.get("g1", ""))[0]))
    if level == "g2" and parent and SECOND.get(key(here)) == parent:
        return here
    if lines[index].cells.row.whole or level != "g2" or not here or SECOND.get(key(points_of(here)[0])):
        return ""
    wanted = number_of(points_of(here)[1])
    if wanted is not None and wanted <= sum(
        (line.points or 0 for line in lines[:index] if line.labels.get(level) == here), Fraction(0)
    ):
        return ""
    lines[index].doubts.append(doubt("I145", lines[index].cells.row.place, lines[index].name, group=here))
    return here


def _cut(lines: list[Line], run: range, level: str, here: str, there: str) -> int:
    """The first row of the run that belongs to the label below it (labels of merged cells may stand in their middle)."""
    if not run or not there or lines[run[0]].cells.row.whole:
        return run.stop
    if not here:
        return run.stop if level == "task" else run.start
    if (cut := _cut_by_points(lines, run, here)) < run.stop:
        return cut
    for index in run:
        if (
            level == "g2"
            and HOMES.get(lines[index].name) == key(there) != key(here)
            and HOMES.get(lines[index].name) != key(here)
        ):
            return index
        if level == "g1":
            parent = SECOND.get(key(points_of(lines[index].labels.get("g2", ""))[0]))
            if parent and parent == _CLASS.get(key(points_of(there)[0])) != _CLASS.get(key(points_of(here)[0])):
                return index
    return run.stop


def _cut_by_points(lines: list[Line], run: range, here: str) -> int:
    wanted = number_of(points_of(here)[1])
    if wanted is None:
        return run.stop
    total = Fraction(0)
    for index in range(run.start - 1, run.stop):
        if total == wanted and index >= run.start and lines[index].points:
            return index
        total += lines[index].points or 0
    return run.stop


def _doubt_run(lines: list[Line], run: range, cut: int, start: int, here: str, there: str) -> None:
    """Say what was decided against the plain order, and rows after a break that carry no label."""
    for index in run:
        line = lines[index]
        if line.cells.row.whole:
            continue
        if index >= cut and here:
            line.doubts.append(doubt("I144", line.cells.row.place, line.name or here, group=there, other=here))
        elif start >= 0 and there and line.page != lines[index - 1].page and not line.given and index >= cut - 0:
            line.doubts.append(doubt("I145", line.cells.row.place, line.name or here, group=here))


def _drop_garbled(lines: list[Line], level: str) -> None:
    """A label that cannot be one, beside a group that says where the row belongs, is left out and said so."""
    current = ""
    for line in lines:
        label = line.labels.get(level)
        if label is None:
            continue
        second = key(points_of(line.labels.get("g2", ""))[0])
        parent = SECOND.get(second, "")
        odd = bool(_GARBLED.search(label)) or not re.search(r"[\u4e00-\u9fff]", points_of(label)[0] or label)
        stray = level == "g1" and parent and not is_first(points_of(label)[0]) and _CLASS.get(key(current)) == parent
        if (odd and not is_first(label) and not is_second(label)) or stray:
            del line.labels[level]
            line.given -= {level}
            line.doubts.append(doubt("I146", line.cells.row.place, line.name or second, label=label))
            continue
        current = points_of(label)[0]


def _classes(lines: list[Line]) -> None:
    """A second-level group of the frameworks under a first-level group of another kind: the label was lost."""
    names = {_CLASS[key(points_of(line.labels["g1"])[0])]: line.labels["g1"] for line in lines
             if key(points_of(line.labels.get("g1", ""))[0]) in _CLASS}  # fmt: skip
    told: set[str] = set()
    for line in lines:
        if line.cells.row.whole and "g1" in line.cells.words:
            continue
        own = key(points_of(line.labels.get("g1", ""))[0])
        parent = SECOND.get(key(points_of(line.labels.get("g2", ""))[0]))
        if parent is None or "g1" in line.given or (own and own not in _CLASS) or _CLASS.get(own) == parent:
            continue
        if parent == "产出指标" and own == "成本指标":
            continue
        line.labels["g1"] = names.get(parent, parent)
        if parent not in told:
            told.add(parent)
            line.doubts.append(
                doubt("I147", line.cells.row.place, line.name or line.labels["g2"], group=line.labels["g1"])
            )


def _items(lines: Iterable[Line], levels: Sequence[str]) -> Iterable[Item]:
    points: dict[tuple[str, ...], str] = {}
    for line in lines:
        path = []
        for level in levels:
            label = line.labels.get(level)
            if not label:
                continue
            name, amount, limit = points_of(label)
            beside = {"g1": "points1", "g2": "points2", "g3": "points3"}.get(level, "")
            amount = amount or (line.words.get(beside, "") if number_of(line.words.get(beside, "")) is not None else "")
            path.append(Level(name, _number(amount), limit, line.cells.row.place))
            points.setdefault(tuple(p.name for p in path), amount)
        name, amount = _own_points(line)
        words = line.words | ({"points": amount} if amount else {})
        cells = tuple(
            (role, text)
            for role, text in words.items()
            if role not in GROUPS and role != "name" and not _ERROR.match(text)
        )
        line.doubts.extend(
            doubt("I160", line.cells.row.place, name, row=text) for text in words.values() if _ERROR.match(text)
        )
        yield Item(tuple(path), named(name), cells, line.cells.row.place, tuple(line.doubts))


def _own_points(line: Line) -> tuple[str, str]:
    """The name, and the points printed behind it where the table has no column of points: ``保洁长度（20分）``."""
    found = re.search(r"[(（]\s*(\d+(?:\.\d+)?)\s*分\s*[)）]$", line.name)
    if not found or "points" in line.cells.roles:
        return line.name, ""
    return line.name[: found.start()].strip(), found.group(1)


def _number(text: str) -> str:
    value = number_of(text)
    return format_number(value) if value is not None else ""
