"""Nothing is invented: of the words of a report nothing is left when those of the card and the fixed phrases are taken out."""

import io
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest
from attrs import evolve
from cards import as_json, printed, scorecards
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from page import read
from scoring import Library, rows
from test_narrative import ONE_A_FOLDER, invented, paragraphs, section, texts
from test_reports import WRONG, Example, card, row, scored

from perfdsl import narrative as n
from perfdsl.cli.main import perfdsl
from perfdsl.cli.output import Stages
from perfdsl.diagnostics import Diagnostic
from perfdsl.evaluate import evaluate
from perfdsl.narrate import narrate
from perfdsl.narrate.fit import EDGES, LEAST, ROOM, fitted
from perfdsl.narrate.phrases import PHRASES
from perfdsl.narrate.words import STATUSES
from perfdsl.observe import observe
from perfdsl.pipeline import understand
from perfdsl.publish import Look, members
from perfdsl.reports import _against, _phrases, _rolls, _setting, _words
from perfdsl.scorecard import EXCEEDED, MET, MISSED, MISSING, NOT_APPLICABLE, Scorecard
from perfdsl.testing.rulesets import source, tables, worlds
from perfdsl.text import Source

PLACE = re.compile(r"\{\w+\}|\|")
SIGNS = re.compile(r"[\W\d_]+")
SPELT = (
    "与",
    "分",
    "原在",
    "合计",
    "和",
    "差",
    "已经能定的合计",
    "并列",
    "总分",
    "未定",
    "档",
    "没有",
    "相比",
    "第",
    "等于总分之差",
    "见检查发现",
    "达标",
    "还定不下来：",
)  # words that stand in the code of the reports
ALL = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def fixed() -> Iterator[str]:
    """Every piece of our own words, in Chinese."""
    phrases = [PHRASES, _phrases.PHRASES, STATUSES]
    phrases += [table for module in (_words, _against, _rolls) for table in vars(module).values() if _worded(table)]
    for table in phrases:
        for zh, _ in table.values():
            yield from PLACE.split(zh)
    yield from _setting.SPOKEN.values()
    yield from _setting.NUMERALS
    yield from SPELT


def _worded(table: object) -> bool:
    return isinstance(table, dict) and all(isinstance(value, tuple) and len(value) == 2 for value in table.values())


