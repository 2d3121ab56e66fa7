"""Every code has a page, its broken example is reported, its mended example is not, and no code is forgotten."""

import importlib
import io
import pkgutil
import re
import shlex
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import NamedTuple

import openpyxl
import pytest
from click.testing import CliRunner
from import_cases import document as drawn
from import_cases import flat
from made import NAMED, compound
from openpyxl.comments import Comment
from openpyxl.styles import Font
from spark_cluster import absent

import perfdsl
from perfdsl import apart, documents, engines, publish
from perfdsl.actuals import Table
from perfdsl.advise import read_costs
from perfdsl.cli import batch, batch_database, batch_job, batch_mixed, batch_spark, collect, monitor, score
from perfdsl.cli import compile as compile_
from perfdsl.cli.filling import no_writer as no_sheets
from perfdsl.cli.import_ import directions
from perfdsl.cli.main import perfdsl as perfdsl_command
from perfdsl.cli.score import score_all, shared_out
from perfdsl.diagnostics import Diagnostic, Kind, has_errors
from perfdsl.documents import read_document
from perfdsl.encoding import decode
from perfdsl.importers import recognise, write
from perfdsl.importers.door import findings
from perfdsl.lay_out import lay_out
from perfdsl.lints import limits
from perfdsl.pipeline import Refusal, check, check_together
from perfdsl.plan import Plan
from perfdsl.read_form import read_form
from perfdsl.read_settings import read_settings
from perfdsl.read_target import KINDS, read_actual, read_target
from perfdsl.reports import Style, lacking, members
from perfdsl.scorecard import Scorecard
from perfdsl.sentences import KINDS as SENTENCES
from perfdsl.sentences import read_sentence
from perfdsl.settings import STANDARD
from perfdsl.spark import job
from perfdsl.spark_session import NotReached
from perfdsl.tables import Names, read_table
from perfdsl.text import Source, Span
from perfdsl.writers import lacking as no_writer
from perfdsl.writers import members as writers
from perfdsl.writers import too_long

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "docs" / "diagnostics"
BROKEN, MENDED = "## 出错的例子\n", "## 改好的例子\n"
MAIN = "规则.perf"
BY_SPARK = ("B162", "B163", "B164", "B165")  # what only Spark itself finds


# ---- the kinds


def _modules() -> Iterator[object]:
    for info in pkgutil.walk_packages(perfdsl.__path__, "perfdsl."):
        if not info.name.endswith("__main__"):
            yield importlib.import_module(info.name)


def _declared() -> dict[str, list[Kind]]:
    """Every kind of the package by its code; one object however often it is imported."""
    found: dict[int, Kind] = {}
    for module in _modules():
        for value in vars(module).values():
            several = value.values() if isinstance(value, dict) else value if type(value) in (list, tuple) else (value,)
            found.update((id(kind), kind) for kind in several if isinstance(kind, Kind))
    by_code: dict[str, list[Kind]] = {}
    for kind in found.values():
        by_code.setdefault(kind.code, []).append(kind)
    return by_code


DECLARED = _declared()
CODES = sorted(DECLARED)


def test_no_code_is_declared_twice() -> None:
    assert [code for code, kinds in DECLARED.items() if len(kinds) > 1] == []


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert sorted(page.stem for page in PAGES.glob("*.md")) == CODES


@pytest.mark.parametrize("code", CODES)
def test_a_kind_speaks_both_languages_about_the_same_facts(code: str) -> None:
    (kind,) = DECLARED[code]
    assert re.fullmatch(r"[A-Z]\d{3}", code)
    assert kind.zh and kind.en and bool(kind.help_zh) == bool(kind.help_en)


