"""A doubtful cell is marked in the file under its own characters; a doubt about a column at that column's clause."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_target_laws import messy
from test_targets import rows

from perfdsl.diagnostics import Diagnostic
from perfdsl.pipeline import check
from perfdsl.read_target import KINDS, read_target
from perfdsl.text import Source

QUOTES = ['"{}"', '"""{}"""', "“{}”"]


def found_in(text: str) -> list[Diagnostic]:
    """The findings about targets of a file that uses nothing."""
    checked = check(Source("规则.perf", text), lambda name, base: None)  # type: ignore[arg-type,return-value]
    return [diagnostic for diagnostic in checked.found if diagnostic.code in KINDS]


def marked(diagnostic: Diagnostic) -> str:
    """The characters a finding stands under."""
    return diagnostic.span.text


def escaped(cell: str) -> str:
    """The cell as it stands between quotes."""
    return cell.replace("\\", "\\\\").replace('"', '\\"')


DOUBTFUL = sorted({row[0] for row in rows() if row[8] and not any(row[1:4]) and row[0].strip() and "“" not in row[0]})


@pytest.mark.parametrize("quotes", QUOTES[:2])
def test_every_doubt_of_the_corpus_stands_under_its_characters(quotes: str) -> None:
    assert len(DOUBTFUL) > 250
    lines = [f"  指标{i} full " + quotes.format(escaped(cell)) for i, cell in enumerate(DOUBTFUL) if "\n" not in cell]
    found = found_in('project "甲" {\n' + "\n".join(lines) + "\n}\n")
    wanted = []
    for i, cell in enumerate(DOUBTFUL):
        if "\n" not in cell:
            _, doubts = read_target(cell, name=f"指标{i}")
            wanted += [
                (doubt.code, escaped(cell[doubt.start : doubt.end])) for doubt in doubts if doubt.about == "cell"
            ]
    assert sorted(wanted) == sorted((each.code, marked(each)) for each in found)


@given(messy.filter(lambda text: text.strip() and "\n" not in text), st.sampled_from(["", '"', "\\"]))
@settings(max_examples=150, deadline=None)
def test_quotes_and_backslashes_in_a_cell_do_not_shift_its_marks(text: str, inside: str) -> None:
    cell = inside + text
    found = found_in(f'project "甲" {{\n  指标 full "{escaped(cell)}"\n}}\n')
    _, doubts = read_target(cell, name="指标")
    wanted = [(doubt.code, escaped(cell[doubt.start : doubt.end])) for doubt in doubts if doubt.about == "cell"]
    assert sorted(wanted) == sorted((each.code, marked(each)) for each in found if each.span.text != "指标")


@pytest.mark.parametrize(
    ("row", "code", "place"),
    [
        ('甲 full "≥5次" unit "垧"', "T105", 'unit "垧"'),
        ('甲 half "5" full "6" unit "垧"', "T101", 'unit "垧"'),
        ('甲 full "5" unit "个（次）"', "T121", 'unit "个（次）"'),
        ('甲 full "应保尽保" unit "%"', "T111", 'unit "%"'),
        ('"满意度≥95%" full ""', "T117", '"满意度≥95%"'),
        ('群众满意度 full "≥120%"', "T132", "≥120%"),
        ('验收合格率 full "≥80" unit "万元"', "T135", "≥80"),
        ('患者满意度 full "0.95" unit "%"', "T134", "0.95"),
    ],
)
def test_a_doubt_about_a_column_stands_there_once(row: str, code: str, place: str) -> None:
    found = [marked(each) for each in found_in(f'project "甲" {{\n  {row}\n}}\n') if each.code == code]
    assert found == [place]
