"""Groups and totals of many plans at once, from the deepest level up: sums, weights, points that do not apply, bonus blocks, grades."""

from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from perfdsl.mixed.part import Plans
from perfdsl.mixed.rows import LEFT, LONG, RowResults, nearest
from perfdsl.mixed.store import APART, BLOCK, NO_POINTS, RESCALE, ROOT, SUM, Bands

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]


class SumResults(NamedTuple):
    """Groups, or totals: both ends in whole units of the plan, and whether they are open."""

    low: "Array"
    high: "Array"
    open: "Array"


class Sums(NamedTuple):
    """What a part's plans come to: groups, totals, the number of the grade (0: none), and whether a plan is complete."""

    groups: SumResults
    totals: SumResults
    grade: "Array"
    complete: "Array"


@attrs.frozen(eq=False)
class _Pots:
    """What is gathered for groups and, behind them, for plans."""

    low: "Array"
    high: "Array"
    open: "Array"
    possible: "Array"
    parts: "Array"
    live: "Array"

    @classmethod
    def of(cls, count: int) -> "_Pots":
        import numpy as np

        return cls(*(np.zeros(count, np.int64) for _ in range(6)))

    def add(self, at: Any, low: Any, high: Any, is_open: Any, points: Any, live: Any) -> None:
        """Parts into their pots; those that are not live only stand there."""
        import numpy as np

        np.add.at(self.parts, at, 1)
        at, low, high, is_open, points = at[live], low[live], high[live], is_open[live], points[live]
        np.add.at(self.live, at, 1)
        np.add.at(self.low, at, low)
        np.add.at(self.high, at, high)
        np.add.at(self.open, at, is_open.astype(np.int64))
        np.add.at(self.possible, at, points)


def summed(part: Plans, rows: RowResults, schemes: "list[Bands]") -> Sums:
    """Everything above the rows."""
    import numpy as np

    groups, plans = part.groups, part.plans
    count, objects = len(groups["owner"]), len(part.objects)
    pots, bonus = _Pots.of(count + objects), _Pots.of(objects)
    kinds = np.concatenate([groups["kind"], np.full(objects, SUM, np.int8)])
    rescale = np.concatenate([plans["policy"][groups["owner"]], plans["policy"]]) == RESCALE
    filtered = rescale & (kinds == SUM)  # only what applies counts there

    def put(inner: Any, chosen: Any, made: SumResults, applies: Any, is_bonus: Any) -> None:
        """The chosen rows or groups into the pots of what stands above them."""
        owner, parent = inner["owner"][chosen], inner["parent"][chosen]
        points = np.where(inner["points"][chosen] == NO_POINTS, 0, inner["points"][chosen])
        at = np.where(parent == ROOT, count + owner, parent)
        extra = is_bonus[chosen] & (parent == ROOT)
        low, high, is_open, live = (x[chosen] for x in (made.low, made.high, made.open, applies))
        live = live | ~filtered[at]
        for pot, where, place in ((pots, ~extra, at), (bonus, extra, owner)):
            pot.add(
                place[where],
                low[where],
                high[where],
                is_open[where],
                points[where],
                live[where] if pot is pots else live[where] | True,
            )

    counted = np.flatnonzero(part.rows["parent"] != APART)
    put(part.rows, counted, SumResults(rows.low, rows.high, rows.open), rows.status != LEFT, part.rows["bonus"])
    made = SumResults(np.zeros(count, np.int64), np.zeros(count, np.int64), np.zeros(count, bool))
    applies = np.ones(count, bool)
    for depth in range(int(groups["depth"].max(initial=0)), 0, -1):
        here = np.flatnonzero(groups["depth"] == depth)
        size = 10 ** plans["places"][groups["owner"][here]].astype(np.int64)
        found, alive = shared_out(pots, here, groups["points"][here], plans["units"][groups["owner"][here]], size)
        block = groups["kind"][here] == BLOCK
        low, high, is_open = pots.low[here], pots.high[here], pots.open[here] > 0
        limit_low = np.where(groups["no low"][here], -LONG, groups["low"][here])
        limit_high = np.where(groups["no high"][here], LONG, groups["high"][here])
        empty = ~block & (groups["kind"][here] != SUM)
        made.low[here] = np.where(block, np.clip(low, limit_low, limit_high), np.where(empty, 0, found.low))
        made.high[here] = np.where(block, np.clip(high, limit_low, limit_high), np.where(empty, 0, found.high))
        made.open[here] = np.where(block, is_open, np.where(empty, True, found.open))
        applies[here] = block | empty | alive
        put(groups, here[groups["parent"][here] != APART], made, applies, groups["kind"] == BLOCK)
    return above(part, rows, made, pots, bonus, schemes)


