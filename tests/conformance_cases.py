"""Cases of the conformance suite: written by hand in TOML, made complete by the exact engine in JSON (docs/conformance.md).

``make conformance`` writes the JSON of every case anew; what comes out is to be read as a difference of files.  A case says
in ``why`` how its scores come about, and in ``hand`` those worked out by hand: the exact engine must agree with each.
"""

import json
import sys
import tomllib
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import attrs
from scoring import compiled, rows

from perfdsl.actuals import Entry, Observed
from perfdsl.cohort import Member, evaluate_together
from perfdsl.core import Value
from perfdsl.observe import observe
from perfdsl.plan import Plan
from perfdsl.plan_json import encode
from perfdsl.quantity import format_number
from perfdsl.scorecard import Scorecard

FOLDER = Path(__file__).parent / "conformance"
FORMAT, VERSION = "perfdsl-conformance", 1
COLUMNS = {"unit", "mark", "override", "item", "times", "prior", "explanation"}
PLAIN = Entry(value=None, text="")


class Object(NamedTuple):
    """One object of a case: its rows as a table has them, and what they say."""

    name: str
    rows: list[tuple[str, str, dict[str, object]]]
    seen: Observed
    hand: dict[str, str | bool]


@attrs.frozen(eq=False)
class Case:
    """What a case asks."""

    path: Path
    why: str
    rules: str
    period: str
    as_of: date | None
    plan: Plan
    objects: tuple[Object, ...]

    @property
    def topic(self) -> str:
        return self.path.parent.name

    @property
    def name(self) -> str:
        return f"{self.topic}/{self.path.stem}"

    def cards(self) -> list[Scorecard]:
        """What the exact engine says of its objects, scored together."""
        crowd = [Member(attrs.evolve(self.plan, object=x.name), x.seen) for x in self.objects]
        return [x.card for x in evaluate_together(crowd, self.period, self.as_of)]


def sources() -> list[Path]:
    """Every case, topic by topic."""
    return sorted(FOLDER.glob("*/*.toml"))


def read(path: Path) -> Case:
    """A case as it is written."""
    told = tomllib.loads(path.read_text("utf-8"))
    unknown = told.keys() - {"why", "rules", "period", "as_of", "object"}
    assert not unknown, f"{path}: {unknown}"
    checked = compiled(told["rules"])
    assert checked.usable, (path, [d.message() for d in checked.found])
    (plan,) = checked.plans()
    period = told.get("period", "full")
    objects = []
    for one in told["object"]:
        given = [(name, value, fields(more)) for name, value, *more in one["rows"]]
        objects.append(Object(one["name"], given, observe(plan, rows(given), period)[0], one.get("hand", {})))
    as_of = date.fromisoformat(told["as_of"]) if "as_of" in told else None
    return Case(path, told["why"].strip(), told["rules"], period, as_of, plan, tuple(objects))


def fields(more: Sequence[dict[str, str]]) -> dict[str, object]:
    """Further columns of a row; those the language does not know stand beside."""
    (given,) = more or ({},)
    made: dict[str, object] = {k: v for k, v in given.items() if k in COLUMNS}
    extras = tuple((k, v) for k, v in given.items() if k not in COLUMNS)
    return made | ({"extras": extras} if extras else {})


# ---- what is written


def whole(case: Case) -> dict[str, Any]:
    """A case as other programs read it."""
    cards = case.cards()
    for one, card in zip(case.objects, cards, strict=True):
        wrong = unlike(one.hand, expected(card))
        assert not wrong, f"{case.name}, {one.name}: {'; '.join(wrong)}"
    return {
        "format": FORMAT, "version": VERSION, "name": case.name, "why": case.why, "rules": case.rules, "period": case.period,
        "as_of": case.as_of.isoformat() if case.as_of else None, "plan": encode(case.plan),
        "objects": [
            {"object": one.name, "rows": [said(x) for x in one.rows], "observed": observed(one.seen), "expected": expected(card),
             "by_hand": sorted(one.hand)}
            for one, card in zip(case.objects, cards, strict=True)
        ],
    }  # fmt: skip


