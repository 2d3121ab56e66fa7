"""What differs from its target: explained in the data, not explained, changed by the review, left out."""

from collections.abc import Iterator, Sequence

from perfdsl import narrative as n
from perfdsl.narrate.fit import fitted
from perfdsl.narrate.phrases import Teller
from perfdsl.narrate.words import only_scored, pair, why
from perfdsl.reports import Object, Row, Voice
from perfdsl.scorecard import EXCEEDED, MISSED, MISSING, UNJUDGED, IndicatorScore, Scorecard

MOST = 15  # rows told in sentences; more stand in a table
Pairs = list[tuple[IndicatorScore, Row]]


def deviations(card: Scorecard, made: Object, tell: Teller, level: int) -> Iterator[n.Block]:
    """The section, its headings on ``level``."""
    rows: Pairs = [pair for pair in zip(card.indicators, made.rows, strict=True) if deviates(*pair)]
    told = [one for one in rows if one[1].explanation]
    untold = [one for one in rows if not one[1].explanation]
    if not rows:
        yield n.Paragraph(tell("no_deviation"))
    number = 0
    for key, found, inside in (
        ("explained", told, _explained(told, tell)),
        ("unexplained", rows, _unexplained(untold, made.scored, tell)),
        ("reviewed", made.reviewed, _reviewed(made, tell)),
        ("left_out", made.left_out, _left_out(made, tell)),
    ):
        if found:
            number += 1
            yield n.Heading(tell.subsection(number, tell(key)), level)
            yield from inside


def deviates(row: IndicatorScore, words: Row) -> bool:
    """Does it need a word: missed, far beyond its target, points lost, nothing known?"""
    missing = row.status in (MISSING, UNJUDGED) and not only_scored(row)
    return row.status in (MISSED, EXCEEDED) or bool(row.lost) or missing or words.is_open


def _explained(rows: Pairs, tell: Teller) -> Iterator[n.Block]:
    yield n.Paragraph(tell("explained_sum", count=len(rows)))
    if len(rows) > MOST:
        yield listed([words for _, words in rows], tell)
        return
    for number, (row, words) in enumerate(rows, 1):
        yield n.Paragraph(
            f"{pair(row, words, tell)}{why(row, words, tell)}", lead=tell("lead", number=number, name=words.name)
        )


def listed(rows: Sequence[Row], tell: Teller, scored: bool = False) -> n.Table:
    """Rows with their explanation as a table, where sentences would be too many; ``scored`` with what each got and lost."""
    dash = tell("dash")
    columns = [
        n.Column(head=tell("number"), place=n.CENTRE, width=7), n.Column(head=_head("indicator", tell), width=25),
        n.Column(head=_head("target", tell), place=n.CENTRE, width=14), n.Column(head=_head("actual", tell), place=n.CENTRE, width=14),
        *(n.Column(head=_head(key, tell), place=n.CENTRE, width=9) for key in (("points", "score", "gone") if scored else ("status",))),
        n.Column(head=_head("explanation", tell), width=25),
    ]  # fmt: skip
    lines = tuple(
        tuple(map(n.Cell, (str(number), row.name, row.target or dash, row.actual or dash,
                           *((row.points, row.score, row.lost) if scored else (row.mark.word,)), row.explanation or dash)))
        for number, row in enumerate(rows, 1)
    )  # fmt: skip
    return n.Table(caption="", columns=fitted(columns, lines), rows=lines)


def _unexplained(rows: Pairs, scored: bool, tell: Teller) -> Iterator[n.Block]:
    if not rows:
        yield n.Paragraph(tell("nothing_unexplained"))
        return
    yield n.Paragraph(tell("unexplained_sum", count=len(rows)))
    columns = (
        n.Column(head=tell("number"), place=n.CENTRE, width=7), n.Column(head=_head("indicator", tell), width=31),
        n.Column(head=_head("target", tell), place=n.CENTRE, width=20), n.Column(head=_head("actual", tell), place=n.CENTRE, width=20),
        n.Column(head=_head("status", tell), place=n.CENTRE, width=13),
        *([n.Column(head=_head("gone", tell), place=n.RIGHT, width=9)] if scored else []),
    )  # fmt: skip
    lines = tuple(
        tuple(map(n.Cell, (str(number), words.name, words.target or tell("dash"), words.actual or tell("dash"), words.mark.word,
                           *([words.lost] if scored else []))))
        for number, (_, words) in enumerate(rows, 1)
    )  # fmt: skip
    yield n.Table(caption="", columns=fitted(columns, lines), rows=lines)


def _head(key: str, tell: Teller) -> str:
    return Voice(tell.lang)(key)


def _reviewed(made: Object, tell: Teller) -> Iterator[n.Block]:
    yield n.Paragraph(tell("reviewed_sum", count=len(made.reviewed)))
    for number, words in enumerate(made.reviewed, 1):
        review = [fact.text for fact in words.facts if fact.label == _head("review", tell)]
        yield n.Paragraph(tell.ended(tell("joint").join(review)), lead=tell("lead", number=number, name=words.name))


def _left_out(made: Object, tell: Teller) -> Iterator[n.Block]:
    names = tell("list").join(row.name for row in made.left_out)
    yield n.Paragraph(tell("left_sum", count=len(made.left_out), names=names))
