"""The report in prose: every number of it stands in the JSON report, every format holds all of it, and words are only words."""

import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest
from attrs import evolve
from cards import ATTACKS, WORDS, as_json, printed, scorecards, signed
from click.testing import CliRunner
from gate import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from page import Element, read
from test_reports import EXAMPLES, NANJING, WRONG, Example, card, row, scored

from perfdsl import narrative as n
from perfdsl.cli.main import perfdsl
from perfdsl.diagnostics import Diagnostic
from perfdsl.narrate import narrate
from perfdsl.publish import BadMember, Look, checked, lacking, members
from perfdsl.publish._grid import grid
from perfdsl.publish._svg import WIDE, shortened, svg
from perfdsl.quantity import format_number, round_half_up
from perfdsl.scorecard import EXCEEDED, MET, MISSED, MISSING, UNJUDGED, Scorecard
from perfdsl.width import width

LOOK = Look()
NUMBER = re.compile(r"\d+(?:\.\d+)?")
ONE_A_FOLDER = {example.rules.parent: example for example in EXAMPLES}  # the others of a folder are like it
RULES = """use 财预2020_10号
project "热线运行" {
  year 2024
  产出 points 60 {
    接通率   half "≥80%" full "≥90%"  points 30 by 比例得分
    办结工单 half "≥50件" full "≥100件" points 30 by 比例得分
  }
  效益 points 40 { 满意度 half "≥95%" full "≥95%" points 40 by 比例得分 }
}
"""
DATA = "指标,实际值,期间,偏差原因\n接通率,81%,全年,停机两天\n接通率,86%,半年,\n办结工单,105件,全年,\n办结工单,35件,半年,\n满意度,90%,,\n"


def writer(name: str) -> object:
    return next(member for member in members() if name == member.NAME)


def texts(told: n.Narrative) -> list[str]:
    """All words of a report, block by block, in the order a reader meets them; bars give the words at their end."""
    found = [told.title, *told.subtitle]
    for block in told.blocks:
        match block:
            case n.Heading() | n.Note():
                found.append(block.text)
            case n.Paragraph():
                found.append(block.lead + block.text)
            case n.Signatures():
                found += block.names
            case n.Chart():
                found += [block.title, *(bar.text for entry in block.entries for bar in entry.bars)]
            case n.Table():
                found += [block.caption, *(column.head for column in block.columns)]
                found += [text for line in block.rows for cell in line for text in (cell.text, cell.small)]
    return [text for text in found if text.strip()]


def prose(told: n.Narrative) -> list[str]:
    """The sentences and the words on charts."""
    told = evolve(told, blocks=tuple(block for block in told.blocks if not isinstance(block, n.Table)))
    return texts(told)


def section(told: n.Narrative, name: str) -> list[n.Block]:
    """The blocks under the first heading that ends with ``name``, up to the next of its level or a higher one."""
    start = next(i for i, b in enumerate(told.blocks) if isinstance(b, n.Heading) and b.text.endswith(name))
    level = told.blocks[start].level  # type: ignore[union-attr]
    inside = told.blocks[start + 1 :]
    stop = next((i for i, b in enumerate(inside) if isinstance(b, n.Heading) and b.level <= level), len(inside))
    return list(inside[:stop])


def paragraphs(blocks: Sequence[n.Block]) -> list[str]:
    return [block.lead + block.text for block in blocks if isinstance(block, n.Paragraph)]


# ---- no number that the JSON report does not hold


def numbers(text: str) -> set[Fraction]:
    return {Fraction(found) for found in NUMBER.findall(text)}


def leaves(value: object) -> Iterator[str]:
    """Every text and number of a JSON value, as a report prints it."""
    if isinstance(value, dict):
        for part in value.values():
            yield from leaves(part)
    elif isinstance(value, list):
        for part in value:
            yield from leaves(part)
    elif value is not None and not isinstance(value, bool):
        yield printed(str(value))


