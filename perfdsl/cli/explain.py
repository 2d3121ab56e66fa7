"""``perfdsl explain``: the long text of a code, a rubric, a ruleset."""

import re

import click

from perfdsl.cli.files import Library, Unreadable
from perfdsl.cli.main import Command, lang_option, language, say
from perfdsl.diagnostics import closest
from perfdsl.resources import data_dir


@click.command(cls=Command, name="explain", help=say(
    "解释一个检查代码（如 V101）、一个计分方法、等级量表或规则集。",
    "Explain a code (such as V101), a rubric, a scale or a ruleset.",
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
        near = closest(name, [*codes(), *(key for key, _ in named)])
        hint = say(f"；是不是“{near}”？", f"; did you mean “{near}”?") if near else ""
        raise Unreadable(
            say(f"没有叫“{name}”的代码、计分方法或规则集{hint}", f"no code, rubric or ruleset “{name}”{hint}")
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
    """(name, text) of every ruleset, rubric, scale and grades of the library."""
    from perfdsl.pipeline import understand

    library = Library([])
    found: list[tuple[str, str]] = []
    for name in library.library_names():
        source = library.library(name)
        if source is None:
            continue
        named = understand(source, library).model.named
        own = [item for item in named if item.ruleset == name]
        head = "\n".join(f"  {item.kind} {item.name}" for item in own)
        found.append((name, say(f"规则集 {name}\n{head}", f"ruleset {name}\n{head}")))
        found.extend((item.name, _dedented(item.text, item.ruleset)) for item in own)
    return found


def _dedented(text: str, ruleset: str) -> str:
    lines = text.split("\n")
    margin = min((len(x) - len(x.lstrip()) for x in lines[1:] if x.strip()), default=0)
    body = "\n".join([lines[0], *(x[margin:] for x in lines[1:])])
    written = (
        ruleset if re.fullmatch(r"[\w·、《》]+", ruleset) else f'"{ruleset}"'
    )  # what is no plain name stands in quotes
    return f"{body}\n\n" + say(f"出自规则集 {ruleset}（use {written}）", f"from ruleset {ruleset} (use {written})")
