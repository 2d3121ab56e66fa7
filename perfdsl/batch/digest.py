"""Sums over all objects as what is told: every number written out, the same for the screen, a page, a picture and JSON."""

from fractions import Fraction
from typing import Any

from perfdsl import plan as p
from perfdsl.batch.tally import BINS, Tally
from perfdsl.fallback import fallback_json
from perfdsl.quantity import format_number, round_half_up

PLACES = 2


def digest(plan: p.Plan, made: Tally) -> dict[str, Any]:
    """What is told of the objects of one plan."""
    units = made.units
    full = plan.total if plan.total else Fraction(100)
    mean = Fraction(made.sum, made.known * units) if made.known else None
    return {
        "objects": made.objects, "complete": made.complete, "rows": made.rows_read, "other_periods": made.aside,
        "total": {
            "known": made.known, "full": format_number(full), "mean": _mean(mean),
            "least": _points(made.least, units), "most": _points(made.most, units),
            "bins": [
                {"from": format_number(full * i / BINS), "to": format_number(full * (i + 1) / BINS), "count": count}
                for i, count in enumerate(made.bins)
            ],
        },
        "grades": [{"name": x.name, "count": made.grades.get(x.name, 0)} for x in plan.grades],
        "awards": [{"name": x.name, "count": made.awards.get(x.name, 0)} for x in plan.awards],
        "indicators": [_indicator(row, made) for row in plan.indicators],
        "incomplete": {
            "count": made.objects - made.complete,
            "first": [{"object": name, "missing": missing} for _, name, missing in made.open],
        },
        "exact": [fallback_json(x) for x in made.exact],
        "rejects": {"count": sum(made.rejects.values()), "codes": dict(sorted(made.rejects.items()))},
    }  # fmt: skip


def losing(told: dict[str, Any], most: int = 10) -> list[dict[str, Any]]:
    """The indicators that lose most points, the greatest loss first; those that lose none are not among them."""
    found = [x for x in told["indicators"] if x["lost"] != "0"]
    return sorted(found, key=lambda x: -Fraction(x["lost"]))[:most]


def _indicator(row: p.PlanIndicator, made: Tally) -> dict[str, Any]:
    path = "/".join(row.path)
    tallied = next((x for x in made.rows if x.path == path), None)
    if tallied is None:
        return {"path": path, "points": _points_of(row), "scored": 0, "mean": None, "lost": "0", "statuses": {}}
    mean = Fraction(tallied.sum, tallied.scored * made.units) if tallied.scored else None
    return {
        "path": path, "points": _points_of(row), "scored": tallied.scored, "mean": _mean(mean),
        "lost": format_number(Fraction(tallied.lost, made.units)), "statuses": dict(sorted(tallied.statuses.items())),
    }  # fmt: skip


def _points_of(row: p.PlanIndicator) -> str | None:
    return format_number(row.points) if row.points is not None else None


def _points(value: int | None, units: int) -> str | None:
    return None if value is None else format_number(Fraction(value, units))


def _mean(value: Fraction | None) -> str | None:
    return None if value is None else format_number(round_half_up(value, PLACES))
