"""The tables: particulars, all objects, the score sheet, the parts of a difference, findings, reasons."""

from collections.abc import Iterator, Sequence

from perfdsl import narrative as n
from perfdsl.narrate.fit import fitted
from perfdsl.narrate.phrases import Teller
from perfdsl.reports import Line, Move, Object, Paper, Row, Voice
from perfdsl.scorecard import Scorecard


def facts(made: Object, tell: Teller) -> Iterator[n.Block]:
    """The particulars, two to a row."""
    cells = [cell for fact in made.facts for cell in (n.Cell(fact.label, strong=True), n.Cell(fact.text))]
    if len(cells) % 4:
        last = cells.pop()
        cells.append(n.Cell(last.text, columns=3))
    rows, line, used = [], [], 0
    for cell in cells:
        line.append(cell)
        used += cell.columns
        if used == 4:
            rows.append(tuple(line))
            line, used = [], 0
    columns = tuple(n.Column(head="", place=place, width=width) for place, width in ((n.CENTRE, 18), (n.LEFT, 32)) * 2)
    yield n.Table(caption="", columns=columns, rows=tuple(rows))


def overview(made: Paper, tell: Teller) -> Iterator[n.Block]:
    """All objects with their totals; then who has which place, and which award."""
    voice = Voice(tell.lang)
    graded, changed = any(x.grade for x in made.objects), any(x.against for x in made.objects)
    columns = [n.Column(head=voice("number"), place=n.CENTRE, width=8), n.Column(head=voice("object"), width=44),
               n.Column(head=voice("total"), place=n.RIGHT, width=14), n.Column(head=voice("full"), place=n.RIGHT, width=12)]  # fmt: skip
    columns += [n.Column(head=voice("grade"), place=n.CENTRE, width=12)] if graded else []
    columns += [n.Column(head=voice("against_column"), place=n.RIGHT, width=14)] if changed else []
    columns += [n.Column(head=voice("met_of"), place=n.CENTRE, width=12)]
    dash = tell("dash")
    rows = tuple(
        (n.Cell(str(number)), n.Cell(x.name), n.Cell(x.total or dash), n.Cell(x.points or dash), *([n.Cell(x.grade or dash)] if graded else []),
         *([n.Cell(x.difference or dash)] if changed else []), n.Cell(x.met))
        for number, x in enumerate(made.objects, 1)
    )  # fmt: skip
    yield n.Table(caption="", columns=fitted(columns, rows), rows=rows)
    for roll in (*made.places, *made.awards):
        yield n.Paragraph(tell.ended(roll.text(tell.lang)))


