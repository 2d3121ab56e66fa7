"""Reading .perf files: total on any text, honest about places, one complaint for each broken line, linear in cost."""

import re
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from types import FrameType
from typing import Any

import attrs
import pytest
from gate import some
from hypothesis import given, settings
from strategies import EXAMPLES, anything, files

from perfdsl import syntax as s
from perfdsl.diagnostics import Diagnostic
from perfdsl.parse import parse
from perfdsl.text import NOWHERE, Source, Span

Mutation = Callable[[str], str]


def read(text: str) -> tuple[s.File, list[Diagnostic]]:
    return parse(Source("test.perf", text))


def parts(piece: Any) -> Iterator[Any]:
    """Every node of a tree."""
    if isinstance(piece, tuple) and not isinstance(piece, Span):
        for item in piece:
            yield from parts(item)
    elif attrs.has(type(piece)):
        yield piece
        for field in attrs.fields(type(piece)):
            yield from parts(getattr(piece, field.name))


def names(file: s.File) -> set[str]:
    """The names of all rows that survived."""
    return {part.name.text for part in parts(file) if isinstance(part, (s.Node, s.Line))}


def check_places(text: str) -> None:
    file, found = read(text)
    spans = [
        getattr(part, f.name) for part in parts(file) for f in attrs.fields(type(part)) if f.name in ("span", "cell")
    ]
    spans += [d.span for d in found] + [label.span for d in found for label in d.labels]
    for span in spans:
        assert span is NOWHERE or 0 <= span.start <= span.end <= len(text), span
        assert span is NOWHERE or span.source.text == text


# ---- laws


@given(anything())
@settings(max_examples=400, deadline=None)
def test_reading_never_raises_and_every_place_lies_in_the_source(text: str) -> None:
    check_places(text)


