"""Workbooks: LibreOffice reckons every formula again and finds what the engine found; text stays text; the page fits."""

from pathlib import Path

import openpyxl
import pytest
from sheets import FORMS, ROOT, converted, filled, form, formulas, needs_office, same, scored, values

from perfdsl.writers import xlsx

EXAMPLES = ROOT / "examples"
CASES = [
    *((path, [path.with_name("actuals.csv")]) for path in sorted((EXAMPLES / "profiles").glob("*/规则.perf"))),
    (EXAMPLES / "nanjing-2024" / "热线服务中心.perf", [EXAMPLES / "nanjing-2024" / "actuals.csv"]),
    (EXAMPLES / "incumbent" / "改好.perf", [EXAMPLES / "incumbent" / "改好-虚构.csv"]),
    (EXAMPLES / "jingmen-2024" / "热线运行服务.perf", [EXAMPLES / "jingmen-2024" / "actuals.csv"]),
]


@needs_office
def test_every_formula_of_the_examples_comes_to_what_the_engine_found(tmp_path: Path) -> None:
    """All profiles and examples, in all forms."""
    files = []
    for rules, tables in CASES:
        made = scored(rules, tables)
        for name in FORMS:
            files.append(tmp_path / f"{rules.parent.name}-{name}.xlsx")
            files[-1].write_bytes(xlsx.write([filled(one, name) for one in made]))
    number = 0
    for before, after in zip(files, converted(files, "xlsx", tmp_path), strict=True):
        cached, reckoned = values(before), values(after)
        for place in formulas(before):
            number += 1
            assert same(cached.get(place), reckoned.get(place)), (before.name, place, cached.get(place), reckoned.get(place))
    assert number > 1000
