"""``python -m sitegen``: write the pages that are made from the grammar, the rulesets and the codes."""

import sys
from collections.abc import Iterator
from pathlib import Path

from sitegen import diagnostics, grammar, lints, menu, rulesets

ROOT = Path(__file__).resolve().parent.parent
MADE = ("grammar/*.svg", "rulesets/*.md", "diagnostics/L*.md")


def pages() -> Iterator[tuple[Path, str]]:
    """Every generated file and what it should say."""
    for path, text in (*lints.pages(), *diagnostics.pages(), *rulesets.pages(), *grammar.pages()):
        yield ROOT / "docs" / path, text
    config = ROOT / "zensical.toml"
    yield config, menu.filled(config.read_text(encoding="utf-8"), ROOT / "docs", rulesets.names())


def stale() -> list[str]:
    """Files that are not as they should be, or that nothing makes any more."""
    made = dict(pages())
    extra = {path for pattern in MADE for path in (ROOT / "docs").glob(pattern)} - set(made)
    wrong = {path for path, text in made.items() if not path.is_file() or path.read_text(encoding="utf-8") != text}
    return sorted(path.relative_to(ROOT).as_posix() for path in wrong | extra)


def main() -> None:
    """Write what is stale, remove what is left over, say which."""
    made = {path.relative_to(ROOT).as_posix(): text for path, text in pages()}
    for name in stale():
        path = ROOT / name
        if name in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(made[name], encoding="utf-8")
        else:
            path.unlink()
        sys.stdout.write(f"{name}\n")


if __name__ == "__main__":
    main()
