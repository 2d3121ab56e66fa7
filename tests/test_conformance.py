"""The conformance suite: its files are what the exact engine says, every engine agrees, and the page tells the truth."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from conformance_cases import FOLDER, read, sources, text_of, unlike, whole
from conformance_engines import PAGE, QUICK, Ask, asked, askers, cells_on, written
from differential_engines import Programs, compared
from referencing import Registry, Resource

from perfdsl.engines import Compiled, plain
from perfdsl.grid import Grid, Scores
from perfdsl.program import Program

DOCS = PAGE.parent
CASES = sources()


@pytest.fixture(scope="module")
def asks() -> Iterator[dict[str, Ask]]:
    with askers(QUICK - {"postgres", "mysql"}) as found:
        yield found


@pytest.mark.parametrize("path", CASES, ids=lambda x: f"{x.parent.name}/{x.stem}")
def test_a_case_is_what_the_exact_engine_says_and_what_was_worked_out_by_hand(path: Path, update: bool) -> None:
    case = read(path)
    made = text_of(whole(case))
    target = path.with_suffix(".json")
    if update:
        target.write_text(made, encoding="utf-8")
    assert target.read_text("utf-8") == made
    assert any(one.hand for one in case.objects)


def test_every_file_of_the_suite_belongs_to_a_case() -> None:
    assert sorted(FOLDER.glob("*/*.json")) == [x.with_suffix(".json") for x in CASES]
    assert all(x.suffix in (".json", ".toml") for x in FOLDER.glob("*/*"))


def validator() -> Any:
    schemas = {x: json.loads((DOCS / x).read_text("utf-8")) for x in ("conformance.schema.json", "plan.schema.json")}
    registry: Any = Registry().with_resources([(name, Resource.from_contents(x)) for name, x in schemas.items()])
    return jsonschema.Draft202012Validator(schemas["conformance.schema.json"], registry=registry)


def test_every_case_has_the_published_shape() -> None:
    checked = validator()
    for path in FOLDER.glob("*/*.json"):
        checked.validate(json.loads(path.read_text("utf-8")))


def test_a_case_of_another_shape_is_refused() -> None:
    case = json.loads(next(iter(FOLDER.glob("ties/*.json"))).read_text("utf-8"))
    case["objects"][0]["expected"]["total"] = 0.13
    with pytest.raises(jsonschema.ValidationError):
        validator().validate(case)


def test_every_engine_gives_what_is_expected_and_the_page_says_how_much(asks: dict[str, Ask]) -> None:
    table, wrong = asked(written(), asks)
    assert wrong == []
    page = cells_on(PAGE.read_text("utf-8"))
    for name, found in table.items():
        assert page[name] == {topic: str(x) for topic, x in found.items()}, name


def test_a_score_by_hand_that_does_not_agree_is_seen() -> None:
    case = whole(read(FOLDER / "ties" / "half-a-cent.toml"))
    expected = case["objects"][0]["expected"]
    assert unlike({"total": "0.13", "甲 status": "missed"}, expected) == []
    assert unlike({"total": "0.12"}, expected) == ["total is 0.13, by hand 0.12"]
    assert unlike({"甲 case": "1", "甲": "open"}, expected) == ["甲 case is 2, by hand 1", "甲 is 0.13, by hand open"]


class OneOff:
    """An engine that gives one object one unit more."""

    def compiled(self, program: Program) -> Compiled:
        right = plain.compiled(program)

        def score(grid: Grid) -> Scores:
            made = right(grid)
            for row in made.rows.values():
                row.score[-1:] += 1
            return made

        return score


def test_an_engine_that_is_one_unit_off_is_seen() -> None:
    case = next(x for x in written() if x.name == "ties/half-a-cent")
    answer = Programs(OneOff())(case.batch)  # type: ignore[arg-type]
    assert [(key, i) for key, i, _ in answer.wrong] == [(("score", "甲"), len(case.batch.ones) - 1)]


def test_a_cell_that_is_missing_or_of_another_kind_is_a_difference() -> None:
    assert compared({("total", ""): [1]}, {}, 1).wrong
    assert compared({("total", ""): [1]}, {("total", ""): [1.0]}, 1).wrong
    assert compared({("total", ""): [None]}, {("total", ""): [0]}, 1).wrong
    assert not compared({("total", ""): [None, 1]}, {("total", ""): [None, 1]}, 2).wrong