def sheet(card: Scorecard, made: Object, tell: Teller) -> Iterator[n.Block]:
    """The official table: groups run over their rows, empty groups are printed."""
    if not made.lines:
        return
    voice, scored = Voice(tell.lang), made.scored
    levels = made.levels[:4]
    names = 52 if scored else 64
    last = max(names // 2, names // len(levels))
    others = (names - last) // max(len(levels) - 1, 1)
    columns = [n.Column(head=head, width=others, place=n.CENTRE) for head in levels[:-1]] + [
        n.Column(head=levels[-1], width=last)
    ]
    columns += [
        n.Column(head=voice("target"), place=n.CENTRE, width=14),
        n.Column(head=voice("actual"), place=n.CENTRE, width=14),
    ]
    columns += (
        [
            n.Column(head=voice("points"), place=n.CENTRE, width=9),
            n.Column(head=voice("score"), place=n.CENTRE, width=9),
        ]
        if scored
        else []
    )
    columns += [n.Column(head=voice("status"), place=n.CENTRE, width=13)]
    rows = [_line(line, len(levels), len(made.levels) - len(levels), scored, tell) for line in made.lines]
    if scored:
        rows.append((n.Cell(voice("total"), columns=len(levels) + 2, strong=True), n.Cell(made.points, strong=True),
                     n.Cell(made.total or tell("dash"), strong=True), n.Cell("")))  # fmt: skip
    yield n.Table(
        caption=tell("sheet" if scored else "sheet_unscored"), columns=fitted(columns, rows), rows=tuple(rows)
    )


def _line(line: Line, levels: int, surplus: int, scored: bool, tell: Teller) -> tuple[n.Cell, ...]:
    """One line; where rows stand deeper than four levels, the deepest names share a cell."""
    dash = tell("dash")
    heads = [n.Cell(head.name, rows=head.lines, small=head.got) for head in line.heads if head.level < levels]
    row = line.row
    name, wide = line.name, line.wide
    if surplus:
        above = " / ".join(row.path[levels - 1 : -1]) if row is not None else ""
        name, wide = f"{above} / {name}" if above else name, max(line.wide - surplus, 1)
    if row is None:
        others = [n.Cell(tell("empty"), columns=2), n.Cell(""), n.Cell("")]
    else:
        others = [n.Cell(text or dash) for text in (row.target, row.actual)] + [
            n.Cell(row.points),
            n.Cell(row.score or dash),
        ]
    others = others if scored else others[:-2]
    mark = f"{row.mark.sign}{row.mark.word}" if row is not None else ""
    return (*heads, n.Cell(name, columns=wide), *others, n.Cell(mark))


def moves(made: Sequence[Move], amounts: bool, tell: Teller) -> Iterator[n.Block]:
    """The parts of a difference, the greatest first."""
    caused = any(move.causes for move in made)
    columns = (
        *([n.Column(head=tell("amount"), place=n.RIGHT, width=12)] if amounts else []), n.Column(head=tell("of_what"), width=34),
        n.Column(head=tell("seen"), width=32), *([n.Column(head=tell("made_by"), width=22)] if caused else []),
    )  # fmt: skip
    rows = tuple(
        (
            *([n.Cell(move.amount)] if amounts else []), n.Cell(f"{move.name}{move.own}"), n.Cell(tell("joint").join(move.facts)),
            *([n.Cell(tell("joint").join(f"{cause.label} {cause.text}" for cause in move.causes))] if caused else []),
        )
        for move in made
    )  # fmt: skip
    yield n.Table(caption="", columns=fitted(columns, rows), rows=rows)


def findings(made: Paper, tell: Teller) -> Iterator[n.Block]:
    """What the check and the scoring said, and what was accepted."""
    if made.findings:
        yield n.Paragraph(tell("findings_sum", count=len(made.findings)))
        columns = (
            n.Column(head=tell("severity"), place=n.CENTRE, width=10), n.Column(head=tell("code"), place=n.CENTRE, width=10),
            n.Column(head=tell("message"), width=56), n.Column(head=tell("place"), width=24),
        )  # fmt: skip
        rows = tuple(
            (n.Cell(x.severity), n.Cell(x.code), n.Cell(x.message, small=x.help), n.Cell(_file(x.place)))
            for x in made.findings
        )
        yield n.Table(caption="", columns=fitted(columns, rows), rows=rows)
    else:
        yield n.Paragraph(tell("no_findings"))
    if made.waivers:
        yield n.Paragraph("", lead=tell("fact", label=tell("waivers"), text="").rstrip())
        for waiver in made.waivers:
            yield n.Paragraph(
                tell.ended(tell("waived", code=waiver.code, subject=waiver.subject, reason=waiver.reason))
            )


def _file(place: str) -> str:
    """A place without its folders: a document goes where they mean nothing."""
    return place.replace("\\", "/").rpartition("/")[2]


def annex(made: Object, tell: Teller) -> Iterator[n.Block]:
    """Every row with the reason of its score and what it rests on."""
    voice = Voice(tell.lang)
    columns = (
        n.Column(head=tell("number"), place=n.CENTRE, width=8), n.Column(head=voice("indicator"), width=28),
        *([n.Column(head=voice("score"), place=n.CENTRE, width=13)] if made.scored else []),
        n.Column(head=tell("basis" if made.scored else "basis_unscored"), width=51 if made.scored else 64),
    )  # fmt: skip
    rows = tuple(
        (n.Cell(str(row.number)), n.Cell(row.name, small=" / ".join(row.path[:-1])), *([n.Cell(_got(row, tell))] if made.scored else []),
         n.Cell(row.reason or tell("dash"), small=tell("joint").join(tell("fact", label=fact.label, text=fact.text) for fact in row.facts)))
        for row in made.rows
    )  # fmt: skip
    yield n.Table(caption="", columns=fitted(columns, rows), rows=rows)


def _got(row: Row, tell: Teller) -> str:
    score = row.score or tell("dash")
    return f"{score} / {row.points}" if row.points.replace(".", "").replace("/", "").isdigit() else score
