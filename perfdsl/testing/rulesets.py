"""Whole rulesets, with targets, rubrics and actuals that lie at their edges; every one compiles.

A ``World`` is a ruleset as a tree; ``source`` writes it, ``tables`` draws rows for it.
"""

import random
from collections.abc import Iterator
from fractions import Fraction

import attrs
from hypothesis import strategies as st

from perfdsl.quantity import format_number, round_half_up

F = Fraction


def rulesets() -> st.SearchStrategy[str]:
    """Texts of .perf files that compile without errors of form or meaning; they use the ruleset 财预2020_10号."""
    return worlds().map(source)


@attrs.frozen
class Leaf:
    """An indicator: its clauses without points, and the actuals worth trying, a blank among them."""

    name: str
    clauses: str
    points: int
    tries: tuple[tuple[str, str], ...]
    prelude: str = ""  # what it needs above the tree
    asked: str = ""  # the name its actual is given under, where that is not its own


@attrs.frozen
class Branch:
    """A group: ``flag`` is either, shared, a weight, or nothing; ``factor`` what its sum is multiplied by."""

    name: str
    flag: str
    parts: "tuple[Leaf | Branch, ...]"
    factor: str = ""

    @property
    def asked(self) -> str:
        """The input its factor needs."""
        return f"系{self.name}" if self.factor.startswith("系") else ""

    @property
    def points(self) -> int:
        worth = [part.points for part in self.parts]
        return worth[0] if self.flag == "either" else sum(worth)


@attrs.frozen
class World:
    """A whole ruleset: its settings, its tree, and a bonus block."""

    policy: str
    parts: tuple[Leaf | Branch, ...]
    bonus: bool
    weighted: bool


SCALE = "scale 健全度 { 健全, 完善 -> 100%; 较健全 -> 80%; 不健全 -> 0% }\n"
RUBRICS = (
    "比例得分", "达标得满分", "及格比例得分", "及格比例得分(gate: 80%)",
    "{ completion >= 90% -> 100%  completion >= 60% -> 60%  otherwise -> 0 }",
    "{ met -> 100%  completion > 50% -> interpolate(completion, 50%: 0%, 100%: 100%)  otherwise -> 0 }",
    "{ met -> 100%  missing -> 0  otherwise -> 50% }",
    "{ met -> 100%  otherwise -> max(0, points - 0.5 * ceil(gap / STEP)) }",
    "{ met -> 100%  otherwise -> max(0, points - 0.3 * floor(gap / STEP)) }",
    "{ met -> 100%  otherwise -> max(0, points - gap / STEP / 7) }",
    "{ met -> 100%  completion >= 60% -> 60% .. 100%  otherwise -> 0 .. 60% }",
)  # fmt: skip
TARGETS = ("≥{}件", "≤{}件", "={}件", "{}件", ">{}件", "<{}件")


def leaf(name: str, points: int) -> st.SearchStrategy[Leaf]:
    kinds = (counted, percent, worded, several, computed, conditional, united)
    return st.one_of([kind(name, points) for kind in kinds])


@st.composite
def counted(draw: st.DrawFn, name: str, points: int) -> Leaf:
    """A number of things against a limit; zero and the places just beside every edge are tried."""
    limit = draw(st.sampled_from((F(0), F(1), F(3), F(7), F(8), F(52), F(3, 10))))
    text = draw(st.sampled_from(TARGETS)).format(format_number(limit))
    rubric = draw(st.sampled_from(RUBRICS)).replace("STEP", "1件")
    way = draw(st.sampled_from(("", "exact"))) if limit else ""
    tries = [format_number(x) + "件" for x in _edges(limit, F(1, 100), (1, F(9, 10), F(6, 10), F(1, 2), 2, F(4, 3)))]
    return Leaf(name, f'full "{text}" half "{text}" {way} by {rubric}', points, _tried(tries, points))


