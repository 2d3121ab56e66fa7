"""The parts of the site's menu that list generated pages, between marks in ``zensical.toml``."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from sitegen.diagnostics import FAMILIES, families, title_of

BEGIN, END = "# begin: {name} (python -m sitegen)", "# end: {name}"


def filled(text: str, docs: Path, rulesets: list[str]) -> str:
    """The configuration with its marked parts made anew."""
    parts = (("rulesets", _rulesets(rulesets)), ("diagnostics", _diagnostics(docs)), ("others", _others(text, docs)))
    for name, lines in parts:
        begin, end = BEGIN.format(name=name), END.format(name=name)
        made = "\n".join([begin, *(f"    {line}" for line in lines), f"    {end}"])
        text, count = re.subn(f"{re.escape(begin)}.*?{re.escape(end)}", lambda _, new=made: new, text, flags=re.S)  # type: ignore[misc]
        if count != 1:
            raise ValueError(f"zensical.toml has {count} parts marked “{name}”")
    return text


def _rulesets(names: list[str]) -> Iterator[str]:
    for name in names:
        yield _entry(name, f"rulesets/{name}.md")


def _diagnostics(docs: Path) -> Iterator[str]:
    codes = sorted(path.stem for path in (docs / "diagnostics").glob("*.md"))
    for letter, own in families(codes):
        title = FAMILIES.get(letter, ("其他", "", ""))[0]
        yield f"{{ {json.dumps(f'{letter} {title}', ensure_ascii=False)} = ["
        for code in own:
            page = f"diagnostics/{code}.md"
            yield "  " + _entry(f"{code} {title_of((docs / page).read_text(encoding='utf-8'))}", page)
        yield "] },"


def _others(text: str, docs: Path) -> Iterator[str]:
    """Pages that nobody has placed elsewhere in the menu."""
    placed = re.sub(r"# begin: .*?# end: ", "", text, flags=re.S)
    for path in sorted(docs.rglob("*.md")):
        page = path.relative_to(docs).as_posix()
        if not page.startswith(("rulesets/", "diagnostics/")) and f'"{page}"' not in placed:
            yield _entry(path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# "), page)


def _entry(title: str, page: str) -> str:
    return f"{{ {json.dumps(title, ensure_ascii=False)} = {json.dumps(page, ensure_ascii=False)} }},"
