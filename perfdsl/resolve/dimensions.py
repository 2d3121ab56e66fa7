"""Types of formulas: what may be added, compared and awarded.

A percent is a *share*, a plain number in a rubric is *points*, a quotient of like things is a *ratio* that fits either
comparison but no award; every quantity knows its dimensions, so 万元 and 元 add and 万元 and 人 do not.
"""

from typing import NamedTuple

from perfdsl.quantity import Unit

Dims = tuple[tuple[str, int], ...]
SHARE_DIMS: Dims = (("%", 1),)
TIMED = frozenset({"秒", "月", "工作日"})


class Type(NamedTuple):
    """``flavor`` is plain points share ratio zero quantity bool word date broken; ``scaled``: printed in a larger unit."""

    flavor: str
    dims: Dims = ()
    scaled: bool = False


PLAIN, POINTS, SHARE, RATIO, ZERO = (Type(f) for f in ("plain", "points", "share", "ratio", "zero"))
BOOL, WORD, DATE, BROKEN = (Type(f) for f in ("bool", "word", "date", "broken"))
MONEY, DURATION = Type("quantity", (("元", 1),)), Type("quantity", (("秒", 1),))
DISTANCE = Type("distance")  # between percents: 个百分点
NUMBERS = frozenset({"plain", "points", "share", "ratio", "zero", "quantity", "distance"})
SCALARS = frozenset({"plain", "points", "share", "ratio", "zero"})


def of_unit(unit: Unit | None) -> Type:
    """The type of a value in ``unit``; no unit is a plain number."""
    if unit is None or not unit.dims:
        return PLAIN
    return SHARE if unit.dims == SHARE_DIMS else Type("quantity", unit.dims, unit.scale != 1)


def added(left: Type, right: Type) -> Type | None:
    """The type of ``left ± right`` (and of min, max); None when they do not go together."""
    if "broken" in (left.flavor, right.flavor):
        return BROKEN
    if left.flavor not in NUMBERS or right.flavor not in NUMBERS:
        return None
    if left.flavor == right.flavor:
        return left if left.dims == right.dims else None
    if left.flavor == "zero":
        return right
    if right.flavor == "zero":
        return left
    if {left.flavor, right.flavor} == {"plain", "ratio"}:
        return left  # the first one says what is meant: 10 - gap / 1% are points, 本年 / 上年 - 1 is a rate
    pair = {left.flavor, right.flavor}
    for flavors, result in (({"points", "plain"}, POINTS), ({"ratio", "share"}, SHARE), ({"ratio", "points"}, POINTS),
                            ({"distance", "share"}, DISTANCE)):  # fmt: skip
        if pair == flavors:
            return result
    return None


def comparable(left: Type, right: Type) -> bool:
    """May the two be compared?  A bare number compares with a count in its own unit, never with a percent or money."""
    if "broken" in (left.flavor, right.flavor):
        return True
    if left.flavor in ("word", "date", "bool") or right.flavor in ("word", "date", "bool"):
        return left.flavor == right.flavor
    if added(left, right) is not None:
        return True
    for bare, other in ((left, right), (right, left)):
        if bare.flavor == "plain" and other.flavor == "quantity":
            return is_count(other) and not other.scaled
    return False


def is_count(kind: Type) -> bool:
    """A count of things (席, 次/季度 …): neither money nor time nor percent on top."""
    above = [name for name, power in kind.dims if power > 0]
    return not any(name in TIMED or name in ("元", "%") for name in above)


def multiplied(left: Type, right: Type) -> Type | None:
    """The type of a product; shares and ratios scale the other factor."""
    if "broken" in (left.flavor, right.flavor):
        return BROKEN
    if left.flavor not in NUMBERS or right.flavor not in NUMBERS:
        return None
    if "quantity" in (left.flavor, right.flavor):
        return _dimensioned(_join(left.dims, right.dims, 1))
    if "distance" in (left.flavor, right.flavor) and "points" not in (left.flavor, right.flavor):
        return DISTANCE  # a price for each point of a percent is no award before it is divided by one step
    for flavor in (POINTS, PLAIN, SHARE, RATIO):
        if flavor.flavor in (left.flavor, right.flavor):
            return flavor
    return ZERO


def divided(left: Type, right: Type, *, constant: bool) -> Type | None:
    """The type of ``left / right``; like by like is a ratio, unless both are plain constants or points are shared out."""
    if "broken" in (left.flavor, right.flavor):
        return BROKEN
    if left.flavor not in NUMBERS or right.flavor not in NUMBERS:
        return None
    if "quantity" in (left.flavor, right.flavor):
        dims = _join(left.dims, right.dims, -1)
        if dims:
            return _dimensioned(dims)
        return RATIO
    if left.flavor == "distance" and right.flavor == "plain":
        return DISTANCE
    if left.flavor == "points" and right.flavor != "points":
        return POINTS
    if left.flavor == "plain" and right.flavor in ("share", "ratio"):
        return PLAIN
    if left.flavor == "share" and right.flavor == "plain":
        return SHARE
    return PLAIN if constant and left.flavor == "plain" else RATIO


def scaled_steps(left: Type, right: Type) -> bool:
    """Is ``plain-with-unit / unit`` a plain number of steps, as in ``each * gap / step``?"""
    if left.flavor == "distance":
        return right.flavor in ("share", "distance")
    return left.flavor == "quantity" and left.dims == right.dims


def _dimensioned(dims: Dims) -> Type:
    if not dims:
        return PLAIN
    return SHARE if dims == SHARE_DIMS else Type("quantity", dims)


def _join(left: Dims, right: Dims, sign: int) -> Dims:
    powers = dict(left)
    for name, power in right:
        powers[name] = powers.get(name, 0) + sign * power
    return tuple(sorted((name, power) for name, power in powers.items() if power))


def described(kind: Type, lang: str) -> str:
    """The type in a user's words."""
    zh = {"plain": "数", "points": "分数", "share": "百分比", "ratio": "两数之比", "zero": "数", "bool": "条件",
          "word": "文字", "date": "日期", "distance": "百分点", "broken": "?"}  # fmt: skip
    en = {"plain": "a number", "points": "points", "share": "a percent", "ratio": "a quotient", "zero": "a number",
          "bool": "a condition", "word": "a text", "date": "a date", "distance": "percentage points", "broken": "?"}  # fmt: skip
    if kind.flavor != "quantity":
        return (en if lang == "en" else zh)[kind.flavor]
    if kind.dims == DURATION.dims:
        return "a duration" if lang == "en" else "时长"
    above = "·".join(name + (str(power) if power > 1 else "") for name, power in kind.dims if power > 0)
    below = "·".join(name + (str(-power) if power < -1 else "") for name, power in kind.dims if power < 0)
    unit = f"{above or '1'}/{below}" if below else above
    return f"a quantity in {unit}" if lang == "en" else f"以{unit}计的量"