def allowed(cards: Sequence[Scorecard], found: Sequence[Diagnostic]) -> set[Fraction]:
    """The numbers of the JSON, and what may be made of them: counts, sums of losses, shares, their short forms."""
    made: set[Fraction] = set()
    for one in as_json(cards):
        for text in leaves(one):
            made |= numbers(text)
        rows = one["indicators"]
        made |= set(map(Fraction, range(max(len(rows), len(found), len(cards), 2) + 1)))
        made.add(abs(sum((Fraction(x["lost"]) for x in rows), Fraction(0))))
        places = int(one.get("rounding", 2))
        made |= {Fraction(places), Fraction(10) ** -places} if places < 0 else {Fraction(places)}
        for part in (*one["groups"], {"points": one["points"], "score": one["total"]}):
            if part["score"] is not None and part["points"] not in (None, "0"):
                made.add(abs(round_half_up(Fraction(part["score"]) / Fraction(part["points"]) * 100, 2)))
        if "comparison" in one:
            made |= {number for text in leaves(one["comparison"]) if re.fullmatch(r"-?\d+(\.\d+)?(/[1-9]\d*)?", text)
                     for number in numbers(signed(Fraction(text)))}  # fmt: skip
    for text in [words for d in found for words in (d.message(), d.help(), d.code, d.accepted or "")]:
        made |= numbers(printed(text))
    return made | {Fraction(15)}


def invented(told: n.Narrative, cards: Sequence[Scorecard], found: Sequence[Diagnostic]) -> set[str]:
    """Numbers of the prose that stand nowhere; sums and fractions are looked at digit run by digit run."""
    known = allowed(cards, found)
    known |= {number for value in known for number in numbers(format_number(value))}
    return {
        text
        for sentence in prose(told)
        for text in NUMBER.findall(sentence.replace("SHA-256", ""))
        if Fraction(text) not in known
    }


@pytest.mark.parametrize("period", ["full", "half"])
@pytest.mark.parametrize("example", list(ONE_A_FOLDER.values()), ids=lambda e: e.rules.stem)
@pytest.mark.parametrize("empty", [False, True])
def test_every_number_of_the_prose_stands_in_the_json(example: Example, period: str, empty: bool) -> None:
    cards, found = scored(example, period, empty=empty)
    assert invented(narrate(cards, found, "zh"), cards, found) == set()


@settings(max_examples=examples(80), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(scorecards(), min_size=1, max_size=2), st.booleans())
def test_any_card_is_told_without_an_invented_number(cards: list[Scorecard], wrong: bool) -> None:
    found = WRONG if wrong else ()
    assert invented(narrate(cards, found, "zh"), cards, found) == set()


@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scorecards())
def test_conclusion_losses_and_deviations_are_those_of_the_json(one: Scorecard) -> None:
    told, (want,) = narrate([one], (), "zh"), as_json([one])
    said = "".join(paragraphs(section(told, "评价结论")))
    if want["points"] is None:
        assert "不设分值" in said and "总分" not in said.replace(printed(one.grade), "")
    elif want["total"] is None:
        assert f"最低{want['lowest']}分，最高{want['highest']}分，满分{want['points']}分" in said
    else:
        assert f"总分{want['total']}分，满分{want['points']}分" in said
    rows = want["indicators"]
    assert f"共设指标{len(rows)}项" in said
    if want["points"] is not None:
        lines = paragraphs(section(told, "失分情况"))
        lost = sorted((x for x in rows if x["lost"] != "0"), key=lambda x: -Fraction(x["lost"]))
        assert len(lines) == 1 + len(lost)
        for line, x in zip(lines[1:], lost, strict=True):
            assert f"．{printed(x['path'][-1])}。分值{x['points']}分，得{x['score']}分，失{x['lost']}分。" in line
            why = printed(x["explanation"])
            assert (f"偏差原因：{why}" if why else "数据中没有填写") in line
    deviating = [x for x in rows if _deviates(x)]
    untold = [x for x in deviating if not printed(x["explanation"])]
    tables = [b for b in section(told, "偏差说明") if isinstance(b, n.Table)]
    assert [line[1].text for table in tables for line in table.rows] == [printed(x["path"][-1]) for x in untold]


