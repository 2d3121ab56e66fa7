"""``docs/diagnostics.md`` and its English sister: every code by family, with what it means in one line."""

import importlib
import pkgutil
from collections.abc import Iterator

import perfdsl
from perfdsl.diagnostics import Kind
from perfdsl.resources import data_dir
from sitegen import lints

FAMILIES = {
    "P": ("书写", "文件写得读不通：符号、引号、括号、词的位置", "Form: what cannot be read"),
    "T": ("指标值", "指标值单元格读不准的地方", "Target cells"),
    "R": ("意思", "名称、单位、分值、资金、引用", "Meaning: names, units, points, funds"),
    "V": ("证明", "计分方法的漏洞，附反例", "Proofs: what a scoring rule leaves open, with a counterexample"),
    "L": ("表格", "财政、审计部门常指出的毛病", "What finance and audit bureaus complain about"),
    "C": ("设置", "perfdsl.toml 里写得不对的地方", "Settings: what is wrong in perfdsl.toml"),
    "D": ("数据表", "完成值的文件读不出或读不准", "Tables of data"),
    "F": ("表样和文字报告", "表样文件写得不对，表里放不下，或者文字报告写不出来", "Forms and reports in prose"),
    "A": ("完成值", "完成值与规则对不上", "Actual values against the rules"),
    "I": ("导入", "官方文件和评分标准的句子读不准的地方", "Import: official documents, and sentences of rubrics"),
    "E": ("打分", "打分时发生的事", "Scoring"),
    "B": ("批量", "批量打分、引擎和 SQL 语句", "Many objects at once: engines and SQL statements"),
    "M": ("监控", "监控时发生的事，预警灯的写法", "Monitoring: what it finds, and how lights are written"),
}  # fmt: skip
SEVERITY = {"error": ("错误", "error"), "warning": ("警告", "warning"), "info": ("说明", "info")}


def pages() -> Iterator[tuple[str, str]]:
    """Path below ``docs/`` and text of both pages."""
    known = kinds()
    written = {path.stem: path.read_text(encoding="utf-8") for path in (data_dir("docs") / "diagnostics").glob("*.md")}
    written = {code: text for code, text in written.items() if code[0] != "L"}
    written |= {path.removeprefix("diagnostics/").removesuffix(".md"): text for path, text in lints.pages()}
    yield "diagnostics.md", "\n".join(_chinese(known, written)) + "\n"
    yield "en/diagnostics.md", "\n".join(_english(known, written)) + "\n"


def kinds() -> dict[str, Kind]:
    """Every kind of finding that the package declares, by code, in order."""
    found: dict[str, Kind] = {}
    for info in pkgutil.walk_packages(perfdsl.__path__, "perfdsl."):
        if info.name.endswith("__main__"):
            continue
        for value in vars(importlib.import_module(info.name)).values():
            several = value.values() if isinstance(value, dict) else value if type(value) in (list, tuple) else (value,)
            found.update((kind.code, kind) for kind in several if isinstance(kind, Kind))
    return dict(sorted(found.items()))


def families(codes: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Family letters that have codes, in the order of the stages."""
    order = [*FAMILIES, *sorted({code[0] for code in codes} - set(FAMILIES))]
    for letter in order:
        own = [code for code in codes if code[0] == letter]
        if own:
            yield letter, own


def _chinese(known: dict[str, Kind], written: dict[str, str]) -> Iterator[str]:
    yield from ("# 检查代码", "", "<!-- 由 python -m sitegen 生成，不要手改 -->", "")
    yield f"检查和打分时每句话前面都有一个代码，共 {len(written)} 个。每个代码一页：什么意思、一个出错的例子、改好的例子、怎么改。"
    yield "在命令行里看：`perfdsl explain V101`。"
    for letter, codes in families(sorted(written)):
        title, what, _ = FAMILIES.get(letter, ("其他", "", ""))
        yield from ("", f"## {letter}：{title}", "", what, "", "| 代码 | 程度 | 意思 |", "|---|---|---|")
        for code in codes:
            yield f"| [{code}](diagnostics/{code}.md) | {_severity(known, code, 0)} | {_cell(title_of(written[code]))} |"


def _english(known: dict[str, Kind], written: dict[str, str]) -> Iterator[str]:
    yield from ("# Diagnostic codes", "", "<!-- made by python -m sitegen, do not edit -->", "")
    yield f"All {len(written)} codes. A page ends with its English part; `perfdsl explain V101 --lang en` prints it. Codes are never reused."
    for letter, codes in families(sorted(written)):
        _, _, what = FAMILIES.get(letter, ("", "", "Others"))
        yield from ("", f"## {letter}: {what}", "", "| code | severity | meaning |", "|---|---|---|")
        for code in codes:
            english = written[code].partition("\n## English\n")[2].strip().split("\n\n")[0].replace("\n", " ")
            yield f"| [{code}](../diagnostics/{code}.md) | {_severity(known, code, 1)} | {_cell(english)} |"


def title_of(page: str) -> str:
    """The title of a page without its code."""
    return page.split("\n", 1)[0].removeprefix("# ").partition(" ")[2]


def _severity(known: dict[str, Kind], code: str, language: int) -> str:
    return SEVERITY[known[code].severity][language] if code in known else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
