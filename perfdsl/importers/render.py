"""An object as ``.perf`` text: every cell where the language has a place for it, what is doubtful marked with 存疑."""

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import attrs

from perfdsl.format import format_file
from perfdsl.importers.clean import key
from perfdsl.importers.findings import comment_of
from perfdsl.importers.lexicon import AGENCY, NAME_LABELS, PERSONAL, SUPERVISOR, TARGETS, YEARS
from perfdsl.importers.records import Doubt, Field, Item, Level, Line, Money, Object, doubt
from perfdsl.importers.rubrics import scored
from perfdsl.importers.tree import number_of
from perfdsl.parse import parse
from perfdsl.quantity import format_number, parse_number, unit_named
from perfdsl.text import Source

_SIGN = {
    "≥": "≥",
    "≤": "≤",
    "=": "=",
    "＝": "=",
    ">": ">",
    "<": "<",
    ">=": "≥",
    "<=": "≤",
    "大于等于": "≥",
    "小于等于": "≤",
    "等于": "=",
    "大于": ">",
    "小于": "<",
}
_FLAG = {"正向": "higher", "反向": "lower", "正向指标": "higher", "反向指标": "lower"}
_CHECKED = re.compile(r"(?:\d+[.、．])?\s*([^☑√■✔☒□☐●○]+?)\s*([☑√■✔☒●]|[□☐○])")
_NOTES = (("about", "note"), ("rule", "basis"), ("basis", "source"))


@attrs.define
class Group:
    """A group of the tree: its level, and groups and items in their order."""

    level: Level
    parts: "list[Group | Item]" = attrs.Factory(list)


@attrs.frozen
class Rendered:
    """The text, and the doubts that only showed when it was put together."""

    text: str
    doubts: tuple[Doubt, ...]


def render(found: Object, source: str, stated: Mapping[str, str]) -> Rendered:
    """The object as formatted text.  ``stated`` adds clauses to rows by name: a direction that the table does not print."""
    writer = _Writer(found, stated)
    draft = "\n".join(writer.lines(source)) + "\n"
    parsed, problems = parse(Source("", draft))
    if problems:
        return Rendered(draft, tuple(writer.doubts))
    return Rendered(format_file(parsed, "keep"), tuple(writer.doubts))