def _deviates(x: dict[str, object]) -> bool:
    """Of a row of the JSON: missed, exceeded, points lost, or nothing known."""
    scored_alone = x["status"] == UNJUDGED and not x["target"] and x["score"] is not None
    unknown = x["status"] in (MISSING, UNJUDGED) and not scored_alone
    return x["status"] in (MISSED, EXCEEDED) or x["lost"] != "0" or unknown or "lowest" in x


# ---- sentences by example


def test_a_row_of_each_kind_is_told_in_its_words() -> None:
    rows = (
        row("甲", explanation="停机两天"), row("乙", score=Fraction(2), low=Fraction(2), high=Fraction(2), status=MET),
        row("丙", status=EXCEEDED, score=Fraction(2), low=Fraction(2), high=Fraction(2), actual="90"),
        row("丁", status=MISSING, actual="", score=None, low=Fraction(0), high=Fraction(2)),
    )  # fmt: skip
    told = narrate([card(*rows)], (), "zh")
    assert (
        "1．甲。分值2分，得1分，失1分。指标值≥9，完成值8，未达标。得分依据：8 < 9，未达标。偏差原因：停机两天。"
        in paragraphs(section(told, "失分情况"))
    )
    assert paragraphs(section(told, "已经说明的偏差"))[1] == "1．甲。指标值≥9，完成值8，未达标。偏差原因：停机两天。"
    table = next(b for b in section(told, "没有说明的偏差") if isinstance(b, n.Table))
    assert [[cell.text for cell in line] for line in table.rows] == [
        ["1", "丙", "≥9", "90", "超额", ""], ["2", "丁", "≥9", "—", "缺完成值", ""],
    ]  # fmt: skip
    assert paragraphs(section(told, "评价结论"))[1] == "共设指标4项，其中达标1项、超额完成1项、未达标1项、缺完成值1项。"


def test_nothing_to_say_is_said() -> None:
    good = row("甲", status=MET, score=Fraction(2), low=Fraction(2), high=Fraction(2))
    told = narrate([card(good)], (), "zh")
    assert paragraphs(section(told, "失分情况")) == ["没有失分。"]
    assert paragraphs(section(told, "偏差说明")) == ["各项指标没有需要说明的偏差。"]
    assert paragraphs(section(told, "检查发现")) == ["检查和评分没有发现问题。"]
    measures = section(told, "改进措施")
    assert [type(block) for block in measures] == [n.Note, n.Blank]


def test_english_has_no_chinese_of_ours() -> None:
    rows = (row("a", path=("Output", "a"), reason_zh=""), row("b", path=("Output", "b"), status=MISSING, actual="", score=None, low=Fraction(0), high=Fraction(2)))  # fmt: skip
    one = evolve(card(*rows), object="P", grade="", notes_zh=(), facts=(), groups=())
    told = narrate([one], (), "en")
    assert [text for text in texts(told) if re.search("[一-龥（），。：]", text)] == []
    assert paragraphs(section(told, "Points lost"))[1].startswith(
        "1. a. 1 of 2 points, 1 lost. Target ≥9, actual 8, missed."
    )


def test_several_objects_are_parts_behind_a_table_of_all() -> None:
    first, second = (evolve(card(row("甲")), object=name) for name in ("一号", "二号"))
    told = narrate([first, second], (), "zh")
    tables = [block for block in told.blocks if isinstance(block, n.Table)]
    assert [line[1].text for line in tables[0].rows] == ["一号", "二号"]
    heads = [b.text for b in told.blocks if isinstance(b, n.Heading) and b.level == 1]
    assert heads == ["评价结果一览", "第一部分　一号", "第二部分　二号", "检查发现"]


# ---- charts


