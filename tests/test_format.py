"""The canonical layout: it reads back as the same file, laying out twice changes nothing, and no comment is lost."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lark.grammar import Rule
from strategies import EXAMPLES, containing, files, productions

from perfdsl import syntax as s
from perfdsl.format import format_file
from perfdsl.lex import Lexer
from perfdsl.parse import parse
from perfdsl.text import Source
from perfdsl.width import pad, width, wrap

RULES = [rule for rules in productions().values() for rule in rules]

EVERYTHING = """\
# 表头
use 财预2020_10号; use “./local.perf” # 本地

department “甲\\乙” # 括号前
# 括号前独行
{
  year # 预算
   2024
  total 100 up to 120 ; not_applicable to a/"b c"
  default number by 比例得分(gate: 60%, x: max(0, 1))
  info "a" \"\"\"两
行\"\"\"
  input 类别 values A, “B C”, 支出
  资金 "title" 万元 {
     支出 x note "n" full -1,234.5 as q { # c
       y 全年 5
       # 只有说明
     }
  }
  a = # 算式
    (1 + 2) * -x - 3 # 算完
    half "x"
    # 独行
    full "y" points 3
    by best per 事项 from 100% {
      "x" # 情形
        -> 3
      # 收尾之前
    } # 收尾之后
    note "zzz"
  b { # 空组
  }
  c {}
  d by { } ; e by {a->1;b->2;c->3;d->4;otherwise->0..5}
  “12329” ｆｕｌｌ　“≥90％” points １０　weight ５０％
  k points 5 note "group note" by { met -> 1 } { h }
  x = { met -> 1 } { h }
  ceiling a > 1 and not (met or lost(x) = 0) -> 良
  # 对象末尾
}
rubric 扣分(step: 1%, each: 0.5) note "每差" { met -> 100% otherwise -> max(0, points - each * floor(gap / step)) }
grades { 优 >= 90 良 >= 80 and < 90 otherwise 差 }
scale s { 健全, 完善 -> 100%; 较健全 -> 80% }
test "t" { given actuals "f.csv" given a/b 3, 单位 元 expect a/b score 1 .. 2 expect grade 优 }
# 末尾

# 最后
"""


def read(text: str) -> s.File:
    file, found = parse(Source("", text))
    assert not found, (found[0].message("en"), found[0].span)
    return file


def check_laws(text: str) -> str:
    """The formatted text, once all laws hold for it."""
    file = read(text)
    made = format_file(file)
    again = read(made)
    assert again == file
    assert format_file(again) == made
    assert not [line for line in made.split("\n") if line.isspace()] or '"""' in made
    return made


def check_conversion(text: str) -> None:
    english = format_file(read(text), "en")
    chinese = format_file(read(english), "zh")
    assert format_file(read(chinese), "en") == english
    assert format_file(read(chinese), "zh") == chinese


# ---- laws


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_the_laws_hold_for_every_production(rule: Rule) -> None:
    for seed in range(2):
        text = containing(rule, seed)
        if not parse(Source("", text))[1]:
            check_laws(text)
            check_conversion(text)


@given(files())
@settings(max_examples=300, deadline=None)
def test_the_laws_hold_for_any_file(text: str) -> None:
    assume(not parse(Source("", text))[1])  # a word said twice
    check_laws(text)
    check_conversion(text)


@pytest.mark.parametrize("text", [EVERYTHING, *(path.read_text(encoding="utf-8") for path in EXAMPLES)])
def test_the_laws_hold_for_the_examples(text: str) -> None:
    check_laws(text)
    check_conversion(text)


def gaps(text: str) -> Iterator[int]:
    """Where a new line may begin: before each token but a minus and the bracket that touches what it calls, and at the end."""
    lexer = Lexer(Source("", text))
    lexer.run()
    yield from (
        t.start for t in lexer.tokens if t.kind != "MINUS" and (text[t.start] != "(" or text[t.start - 1].isspace())
    )
    yield len(text)


@pytest.mark.parametrize("comment", [" # odd\n", "\n# odd\n", "\n\n# odd\n\n# even\n\n"])
def test_a_comment_may_stand_before_any_token(comment: str) -> None:
    for at in gaps(EVERYTHING):
        check_laws(EVERYTHING[:at] + comment + EVERYTHING[at:])


