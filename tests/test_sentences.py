"""Sentences of rubrics: what each is read as, written down before the reader was run; and that nothing is passed over."""

from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import pytest

from perfdsl import syntax as s
from perfdsl.parse import parse
from perfdsl.quantity import fold_width
from perfdsl.read_target import read_target
from perfdsl.sentences import KINDS, Reading, read_sentence, write_sentence
from perfdsl.target import Target
from perfdsl.text import Source

CASES = Path(__file__).parent / "cases" / "sentences"


class Row(NamedTuple):
    """One sentence with what stands beside it, and what it is to be read as."""

    place: str
    text: str
    points: Fraction | None
    target: Target | None
    name: str
    expected: str


def rows() -> list[Row]:
    made = []
    for path in sorted(CASES.glob("*.tsv")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line and not line.startswith("#"):
                text, points, target, name, expected = line.split("\t")
                made.append(Row(f"{path.stem}:{number}", text, Fraction(fold_width(points)) if points else None,
                                read_target(target, name=name)[0] if target else None, name, expected))  # fmt: skip
    return made


ROWS = rows()
EACH = pytest.mark.parametrize("row", ROWS, ids=[row.place for row in ROWS])


def inline(text: str) -> s.Inline:
    """A rubric as it stands after ``by``."""
    file, found = parse(Source("", f'project "甲" {{ 甲 by {text} }}'))
    assert not found, [d.message() for d in found]
    node = file.items[0].items[0]
    return next(clause.method for clause in node.clauses if isinstance(clause, s.ByClause))


def read(row: Row) -> Reading:
    return read_sentence(row.text, row.points, row.target, name=row.name)


@EACH
def test_sentence_is_read_as_written_down(row: Row) -> None:
    """A rule, or the codes that say why it stays text."""
    reading = read(row)
    if row.expected.startswith(("open ", "unread ")):
        sort, codes = row.expected.split(" ")
        assert reading.rubric is None
        assert {f.code for f in getattr(reading, sort)} == set(codes.split(","))
        return
    assert [f.code for f in (*reading.open, *reading.unread)] == []
    assert reading.rubric == inline(row.expected)


@EACH
def test_what_was_read_is_said_and_reads_back(row: Row) -> None:
    reading = read(row)
    if reading.rubric is None:
        assert reading.said == ""
        return
    assert reading.said
    assert read_sentence(reading.said, row.points, row.target, name=row.name).rubric == reading.rubric
    assert write_sentence(reading.rubric, row.points, row.target, name=row.name) == reading.said


@EACH
def test_choices_answer_the_question_that_is_open(row: Row) -> None:
    reading = read(row)
    assert bool(reading.choices) == bool(reading.open)
    for choice in reading.choices:
        answered = read_sentence(row.text, row.points, row.target, name=row.name, answers=choice.name.split("+"))
        assert answered.rubric == choice.rubric
        assert choice.said == answered.said != ""
    rubrics = [choice.rubric for choice in reading.choices]
    assert all(one != two for i, one in enumerate(rubrics) for two in rubrics[i + 1 :])


@EACH
def test_findings_point_into_the_sentence(row: Row) -> None:
    for found in read(row).findings:
        assert 0 <= found.start <= found.end <= len(row.text)
        assert found.code in KINDS