@attrs.define
class _Writer:
    found: Object
    stated: Mapping[str, str]
    doubts: list[Doubt] = attrs.Factory(list)
    own: bool = False

    def lines(self, source: str) -> Iterator[str]:
        found = self.found
        yield _comment(f"由“{source}”导入{f'：{found.title}' if found.title else ''}")
        for each in found.doubts:
            yield _comment(comment_of(each))
        yield f"{found.kind} {_text(found.name)} {{"
        yield from self._head()
        root = tree_of(found.items)
        total, body = self._total(root)
        yield from total
        for money in found.money:
            yield from self._money(money)
        yield from self._rate()
        yield from body
        yield "}"

    # ---- head

    def _head(self) -> Iterator[str]:
        if self.found.year:
            yield f"year {self.found.year}"
        given: set[str] = set()
        if any(key(field.label) in AGENCY - set(NAME_LABELS) and field.text for field in self.found.fields):
            self.own = True
        for field in self.found.fields:
            yield from self._field(field, given)
        if self.found.kind == "department" and "agency" not in given and self.found.name != self.found.title:
            yield f"agency {_text(self.found.name)}"
        if "supervisor" not in given and (above := supervisor_in(self.found)):
            yield f"supervisor {_text(above)}"

    def _field(self, field: Field, given: set[str]) -> Iterator[str]:
        word = re.sub(r"盖章|签章$", "", key(field.label))
        if not field.text:
            return
        if word in PERSONAL:
            yield _comment(f"{field.label}：{field.text}")
        elif (word in NAME_LABELS and NAME_LABELS[word] == self.found.kind) or word in YEARS:
            return
        elif word in SUPERVISOR and "supervisor" not in given:
            given.add("supervisor")
            yield f"supervisor {_text(field.text)}"
        elif (
            (word in AGENCY or word in NAME_LABELS) and "agency" not in given and not (self.own and word in NAME_LABELS)
        ):
            given.add("agency")
            yield f"agency {_text(field.text)}"
        else:
            yield f"info {_text(field.label)} {_text(checked(field.text))}"

    def _total(self, root: "Group") -> tuple[list[str], list[str]]:
        body = [line for part in root.parts for line in ("", *self._part(part, ""))]
        sums = (
            sum(
                (points_in(part) for part in root.parts if not (isinstance(part, Group) and part.level.limit)),
                Fraction(0),
            )
            + self._rate_points()
        )
        printed = number_of(dict(self.found.total).get("points", ""))
        if not sums:
            return [], body
        if printed is not None and printed != sums:
            self.doubts.append(
                doubt("I154", self.found.place, "总分", printed=format_number(printed), sum=format_number(sums))
            )
            return [_comment(comment_of(self.doubts[-1]))], body
        bonus = max(
            (number_of(part.level.limit) or Fraction(0) for part in root.parts if isinstance(part, Group)),
            default=Fraction(0),
        )
        most = f" up to {format_number(sums + bonus)}" if bonus else ""
        return [f"total {format_number(sums)}{most}"] if printed is not None or bonus else [], body

    # ---- money

    def _money(self, money: Money) -> Iterator[str]:
        title = f"{_text(money.title)} " if money.title else ""
        yield ""
        yield f"funds {title}{money.unit} {{"
        for line in money.lines:
            yield from self._line(line, line.side)
        yield "}"

    def _line(self, line: Line, side: str) -> Iterator[str]:
        amounts = []
        doubts = list(line.doubts)
        for period, text in line.amounts:
            value = parse_number(re.sub(r"\s|万元$|元$", "", text))
            if value is None or value < 0:
                doubts.append(doubt("I148", line.place, line.name, row=f"{line.name} {text}"))
            else:
                amounts.append(f"{period} {_amount(text)}")
        self.doubts.extend(each for each in doubts if each not in line.doubts)
        notes = "；".join(line.notes)
        head = " ".join(
            [*([side] if side else []), _text(line.name), *amounts, *([f"note {_text(notes)}"] if notes else [])]
        )
        mark = _marks(doubts)
        if not line.lines:
            yield head + mark
            return
        yield f"{head} {{{mark}"
        for inner in line.lines:
            yield from self._line(inner, "")
        yield "}"

    def _rate_points(self) -> Fraction:
        return number_of(dict(self.found.rate).get("points", "")) or Fraction(0)

    def _rate(self) -> Iterator[str]:
        """The execution rate that the money block itself scores."""
        points = self._rate_points()
        if not points or not any(
            "full" in dict(line.amounts) for money in self.found.money if not money.title for line in money.lines
        ):
            return
        place = next(line.place for money in self.found.money if not money.title for line in money.lines)
        said = doubt("I152", place, "预算执行率", points=format_number(points))
        self.doubts.append(said)
        yield ""
        yield (f"{_text('预算执行率')} = spent(支出) / budget(支出) full \"=100%\" points {format_number(points)}"
               f" by {{ completion >= 100% -> 100%   otherwise -> completion }}{_marks([said])}")  # fmt: skip

    # ---- the tree

    def _part(self, part: "Group | Item", limit: str) -> Iterator[str]:
        if isinstance(part, Item):
            yield from self._item(part, limit)
            return
        level = part.level
        clauses, marks = self._group_points(part)
        inner = level.limit or limit
        if not part.parts:
            yield f"{_text(level.name)}{clauses}{marks}"
            return
        yield f"{_text(level.name)}{clauses} {{{marks}"
        for each in part.parts:
            yield from self._part(each, _half(level.name, inner))
        yield "}"

    def _group_points(self, group: "Group") -> tuple[str, str]:
        level = group.level
        if level.limit:
            said = doubt("I153", level.place, level.name, limit=level.limit)
            self.doubts.append(said)
            return f" bonus -{level.limit} .. {level.limit}", _marks([said])
        printed = number_of(level.points)
        if printed is None:
            return "", ""
        sums = points_in(group)
        if sums == printed:
            return f" points {format_number(printed)}", ""
        if not sums:
            return "", _comment(
                f"分值{format_number(printed)}", " "
            ) if group.parts else f"  # 分值{format_number(printed)}"
        said = doubt("I154", level.place, level.name, printed=format_number(printed), sum=format_number(sums))
        self.doubts.append(said)
        return "", _marks([said])

    def _item(self, item: Item, limit: str) -> Iterator[str]:
        clauses = [_text(item.name)]
        doubts = list(item.doubts)
        unit = item.cell("unit")
        sign = item.cell("sign")
        for period in TARGETS:
            if text := item.cell(period):
                clauses.append(f"{period} {_text(signed(text, sign))}")
        if unit and unit not in ("/", "-", "—", "无") and any(item.cell(period) for period in TARGETS):
            clauses.append(f"unit {_text(unit)}")
        points = number_of(item.cell("points"))
        if points is not None and points >= 0:
            clauses.append(f"points {format_number(points)}")
        if sign in _FLAG:
            clauses.append(_FLAG[sign])
        if item.name in self.stated:
            clauses.append(self.stated[item.name])
            doubts.append(doubt("I155", item.place, item.name, clause=self.stated[item.name]))
            self.doubts.append(doubts[-1])
        rule = scored(item, points, limit, self.found)
        self.doubts.extend(rule.doubts)
        clauses.extend([rule.clause] if rule.clause else [])
        for role, word in _NOTES:
            if text := item.cell(role):
                clauses.append(f"{word} {_text(text)}")
        rest = [
            f"{label}：{item.cell(role)}"
            for role, label in (
                ("remark", "备注"),
                ("data1", "数据项1"),
                ("data2", "数据项2"),
                ("forecast", "全年预计"),
                ("likely", "完成可能性"),
                ("ratio", "完成率"),
            )
            if item.cell(role)
        ]
        rest.extend(f"{role[1:]}：{text}" for role, text in item.cells if role.startswith("+"))
        if rule.said:
            rest.insert(0, f"读作：{rule.said}")
        yield " ".join(clauses) + _marks([*doubts, *rule.doubts], rest)


