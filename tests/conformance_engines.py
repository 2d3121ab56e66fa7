"""The conformance suite asked of every engine: which objects it scored itself, left to the exact engine, or refused.

``make conformance`` writes the table of docs/conformance.md anew; a column whose engine is not on this machine stays as it is.
"""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from conformance_cases import FOLDER, FORMAT, VERSION, expected
from conformance_cases import main as write_cases
from differential import engines
from differential_engines import Answer, Batch, scored_batch
from differential_values import One
from sql_hosts import Duck, Sqlite
from test_sql import DIGITS, NoColumnHolds, assert_statement_scores, held, row_of

from perfdsl.actuals import Entry, Observed
from perfdsl.core import Value
from perfdsl.integers import NotCovered
from perfdsl.plan_json import loads
from perfdsl.sql import Wanted, to_table

PAGE = Path(__file__).parents[1] / "docs" / "conformance.md"
BEGIN, END = "<!-- 由 make conformance 写出 -->", "<!-- 到此 -->"
QUICK = frozenset(
    {"embedded", "duckdb", "plain", "polars", "many", "scorer", "table", "mixed", "sqlite", "postgres", "mysql"}
)
Ask = Callable[[Batch], Answer]


class Written(NamedTuple):
    """A case as its JSON file has it: all another engine gets."""

    topic: str
    name: str
    batch: Batch
    wanted: list[dict[str, Any]]


# ---- from JSON