def test_every_kind_is_reported_somewhere() -> None:
    """A name of a kind, or the code in quotes, is used beyond its own declaration."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "perfdsl").rglob("*.py")))
    named = re.findall(r'^(\w+) = Kind\(\s*"(\w+)"', text, re.MULTILINE)
    names = Counter(re.findall(r"\b\w+\b(?! = Kind)", text))
    codes = Counter(re.findall(r'"([A-Z]\d{3})"', text))
    uses = {code: names[name] for name, code in named}
    for code in CODES:
        uses[code] = uses.get(code, 0) + codes[code] - 1
    assert [code for code, count in uses.items() if count < 1] == []


# ---- the pages


class Block(NamedTuple):
    """One fenced block of a page: its language, the file it stands for, and its text."""

    language: str
    file: str
    text: str


def _blocks(part: str) -> list[Block]:
    found = re.findall(r"^```(\w+) ?([^\n]*)\n(.*?)^```$", part, re.MULTILINE | re.DOTALL)
    return [Block(language, file, _spread(text)) for language, file, text in found]


def _spread(text: str) -> str:
    """⟨甲×3⟩ stands for 甲甲甲, ⟨甲＃×3⟩ for 甲1甲2甲3, each on a line of its own when the first ends with ↵."""

    def spread(found: re.Match[str]) -> str:
        return "".join(found[1].replace("＃", str(i)).replace("↵", "\n") for i in range(1, int(found[2]) + 1))

    return re.sub(r"⟨(.+?)×(\d+)⟩", spread, text)


def _halves(code: str) -> tuple[list[Block], list[Block]]:
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    chinese = page.partition("\n## English\n")[0]
    _, _, examples = chinese.partition(BROKEN)
    broken, _, mended = examples.partition(MENDED)
    return _blocks(broken), _blocks(mended.partition("\n## 怎么改\n")[0])


@pytest.mark.parametrize("code", CODES)
def test_a_page_has_all_its_parts(code: str) -> None:
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {code} ")
    heads = re.findall(r"^#+ .*$", page, re.MULTILINE)
    assert [head for head in heads if head.startswith("## ")] == [
        BROKEN.strip(), MENDED.strip(), "## 怎么改", "## English",
    ]  # fmt: skip
    chinese, _, english = page.partition("\n## English\n")
    assert len(re.findall(r"[一-龥]", chinese.partition(BROKEN)[0])) >= 10
    assert len(english.split()) >= 5


@pytest.mark.parametrize("code", CODES)
def test_the_broken_example_is_reported_and_the_mended_one_is_not(code: str) -> None:
    if code in BY_SPARK and absent():
        pytest.skip(absent())
    broken, mended = _halves(code)
    reported = [d for d in _said(broken, code) if d.code == code]
    assert reported, f"{code} is not reported"
    for diagnostic in reported:
        _in_place(diagnostic)
        for lang in ("zh", "en"):
            assert not re.search(r"\{\w", diagnostic.message(lang) + diagnostic.help(lang)), diagnostic.message(lang)
    again = _said(mended, code)
    assert [d.code for d in again if d.code == code or d.severity == "error"] == []


def _said(blocks: list[Block], code: str) -> list[Diagnostic]:
    if "I140" <= code <= "I199":
        return _imports(blocks)
    return _documents(blocks) if "I100" <= code <= "I139" else _run(blocks, code[0] == "T")


def _imports(blocks: list[Block]) -> list[Diagnostic]:
    """What an import says of the documents of an example; ``table`` blocks are grids in the notation of ``import_cases``."""
    found = []
    for block in blocks:
        name = block.file or "表.txt"
        read = drawn(name, block.text) if block.language == "table" else flat(name, block.text)
        imported = recognise(read)
        found += findings(imported, [write(each, name, directions) for each in imported.objects])
    return found


def _in_place(diagnostic: Diagnostic) -> None:
    span = diagnostic.span
    assert 0 <= span.start <= span.end <= len(span.source.text)
    line, column = span.source.position(span.start)
    assert line >= 1 and column >= 1


# ---- running an example


class Files:
    """A reader of the files of one example and of the rulesets that come with the package."""

    def __init__(self, blocks: list[Block]) -> None:
        self.bytes = {block.file: _bytes(block) for block in blocks if block.file.endswith(".perf")}
        self.read: dict[str, Source] = {}

    def library(self, name: str) -> Source | None:
        path = ROOT / "rulesets" / f"{name}.perf"
        return self.keep(f"rulesets/{name}.perf", path.read_text(encoding="utf-8")) if path.is_file() else None

    def library_names(self) -> list[str]:
        return sorted(path.stem for path in (ROOT / "rulesets").glob("*.perf"))

    def local(self, beside: Source, path: str) -> Source | Refusal:
        if ".." in PurePosixPath(path).parts:
            return Refusal("outside")
        name = str(PurePosixPath(path))
        if name in self.read:
            return self.read[name]
        if name not in self.bytes:
            return Refusal("absent")
        text, _, found = decode(name, self.bytes[name])
        return Refusal("unreadable", "不是文字") if has_errors(found) else self.keep(name, text)

    def keep(self, name: str, text: str) -> Source:
        return self.read.setdefault(name, Source(name, text))


def _bytes(block: Block) -> bytes:
    match block.language:
        case "hex":
            return bytes.fromhex(block.text)
        case "xlsx":
            return LOCKED if "（加了密码）" in block.text else _workbook(block.text)
        case "gb18030":
            return block.text.encode("gb18030")
        case "file":
            return NAMED[block.text.strip().removesuffix("（读不完）")]()
    return block.text.encode()


def _workbook(text: str) -> bytes:
    """[sheet] heads its rows; （隐藏） and （图表页） mark sheets, （隐藏行） a row, {format} a number, A1：x one cell, 批注A1：x a comment, 删除线A1 a struck cell, 合并A1:A2 a range."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, mark, body in re.findall(r"^\[(.+?)\](.*)\n([^\[]*)", text, re.MULTILINE):
        if mark == "（图表页）":
            book.create_chartsheet(title)
            continue
        sheet = book.create_sheet(title)
        sheet.sheet_state = "hidden" if mark == "（隐藏）" else "visible"
        for number, line in enumerate(body.splitlines(), 1):
            if one := re.fullmatch(r"([A-Z]+[0-9]+)：(.*)", line):
                sheet[one[1]] = one[2]
                continue
            if one := re.fullmatch(r"批注([A-Z]+[0-9]+)：(.*)", line):
                sheet[one[1]].comment = Comment(one[2], "某某")
                continue
            if line.startswith("删除线"):
                sheet[line.removeprefix("删除线")].font = Font(strike=True)
                continue
            if line.startswith("合并"):
                sheet.merge_cells(line.removeprefix("合并"))
                continue
            sheet.row_dimensions[number].hidden = line.endswith("（隐藏行）")
            for column, words in enumerate(re.split(r",(?![^{]*\})", line.removesuffix("（隐藏行）")), 1):
                value, _, shown = words.rstrip("}").partition("{")
                cell = sheet.cell(number, column, int(value) if value.isdigit() else value)
                cell.number_format = shown or "General"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


LOCKED = compound("EncryptedPackage")


def _documents(blocks: list[Block]) -> list[Diagnostic]:
    """What the readers of documents say about the files of an example; ``file`` blocks name one of ``made.NAMED``."""
    found = []
    for block in blocks:
        name = block.text.strip().removesuffix("（没有安装组件）")
        data = NAMED[name]() if block.language == "file" else _bytes(block)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(apart, "SECONDS", 3 if "三十万层" in block.text else apart.SECONDS)
            if "（没有安装组件）" in block.text:
                patch.setattr(documents, "find_spec", lambda library: None)
            found += read_document(block.file, data)[1]
    return found


def _run(blocks: list[Block], cells: bool = False) -> list[Diagnostic]:
    """Everything the program says about an example; with ``cells`` also what the reader of cells alone says."""
    if (
        command := next(
            (b.text for b in blocks if b.text.startswith(("$ perfdsl score", "$ perfdsl collect", "$ perfdsl batch"))),
            "",
        )
    ) != "":
        return _scored(command, blocks)
    for module, word in ((monitor, "monitor"), (compile_, "compile")):
        if (command := next((b.text for b in blocks if b.text.startswith(f"$ perfdsl {word}")), "")) != "":
            return _complained(module, command, blocks)
    rules = next((b for b in blocks if b.language == "perf" and not b.file), None)
    plans, found = _rules(rules, blocks) if rules is not None else ([], [])
    for block in blocks:
        if block.language == "console":
            found += _cell(block.text)
        elif block.file == "成本.csv":
            found += read_costs(Source(block.file, block.text), _names(plans).rows)[1]
        elif block.language == "toml" and block.file not in ("perfdsl.toml", "pyproject.toml"):
            found += _form(block, plans)
        elif block.language == "toml":
            found += _settings(block)
        elif block.language != "perf" and not block.file.endswith(".perf") and not has_errors(_formal(found)):
            found += _table(block, plans, cells)
    return found


def _scored(commands: str, blocks: list[Block]) -> list[Diagnostic]:
    """What the command says in a folder that holds the blocks: rules, data, and what they are set against."""
    found: list[Diagnostic] = []

    def render(_: str, cards: list[Scorecard], said: list[Diagnostic], __: object) -> bytes:
        found[:] = said
        return next(m for m in members() if m.NAME == "json").render(cards, said, Style())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(score, "_render", render)
        patch.setattr(score, "complain", lambda said, _: found.extend(said))
        patch.setattr(collect, "complain", lambda said, _: found.extend(said))
        patch.setattr(batch, "complain", lambda said, _: found.extend(said))
        patch.setattr(batch_job, "complain", lambda said, _: found.extend(said))
        patch.setattr(batch_mixed, "complain", lambda said, _: found.extend(said))
        patch.setattr(batch_spark, "complain", lambda said, _: found.extend(said))
        for mark in (x for x in ("（装好了 Spark）", "（没有这个 Spark）") if x in commands):
            commands = commands.replace(mark, "")
            patch.setattr(engines, "find_spec", lambda library: library)
            patch.setattr(job, "opened", _not_reached)
        for mark, module in (
            ("（没有安装组件）", batch),
            ("（没有安装驱动）", batch_database),
            ("（没有安装引擎）", engines),
        ):
            if mark in commands:
                commands = commands.replace(mark, "")
                patch.setattr(module, "find_spec", lambda library: None)
        _followed(commands, blocks, patch)
    return found


def _not_reached(master: str) -> None:
    raise NotReached("connection refused")


def _complained(module: ModuleType, commands: str, blocks: list[Block]) -> list[Diagnostic]:
    """What a command says about an example."""
    found: list[Diagnostic] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "complain", lambda said, _: found.extend(said))
        _followed(commands, blocks, patch)
    return found