@given(files())
@settings(max_examples=100, deadline=None)
def test_every_place_of_a_valid_file_lies_in_its_source(text: str) -> None:
    check_places(text)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_every_beginning_of_an_example_can_be_read(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for at in range(0, len(text), 97):
        check_places(text[:at])


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_the_examples_are_in_order(path: Path) -> None:
    assert read(path.read_text(encoding="utf-8"))[1] == []


# ---- one complaint for each broken line

MUTATIONS: dict[str, Mutation] = {
    "unbalanced quote": lambda line: line.replace('"', "", 1),
    "misspelt keyword": lambda line: re.sub(
        r"\b(half|full|cycle)\b", lambda m: f"{m[1][:2]}a{m[1][2:]}", line, count=1
    ),
    "missing text": lambda line: re.sub(r'\b(half|full|cycle) +"[^"]*"', r"\1", line, count=1),
    "illegal character": lambda line: re.sub(r"\b(half|full|cycle)\b", r"$ \1", line, count=1),
    "doubled keyword": lambda line: line.split("#")[0] + " points points",
    "truncated": lambda line: re.sub(r"\b(full|cycle) .*", r"\1", line),
}
ROW = re.compile(r'^ *([^\s"#]+) +(?:half|full|cycle) +"[^"]*"[^{]*$')


@pytest.mark.parametrize("kind", MUTATIONS)
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_a_broken_line_costs_one_complaint_and_its_neighbours_survive(path: Path, kind: str) -> None:
    lines = path.read_text(encoding="utf-8").split("\n")
    rows = [at for at, line in enumerate(lines) if ROW.match(line) and MUTATIONS[kind](line) != line]
    if kind == "truncated":  # a quoted name on the next line would complete it
        rows = [at for at in rows if not lines[at + 1].lstrip().startswith('"')]
    every = names(read("\n".join(lines))[0])
    for turn in range(4):
        broken = set(rows[turn::4])
        changed = [MUTATIONS[kind](line) if at in broken else line for at, line in enumerate(lines)]
        file, found = read("\n".join(changed))
        assert sorted(d.span.line - 1 for d in found) == sorted(broken)
        lost = {match[1] for at in broken if (match := ROW.match(lines[at]))}
        assert every - lost <= names(file)


def test_a_broken_head_keeps_its_rows() -> None:
    file, found = read('project "x" {\n  a pionts 3 {\n    b half "1"\n  }\n  c half "2"\n}\n')
    assert [d.span.line for d in found] == [2]
    assert {"b", "c"} <= names(file)


def test_an_unclosed_text_is_closed_by_the_other_sort_of_quote() -> None:
    file, found = read('project "x” {\n  a half “1"\n  b half "2"\n}\n')
    assert [(d.code, d.span.line) for d in found] == [("P102", 1), ("P102", 2)]
    assert names(file) == {"a", "b"}


@pytest.mark.parametrize("word", ["project", "ruleset", "rubric", "test", "use"])
def test_a_statement_is_never_the_name_an_unfinished_line_lacks(word: str) -> None:
    head = {"use": "use r\n", "rubric": "rubric r {}\n"}.get(word, f'{word} "r" {{}}\n')
    file, found = read("use\n" + head)
    assert [d.code for d in found] == ["P111"]
    assert found[0].span.line == 1
    assert isinstance(file.items[-1], (s.Object, s.Ruleset, s.Rubric, s.Test, s.Use))


def test_soft_keywords_are_names_where_the_keyword_cannot_be_meant() -> None:
    file, found = read(
        'project "x" {\n  组 {\n    测试 half "1"\n    等级 half "1"\n    年度 half "1"\n    支出 年度 "2"\n  }\n}\n'
    )
    assert found == []
    assert names(file) == {"组", "测试", "等级", "年度", "支出"}


def test_a_line_that_stops_inside_a_formula_ends_there() -> None:
    _, found = read("甲 { 一票否决\npoints -\n}\n")
    assert [d.span.line for d in found] == [1, 2]


def test_the_same_word_twice_where_one_counts_is_reported() -> None:
    _, found = read('project "x" {\n  input a as b as c\n  d by best per e per f { "x" -> 1 }\n}\n')
    assert [(d.code, d.span.line) for d in found] == [("P119", 2), ("P119", 3)]


def test_a_word_before_a_value_is_not_taken_for_a_misspelt_clause() -> None:
    assert read('test "t" {\n  given "a" b\n  given a/"b" c\n}\n')[1] == []


# ---- numbers, texts, comments


def test_commas_group_digits_only_in_amounts() -> None:
    file, found = read('project "x" {\n  funds 万元 {\n    spend a full -1,234.5\n  }\n  b = max(c - 1,200)\n}\n')
    assert found == []
    call = next(part for part in parts(file) if isinstance(part, s.Call))
    assert len(call.arguments) == 2
    assert next(part for part in parts(file) if isinstance(part, s.Line)).amounts[0][1].text == "-1,234.5"


def test_a_base_is_a_number() -> None:
    file, _ = read("rubric r sum from 100% { met -> 1 }\n")
    assert next(part for part in parts(file) if isinstance(part, s.Head)).base == s.Number(Fraction(100), "%")


def test_texts_undo_their_escapes_in_both_sorts_of_quotes() -> None:
    file, _ = read('project "a\\"b\\\\" { info "x" """c\\"""d\ne""" }')
    assert file.items[0] == s.Object(
        "project", s.Ident('a"b\\'), (s.Header("info", (s.Text("x"), s.Text('c"""d\ne'))),)
    )


def test_quoted_pieces_of_a_name_keep_their_own_characters() -> None:
    assert names(read('project "x" {\n  “一，二”ＡＢ１\n}\n')[0]) == {"“一，二”AB1"}


def test_a_comment_after_code_and_a_semicolon_is_not_alone() -> None:
    file, _ = read("use a; # b\n# c\n")
    assert [comment.alone for comment in file.comments] == [False, True]


def test_the_cell_of_a_target_is_what_stands_between_its_quotes() -> None:
    file, _ = read('project "x" {\n  a half "≤5" full """≥6"""\n}\n')
    assert [part.cell.text for part in parts(file) if isinstance(part, s.TargetClause)] == ["≤5", "≥6"]


def test_a_digit_of_another_script_is_part_of_a_name() -> None:
    assert names(read('project "x" {\n  ²\n  ٣x\n}\n')[0]) == {"²", "٣x"}


# ---- bad inputs

BAD_INPUTS = {
    "a huge exponent": ('project "x" {\n  a points 1e999999999\n}\n', 1),
    "200,000 digits": ('project "x" {\n  a points ' + "1" * 200_000 + "\n}\n", 1),
    "10,000 nested braces": ('project "x" ' + "{" * 10_000, 2),
    "10,000 nested groups": ('project "x" {\n' + "a {\n" * 10_000, 2),
    "10,000 nested brackets": ('project "x" {\n a = ' + "(" * 10_000, 2),
    "10,000 signs": ('project "x" {\n a = ' + "-" * 10_000 + "1\n}", 2),
    "a line of a million characters": ("a " * 500_000, 1),
    "a word of a million characters": ("项" * 1_000_000, 1),
    "a sum of 10,000 terms": ('project "x" {\n a = 1' + " + 1" * 10_000 + "\n}", 2),
    "a condition of 10,000 parts": ('project "x" {\n a applies x > 1' + " and x > 1" * 10_000 + "\n}", 2),
    "a million open quotes": ("“" * 1_000_000, 1),
    "quotes closed by the wrong sign": ('“x" ' * 200_000, 1),
    "escapes without end": ('"”\\' * 200_000, 1),
    "no end to a long text": ('"""' + "\n" * 100_000, 1),
    "only closing braces": ("}" * 100_000, 1),
    "control characters": ("\x00\x01\x7f\x1b", 1),
    "lone surrogates": ("\ud800\udfff", 1),
}


@pytest.mark.parametrize("text", ["", "\n", "\ufeff", "\r\n", "# only a comment", ";", "\u3000"])
def test_a_file_without_code_is_a_file_without_items(text: str) -> None:
    file, found = read(text)
    assert (file.items, found) == ((), [])


@pytest.mark.parametrize("name", BAD_INPUTS)
def test_bad_inputs_cost_a_few_complaints(name: str) -> None:
    text, most = BAD_INPUTS[name]
    _, found = read(text)
    assert 1 <= len(found) <= most
    assert all(len(d.message("zh")) < 300 for d in found)


def test_line_ends_and_marks_of_other_systems_change_nothing() -> None:
    text = EXAMPLES[0].read_text(encoding="utf-8")
    assert read(text) == read("\ufeff" + text.replace("\n", "\r\n"))


# ---- cost


def steps(text: str) -> int:
    """Lines of Python that reading ``text`` executes."""
    count = 0

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    source = Source("", text)
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        parse(source)
    finally:
        sys.settrace(before)
    return count


SIZES: dict[str, Callable[[int], str]] = {
    "rows": lambda n: 'project "x" {\n' + '  行 half "≤3" full "≤5" points 2 by 达标\n' * n + "}\n",
    "one line": lambda n: 'project "x" { ' + "行 points 2; " * n + "}",
    "nesting": lambda n: ('project "x" {\n' + "组 {\n" * 30 + "行\n" + "}\n" * 31) * (n // 10),
    "an open quote": lambda n: '项目 "' + "行 points 2 " * n,
    "wrong quotes": lambda n: "“x" + '" “x' * n,
    "misspelt rows": lambda n: 'project "x" {\n' + '  行 haalf "≤3"\n' * n + "}\n",
    "unfinished rows": lambda n: 'project "x" {\n' + "  行 points\n" * n + "}\n",
    "stray signs": lambda n: 'project "x" {\n' + "  行 $ points , 3\n" * n + "}\n",
    "broken heads": lambda n: 'project "x" {\n' + "  组 pionts 3 {\n    行\n  }\n" * n + "}\n",
    "unclosed groups": lambda n: 'project "x" {\n' + "  组 {\n" * 50 + "  行 points )\n" * n,
    "comments": lambda n: "# x\n" * n,
    "cases": lambda n: "rubric r {\n" + "  > 3 and < 5 -> 2\n" * n + "}\n",
    "grouped digits": lambda n: 'project "x" { a full 1' + ",111" * n + "x }",
}


@pytest.mark.parametrize("shape", SIZES)
def test_twice_the_text_costs_twice_the_steps(shape: str) -> None:
    make = SIZES[shape]
    steps(make(100))  # the tables are read once
    small, large = steps(make(100)), steps(make(200))
    assert large <= 2.1 * small + 500


RULESETS = sorted((EXAMPLES[0].parents[2] / "rulesets").glob("*指标.perf"))
BREAKS: dict[str, Mutation] = {
    "unfinished formula": lambda line: re.sub(r"^(  indicator .* /) .*", r"\1", line),
    "no formula": lambda line: re.sub(r"^(  indicator [^=]* =) .*", r"\1", line),
    "illegal character": lambda line: re.sub(r"^(  (?:indicator|input)) ", r"\1 $ ", line),
    "misspelt direction": lambda line: re.sub(r"^(    )(?:higher|lower)\b", r"\1hihger", line),
    "unit without text": lambda line: re.sub(r'^(    .*) unit "[^"]*"', r"\1 unit", line),
    "values without dots": lambda line: re.sub(r"^(  input .* values .*) \.\.", r"\1", line),
}


@pytest.mark.parametrize("kind", BREAKS)
@pytest.mark.parametrize("path", RULESETS, ids=lambda p: p.stem)
def test_a_broken_definition_costs_one_complaint_and_its_neighbours_survive(path: Path, kind: str) -> None:
    lines = path.read_text(encoding="utf-8").split("\n")
    places = [at for at, line in enumerate(lines) if BREAKS[kind](line) != line and "{" not in line]
    assert places
    whole = defined(read("\n".join(lines))[0])
    for at in some(places):
        file, found = read("\n".join([*lines[:at], BREAKS[kind](lines[at]), *lines[at + 1 :]]))
        assert [d.span.line - 1 for d in found] == [at], lines[at]
        assert len(whole - defined(file)) <= 1


def defined(file: s.File) -> set[str]:
    inside = [item for part in file.items if isinstance(part, s.Ruleset) for item in part.items]
    return {item.name.text for item in inside if isinstance(item, (s.Definition, s.Input))}


@pytest.mark.parametrize("broken", [
    "  组 points 5 factor {", "  组 points 5 factor 1 + {", "  组 points 5 facotr 1.2 {", "  组 points 5 gather {",
    "  组 points 5 gather weighted {", "  组 points 5 gahter mean {",
])  # fmt: skip
def test_a_broken_factor_or_gather_keeps_the_rows_of_its_group(broken: str) -> None:
    file, found = read(f'project "x" {{\n{broken}\n    甲 full "1"\n    乙 full "2"\n  }}\n  丙 full "3"\n}}\n')
    assert [d.span.line for d in found] == [2]
    assert {"甲", "乙", "丙"} <= names(file)


@pytest.mark.parametrize(
    "line", ["use 甲 for", "use 甲 for 乙,", "use 甲 for 乙 as", "use 甲 fro 乙", "use 甲 for 乙 丙"]
)
def test_a_broken_use_costs_one_complaint(line: str) -> None:
    file, found = read(f'{line}\nproject "x" {{ 甲 full "1" }}\n')
    assert [d.span.line for d in found] == [1]
    assert names(file) == {"甲"}