@st.composite
def percent(draw: st.DrawFn, name: str, points: int) -> Leaf:
    """A rate, with bands of its own."""
    limit = draw(st.sampled_from((F(90), F(100), F(60), F(5))))
    bands = f"{{ >= {limit}% -> 100%  >= {format_number(limit / 2)}% and < {limit}% -> 60%  otherwise -> 0 }}"
    rubric = draw(st.sampled_from((*RUBRICS, bands))).replace("STEP", "1%")
    clauses = f'full "≥{limit}%" values 0% .. 100% by {rubric}'
    tries = [format_number(x) + "%" for x in _edges(limit, F(1, 100), (1, F(9, 10), F(1, 2), F(6, 10)))]
    return Leaf(name, clauses, points, _tried([t for t in tries if F(t[:-1]) <= 100], points))


@st.composite
def worded(draw: st.DrawFn, name: str, points: int) -> Leaf:
    """A word, on a scale or not."""
    word = draw(st.sampled_from(("健全", "较健全", "完善", "是", "有所提升", "应保尽保")))
    rubric = draw(st.sampled_from(("比例得分", "达标得满分", '{ "健全" -> 80% .. 100%  otherwise -> 0 .. 60% }')))
    tries = [word, "健全", "较健全", "不健全", "否", "一般", "无"]
    return Leaf(name, f'full "{word}" by {rubric}', points, _tried(tries, points))


@st.composite
def several(draw: st.DrawFn, name: str, points: int) -> Leaf:
    """A rubric over entries."""
    share = format_number(F(points, 2))
    rubric = draw(st.sampled_from((
        f'check {{ "甲项" -> {share}  "乙项" -> {share} }}',
        'sum from 100% { "违规" -> -1  "表扬" -> 0.5 }',
        f'best {{ "省级" -> {points}  "市级" -> {share} }}',
        f'mean {{ "好" -> {points}  "中" -> {share}  "差" -> 0 }}',
    )))  # fmt: skip
    words = {"check": ["甲项", "乙项"], "sum": ["违规", "表扬"], "best": ["省级", "市级"], "mean": ["好", "中", "差"]}
    tries = [*words[rubric.split()[0]], "无", "别的", ""]
    return Leaf(name, f"by {rubric}", points, tuple((word, "") for word in tries))


@st.composite
def computed(draw: st.DrawFn, name: str, points: int) -> Leaf:
    """A rate worked out from an input or from money spent, which stays missing when that is."""
    rubric = draw(st.sampled_from(RUBRICS)).replace("STEP", "1%")
    clauses = f'full "≥90%" half "≥50%" by {rubric}'
    tries = _tried(
        [format_number(x) for x in _edges(F(27), F(1, 100), (F(9, 10), F(6, 10), F(1, 2), F(10, 9)))], points
    )
    if draw(st.booleans()):
        return Leaf(name, f"= 数{name} / 30件 {clauses}", points, tries, f"input 数{name} : 件", f"数{name}")
    line = f"funds 万元 {{ spend 线{name} full 30 }}"
    return Leaf(name, f"= spent(线{name}) / budget(线{name}) {clauses}", points, tries, line, f"支出/线{name}")


@st.composite
def conditional(draw: st.DrawFn, name: str, points: int) -> Leaf:
    """A row that applies or not by an input; the input is what is asked."""
    rubric = draw(st.sampled_from(("比例得分", "达标得满分", "{ met -> 100%  otherwise -> 90% }")))
    clauses = f'full "≥10件" applies 有{name} = "是" by {rubric}'
    return Leaf(name, clauses, points, (("是", ""), ("否", ""), ("", "")), f"input 有{name} values 是, 否", f"有{name}")


@st.composite
def united(draw: st.DrawFn, name: str, points: int) -> Leaf:
    """What several units reached, made one actual before it is scored."""
    rubric = draw(st.sampled_from(RUBRICS)).replace("STEP", "1%")
    how = draw(st.sampled_from(("mean", "weighted 资金")))
    marked = ".." in rubric
    if draw(st.booleans()):
        tries = [format_number(x) + "%" for x in _edges(F(90), F(1, 100), (1, F(9, 10), F(1, 2)))]
        kept = (
            _tried([t for t in tries if F(t[:-1]) <= 100], points) if marked else tuple((t, "") for t in (*tries, ""))
        )
        return Leaf(name, f'full "≥90%" half "≥40%" by {rubric} gather {how}', points, kept)
    if draw(st.booleans()):
        rubric = draw(st.sampled_from(RUBRICS)).replace("STEP", "1件")
        return Leaf(
            name,
            f'full "≥40件" by {rubric} gather sum',
            points,
            tuple((x, "") for x in ("7件", "13件", "20件", "0件", "40件", "")),
        )
    words = ("健全", "较健全", "不健全", "完善", "说不清", "")
    return Leaf(name, f'full "较健全" by {rubric} gather {how}', points, tuple((x, "") for x in words))