def strings(value: object) -> Iterator[str]:
    """Every text of a JSON value, keys included, as a report prints it."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield printed(str(key))
            yield from strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from strings(part)
    elif value is not None:
        yield printed(str(value))


def folded(text: str) -> str:
    """White space of any kind as one blank."""
    return re.sub(r"\s+", " ", text)


def left_over(
    told: n.Narrative, cards: Sequence[Scorecard], found: Sequence[Diagnostic], also: Iterable[str] = ()
) -> set[str]:
    """What of the words of a report comes neither from the cards nor from the fixed phrases; numbers are looked at elsewhere."""
    known = {text for one in as_json(cards) for text in strings(one)} | set(also)
    known |= {
        printed(t)
        for d in found
        for t in (d.message(), d.help(), d.code, d.accepted or "", Path(d.span.source.name).name)
    }
    known |= {printed(name) for one in cards for path in (*one.empty, *one.order) for name in path}
    known |= {word for one in cards for line in one.indicators for word in re.findall(r"[A-Za-z_]+", line.case)}
    pieces = {folded(text) for text in (*known, *fixed(), *"年月日") if SIGNS.sub("", text)}
    left = set()
    for text in map(folded, texts(told)):
        covered = [False] * len(text)
        for piece in pieces:
            at = text.find(piece)
            while at >= 0:
                covered[at : at + len(piece)] = [True] * len(piece)
                at = text.find(piece, at + 1)
        rest = "".join(sign if not seen else " " for sign, seen in zip(text, covered, strict=True))
        if SIGNS.sub("", rest.replace("SHA-256", "").replace("perfdsl", "")):
            left.add(f"{rest.split()} of {text}")
    return left


@pytest.mark.parametrize("period", ["full", "half"])
@pytest.mark.parametrize("example", list(ONE_A_FOLDER.values()), ids=lambda e: e.rules.stem)
def test_no_word_of_an_example_is_invented(example: Example, period: str) -> None:
    cards, found = scored(example, period)
    assert left_over(narrate(cards, found, "zh"), cards, found) == set()


@settings(max_examples=40, deadline=None, suppress_health_check=ALL)
@given(st.data())
def test_no_word_and_no_number_of_a_world_is_invented(data: st.DataObject) -> None:
    """Rules and tables as Hypothesis builds them, compiled and scored."""
    world = data.draw(worlds())
    checked = understand(Source("t.perf", source(world)), Library())
    plans = checked.plans() if checked.usable else ()
    if not plans:
        return
    observed, unread = observe(plans[0], rows(data.draw(tables(world))), "full")
    one, said = evaluate(plans[0], observed, "full")
    found = [*checked.found, *unread, *said]
    told = narrate([one], found, "zh", files=[("rules", "t.perf")])
    assert left_over(told, [one], found, ["t.perf"]) == set()
    assert invented(told, [one], found) == set()


@settings(max_examples=60, deadline=None, suppress_health_check=ALL)
@given(scorecards())
def test_no_word_of_any_card_is_invented(one: Scorecard) -> None:
    assert left_over(narrate([one], WRONG, "zh"), [one], WRONG) == set()


def test_an_invented_cause_would_be_seen() -> None:
    one = card(row("甲"))
    told = narrate([one], (), "zh")
    assert left_over(told, [one], ()) == set()
    more = evolve(told, blocks=(*told.blocks, n.Paragraph("因台风影响，完成值8。")))
    assert len(left_over(more, [one], ())) == 1


# ---- sentences and charts


def test_a_value_that_cannot_be_used_and_a_row_without_a_verdict_are_told_as_such() -> None:
    unusable = row("甲", status=MISSING, actual="-3次", score=None)
    told = narrate([card(unusable)], (), "zh")
    assert "指标值≥9，所填完成值-3次不能采用。" in "".join(paragraphs(told.blocks)) or any(
        cell.text == "-3次"
        for block in told.blocks
        if isinstance(block, n.Table)
        for line in block.rows
        for cell in line
    )
    explained = narrate([card(evolve(unusable, explanation="笔误"))], (), "zh")
    assert (
        paragraphs(section(explained, "已经说明的偏差"))[1]
        == "1．甲。指标值≥9，所填完成值-3次不能采用。偏差原因：笔误。"
    )


def test_long_lists_are_tables_and_short_ones_sentences() -> None:
    for many in (15, 16):
        told = narrate([card(*(row(f"第{k}项", explanation="停机") for k in range(many)))], (), "zh")
        for part in ("失分情况", "已经说明的偏差"):
            found = [block for block in section(told, part) if isinstance(block, n.Table)]
            lines = [text for text in paragraphs(section(told, part)) if "．第" in text]
            assert (len(lines), [len(table.rows) for table in found]) == ((15, []) if many == 15 else (0, [16]))
            assert all(line[-1].text == "停机" for table in found for line in table.rows)


def test_without_points_groups_are_counted_and_drawn() -> None:
    statuses = {"甲": MET, "乙": MISSED, "丙": EXCEEDED, "丁": NOT_APPLICABLE}
    one = evolve(
        card(
            *(
                row(name, path=("产出", name), status=status, points=None, score=None)
                for name, status in statuses.items()
            )
        ),
        points=None,
        total=None,
        groups=(),
    )
    told = narrate([one], (), "zh")
    (chart,) = (block for block in told.blocks if isinstance(block, n.Chart))
    assert [(entry.name, entry.bars[0].text) for entry in chart.entries] == [("全部指标", "2/3项"), ("产出", "2/3项")]
    assert "产出：指标4项：达标1项、超额完成1项、未达标1项、不适用1项。" in paragraphs(
        section(told, "绩效目标完成情况")
    )
    assert all(
        "失分" not in column.head for block in told.blocks if isinstance(block, n.Table) for column in block.columns
    )


# ---- widths, contents, provenance


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.text("甲a≥1 ", max_size=60), min_size=3, max_size=3), max_size=8))
def test_columns_have_room_for_their_words_and_fill_the_line(lines: list[list[str]]) -> None:
    columns = [n.Column(head=head, width=1) for head in ("序号", "指标", "依据")]
    made = fitted(columns, [tuple(map(n.Cell, line)) for line in lines])
    assert [x.head for x in made] == ["序号", "指标", "依据"] and all(x.width >= LEAST + EDGES for x in made)
    assert ROOM - 3 <= sum(x.width for x in made) <= ROOM


def test_a_column_of_sentences_is_wider_than_one_of_numbers() -> None:
    cells = [
        tuple(map(n.Cell, (str(k), "符合公安印章备案要求、平滑、可使用2年或盖10万次以上。", "达标"))) for k in range(20)
    ]
    number, words, status = (x.width for x in fitted([n.Column(head="", width=1)] * 3, cells))
    assert words > 2 * number and words > 2 * status


def test_a_long_report_has_contents_and_a_short_one_none() -> None:
    docx = pytest.importorskip("docx")
    writer = {member.NAME: member for member in members()}
    for count, contents in ((60, ""), (61, "目录")):
        told = narrate([card(*(row(f"第{k}项") for k in range(count)))], (), "zh")
        assert told.contents == contents
        heads = [block.text for block in told.blocks if isinstance(block, n.Heading) and block.level <= n.LISTED]
        page = read(writer["html"].write(told, Look()))
        assert [link.text for link in page.all("a")] == (heads if contents else [])
        made = docx.Document(io.BytesIO(writer["docx"].write(told, Look())))
        listed = [x for x in made.paragraphs if x.style.name.startswith("toc")]
        assert ["".join(link.text for link in x.hyperlinks) for x in listed] == (heads if contents else [])
        names = {mark.get(f"{W}name") for mark in made.element.iter(f"{W}bookmarkStart")}
        assert {link.fragment for x in listed for link in x.hyperlinks} <= names
        assert [x.text for x in made.paragraphs if x.style.name.startswith("Heading")] == [
            block.text for block in told.blocks if isinstance(block, n.Heading)
        ]


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
RULES = 'project "甲" { year 2024 total 10 指标一 full "≥10件" points 10 by { met -> 100% otherwise -> completion } }'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "规则.perf").write_text(RULES, encoding="utf-8")
    (tmp_path / "完成值.csv").write_text("指标,实际值\n指标一,8件\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def report(*more: str) -> tuple[int, str]:
    done = CliRunner().invoke(perfdsl, ["report", "规则.perf", "--actuals", "完成值.csv", *more])
    return done.exit_code, done.output


def test_the_files_read_are_named_without_their_folders(folder: Path) -> None:
    rules = os.path.join(str(folder), "规则.perf")
    done = CliRunner().invoke(perfdsl, ["report", rules, "--actuals", "完成值.csv", "-o", "报告.html"])
    assert done.exit_code == 0
    said = (folder / "报告.html").read_text(encoding="utf-8")
    assert "规则文件：规则.perf" in said and "完成值文件：完成值.csv" in said and str(folder) not in said


@pytest.mark.parametrize(
    ("library", "name", "extra"),
    [("docx", "a.docx", "word"), ("typst", "a.pdf", "pdf"), ("noto_cjk_sans_otc", "a.pdf", "pdf")],
)
def test_a_missing_library_is_a_finding_and_nothing_is_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch, library: str, name: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    code, said = report("-o", name, "-o", "b.html")
    assert code == 1 and f'pip install "perfdsl[{extra}]"' in said
    assert sorted(path.name for path in folder.iterdir()) == ["完成值.csv", "规则.perf"]


@pytest.mark.parametrize("shown", [True, False])
def test_stages_are_told_on_a_terminal_alone(
    shown: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: shown)
    stages = Stages()
    stages.at("打分")
    stages.end()
    told = capsys.readouterr()
    assert told.out == "" and ("打分…" in told.err and told.err.endswith("\r\x1b[K") if shown else told.err == "")