def shared_out(pots: _Pots, at: Any, points: Any, units: Any, size: Any) -> tuple[SumResults, Any]:
    """A sum; rescaled where parts do not apply or the group has a weight; and whether anything in it applies."""
    import numpy as np

    low, high, is_open, possible = pots.low[at], pots.high[at], pots.open[at] > 0, pots.possible[at]
    plain = (possible == points) | (possible == 0)
    uneven = np.flatnonzero(~plain)
    if len(uneven):
        bottom = possible[uneven] * units[uneven]
        step = units[uneven] // size[uneven]
        for end in (low, high):
            most = (
                int(np.abs(end).max(initial=0)) * int(points[uneven].max(initial=0)) * int(size[uneven].max(initial=1))
            )
            long = max(most, int(bottom.max(initial=0))) >= LONG or int(possible.max()) * int(units.max()) >= LONG
            kind = object if long else np.int64
            bottoms = possible[uneven].astype(kind) * units[uneven]
            end[uneven] = (
                nearest(end[uneven].astype(kind) * points[uneven] * size[uneven], bottoms).astype(np.int64) * step
            )
    alive = (pots.parts[at] == 0) | (pots.live[at] > 0)
    return SumResults(np.where(alive, low, 0), np.where(alive, high, points), np.where(alive, is_open, True)), alive


def above(part: Plans, rows: RowResults, groups: SumResults, pots: _Pots, bonus: _Pots, schemes: "list[Bands]") -> Sums:
    """Totals with bonus blocks inside 0 and the most, grades, completeness."""
    import numpy as np

    plans, count = part.plans, len(groups.low)
    objects = len(part.objects)
    at = count + np.arange(objects)
    scored = plans["total"] != NO_POINTS
    total = np.where(scored, plans["total"], 0)
    base, _ = shared_out(pots, at, total, plans["units"], 10 ** plans["places"].astype(np.int64))
    most = plans["most"]
    low, high = (np.where(scored, np.clip(x, 0, most), 0) for x in (base.low + bonus.low, base.high + bonus.high))
    is_open = base.open | (bonus.open > 0) | ~scored
    worst, undecided = capped(part, rows, SumResults(low, high, is_open))
    unknown = np.zeros(objects, np.int64)
    np.add.at(unknown, part.rows["owner"], (np.isin(rows.status, (4, 6)) & ~part.rows["ceiling"]).astype(np.int64))
    complete = np.where(scored, ~is_open & ~undecided, unknown == 0)
    grade = np.zeros(objects, np.int16)
    for number in np.unique(plans["scheme"]).tolist():
        mine = np.flatnonzero((plans["scheme"] == number) & ~is_open)
        bands = schemes[number] if number < len(schemes) else ()
        for n, (_, least, greatest) in reversed(list(enumerate(bands, 1))):
            holds = np.ones(len(mine), bool)
            holds &= True if least is None else low[mine] >= least
            holds &= True if greatest is None else low[mine] <= greatest
            grade[mine[holds]] = n
    grade = np.where((grade > 0) & ~undecided, np.maximum(grade, worst), 0).astype(np.int16)
    return Sums(groups, SumResults(low, high, is_open), grade, complete)


def capped(part: Plans, rows: RowResults, totals: SumResults) -> tuple["Array", "Array"]:
    """Totals after their ceilings, in place; the best grade that ceilings leave (0: any), and where that is not known."""
    import numpy as np

    objects = len(part.objects)
    worst, undecided = np.zeros(objects, np.int64), np.zeros(objects, bool)
    at = np.flatnonzero(part.rows["ceiling"] & (rows.status != LEFT))
    owners = part.rows["owner"][at]
    turn = np.arange(len(at)) - np.searchsorted(owners, owners)  # a plan's ceilings one after the other
    for n in range(int(turn.max(initial=-1)) + 1):
        mine, owner = at[turn == n], owners[turn == n]
        cap, unsure = part.rows["cap"][mine], rows.open[mine]
        by_total = cap != NO_POINTS
        undecided[owner] |= unsure & ~by_total
        worst[owner] = np.where(unsure | by_total, worst[owner], np.maximum(worst[owner], part.rows["worst"][mine]))
        low, high = totals.low[owner], totals.high[owner]
        lowers = by_total & (~unsure | totals.open[owner] | (low > cap))
        totals.open[owner] |= lowers & unsure
        totals.low[owner] = np.where(lowers, np.minimum(low, cap), low)
        totals.high[owner] = np.where(lowers & ~unsure, np.minimum(high, cap), high)
    return worst, undecided