@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scorecards())
def test_charts_are_sound_drawings_that_stay_inside(one: Scorecard) -> None:
    for block in narrate([one], (), "zh").blocks:
        if not isinstance(block, n.Chart):
            continue
        assert 1 <= len(block.entries) <= 15
        root = ElementTree.fromstring(svg(block))
        high = int(root.attrib["height"])
        for part in root.iter("{http://www.w3.org/2000/svg}rect"):
            x, y, w, h = (int(part.attrib[key]) for key in ("x", "y", "width", "height"))
            assert x + w <= WIDE and w > 0 and y + h <= high
        said = [e.text for e in root.iter("{http://www.w3.org/2000/svg}text")]
        assert [
            bar.text for entry in block.entries for bar in entry.bars if len(bar.text) < 20 and bar.text not in said
        ] == []


def test_a_bar_is_full_only_where_nothing_is_missing() -> None:
    almost = Fraction(9999, 10000)
    rest = (("rest", "r"),)
    chart = n.Chart(
        title="t", entries=(n.Entry(name="a", bars=(n.Bar(sure=almost, possible=almost, text="x"),)),), legend=rest
    )
    whole = evolve(chart, entries=(n.Entry(name="a", bars=(n.Bar(sure=Fraction(1), possible=Fraction(1), text="x"),)),))
    wide = [[int(r.attrib["width"]) for r in ElementTree.fromstring(svg(c)).iter("{http://www.w3.org/2000/svg}rect")] for c in (chart, whole)]  # fmt: skip
    assert wide[0][1] < wide[0][0] and wide[1][1] == wide[1][0]


@given(st.text(max_size=40), st.integers(4, 30))
def test_shortened_names_fit(text: str, cells: int) -> None:
    short = shortened(text, cells)
    assert width(short) <= cells and (short == text or short.endswith("…"))


def test_more_than_fifteen_losses_are_counted_below_the_chart() -> None:
    rows = [row(f"第{number}项") for number in range(18)]
    told = narrate([card(*rows)], (), "zh")
    lost = section(told, "失分情况")
    assert next(len(b.entries) for b in lost if isinstance(b, n.Chart)) == 15
    assert "图中列出前15项，另有3项见表。" in [b.text for b in lost if isinstance(b, n.Note)]


# ---- every format holds all of it


def words(text: str) -> str:
    """Without blanks and places to break, which each format has its own way with."""
    return re.sub(r"[\s\u200b]+", "", text)


def in_order(shown: str, wanted: Sequence[str]) -> None:
    at = 0
    for text in map(words, wanted):
        found = shown.find(text, at)
        assert found >= 0, f"{text[:80]!r} is not there after {shown[max(at - 40, 0) : at]!r}"
        at = found + len(text)


def page_of(told: n.Narrative) -> Element:
    return read(writer("html").write(told, LOOK))  # type: ignore[attr-defined]


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def document(data: bytes) -> ElementTree.Element:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return ElementTree.fromstring(file.read("word/document.xml"))


@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(scorecards(), scorecards(), st.booleans())
def test_the_page_holds_every_word_and_is_sound(first: Scorecard, second: Scorecard, two: bool) -> None:
    told = narrate([first, second] if two else [first], WRONG, "zh")
    page = page_of(told)
    assert {e.tag for e in page.walk()} & {"script", "link", "img", "iframe"} == set()
    assert {name for e in page.walk() for name in e.attrs if name.startswith("on") or name == "src"} == set()
    places = {e.attrs["id"] for e in page.walk() if "id" in e.attrs}
    assert {e.attrs["href"] for e in page.all("a")} <= {f"#{name}" for name in places}
    assert bool(page.all("a")) == two
    without = [
        t
        for b in told.blocks
        if isinstance(b, n.Chart)
        for e in b.entries
        for t in (*(x.text for x in e.bars), b.title)
    ]
    shown = words("".join(_words(page.one("main"))))
    in_order(shown, [text for text in texts(told) if text not in without])


def _words(element: Element) -> Iterator[str]:
    for part in element.inside:
        if isinstance(part, str):
            yield part
        elif part.tag != "svg":
            yield from _words(part)