def said(row: tuple[str, str, dict[str, object]]) -> dict[str, Any]:
    """A row of a table, without the columns it has nothing in."""
    name, value, more = row
    extras = more.get("extras", ())
    assert isinstance(extras, tuple)
    return {"name": name, "value": value} | {k: v for k, v in more.items() if k != "extras"} | dict(extras)


def observed(seen: Observed) -> dict[str, Any]:
    """What the rows say, in base units."""
    return {
        "entries": {path: [entry_of(x) for x in entries] for path, entries in seen.entries.items()},
        "inputs": {name: value_of(x) for name, x in seen.inputs.items()},
        "spent": {name: format_number(x) for name, x in seen.spent.items()},
    }  # fmt: skip


def entry_of(entry: Entry) -> dict[str, Any]:
    """An entry without what is as it is of an empty one."""
    made: dict[str, Any] = {"value": value_of(entry.value)}
    for name in ("mark", "override", "weight"):
        if getattr(entry, name) is not None:
            made[name] = format_number(getattr(entry, name))
    if entry.prior is not None:
        made["prior"] = value_of(entry.prior)
    for name in ("applies", "none_happened", "item", "times"):
        if getattr(entry, name) != getattr(PLAIN, name):
            made[name] = getattr(entry, name)
    if entry.text:
        made["text"] = entry.text
    return made


def value_of(value: Value) -> dict[str, Any]:
    """A value as a constant of the plan."""
    match value:
        case None:
            return {"undefined": True}
        case bool():
            return {"bool": value}
        case str():
            return {"text": value}
    return {"num": format_number(value)}


def number(value: Fraction | None) -> str | None:
    return None if value is None else format_number(value)


def expected(card: Scorecard) -> dict[str, Any]:
    """Every cell of a scorecard that scores depend on."""
    return {
        "total": number(card.total), "low": format_number(card.low), "high": format_number(card.high), "complete": card.complete, "grade": card.grade,
        "groups": {"/".join(x.path): {"score": number(x.score), "low": format_number(x.low), "high": format_number(x.high)} for x in card.groups},
        "indicators": {
            "/".join(x.path): {"score": number(x.score), "low": format_number(x.low), "high": format_number(x.high), "status": x.status,
                               "case": x.case_number}
            for x in card.indicators
        },
        "awards": {x.name: x.decided for x in card.awards},
    }  # fmt: skip


def unlike(hand: dict[str, str | bool], made: dict[str, Any]) -> list[str]:
    """Where what was worked out by hand is not what was made: ``total``, ``ROW``, ``ROW status``, ``NAME award``; ``open`` is not known."""
    wrong = []
    for key, wanted in hand.items():
        name, _, aspect = key.partition(" ")
        if aspect == "award":
            found = made["awards"][name]
        elif not aspect and key in made:
            found = made[key]
        else:
            found = (made["indicators"].get(name) or made["groups"][name])[aspect or "score"]
            found = str(found) if aspect == "case" else found
        found = "open" if found is None else found
        if found != wanted:
            wrong.append(f"{key} is {found}, by hand {wanted}")
    return wrong


def text_of(case: dict[str, Any]) -> str:
    """The file of a case."""
    return json.dumps(case, ensure_ascii=False, indent=1) + "\n"


def main() -> int:
    """Write all cases anew; cases whose hand-made scores do not agree are named and left as they were."""
    wrong = 0
    kept = set()
    for path in sources():
        target = path.with_suffix(".json")
        kept.add(target)
        try:
            text = text_of(whole(read(path)))
        except AssertionError as said_why:
            print(said_why, file=sys.stderr)
            wrong = 1
            continue
        if not target.is_file() or target.read_text("utf-8") != text:
            target.write_text(text, encoding="utf-8")
            print(target.relative_to(FOLDER))
    for path in set(FOLDER.glob("*/*.json")) - kept:
        path.unlink()
        print(f"{path.relative_to(FOLDER)} is gone")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
