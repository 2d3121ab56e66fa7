"""Workbooks: LibreOffice reckons every formula again and finds what the engine found.

In the gate every form and every example is written once and some hundred worlds of chance are tried; ``make forms-deep`` writes every
example in every form and tries many more (``FORMS_DEEP``).
"""

import os
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from attrs import evolve
from scoring import Library, rows
from sheets import FORMS, ROOT, converted, filled, formulas, needs_office, same, scored, stacked, values

from perfdsl.evaluate import Engine
from perfdsl.form import Form
from perfdsl.lay_out import lay_out
from perfdsl.layout import Layout, Result
from perfdsl.observe import observe
from perfdsl.pipeline import understand
from perfdsl.plan import Plan
from perfdsl.quantity import format_number
from perfdsl.read_form import read_form
from perfdsl.replay import run
from perfdsl.text import Source
from perfdsl.workings import work_out
from perfdsl.writers import xlsx

EXAMPLES = ROOT / "examples"
CASES = [
    *((path, [path.with_name("actuals.csv")]) for path in sorted((EXAMPLES / "profiles").glob("*/规则.perf"))),
    (EXAMPLES / "nanjing-2024" / "热线服务中心.perf", [EXAMPLES / "nanjing-2024" / "actuals.csv"]),
    (EXAMPLES / "incumbent" / "改好.perf", [EXAMPLES / "incumbent" / "改好-虚构.csv"]),
    (EXAMPLES / "jingmen-2024" / "热线运行服务.perf", [EXAMPLES / "jingmen-2024" / "actuals.csv"]),
]
SMALL = """
title = "{对象}"
[[columns]]
show = "一级"
[[columns]]
show = "完成值"
[[columns]]
show = "得分"
[[blocks]]
kind = "指标"
[[blocks]]
kind = "合计"
[[blocks]]
kind = "文字"
text = "总分{总分}，等级{等级}"
"""
DEEP = bool(os.environ.get("FORMS_DEEP"))
ON_A_SHEET = 100  # objects on one sheet: LibreOffice takes long over many sheets


def pairs() -> Iterator[tuple[int, list[str]]]:
    """Which forms each example is written in: three forms for each, or all of them in all."""
    for number in range(len(CASES)):
        yield number, FORMS if DEEP else [FORMS[(number + step) % len(FORMS)] for step in (0, 3, 5)]


@needs_office
def test_every_formula_of_the_examples_comes_to_what_the_engine_found(tmp_path: Path) -> None:
    """All profiles and examples, an example's objects and forms in one workbook."""
    assert {name for _, names in pairs() for name in names} == set(FORMS)
    files = []
    for number, names in pairs():
        made = scored(*CASES[number])
        files.append(tmp_path / f"{number}.xlsx")
        files[-1].write_bytes(xlsx.write([filled(one, name) for one in made for name in names]))
    count = 0
    for before, after in zip(files, converted(files, "xlsx", tmp_path), strict=True):
        cached, reckoned = values(before), values(after)
        for place, formula in formulas(before).items():
            count += 1
            now, then = cached.get(place), reckoned.get(place)
            assert same(now, then), (str(CASES[int(before.stem)][0]), place, formula, now, then)
    assert count > 1000


def reckoned_alike(layouts: list[Layout], folder: Path, about: list[str]) -> int:
    """All formulas of many objects: how many there are; the first that differs is shown with its source."""
    books, firsts = [], {}
    for first in range(0, len(layouts), ON_A_SHEET):
        sheet, starts = stacked(layouts[first : first + ON_A_SHEET])
        books.append(folder / f"{first}.xlsx")
        books[-1].write_bytes(xlsx.write([evolve(sheet, name="表")]))
        firsts[books[-1]] = (first, starts)
    number = 0
    for book, after in zip(books, converted(books, "xlsx", folder), strict=True):
        cached, reckoned, written = values(book), values(after), formulas(book)
        first, starts = firsts[book]
        for place, formula in written.items():
            before, now = cached.get(place), reckoned.get(place)
            if not same(before, now):
                owner = owner_of(place, written, starts)
                raise AssertionError(f"{place} {before!r} {now!r}\n{formula}\n{about[first + owner]}")
        number += len(written)
    return number


def owner_of(place: tuple[str, str], written: dict[tuple[str, str], str], starts: list[int]) -> int:
    """Which object a cell belongs to; a line of the workings to the one whose cells look at it."""
    sheet, cell = place
    if sheet == "表":
        row = int("".join(ch for ch in cell if ch.isdigit())) - 1
        return max(n for n, start in enumerate(starts) if start <= row)
    looking = next(
        (at for at, formula in written.items() if at != place and re.search(rf"{cell}(?!\d)", formula)), ("表", "A1")
    )
    return owner_of(looking, {at: text for at, text in written.items() if at != place}, starts)


@needs_office
def test_the_tests_of_all_rulesets_are_reckoned_alike(tmp_path: Path) -> None:
    """Every method on its edges, its ties and its missing values, as the rulesets try them."""
    layouts, about = [], []
    for path in sorted((ROOT / "rulesets").glob("*.perf")):
        checked = understand(Source(path.name, path.read_text(encoding="utf-8")), Library())
        for test in checked.model.tests:
            for trial in run(test, checked.model, lambda *_: ((), [])).trials:
                result = Result(
                    card=trial.card, observed=trial.engine.observed, workings=work_out(trial.engine, trial.card)
                )
                layouts.append(lay_out(small_form(), trial.engine.plan, result)[0])
                about.append(f"{path.name}: {test.title}")
    assert reckoned_alike(layouts, tmp_path, about) > 2000


AMOUNTS = ["400000000", "98765432.1", "123456789012", "1000000", "12345.67"]
AWARDS = {
    "excess": "points - 0.5 * (excess / 1元)", "actual": "points - 0.5 * ((actual - target) / 1元)",
    "steps": "points - 0.5 * floor(excess / 0.01元)", "share": "points - 50 * (excess / target)",
}  # fmt: skip


@needs_office
def test_half_cents_of_large_amounts_go_up_as_the_engine_says(tmp_path: Path) -> None:
    """Differences of amounts of nine digits lose their last digits in binary fractions; ties must not be lost with them."""
    layouts, about = [], []
    for base in AMOUNTS:
        for award in AWARDS.values():
            rules = f"""project "甲" {{
  total 10
  支出数 full "≤{base}元" points 10 by {{ met -> 100%  otherwise -> max(0, {award}) }}
}}
"""
            plan = scored_plan(rules)
            assert plan is not None, rules
            for over in ("0.01", "0.03", "0.09", "1.11", "0.07", "7.77"):
                observed, _ = observe(
                    plan, rows([("支出数", f"{format_number(Fraction(base) + Fraction(over))}元", {})]), "full"
                )
                engine = Engine(plan, observed, "full", None)
                card = engine.card()
                result = Result(card=card, observed=observed, workings=work_out(engine, card))
                layouts.append(lay_out(small_form(), plan, result)[0])
                about.append(f"{rules}{over}")
    assert reckoned_alike(layouts, tmp_path, about) > 400


def small_form() -> Form:
    """A form of little more than scores: what is tried is the arithmetic."""
    made, found = read_form(Source("小.toml", SMALL), "小")
    assert made is not None, found
    return made


def scored_plan(text: str) -> Plan | None:
    checked = understand(Source("t.perf", text), Library())  # the proofs are not what is tried here
    plans = checked.plans() if checked.usable else ()
    return plans[0] if plans else None