@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scorecards())
def test_tables_are_filled_without_gap_or_overlap(one: Scorecard) -> None:
    for block in narrate([one], WRONG, "zh").blocks:
        if isinstance(block, n.Table):
            for line in grid(block):
                ends = [(x.column, x.column + x.cell.columns) for x in line]
                assert ends[0][0] == 0 and ends[-1][1] == len(block.columns)
                assert all(a[1] == b[0] for a, b in pairwise(ends))
            assert sum(x.begins for line in grid(block) for x in line) == sum(map(len, block.rows))


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(scorecards())
def test_the_word_document_holds_every_word(one: Scorecard) -> None:
    pytest.importorskip("docx")
    told = narrate([one], WRONG, "zh")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "typst", None)  # bars as characters: every word of a chart is a text
        root = document(writer("docx").write(told, LOOK))  # type: ignore[attr-defined]
    shown = words("".join(e.text or "" for e in root.iter(f"{W}t")))
    charts = [
        text
        for b in told.blocks
        if isinstance(b, n.Chart)
        for text in (b.title, *(x.text for e in b.entries for x in e.bars))
    ]
    in_order(shown, [text for text in texts(told) if text not in charts])
    for text in charts:
        assert words(text) in shown
    for table in root.iter(f"{W}tbl"):
        wide = len(table.findall(f"{W}tblGrid/{W}gridCol"))
        for line in table.findall(f"{W}tr"):
            spans = [cell.find(f"{W}tcPr/{W}gridSpan") for cell in line.findall(f"{W}tc")]
            assert sum(1 if span is None else int(span.attrib[f"{W}val"]) for span in spans) == wide


def test_the_word_document_is_on_a4_with_its_fonts_and_heads_that_repeat() -> None:
    docx = pytest.importorskip("docx")
    pytest.importorskip("typst")
    cards, found = scored(NANJING)
    data = writer("docx").write(narrate(cards, found, "zh"), Look({"body": "仿宋_GB2312"}))  # type: ignore[attr-defined]
    assert data == writer("docx").write(narrate(cards, found, "zh"), Look({"body": "仿宋_GB2312"}))  # type: ignore[attr-defined]
    made = docx.Document(io.BytesIO(data))
    assert [round(x.mm) for x in (made.sections[0].page_width, made.sections[0].page_height)] == [210, 297]
    fonts = {
        name: made.styles[name].element.rPr.rFonts.get(f"{W}eastAsia") for name in ("Normal", "Heading 1", "Title")
    }
    assert fonts == {"Normal": "仿宋_GB2312", "Heading 1": "黑体", "Title": "宋体"}
    assert 'w:instr="PAGE"' in made.sections[0].footer._element.xml
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        table = file.read("word/fontTable.xml").decode()
        pictures = [name for name in file.namelist() if name.endswith(".png")]
    assert '<w:font w:name="黑体"><w:altName' in table and len(pictures) == 1
    heads = [t.findall(f"{W}tr/{W}trPr/{W}tblHeader") for t in document(data).iter(f"{W}tbl")]
    assert max(map(len, heads)) == 1 and sum(map(len, heads)) >= 3


# ---- PDF


def pdf_of(told: n.Narrative) -> bytes:
    pytest.importorskip("typst")
    made: bytes = writer("pdf").write(told, LOOK)  # type: ignore[attr-defined]
    return made


