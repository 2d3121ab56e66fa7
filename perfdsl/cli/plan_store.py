"""Plans of many files: a folder of .perf files, compiled plans (.json, .jsonl), or a store of them (.parquet)."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from perfdsl.cli.files import Unreadable, read_bytes, why
from perfdsl.cli.main import say
from perfdsl.cli.score import NoObject, NoPlan, read_plans
from perfdsl.cli.settings import SettingsFiles
from perfdsl.cli.writing import growing
from perfdsl.diagnostics import ERROR, Diagnostic, Kind, finding, shorten
from perfdsl.keywords import PERIOD_NAMES
from perfdsl.plan import Plan
from perfdsl.text import Source, Span

if TYPE_CHECKING:
    from perfdsl.mixed import Store

STORE = ".parquet"
RULES = (".perf", ".json", ".jsonl")
TOLD = 1000  # files between two words of progress


class Plans:
    """The plans of files in their order; ``found`` grows while they are followed, files with errors give none.

    Of a folder, rules that only other rules use give none either.
    """

    def __init__(self, given: Sequence[str]) -> None:
        self.paths = [path for name in given for path in _paths(name)]
        self.named = frozenset(given)
        self.found: list[Diagnostic] = []
        self.left_out: list[str] = []

    def __iter__(self) -> Iterator[Plan]:
        files = SettingsFiles()
        for number, path in enumerate(self.paths, 1):
            try:
                yield from self._lines(path) if path.endswith(".jsonl") else self._of_file(path, files)
            except NoObject:
                if path in self.named:
                    raise
            except NoPlan as wrong:
                self._left(path, wrong)
            if number % TOLD == 0:
                click.echo(say(f"已编译 {number} 个文件", f"{number} files compiled"), err=True)
        self.found += files.found

    def _of_file(self, path: str, files: SettingsFiles) -> Sequence[Plan]:
        made, found = read_plans(path, files.of(path))
        self.found += [d for d in found if d.severity == ERROR]
        if made is None:
            self.left_out.append(path)
        return made or ()

    def _lines(self, path: str) -> Iterator[Plan]:
        """A plan a line."""
        from perfdsl.plan_json import BadPlan, loads

        for number, line in enumerate(read_bytes(path).decode("utf-8-sig", "replace").splitlines(), 1):
            if not line.strip():
                continue
            try:
                yield from loads(line)
            except BadPlan as wrong:
                self._left(path, NoPlan(path, number, str(wrong)))

    def _left(self, path: str, wrong: NoPlan) -> None:
        """One of very many stops no other; one that was named is what is asked for."""
        if path in self.named:
            raise wrong from None
        place = Span(0, 0, Source(path, "", above=max(wrong.line - 1, 0)))
        self.found.append(finding(BROKEN_PLAN, place, name=path, why=wrong.why))
        self.left_out.append(path)


def are_many(rules: Sequence[str]) -> bool:
    """Do these rules stand for projects with rules of their own?"""
    return len(rules) > 1 or any(os.path.isdir(x) or x.endswith((STORE, ".jsonl")) for x in rules)


def write_store(given: Sequence[str], output: str, period: str) -> tuple["Store", Plans, list[str]]:
    """Compile everything into a store; what was left out, and the objects that had a second plan."""
    from perfdsl.mixed import Builder, written

    plans = Plans(given)
    builder = Builder(period)
    builder.store.parts = builder.tables(plans)
    with growing(output) as path, open(path, "wb") as file:
        written(builder.store, file)
    return builder.store, plans, builder.twice


def store_of(given: Sequence[str], period: str, apart: str = "") -> "tuple[Store, list[Diagnostic], list[str]]":
    """A store that was written before, or one made now: with errors of rules, and objects that had a second plan.

    With a reason ``apart`` every plan is kept whole, to be scored by the exact engine; a store written before has them no longer.
    """
    from perfdsl.mixed import Builder, opened

    stores = [x for x in given if x.endswith(STORE)]
    if stores and len(given) > 1:
        name = shorten(stores[0])
        raise Unreadable(say(f"规则库“{name}”要单独给；别的规则和它一起编译成一个：perfdsl compile 文件夹 -o 规则库.parquet",
                             f"the store “{name}” is given alone; compile other rules with its own into one"))  # fmt: skip
    if stores:
        name = shorten(given[0])
        try:
            with open(given[0], "rb"):
                pass
        except (ValueError, OSError) as wrong:
            zh, en = why(wrong)
            raise Unreadable(say(f"读不了“{name}”：{zh}", f"cannot read “{name}”: {en}")) from None
        try:
            store = opened(given[0])
        except (ValueError, OSError) as wrong:
            own = shorten(" ".join(str(wrong).split()), 120)
            raise Unreadable(say(f"“{name}”不是规则库，或已经损坏；规则库由 perfdsl compile 文件夹 -o 规则库.parquet 写成（原话：{own}）",
                                 f"“{name}” is no store of plans (as perfdsl compile FOLDER -o x.parquet writes): {own}")) from None  # fmt: skip
        if store.period != period:
            ours, theirs = PERIOD_NAMES[period], PERIOD_NAMES[store.period]
            raise Unreadable(
                say(
                    f"“{name}”是按{theirs}编译的，不能用来评{ours}；另编一个：perfdsl compile … --period {period}",
                    f"“{name}” was compiled for {store.period}, not {period}",
                )
            )
        if apart and store.shapes:
            raise Unreadable(
                say(
                    f"规则库“{name}”里的规则已经拆开，精确引擎要原来的：请给规则文件夹",
                    f"the rules in “{name}” are taken apart; the exact engine needs them whole: give the folder of rules",
                )
            )
        return store, [], []
    plans = Plans(given)
    builder = Builder(period, apart=apart)
    builder.store.parts = list(builder.tables(plans))
    return builder.store, plans.found, builder.twice


def _paths(name: str) -> Iterator[str]:
    if not os.path.isdir(name):
        yield name
        return
    inside = sorted(str(x) for x in Path(name).rglob("*") if x.suffix in RULES and x.is_file())
    if not inside:
        raise Unreadable(say(f"文件夹“{shorten(name)}”里没有规则", f"there are no rules in “{shorten(name)}”"))
    yield from inside


BROKEN_PLAN = Kind(
    "B119", ERROR, "“{name}”里有不是可用的评价方案的（{why}）", "there is what is no usable plan in “{name}”: {why}",
    "重新编译这一份；别的照常评", "compile this one again; the others are scored",
)  # fmt: skip
