"""Every cell of ``tests/cases/targets`` is read as its row says; completion values and columns beside them."""

from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest

from perfdsl.quantity import (
    WORDS,
    Quantity,
    fold_width,
    format_number,
    format_quantity,
    is_unit,
    parse_chinese_number,
    parse_number,
    parse_unit,
    round_half_up,
)
from perfdsl.read_target import KINDS, door, read_actual, read_target
from perfdsl.target import (
    Amount,
    Bound,
    Compound,
    Date,
    Deadline,
    Level,
    Missing,
    NoneHappened,
    NotApplicable,
    OnDate,
    Range,
    Target,
    Unread,
    Word,
    canonical,
    from_json,
    to_json,
)

CASES = Path(__file__).parent / "cases" / "targets"


def rows() -> list[tuple[str, ...]]:
    """All rows of all tables: cell (a line break written \\n), sign, unit, name, then what is expected."""
    found = []
    for path in sorted(CASES.glob("*.tsv")):
        lines = path.read_text(encoding="utf-8").splitlines()
        found += [tuple(line.replace(r"\n", "\n").split("\t")) for line in lines[1:]]
    return found


def shown_value(target: Target) -> str:
    """The value column of a case."""
    data = to_json(target)
    match target.meaning:
        case Range():
            return f"{data['low']}..{data['high']}"
        case Compound(parts):
            return str(len(parts))
        case Deadline(since=Date()):
            return f"{data['since']}..{data['value']}"
        case _:
            return str(data["value"] or "")


@pytest.mark.parametrize("row", rows(), ids=lambda row: " | ".join(filter(None, row[:4])) or "empty")
def test_cell_is_read_as_its_row_says(row: tuple[str, ...]) -> None:
    cell, op, unit, name, *expected = row
    target, findings = read_target(cell, op=op, unit=unit, name=name)
    data = to_json(target)
    codes = " ".join(sorted({finding.code for finding in findings}))
    got = [str(data["kind"]), data["op"] or "", shown_value(target), data["unit"] or "", codes, canonical(target)]
    assert got == expected
    assert target.text == cell
    assert from_json(data) == target or data["kind"] == "freetext"
    for finding in findings:
        assert 0 <= finding.start <= finding.end <= len(cell)
        kind, facts = KINDS[finding.code], dict(finding.facts)
        for text in (kind.zh, kind.en, kind.help_zh, kind.help_en):
            assert text.format(**facts)


def count_table() -> str:
    """The cells of each kind, and those with a warning or an error, as docs/targets.md prints them."""
    counts: Counter[str] = Counter()
    doubtful: Counter[str] = Counter()
    for row in rows():
        counts[row[4]] += 1
        doubtful[row[4]] += any(KINDS[code].severity != "info" for code in row[8].split())
    lines = [f"| {kind} | {count} | {doubtful[kind]} |" for kind, count in sorted(counts.items(), key=lambda x: -x[1])]
    total = f"| 合计 | {counts.total()} | {doubtful.total()} |"
    return "\n".join(["| 种类 | 单元格 | 有疑点 |", "|---|---:|---:|", *lines, total])


def test_the_counts_in_the_documentation_are_those_of_the_cells() -> None:
    page = (CASES.parents[2] / "docs" / "targets.md").read_text(encoding="utf-8")
    assert count_table() in page


def test_there_are_enough_cells() -> None:
    assert len(rows()) >= 1500
    assert len(rows()) == len({row[:4] for row in rows()})


def test_a_finding_points_at_its_place_in_the_text_as_written() -> None:
    text = "合格率 达 到 100%，约 30 分钟"
    _, findings = read_target(text)
    about = next(finding for finding in findings if finding.code == "T107")
    assert text[about.start : about.end] == "约"


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("99%", 99, "%"),
        ("48.9万件", Fraction("48.9"), "万件"),
        ("1,125.16", Fraction("1125.16"), ""),
        ("约3.2万元", Fraction("3.2"), "万元"),
        ("-3%", -3, "%"),
        ("９９％", 99, "%"),
        ("达95%", 95, "%"),
        ("同比下降5%", -5, "%"),
        ("九成五", 95, "%"),
        ("已完成5次", 5, "次"),
        ("=100%", 100, "%"),
        ("三分之二", Fraction(2, 3), ""),
    ],
)
def test_a_completion_value_is_a_number(text: str, value: Fraction, unit: str) -> None:
    reading, _ = read_actual(text)
    assert isinstance(reading.meaning, Amount)
    assert (reading.meaning.quantity.value, reading.meaning.quantity.unit.text) == (value, unit)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("", Missing()),
        (" ", Missing()),
        ("——", Missing()),
        ("无", NoneHappened()),
        ("不适用", NotApplicable()),
        ("达成预期指标", Word("达成预期指标")),
        ("已完成", Word("已完成")),
        ("2024年11月", OnDate(Date(2024, 11))),
        ("2024年11月15日", OnDate(Date(2024, 11, 15))),
        ("≥80%", Unread("≥80%")),
        ("90%以上", Unread("90%以上")),
        ("达到98%以上", Unread("达到98%以上")),
        ("3-5天", Unread("3-5天")),
        ("12次、3次", Unread("12次、3次")),
    ],
)
def test_a_completion_value_in_words(text: str, meaning: object) -> None:
    reading, findings = read_actual(text)
    assert reading.meaning == meaning
    assert bool(findings) == isinstance(meaning, Unread)