def test_the_pdf_holds_the_same_words_and_carries_its_font() -> None:
    pdfplumber = pytest.importorskip("pdfplumber")
    cards, found = scored(NANJING)
    told = narrate(cards, found, "zh")
    data = pdf_of(told)
    assert data == pdf_of(told)
    assert b"<pdfaid:part>2</pdfaid:part>" in data and b"<pdfaid:conformance>B</pdfaid:conformance>" in data
    with pdfplumber.open(io.BytesIO(data)) as file:
        shown = words("".join(page.extract_text() for page in file.pages))
        names = {char["fontname"].split("+")[-1] for page in file.pages for char in page.chars}
        assert (round(file.pages[0].width), round(file.pages[0].height)) == (595, 842)
        assert "—1—" in words(file.pages[0].extract_text()) and "一级指标" in file.pages[1].extract_text()
    assert all(name.startswith("NotoSansCJK") for name in names)
    heads = [block.text for block in told.blocks if isinstance(block, n.Heading)]
    in_order(shown, heads)
    for text in paragraphs(told.blocks):
        assert words(text)[:16] in shown


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(scorecards())
def test_any_card_becomes_a_pdf(one: Scorecard) -> None:
    assert pdf_of(narrate([one], WRONG, "zh")).startswith(b"%PDF-")


@pytest.mark.parametrize(("text", "archival"), [("甲", True), ("\x1b甲", True), ("😀", False), ("\ue000", False)])
def test_a_character_no_font_has_is_a_box_and_no_failure(text: str, archival: bool) -> None:
    data = pdf_of(narrate([card(row("甲", explanation=text))], (), "zh"))
    assert (b"<pdfaid:part>2</pdfaid:part>" in data) == archival


@pytest.mark.parametrize("name", ["html", "docx", "pdf"])
def test_words_of_a_user_are_only_words(name: str, tmp_path: Path) -> None:
    pytest.importorskip("docx")
    attacks = (
        *ATTACKS,
        "=48%",
        "#let x = 1; #panic()",
        "$x$ *b* _i_ @ref <label> \\",
        "]]>",
        "@SUM(1)",
        "+1",
        "甲" * 3000,
    )
    rows = [
        row(f"{number}{attack}", explanation=attack, reason_zh=attack, actual=attack, target=attack)
        for number, attack in enumerate(attacks)
    ]
    one = evolve(card(*rows), object="#panic() <script>")
    told = narrate([one], (), "zh")
    data = writer(name).write(told, LOOK) if name != "pdf" else pdf_of(told)  # type: ignore[attr-defined]
    if name == "html":
        page = read(data)
        assert page.one("title").text == "绩效自评报告" and page.all("script") == []
    if name == "docx":
        shown = words("".join(e.text or "" for e in document(data).iter(f"{W}t")))
        for text in ("=48%", "<script>alert(1)</script>", "#letx=1;#panic()", "@SUM(1)"):
            assert text in shown
    if name == "pdf":
        pdfplumber = pytest.importorskip("pdfplumber")
        with pdfplumber.open(io.BytesIO(data)) as file:
            shown = words("".join(page.extract_text() for page in file.pages))
            beyond = [char["x1"] for page in file.pages for char in page.chars if char["x1"] > page.width - 30]
        assert "=48%" in shown and "#letx=1;#panic()" in shown
        assert beyond == []


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_the_word_document(tmp_path: Path) -> None:
    pytest.importorskip("docx")
    pdfplumber = pytest.importorskip("pdfplumber")
    cards, found = scored(NANJING)
    told = narrate(cards, found, "zh")
    (tmp_path / "报告.docx").write_bytes(writer("docx").write(told, LOOK))  # type: ignore[attr-defined]
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "报告.docx")],
                   check=True, capture_output=True, timeout=180)  # fmt: skip
    with pdfplumber.open(tmp_path / "报告.pdf") as file:
        shown = words("".join(page.extract_text() for page in file.pages))
    in_order(shown, [block.text for block in told.blocks if isinstance(block, n.Heading)])