def _followed(commands: str, blocks: list[Block], patch: pytest.MonkeyPatch) -> None:
    """The commands typed in a folder that holds the blocks."""
    with tempfile.TemporaryDirectory() as folder:
        for block in blocks:
            if block.language != "console":
                path = Path(folder) / (block.file or (MAIN if block.language == "perf" else "完成值.csv"))
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(_bytes(block))
        patch.chdir(folder)
        for line in commands.splitlines():
            done = CliRunner().invoke(perfdsl_command, shlex.split(line.removeprefix("$ perfdsl ")))
            assert done.exit_code in (0, 1), done.output


def _formal(found: list[Diagnostic]) -> list[Diagnostic]:
    return [d for d in found if not d.code.startswith("V")]


def _rules(rules: Block, blocks: list[Block]) -> tuple[list[Plan], list[Diagnostic]]:
    files = Files(blocks)
    checked = check(files.keep(MAIN, rules.text), files)
    beside = [check(files.keep(b.file, b.text), files) for b in blocks if b.language == "perf" and b.file]
    together = check_together([(one.model, STANDARD) for one in (*beside, checked)])
    return list(checked.plans()) if checked.usable else [], [*checked.found, *together]


def _settings(block: Block) -> list[Diagnostic]:
    return read_settings(Source(block.file, block.text), frozenset(CODES), frozenset(limits()))[1]


