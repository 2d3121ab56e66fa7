"""Rules and the rulesets they use, as files; what cannot be opened is an ``OSError`` as everywhere in Python."""

from pathlib import Path

from perfdsl.diagnostics import Diagnostic, has_errors
from perfdsl.encoding import decode
from perfdsl.resources import data_dir
from perfdsl.text import Refusal, Source

HERE = "<text>"


def source_of(name: str, data: bytes) -> tuple[Source | None, list[Diagnostic]]:
    """A text in the language and what there is to say about its encoding; no source when it is not text."""
    text, _, found = decode(name, data)
    return (None if has_errors(found) else Source(name, text)), found


class Library:
    """Finds what ``use`` names: rulesets of this installation, and files below the folder of the first one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.read: dict[Path, Source | None] = {}

    def library(self, name: str) -> Source | None:
        """A ruleset of ``rulesets/``."""
        path = data_dir("rulesets") / f"{name}.perf"
        plain = not {"/", "\\"} & set(name) and not name.startswith(".")
        return self._source(path, f"rulesets/{name}.perf") if plain and path.is_file() else None

    def library_names(self) -> list[str]:
        """All rulesets of ``rulesets/``."""
        return sorted(p.stem for p in data_dir("rulesets").glob("*.perf"))

    def local(self, beside: Source, path: str) -> Source | Refusal:
        """A file relative to ``beside``, inside the folder."""
        top = self.folder if beside.name == HERE else Path(beside.name).resolve().parent
        try:
            real = (top / path).resolve()
            if Path(path).is_absolute() or not real.is_relative_to(self.folder):
                return Refusal("outside")
            if not real.is_file():
                return Refusal("absent")
            return self._source(real, str(real)) or Refusal("unreadable", "不是文本")
        except (OSError, ValueError) as wrong:
            return Refusal("unreadable", str(wrong))

    def _source(self, path: Path, shown: str) -> Source | None:
        if path not in self.read:
            self.read[path], _ = source_of(shown, path.read_bytes())
        return self.read[path]