def _edges(limit: Fraction, unit: Fraction, shares: tuple[Fraction | int, ...]) -> list[Fraction]:
    """Zero, shares of the limit, and one unit in the last place to both sides of each."""
    places = {F(0), limit, *(limit * F(share) for share in shares)}
    found = {round_half_up(place + side * unit, 2) for place in places for side in (-1, 0, 1)}
    return sorted(x for x in found if x >= 0)


def _tried(values: list[str], points: int) -> tuple[tuple[str, str], ...]:
    """Actuals, with marks where an assessor may have given one; the blank comes last."""
    marks = ("", *(format_number(F(points) * share) for share in (F(1), F(4, 5), F(3, 5), F(1, 5), F(0))))
    return (*((value, marks[i % len(marks)]) for i, value in enumerate(values)), ("", ""))


@st.composite
def worlds(draw: st.DrawFn, plain: bool = False) -> World:
    """A tree of two levels below the total, its points adding up; ``plain`` ones have no factors."""
    numbers = iter(range(100))
    weighted = draw(st.booleans())
    count = draw(st.integers(1, 3))
    parts: list[Leaf | Branch] = [draw(_branch(numbers, 2, weighted)) for _ in range(count)]
    parts = [_without_factors(part) for part in parts] if plain else parts
    if not weighted:
        parts += [draw(leaf(f"指标{next(numbers)}", draw(st.integers(1, 9)))) for _ in range(draw(st.integers(0, 2)))]
    policy = draw(st.sampled_from(("rescale", "full", "zero", f"to {parts[0].name}")))
    if weighted:
        shares = {1: ("100%",), 2: ("33.3%", "66.7%"), 3: ("50%", "30%", "20%")}[count]
        parts = [attrs.evolve(x, flag=share) for x, share in zip(parts, shares, strict=True) if isinstance(x, Branch)]
        policy = policy if not policy.startswith("to") else "rescale"
    if policy.startswith("to") and not isinstance(parts[0], Branch):
        policy = "zero"
    return World(policy, tuple(parts), draw(st.booleans()), weighted)


def _without_factors(part: Leaf | Branch) -> Leaf | Branch:
    if isinstance(part, Leaf):
        return part
    return attrs.evolve(part, factor="", parts=tuple(map(_without_factors, part.parts)))


@st.composite
def _branch(draw: st.DrawFn, numbers: Iterator[int], depth: int, weighted: bool) -> Branch:
    name = f"组{next(numbers)}"
    flag = draw(st.sampled_from(("", "", "shared", "either"))) if not weighted or depth < 2 else ""
    each = draw(st.integers(1, 9))
    parts: list[Leaf | Branch] = []
    for _ in range(draw(st.integers(1, 3))):
        if depth > 1 and not flag and draw(st.integers(0, 3)) == 0:
            parts.append(draw(_branch(numbers, depth - 1, weighted)))
        else:
            points = each if flag else draw(st.integers(1, 9))
            parts.append(draw(leaf(f"指标{next(numbers)}", points)))
    factor = draw(st.sampled_from(("", "", "1.2", "70%", "2 - 1", f"系{name}", f"系{name} / 3 + 0.4")))
    return Branch(name, flag, tuple(parts), factor)


def branches(part: Leaf | Branch) -> list[Branch]:
    return [] if isinstance(part, Leaf) else [part, *(x for inner in part.parts for x in branches(inner))]


def leaves(part: Leaf | Branch) -> list[Leaf]:
    return [part] if isinstance(part, Leaf) else [x for inner in part.parts for x in leaves(inner)]