def _form(block: Block, plans: list[Plan]) -> list[Diagnostic]:
    """A form file read, every object laid out in it, and what a workbook has no room for."""
    form, found = read_form(Source(block.file, block.text), block.file.removesuffix(".toml"))
    for plan in plans if form is not None else ():
        layout, left_out = lay_out(form, plan)
        found += [*left_out, *too_long(next(m for m in writers() if m.NAME == "xlsx"), [layout])]
    return found


def _table(block: Block, plans: list[Plan], cells: bool) -> list[Diagnostic]:
    with pytest.MonkeyPatch.context() as patch:
        if "（没有安装组件）" in block.text:
            patch.setitem(sys.modules, "python_calamine", None)
        if "（读不完）" in block.text:
            patch.setattr(apart, "SECONDS", 0)
        table, found = read_table(block.file or f"完成值.{block.language}", _bytes(block), _names(plans))
    if plans and not has_errors(found):
        found = list(found)
        found += score_all(shared_out(plans, table.rows, found), "full", None, "")[1]
    return found + (_values(plans, table) if cells else [])


def _values(plans: list[Plan], table: Table) -> list[Diagnostic]:
    """Each value read against the target of its row, before the observer picks what to tell."""
    found = []
    targets = {i.path[-1]: use.target for plan in plans for i in plan.indicators for use in i.targets}
    for row in table.rows:
        _, doubts = read_actual(row.value, unit=row.unit, target=targets.get(row.name))
        source = Source("", row.value)
        found += [Diagnostic(KINDS[d.code], Span(d.start, d.end, source), d.facts) for d in doubts]
    return found