@given(st.integers(0, 2**20), st.sampled_from(EXAMPLES))
@settings(max_examples=40, deadline=None)
def test_comments_anywhere_in_an_example_are_all_kept_in_order(chosen: int, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    places = [at for number, at in enumerate(gaps(text)) if chosen >> number % 20 & 1]
    pieces = [text[a:b] for a, b in zip([0, *places], [*places, len(text)], strict=True)]
    check_laws("".join(f"{piece} # {number}\n" for number, piece in enumerate(pieces)))


@given(st.lists(st.text(st.characters(), max_size=12), min_size=1, max_size=6))
@settings(max_examples=300, deadline=None)
def test_any_text_can_be_a_name_a_target_or_a_note(texts: list[str]) -> None:
    clauses = (s.TargetClause("half", texts[-1]), s.RemarkClause(s.Remark("note", texts[0])))
    nodes = tuple(s.Node(s.Ident(text), clauses) for text in texts)
    file = s.File((s.Object("project", s.Ident(texts[0]), nodes),))
    made = format_file(file)
    assert read(made) == file
    assert format_file(read(made)) == made


# ---- layout


def laid_out(*rows: str) -> list[str]:
    """The rows of a group as they are printed."""
    text = "\n".join(rows)
    return [line[4:] for line in check_laws(f'project "x" {{\n组 {{\n{text}\n}}\n}}\n').split("\n")[2:-3]]


def test_rows_are_aligned_by_the_width_of_chinese_characters() -> None:
    assert laid_out('座席 half "≤52席" full "≤52席"', '稳定的平台 half "=1个" full "=1个" # 一', "空行") == [
        '座席       half "≤52席" full "≤52席"',
        '稳定的平台 half "=1个"  full "=1个"   # 一',
        "空行",
    ]


def test_an_empty_line_is_kept_once_and_starts_new_columns() -> None:
    assert laid_out('a half "1"', "", "", 'bbb half "2"') == ['a half "1"', "", 'bbb half "2"']


def test_a_short_rubric_stays_on_its_line_and_a_long_one_has_a_line_for_each_case() -> None:
    assert laid_out("a by { > 3 -> 2; otherwise -> 0 }", "b by { > 3 -> 2; > 20% -> 1; met -> 1; otherwise -> 0 }") == [
        "a by { > 3 -> 2   otherwise -> 0 }",
        "b by {",
        "  > 3       -> 2",
        "  > 20%     -> 1",
        "  met       -> 1",
        "  otherwise -> 0",
        "}",
    ]


def test_notes_and_waivers_stand_below_their_row() -> None:
    assert laid_out('a points 2 note "n" accept V1 "r" lower') == [
        "a points 2",
        '  note "n"',
        '  accept V1 "r"',
        "  lower",
    ]


def test_targets_that_do_not_fit_stand_below_each_other() -> None:
    long = "长" * 30
    assert laid_out(f'名称 cycle "{long}" full "{long}"') == ["名称", f'  cycle "{long}"', f'  full  "{long}"']


def test_no_line_is_wider_than_the_page_unless_one_piece_is() -> None:
    row = (
        "项" * 20
        + ' half "'
        + "目" * 20
        + '" points 2 by best per 事项 { "国家级" -> 3; "省级" -> 2 } as 简 source "统计年鉴"'
    )
    assert all(width(line) <= 120 for line in laid_out(row, "b points 1", row))


def test_amounts_are_aligned_on_their_decimal_points() -> None:
    text = 'project "x" { funds 万元 { income 拨款 full 1,125.16; spend 支 half 3 full 9.5 } }'
    assert check_laws(text).split("\n")[2:4] == ["    income 拨款 full 1,125.16", "    spend  支   half 3 full 9.5"]
    text = 'project "x" { funds 万元 { spend a full 1,125.16; spend bb full 9.5; spend c full 0 as d } }'
    assert check_laws(text).split("\n")[2:5] == [
        "    spend a  full 1,125.16",
        "    spend bb full     9.5",
        "    spend c  full     0    as d",
    ]


def test_comments_keep_their_places() -> None:
    rows = ["# 上", 'a half "1" # 右', "  # 中", '  full "2"', "b {", "# 内", "}"]
    assert laid_out(*rows) == ["# 上", 'a half "1"   # 右', "  # 中", '  full "2"', "b {", "  # 内", "}"]


def test_full_width_signs_become_half_width_outside_texts() -> None:
    assert laid_out("甲　half　“≥９０％，”　points　１０　by　｛＞３％→２｝") == [
        '甲 half "≥９０％，" points 10 by { > 3% -> 2 }'
    ]


def test_names_are_quoted_only_where_they_must_be() -> None:
    assert laid_out('"预算执行率"', '"两 词"', '"全年"', '"2万元"', '"“三公”经费"', '"等级"', "支出") == [
        "预算执行率", '"两 词"', '"全年"', '"2万元"', "“三公”经费", '"等级"', "支出",
    ]  # fmt: skip


# ---- keywords


def test_keywords_follow_the_majority_of_the_file() -> None:
    assert laid_out('a half "1" 全年 "2" 分值 3')[0] == 'a half "1" full "2" points 3'
    assert format_file(read('项目 "x" { 甲 half "1" 分值 3 }')) == '项目 "x" {\n  甲 半年 "1" 分值 3\n}\n'


def test_words_of_formulas_are_converted_with_the_keywords() -> None:
    text = 'project "x" {\n  not_applicable full\n  a = max(gap, 0)\n  b by { met -> points * 1 }\n}\n'
    chinese = '项目 "x" {\n  不适用处理 满分\n  a = 最大(差额, 0)\n  b 评分 { 达标 -> 分值 * 1 }\n}\n'
    assert format_file(read(text), "zh") == chinese
    assert format_file(read(chinese), "en") == text


def test_a_name_the_user_gave_is_never_converted() -> None:
    text = 'project "x" {\n  input y as prior\n  达标 points 1\n  a = met + gap + prior\n}\n'
    assert "a = met + 差额 + prior" in format_file(read(text), "zh")


def test_only_three_ways_of_spelling_are_known() -> None:
    with pytest.raises(ValueError, match="keywords"):
        format_file(read("use a"), "fr")


# ---- files that were not read from a text


def test_a_file_without_a_source_is_laid_out_with_its_blocks_apart() -> None:
    number = s.Number(Fraction(5, 2))
    nodes = tuple(
        s.Node(s.Ident(name), (), children=(s.Node(s.Ident("b"), (s.PointsClause(number),)),)) for name in "ac"
    )
    file = s.File((s.Object("project", s.Ident("x"), (s.Header("year", (s.Number(Fraction(2024)),)), *nodes)),))
    assert format_file(file) == (
        'project "x" {\n  year 2024\n\n  a {\n    b points 2.5\n  }\n\n  c {\n    b points 2.5\n  }\n}\n'
    )


@pytest.mark.parametrize(
    "item",
    [
        s.Broken(),
        s.Header("year", (s.Number(Fraction(1, 3)),)),
        s.Node(s.Ident("a"), (s.WordClause("as", "two words"),)),
        s.Object("project", s.Ident("x"), (s.Node(s.Ident("a"), (s.Broken(),)),)),
        s.Ceiling(s.Reference("全年"), s.Number(Fraction(1))),
    ],
)
def test_what_cannot_be_written_is_refused(item: s.Item) -> None:
    with pytest.raises(ValueError):
        format_file(s.File((item,)))


# ---- width


@given(st.text(), st.integers(0, 40))
def test_a_padded_text_has_the_width_asked_for(text: str, columns: int) -> None:
    assert width(pad(text, columns)) == max(width(text), columns)


@given(st.text(st.sampled_from("部门预算abc 1，。（）“”%\n")), st.integers(2, 30))
def test_wrapping_loses_nothing_and_fits(text: str, columns: int) -> None:
    lines = wrap(text, columns)
    assert all(width(line) <= columns for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_chinese_signs_keep_to_their_words_when_wrapped() -> None:
    assert wrap("预算（资金），执行率。", 10) == ["预算（资", "金），执行", "率。"]
    assert width("“≥90%”中文") == 10