@pytest.mark.parametrize(
    ("text", "unit", "target", "codes"),
    [
        ("95", "", "≥95%", ["T124"]),
        ("95", "%", "≥95%", []),
        ("完成", "", "≤30万元", ["T129"]),
        ("3次", "", "≥95%", ["T128"]),
        ("25", "万元", "≤30万元", []),
        ("≥80%", "", "≥80%", ["T110"]),
        ("5万", "元", "≤30万元", []),
    ],
)
def test_a_completion_value_beside_its_target(text: str, unit: str, target: str, codes: list[str]) -> None:
    _, findings = read_actual(text, unit=unit, target=read_target(target)[0])
    assert [finding.code for finding in findings] == codes


def test_a_compound_keeps_its_labels_and_its_text() -> None:
    target, _ = read_target("咨询类工单2个工作日内完成；非咨询类工单10个工作日内完成。")
    assert isinstance(target.meaning, Compound)
    first, second = target.meaning.parts
    assert (first.text, first.label, second.label) == ("咨询类工单2个工作日内完成", "咨询类工单", "非咨询类工单")
    assert isinstance(first.meaning, Bound)
    assert first.meaning.op == "<="


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("三百二十", 320),
        ("二〇二四", 2024),
        ("十二点五", Fraction(25, 2)),
        ("两万", 20000),
        ("一百零五", 105),
        ("三万五", 35000),
        ("一百二", 120),
        ("一亿两千万", 120000000),
        ("百分之九十五点五", Fraction("0.955")),
        ("三分之二", Fraction(2, 3)),
        ("十十", None),
        ("一般", None),
        ("", None),
    ],
)
def test_chinese_numerals(text: str, number: Fraction | None) -> None:
    assert parse_chinese_number(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("1,234.5", "1234.5"), ("－３", "-3"), ("1,23", None), ("9" * 61, None), ("3%", None), (" 12 ", "12")],
)
def test_digits(text: str, number: str | None) -> None:
    assert parse_number(text) == (None if number is None else Fraction(number))


@pytest.mark.parametrize(
    ("text", "scale", "dims"),
    [
        ("万元", 10000, {"元": 1}),
        ("元/人·月", 1, {"元": 1, "人": -1, "月": -1}),
        ("元/人*月", 1, {"元": 1, "人": -1, "月": -1}),
        ("万人次", 10000, {"人次": 1}),
        ("个工作日", 1, {"工作日": 1}),
        ("‰", Fraction(1, 1000), {"%": 1}),
        ("个百分点", Fraction(1, 100), {"%": 1}),
        ("分钟/件", 60, {"秒": 1, "件": -1}),
        ("千克", 1, {"千克": 1}),
        ("亿", 10**8, {}),
    ],
)
def test_units(text: str, scale: Fraction, dims: dict[str, int]) -> None:
    unit = parse_unit(text)
    assert unit is not None
    assert is_unit(text)
    assert (unit.scale, dict(unit.dims)) == (scale, dims)


def test_unknown_units_are_none() -> None:
    assert parse_unit("垧") is None
    assert not is_unit("万垧")
    assert not is_unit("")


def test_numbers_are_printed_exactly() -> None:
    assert format_number(Fraction(-1, 8)) == "-0.125"
    assert format_number(Fraction(1, 3)) == "1/3"
    unit = parse_unit("万元")
    assert unit is not None
    assert format_quantity(Quantity(Fraction(35, 10), unit)) == "3.5万元"
    assert Quantity(Fraction(35, 10), unit).base == 35000


def test_ties_round_away_from_zero() -> None:
    assert round_half_up(Fraction(5, 8), 2) == Fraction("0.63")
    assert round_half_up(Fraction(-5, 2), 0) == -3
    assert round_half_up(Fraction(125), -1) == 130


def test_width_folding_keeps_every_place() -> None:
    text = "１２％（含）⼈　①㎡½"
    folded = fold_width(text)
    assert folded == "12%(含)人 ①㎡½"
    assert len(folded) == len(text)


def test_a_level_is_short_and_a_sentence_is_free() -> None:
    assert isinstance(read_target("有效提升")[0].meaning, Level)
    assert to_json(read_target("有效提升服务水平，群众满意")[0])["kind"] == "freetext"


def test_the_common_form_reads_as_the_whole_reader_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = ("1", "12", "100", "99.5", "3.25", "101", "290", "2024", "5000")
    cells = [f"{sign}{number}{word}" for sign in "≥≤=" for number in numbers for word in WORDS]
    common = {cell: made for cell in cells if (made := door._common(cell)) is not None}
    assert len(common) > 8000
    monkeypatch.setattr(door, "_common", lambda text: None)
    door._read.cache_clear()
    different = [cell for cell, made in common.items() if door._read(cell, "", "", "") != (made, ())]
    door._read.cache_clear()
    assert different == []


@pytest.mark.parametrize(
    "column", ["个乡镇", "座桥", "条线路", "张床", "口井", "类", "面", "盏路灯", "个（台、套、件、辆）"]
)
def test_a_measure_word_and_its_noun_is_a_unit_of_its_own_column(column: str) -> None:
    made, findings = read_target("12", op="≥", unit=column, name="数量")
    assert isinstance(made.meaning, Bound) and made.meaning.quantity.value == 12
    assert "T101" not in {found.code for found in findings}


def test_sizes_of_data_are_not_mixed_up() -> None:
    units = [read_target(f"≥10{word}")[0].meaning.quantity.unit for word in ("GB", "TB", "PB", "Mbps", "Gbps")]
    assert len({unit.dims for unit in units[:4]}) == 4 and units[4].scale / units[3].scale == 1000


@pytest.mark.parametrize("unit", ["人", "户", "次", "件"])
def test_satisfaction_counted_in_heads_is_doubted(unit: str) -> None:
    assert "T135" in {found.code for found in read_target("98", op="≥", unit=unit, name="用户满意度")[1]}
    assert "T135" not in {found.code for found in read_target("98", op="≥", unit="分", name="用户满意度")[1]}
