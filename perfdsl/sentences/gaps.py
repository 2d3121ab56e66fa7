"""What the bands of a sentence leave open: values that no band has."""

from collections.abc import Iterable, Iterator

from perfdsl.quantity import format_number
from perfdsl.sentences.rule import Edge, Interval


def gaps(bands: Iterable[Interval]) -> Iterator[str]:
    """The values between and below ``bands`` (of one subject) that none of them has, in words."""
    ordered = sorted(bands, key=lambda each: (each.low is not None, each.low.value if each.low else 0))
    if not ordered:
        return
    first = ordered[0].low
    if first is not None and (first.value > 0 or not first.closed):
        yield f"低于{_shown(first)}" if first.closed else f"不超过{_shown(first)}"
    reach = ordered[0].high
    for each in ordered[1:]:
        if reach is None:
            return
        if each.low is not None and each.low.value > reach.value:
            yield f"{_shown(reach)}与{_shown(each.low)}之间"
        elif each.low is not None and each.low.value == reach.value and not (each.low.closed or reach.closed):
            yield f"恰好{_shown(reach)}"
        reach = _further(reach, each.high)
    if reach is not None and not (reach.closed and reach.value >= 100):
        yield f"超过{_shown(reach)}" if reach.closed else f"不低于{_shown(reach)}"


def _further(one: Edge, two: Edge | None) -> Edge | None:
    return two if two is None or (two.value, two.closed) > (one.value, one.closed) else one


def _shown(edge: Edge) -> str:
    return format_number(edge.value) + edge.unit