def number(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def value(data: dict[str, Any]) -> Value:
    """A constant as it stands in a plan or an observation."""
    ((kind, held_value),) = data.items()
    match kind:
        case "num":
            return Fraction(held_value)
        case "text":
            return str(held_value)
        case "bool":
            return bool(held_value)
    return None


def observed(data: dict[str, Any]) -> Observed:
    """What a case says was observed."""
    entries = {
        path: tuple(
            Entry(
                value=value(x["value"]), text=x.get("text", ""), applies=x.get("applies", True), none_happened=x.get("none_happened", False),
                mark=number(x.get("mark")), override=number(x.get("override")), weight=number(x.get("weight")), item=x.get("item", ""),
                times=x.get("times", 1), prior=value(x["prior"]) if "prior" in x else None,
            )
            for x in found
        )
        for path, found in data["entries"].items()
    }  # fmt: skip
    return Observed(
        entries, {k: value(v) for k, v in data["inputs"].items()}, {k: Fraction(v) for k, v in data["spent"].items()}
    )


def rows_of(data: Sequence[dict[str, Any]]) -> list[Any]:
    known = {"unit", "mark", "override", "item", "times", "prior", "explanation"}
    made = []
    for row in data:
        more: dict[str, object] = {k: v for k, v in row.items() if k in known}
        extras = tuple((k, v) for k, v in row.items() if k not in known and k not in ("name", "value"))
        made.append((row["name"], row["value"], more | ({"extras": extras} if extras else {})))
    return made


def written() -> list[Written]:
    """Every case of the folder."""
    return [case_of(path) for path in sorted(FOLDER.glob("*/*.json"))]


def case_of(path: Path) -> Written:
    """One case, with nothing but what its file holds."""
    data = json.loads(path.read_text("utf-8"))
    assert (data["format"], data["version"]) == (FORMAT, VERSION)
    (plan,) = loads(json.dumps(data["plan"]))
    ones = [One(rows_of(x["rows"]), observed(x["observed"])) for x in data["objects"]]
    as_of = date.fromisoformat(data["as_of"]) if data["as_of"] else None
    return Written(
        path.parent.name,
        data["name"],
        scored_batch(plan, ones, data["period"], as_of),
        [x["expected"] for x in data["objects"]],
    )


# ---- engines


@contextmanager
def askers(names: frozenset[str] | None = None) -> Iterator[dict[str, Ask]]:
    """All engines by their names in the table, and the statements that people run."""
    with engines(None if names is None else set(names)) as found, ExitStack() as _:
        hosts: dict[str, Any] = {"duckdb": Duck(), "sqlite": Sqlite()}
        for name in ("postgres", "mysql"):
            if name in found:
                hosts[name] = found[name].engine.host  # type: ignore[attr-defined]
        yield dict(found) | {f"SQL {name}": Statement(host) for name, host in hosts.items()}


class Statement:
    """``perfdsl compile --sql`` over a table as people have it."""

    def __init__(self, host: Any) -> None:
        self.host = host

    def __call__(self, batch: Batch) -> Answer:
        count = len(batch.ones)
        seen = [x.seen for x in batch.ones]
        wanted = Wanted(
            period=batch.period,
            as_of=batch.as_of,
            digits=DIGITS.get(self.host.dialect, 14),
            also=frozenset({"不适用", "复核分"}),
        )
        if batch.plan.comparisons:
            return Answer(0, 0, handed=count)
        try:
            _, table = to_table(batch.plan, wanted)
        except NotCovered:
            return Answer(0, 0, handed=count)
        scored = 0
        for values in held(batch.plan, seen, batch.period):
            try:
                scored += not row_of(table.fields, values)[1]
            except NoColumnHolds:
                continue
        try:
            assert_statement_scores(batch.plan, seen, self.host, wanted)
        except NotCovered:
            return Answer(0, 0, refused=count)
        except AssertionError as difference:
            return Answer(count, 0, ((("statement", ""), -1, str(difference)),))
        return Answer(scored, 0, refused=count - scored)


class Count(NamedTuple):
    """Objects of a topic: scored and equal, left to the exact engine, refused."""

    passed: int = 0
    exact: int = 0
    refused: int = 0

    def __str__(self) -> str:
        more = [f"{n} {word}" for n, word in ((self.exact, "转交"), (self.refused, "拒绝")) if n]
        return "、".join([str(self.passed), *more])


def asked(cases: Sequence[Written], asks: dict[str, Ask]) -> tuple[dict[str, dict[str, Count]], list[str]]:
    """For each engine and topic what became of the objects, and every difference."""
    table: dict[str, dict[str, Count]] = {"exact": {}} | {name: {} for name in asks}
    wrong: list[str] = []
    for case in cases:
        count = len(case.batch.ones)
        found = [expected(x) for x in case.batch.cards]
        wrong += [f"exact: {case.name}, object {i}" for i in range(count) if found[i] != case.wanted[i]]
        added(table["exact"], case.topic, Count(count))
        for name, ask in asks.items():
            answer = ask(case.batch)
            wrong += [f"{name}: {case.name}, {key}, object {i}: {said}" for key, i, said in answer.wrong]
            refused = answer.refused
            added(table[name], case.topic, Count(answer.rows, count - answer.rows - refused, refused))
    return table, wrong


def added(of: dict[str, Count], topic: str, more: Count) -> None:
    """A topic's counts with those of one more case."""
    for key in (topic, ""):
        old = of.get(key, Count())
        of[key] = Count(*(a + b for a, b in zip(old, more, strict=True)))


# ---- the page


def cells_on(page: str) -> dict[str, dict[str, str]]:
    """The table as the page has it: by engine, then by topic."""
    lines = page.split(BEGIN)[1].split(END)[0].strip().splitlines()
    if len(lines) < 2:
        return {}
    heads = [x.strip() for x in lines[0].strip("| ").split("|")]
    made: dict[str, dict[str, str]] = {name: {} for name in heads[1:]}
    for line in lines[2:]:
        topic, *cells = (x.strip() for x in line.strip("| ").split("|"))
        for name, cell in zip(heads[1:], cells, strict=True):
            made[name]["" if topic == "合计" else topic] = cell
    return made


def page_with(page: str, table: dict[str, dict[str, str]]) -> str:
    """The page with that table."""
    names = [
        x for x in ("exact", "many", "embedded", "duckdb", "polars", "plain", "scorer", "table", "mixed") if x in table
    ]
    names += sorted(set(table) - set(names))
    topics = [*sorted(x for x in table["exact"] if x), ""]
    lines = [f"| 题目 | {' | '.join(names)} |", f"|---|{'---|' * len(names)}"]
    lines += [
        f"| {topic or '合计'} | {' | '.join(table[name].get(topic, '—') for name in names)} |" for topic in topics
    ]
    before, _, rest = page.partition(BEGIN)
    return before + BEGIN + "\n\n" + "\n".join(lines) + "\n\n" + END + rest.partition(END)[2]


def main() -> int:
    """Cases, then the table; ends with 1 where an engine differs."""
    failed = write_cases()
    with askers() as asks:
        table, wrong = asked(written(), asks)
    print(*wrong, sep="\n", file=sys.stderr)
    page = PAGE.read_text("utf-8")
    shown = cells_on(page) | {name: {topic: str(x) for topic, x in found.items()} for name, found in table.items()}
    PAGE.write_text(page_with(page, shown), encoding="utf-8")
    return 1 if failed or wrong else 0


if __name__ == "__main__":
    sys.exit(main())