def _names(plans: list[Plan]) -> Names:
    """What the rules call their rows and objects."""
    rows = {name for plan in plans for i in plan.indicators for name in ("/".join(i.path), i.path[-1], i.alias)}
    rows |= {name for plan in plans for i in plan.inputs for name in (i.name, i.alias)}
    rows |= {
        name for plan in plans for table in plan.funds for line in table.lines for name in (line.path[-1], line.alias)
    }
    return Names(frozenset(rows - {""}), frozenset(plan.object for plan in plans))


def _cell(command: str) -> list[Diagnostic]:
    """``perfdsl target CELL --op S --unit S --name S``: the same reading, as findings; or what ``score`` cannot write."""
    words = shlex.split(command)
    if words[:2] in (["perfdsl", "score"], ["perfdsl", "export"]):
        return _unwritten(command)
    if words[:2] == ["perfdsl", "sentence"]:
        return _sentence(words[2], dict(zip(words[3::2], words[4::2], strict=True)))
    if words[:2] == ["perfdsl", "template"]:
        with pytest.MonkeyPatch.context() as patch:
            if "（没有安装组件）" in command:
                patch.setitem(sys.modules, "xlsxwriter", None)
            return no_sheets("填报.xlsx")
    if words[:2] == ["perfdsl", "report"]:
        return _untold(words, command)
    assert words[:2] == ["perfdsl", "target"]
    text, options = words[2], dict(zip(words[3::2], words[4::2], strict=True))
    named = {key.removeprefix("--"): value for key, value in options.items()}
    _, doubts = read_target(text, **named)
    source = Source("", text)
    return [Diagnostic(KINDS[d.code], Span(d.start, d.end, source), d.facts) for d in doubts]


def _sentence(text: str, options: dict[str, str]) -> list[Diagnostic]:
    """``perfdsl sentence TEXT --points N --target S --name S``: the same reading, as findings."""
    name, cell = options.get("--name", ""), options.get("--target", "")
    points = Fraction(options["--points"]) if "--points" in options else None
    reading = read_sentence(text, points, read_target(cell, name=name)[0] if cell else None, name=name)
    source = Source("", text)
    return [Diagnostic(SENTENCES[f.code], Span(f.start, f.end, source), f.facts) for f in reading.findings]


def _untold(words: list[str], command: str) -> list[Diagnostic]:
    """``perfdsl report FILE -o REPORT``: what keeps the report in prose from being written, or what it does without."""
    name = words[words.index("-o") + 1]
    fonts = [tuple(words[n + 1].split("=")) for n, word in enumerate(words) if word == "--font"]
    member = next(member for member in publish.members() if name.endswith(member.SUFFIX))
    with pytest.MonkeyPatch.context() as patch:
        for mark, library in (("（没有安装组件）", "docx"), ("（没有安装画图的组件）", "typst")):
            if mark in command:
                patch.setitem(sys.modules, library, None)
        return publish.lacking(member, name, publish.Look({publish.PLACES[place]: font for place, font in fonts}))


def _unwritten(command: str) -> list[Diagnostic]:
    """``perfdsl score FILE -o REPORT``, ``perfdsl export FILE -o TABLE``: what must be installed before it is written."""
    name = command.split(" -o ")[1].split()[0]
    with pytest.MonkeyPatch.context() as patch:
        for library in ("jinja2", "docx") if "（没有安装组件）" in command else ():
            patch.setitem(sys.modules, library, None)
        if "perfdsl export" in command:
            return no_writer(next(member for member in writers() if name.endswith(member.SUFFIX)), name)
        return lacking(next(member for member in members() if name.endswith(member.SUFFIX)), name)