# ---- the command


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "规则.perf").write_text(RULES, encoding="utf-8")
    (tmp_path / "完成值.csv").write_text(DATA, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def report(*more: str) -> tuple[int, str]:
    done = CliRunner().invoke(perfdsl, ["report", "规则.perf", "--actuals", "完成值.csv", *more])
    error = done.exception.format_message() if hasattr(done.exception, "format_message") else ""
    return done.exit_code, done.output + error


def test_half_against_full_has_its_chart_and_its_numbers(folder: Path) -> None:
    code, said = report("-o", "报告.html", "--against-period", "半年", "--title", "半年与全年")
    assert (code, said.strip().splitlines()[-1]) == (0, "写好 报告.html")
    page = read((folder / "报告.html").read_bytes())
    assert page.one("h1").text == "半年与全年"
    titles = [e.text for e in page.all("figcaption")]
    assert titles[-2:] == ["两次总分（分）", "得分不同的指标（分）"]
    bars = page.all("svg")[-1]
    words_of = [e.text for e in bars.all("text")]
    assert words_of[:3] == ["办结工单办结工单", "21", "30"]
    assert "全年" in words_of[-1] and "半年" in words_of[-2]


def test_what_is_there_is_kept_unless_forced_and_inputs_always(folder: Path) -> None:
    (folder / "报告.html").write_text("我的")
    code, said = report("-o", "另一份.html", "-o", "报告.html")
    assert code == 2
    assert "--force" in said and (folder / "报告.html").read_text() == "我的" and not (folder / "另一份.html").exists()
    assert report("-o", "报告.html", "--force")[0] == 0
    assert "绩效自评报告" in (folder / "报告.html").read_text(encoding="utf-8")
    (folder / "完成值.html").hardlink_to(folder / "完成值.csv")
    assert "输入文件" in report("-o", "完成值.html", "--force")[1]
    assert "写了两次" in report("-o", "新.html", "-o", "./新.html")[1]
    assert not (folder / "新.html").exists()


@pytest.mark.parametrize(
    ("more", "words_said"),
    [(("-o", "报告.odt"), ".docx .html .pdf"), (("-o", "报告.html", "--font", "脚注=宋体"), "位置=字体名"), (("-o", "报告.html", "--font", "正文="), "位置=字体名")],
)  # fmt: skip
def test_a_wrong_option_is_told(folder: Path, more: tuple[str, ...], words_said: str) -> None:
    code, said = report(*more)
    assert code != 0 and words_said in said
    assert sorted(path.name for path in folder.iterdir()) == ["完成值.csv", "规则.perf"]


def test_a_missing_library_is_named_before_anything_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    code, said = report("-o", "报告.pdf", "-o", "报告.html")
    assert code == 1 and 'pip install "perfdsl[pdf]"' in said and not (folder / "报告.html").exists()
    assert [d.code for d in lacking(writer("docx"), "x.docx", LOOK)] == ["F161"]  # type: ignore[arg-type]
    assert report("-o", "报告.docx")[0] == 0


def test_an_incomplete_result_is_a_range_and_ends_with_one(folder: Path) -> None:
    (folder / "完成值.csv").write_text("指标,实际值\n接通率,81%\n", encoding="utf-8")
    code, _ = report("-o", "报告.html")
    assert code == 1
    text = read((folder / "报告.html").read_bytes()).one("main").text
    assert (
        "最低27分，最高97分，满分100分" in text
        and "得分率27" not in text
        and "尚未定分的指标：办结工单、满意度。" in text
    )


def test_a_font_cannot_end_the_style_of_the_page() -> None:
    told = narrate([card(row("甲"))], (), "zh")
    data = writer("html").write(told, Look({"body": '"; } </style><script>'}))  # type: ignore[attr-defined]
    assert read(data).all("script") == [] and data.count(b"</style>") == 1


def test_a_module_that_is_no_member_is_refused() -> None:
    with pytest.raises(BadMember, match="lacks NAME"):
        checked(ModuleType("perfdsl.publish.x"))


def test_json_and_prose_come_of_the_same_run(folder: Path) -> None:
    CliRunner().invoke(perfdsl, ["score", "规则.perf", "--actuals", "完成值.csv", "-o", "报告.json"])
    total = json.loads((folder / "报告.json").read_text(encoding="utf-8"))["total"]
    report("-o", "报告.html")
    assert f"总分{total}分" in read((folder / "报告.html").read_bytes()).one("main").text
    assert set(WORDS) >= {MET, EXCEEDED, MISSED}
