"""``perfdsl explain``: the long text of a code, a rubric, a common indicator, a ruleset."""

import re

import click

from perfdsl import model as m
from perfdsl import syntax as s
from perfdsl.cli.files import Library, Unreadable
from perfdsl.cli.main import Command, lang_option, language, say
from perfdsl.diagnostics import closest
from perfdsl.format import format_file
from perfdsl.resources import data_dir
from perfdsl.width import pad


@click.command(cls=Command, name="explain", help=say(
    "解释一个检查代码（如 V101）、一个计分方法、共性指标、等级量表或规则集。",
    "Explain a code (such as V101), a rubric, a common indicator, a scale or a ruleset.",
))  # fmt: skip
@click.argument("name", metavar="CODE|NAME")
@lang_option
def command(name: str) -> None:
    """Print the page of a code, or the text of what the library calls so."""
    page = _page(name.upper())
    if page is not None:
        click.echo(page)
        return
    named = _library()
    found = [text for key, text in named if key == name]
    if not found:
        near = closest(name, [*(key for key, _ in named), *codes()])
        hint = say(f"；是不是“{near}”？", f"; did you mean “{near}”?") if near else ""
        raise Unreadable(
            say(
                f"没有叫“{name}”的代码、计分方法、指标或规则集{hint}",
                f"no code, rubric, indicator or ruleset “{name}”{hint}",
            )
        )
    click.echo("\n\n".join(found))


def codes() -> list[str]:
    """Every code that has a page."""
    return sorted(p.stem for p in (data_dir("docs") / "diagnostics").glob("[A-Z][0-9]*.md"))


def _page(code: str) -> str | None:
    """The half of the page in the language of this run."""
    path = data_dir("docs") / "diagnostics" / f"{code}.md"
    if not re.fullmatch(r"[A-Z]\d+", code) or not path.is_file():
        return None
    text = path.read_text(encoding="utf-8").strip()
    zh, _, en = text.partition("\n## English\n")
    return en.strip() if language() == "en" and en else zh.strip()


def _library() -> list[tuple[str, str]]:
    """(name, text) of every ruleset, rubric, indicator, scale and grades of the library."""
    from perfdsl.pipeline import understand

    library = Library([])
    found: list[tuple[str, str]] = []
    for name in library.library_names():
        source = library.library(name)
        if source is None:
            continue
        model = understand(source, library).model
        own = [item for item in model.named if item.ruleset == name]
        head = "\n".join(f"  {item.kind} {item.name}" for item in own)
        found.append((name, say(f"规则集 {name}\n{head}", f"ruleset {name}\n{head}")))
        found.extend((item.name, _dedented(item.text, item.ruleset)) for item in own if item.kind != "indicator")
        found.extend((item.name, _indicator(item)) for item in model.definitions if item.ruleset == name)
    return found


def _indicator(item: m.Definition) -> str:
    """Everything a library says of an indicator, and the line that brings it into a file."""
    inputs = say("、", ", ").join(f"{name}（{unit}）" if unit else name for name, unit in item.inputs)
    kinds = {"higher": ("越高越好", "higher is better"), "lower": ("越低越好", "lower is better"),
             "exact": ("等于为好", "best when exactly met"), "flow": ("累计量", "accumulates over the year"),
             "stock": ("时点量", "a level at a point in time")}  # fmt: skip
    rows = [
        (say("算式", "formula"), item.formula_text or say("（直接填完成值）", "(the actual is typed in)")),
        (say("就是", "in words"), say(item.words_zh, item.words_en)),
        (say("输入项", "inputs"), inputs),
        (say("计量单位", "unit"), item.unit_text),
        (say("方向", "direction"), say(*kinds[item.direction]) if item.direction else ""),
        (say("性质", "kind"), say(*kinds[item.nature]) if item.nature else ""),
        *((_REMARKS[remark.kind][language() == "en"], remark.text) for remark in item.remarks),
        (say("出自规则集", "ruleset"), item.ruleset),
        (say("引用", "to use it"), _use(item.ruleset, item.name)),
    ]
    head = say(f"指标 {item.name}", f"indicator {item.name}")
    return "\n".join([head, *(f"  {pad(word, 10)}  {text}" for word, text in rows if text)])


def _use(ruleset: str, name: str = "") -> str:
    """The line that brings in a ruleset, or one of its indicators, as ``fmt`` would print it."""
    picks = (s.Pick(s.Ident(name)),) if name else ()
    try:
        made = format_file(s.File((s.Use(s.Ident(ruleset), False, picks),)))
    except ValueError:  # a name that only stands in quotes
        made = format_file(s.File((s.Use(s.Ident(ruleset), True, picks),)))
    return made.strip()


_REMARKS = {"note": ("指标说明", "note"), "basis": ("依据", "basis"), "source": ("数据来源", "source")}


def _dedented(text: str, ruleset: str) -> str:
    lines = text.split("\n")
    margin = min((len(x) - len(x.lstrip()) for x in lines[1:] if x.strip()), default=0)
    body = "\n".join([lines[0], *(x[margin:] for x in lines[1:])])
    return f"{body}\n\n" + say(f"出自规则集 {ruleset}（{_use(ruleset)}）", f"from ruleset {ruleset} ({_use(ruleset)})")
