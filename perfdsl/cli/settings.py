"""Which settings hold for a file: ``perfdsl.toml``, or ``[tool.perfdsl]`` of a ``pyproject.toml``, beside it or nearest above."""

import os
from pathlib import Path

from perfdsl.cli.files import read_source
from perfdsl.diagnostics import Diagnostic
from perfdsl.settings import STANDARD, Settings

NAMES = ("perfdsl.toml", "pyproject.toml")


class SettingsFiles:
    """Settings by folder, each file read once; ``found`` is what is wrong with those that were read."""

    def __init__(self) -> None:
        self.found: list[Diagnostic] = []
        self.folders: dict[str, Settings] = {}

    def of(self, name: str) -> Settings:
        """The settings for the file ``name``; for standard input those of the folder one stands in."""
        return self._of_folder(os.path.dirname(os.path.abspath(name)) if name != "-" else os.getcwd())

    def _of_folder(self, folder: str) -> Settings:
        if folder not in self.folders:
            own = next((path for path in (os.path.join(folder, name) for name in NAMES) if _is_ours(path)), None)
            parent = os.path.dirname(folder)
            above = self._of_folder(parent) if own is None and parent != folder else STANDARD
            self.folders[folder] = self._read(own) if own is not None else above
        return self.folders[folder]

    def _read(self, path: str) -> Settings:
        from perfdsl.cli.explain import codes  # nearly nobody has a file of settings
        from perfdsl.lints import limits
        from perfdsl.read_settings import read_settings

        shown = os.path.relpath(path)
        source, said = read_source(path if shown.startswith("..") else shown)
        self.found.extend(said)
        if source is None:
            return STANDARD
        settings, found = read_settings(source, frozenset(codes()), frozenset(limits()))
        self.found.extend(found)
        return settings


def _is_ours(path: str) -> bool:
    """Is there such a file, and does a shared one speak of this program?"""
    if not os.path.isfile(path):
        return False
    return path.endswith(NAMES[0]) or b"tool.perfdsl" in Path(path).read_bytes()