def _half(name: str, limit: str) -> str:
    """加分项 gives only, 减分项 takes only."""
    if not limit or ".." in limit:
        return limit
    if re.search(r"加减|增减|奖惩", name):
        return limit
    if re.search(r"减分|扣分", name):
        return f"-{limit}..0"
    return f"0..{limit}" if re.search(r"加分|奖励", name) else limit


def tree_of(items: Sequence[Item]) -> Group:
    """The items under their groups; a name that stands twice in a group is numbered by ``unique``."""
    root = Group(Level(""))
    for item in items:
        at = root
        for level in item.path:
            same = next((part for part in at.parts if isinstance(part, Group) and part.level.name == level.name), None)
            if same is None:
                same = Group(level)
                at.parts.append(same)
            elif not same.level.points and level.points:
                same.level = level
            at = same
        if item.name:
            at.parts.append(item)
    return root


def points_in(part: "Group | Item") -> Fraction:
    """The points of the rows in it."""
    if isinstance(part, Item):
        return number_of(part.cell("points")) or Fraction(0)
    return sum((points_in(each) for each in part.parts), Fraction(0))


def signed(text: str, sign: str) -> str:
    """The target with the sign of its column, where it has none of its own."""
    mark = _SIGN.get(sign, "")
    return mark + text if mark and parse_number(text.rstrip("%％")) is not None else text


def checked(text: str) -> str:
    """``1.部门预算项目☑2.专项□`` is the one that is ticked; anything else stays as it is."""
    found = list(_CHECKED.finditer(text))
    if len(found) < 2 or "".join(each.group() for each in found).replace(" ", "") != text.replace(" ", ""):
        return text
    ticked = [each.group(1) for each in found if each.group(2) in "☑√■✔☒●"]
    return ticked[0] if len(ticked) == 1 else text


def _amount(text: str) -> str:
    folded = re.sub(r"\s", "", text)
    unit = re.search(r"(万元|元)$", folded)
    value = parse_number(folded[: unit.start()] if unit else folded)
    plain = folded[: unit.start()] if unit else folded
    shown = (
        plain if re.fullmatch(r"\d{1,3}(,\d{3})*(\.\d+)?|\d+(\.\d+)?", plain) else format_number(value or Fraction(0))
    )
    return shown + (unit_named(unit.group()).text if unit else "")


def supervisor_in(found: Object) -> str:
    """``2024年度某局—某中心整体预算绩效自评价`` names two units: the first is above the other."""
    if found.kind != "department" or any(field.text and key(field.label) in NAME_LABELS for field in found.fields):
        return ""
    before = re.match(r"^(?:附件\d*[:：]?)?20\d\d\s*年度?(.{2,30}?)\s*[—–－-]+", found.title)
    return before.group(1) if before else ""


def _text(text: str) -> str:
    return '"' + re.sub(r"\s*\n\s*", " ", text).replace("\\", "\\\\").replace('"', '\\"').replace("＂", "\\＂") + '"'


def _comment(text: str, lead: str = "") -> str:
    return f"{lead}# {re.sub(chr(10), ' ', text)}"


def _marks(doubts: Sequence[Doubt], rest: Sequence[str] = ()) -> str:
    said = list(dict.fromkeys(comment_of(each) for each in doubts))
    words = "；".join([*said, *rest])
    return f"   # {words}" if words else ""