def written(world: World, chance: random.Random | None = None) -> str:
    """The ruleset as text; with ``chance`` all siblings come in another order."""
    lines = [f"not_applicable {world.policy}"]
    body = list(world.parts)
    blocks = [_written(part, "", chance) for part in _shuffled(body, chance)]
    if world.bonus:
        bonus = 'B bonus -3 .. 5 { 嘉奖 by best per 事项 { "省级" -> 3  "市级" -> 2 }  通报 by sum { "通报" -> -1 } }'
        blocks.insert(0 if chance else len(blocks), bonus)
    needs = [x.prelude for part in world.parts for x in leaves(part) if x.prelude]
    needs += [f"input {x.asked} values 0.5 .. 1.5" for part in world.parts for x in branches(part) if x.asked]
    if chance is not None:
        chance.shuffle(needs)
    money = [n.removeprefix("funds 万元 {").removesuffix("}") for n in needs if n.startswith("funds")]
    needs = [n for n in needs if not n.startswith("funds")] + (["funds 万元 {" + "".join(money) + "}"] if money else [])
    return "\n".join([*lines, *needs, *blocks])


def _written(part: Leaf | Branch, taken: str, chance: random.Random | None) -> str:
    if isinstance(part, Leaf):
        worth = "" if taken else f"points {part.points}"
        formula, clauses = split_formula(part)
        return f"{part.name} {formula} {worth} {clauses}"
    flag = part.flag
    head = f"weight {flag}" if flag.endswith("%") else f"points {part.points} {flag}"
    head += f" factor {part.factor}" if part.factor else ""
    inner = [_written(x, flag if flag in ("shared", "either") else "", chance) for x in _shuffled(part.parts, chance)]
    return f"{part.name} {head} {{\n" + "\n".join(inner) + "\n}"


def split_formula(part: Leaf) -> tuple[str, str]:
    at = part.clauses.find(" full ") if part.clauses.startswith("=") else 0
    return part.clauses[:at], part.clauses[at:]


def _shuffled(parts: object, chance: random.Random | None) -> list[Leaf | Branch]:
    found = list(parts)  # type: ignore[call-overload]
    if chance is not None:
        chance.shuffle(found)
    return found  # type: ignore[no-any-return]


def source(world: World, chance: random.Random | None = None) -> str:
    """The file: the scale, the library's rubrics, the object."""
    return "use 财预2020_10号\n" + SCALE + f'project "P" {{\n{written(world, chance)}\n}}'


def answered(item: Leaf, value: str, mark: str = "", own: str = "10件") -> list[tuple[str, str, dict[str, object]]]:
    """The rows that give a leaf ``value``: its own, or that of what it is worked out from or depends on."""
    columns: dict[str, object] = {"mark": mark if ".." in item.clauses else ""}
    if not item.asked:
        return [(item.name, value, columns)]
    return [(item.asked, value, {}), (item.name, own if " applies " in item.clauses else "", columns)]


@st.composite
def tables(draw: st.DrawFn, world: World) -> list[tuple[str, str, dict[str, object]]]:
    """Rows for a world: edges, marks, blanks, and some that do not apply."""
    made: list[tuple[str, str, dict[str, object]]] = []
    for item in [x for part in world.parts for x in leaves(part)]:
        times = draw(st.integers(0, 2)) if "by check" in item.clauses or "by sum" in item.clauses else 1
        if " gather " in item.clauses:
            for _ in range(draw(st.integers(0, 3))):
                weight = draw(st.sampled_from(("1", "3", "2.5", "0", "")))
                more: dict[str, object] = {"extras": (("资金", weight),), "times": draw(st.sampled_from(("", "2")))}
                made.append((item.name, draw(st.sampled_from((*(x for x, _ in item.tries), "不适用"))), more))
            continue
        if draw(st.integers(0, 7)) == 0:
            made.append((item.name, "不适用", {}))
            continue
        for _ in range(times):
            value, mark = draw(st.sampled_from(item.tries))
            made += answered(item, value, mark, draw(st.sampled_from(("9件", "10件", ""))))
    for group in [x for part in world.parts for x in branches(part) if x.asked]:
        made += [(group.asked, x, {}) for x in (draw(st.sampled_from(("0.5", "0.99", "1", "1.37", "1.5", ""))),) if x]
    if world.bonus:
        made += [
            ("嘉奖", draw(st.sampled_from(("省级", "市级"))), {"item": x})
            for x in draw(st.sets(st.sampled_from("抗旱"), max_size=2))
        ]
        made += [("通报", "通报", {"times": str(draw(st.integers(0, 5)))})]
    return made
