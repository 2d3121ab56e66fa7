"""Rows of one object that mean the same thing, read together by ``observe``: once for the same texts."""

from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from perfdsl import plan as p
from perfdsl.actuals import Row
from perfdsl.batch.cells import Reject
from perfdsl.diagnostics import Diagnostic
from perfdsl.evaluate import REFUSED, Engine, field_of
from perfdsl.gridded import ABSENT, Held, results
from perfdsl.integers import units_of
from perfdsl.observe import is_lost, observe
from perfdsl.text import Source, Span

UNIT = "unit"
EXTRA = "extra:"  # before the heading of a further column, such as the weight of each of several units
MOST_ASKED = 1 << 17
Line = tuple[
    int, dict[str, str], Mapping[str, str]
]  # a row: its number, its texts by field, the headings of the fields
Answer = tuple[dict[str, Held], list[Diagnostic]]


@attrs.define(eq=False)
class Rows:
    """``apart`` are the indicators whose rows always come together; answers are kept from part to part."""

    plan: p.Plan
    period: str
    apart: frozenset[str]
    asked: dict[tuple[str, tuple[tuple[str, ...], ...]], Answer] = attrs.Factory(dict)

    def known(self, key: str, lines: "list[Line]") -> Answer:
        """Rows of texts as they were read before, or now."""
        asked = (key, tuple(tuple(f"{k}={v}" for k, v in x.items()) for _, x, _ in lines))
        found = self.asked.get(asked)
        if found is None:
            kind, _, path = key.partition(":")
            rows = [x for _, x, _ in lines]
            found = self.ask(path, rows) if kind == "value" and path in self.apart else self.seen(key, rows)
            if len(self.asked) < MOST_ASKED:
                self.asked[asked] = found
        return found

    def seen(self, key: str, rows: list[dict[str, str]]) -> Answer:
        """One object's rows of one column, by field."""
        made = [self.row({"value": "", UNIT: "", **x}, i) for i, x in enumerate(rows)]
        seen, found = observe(self.plan, made, self.period)
        kind, _, path = key.partition(":")
        several = seen.entries.get(path, ()) if kind == "value" else ()
        first = next(iter(several), None)
        value: Held = first.value if first is not None else None
        if kind != "value":
            value = seen.inputs.get(path) if kind == "input" else seen.spent.get(path)
        values: dict[str, Held] = {
            "value": ABSENT if first is not None and not first.applies else value,
            "mark": first.mark if first is not None else None,
            "override": first.override if first is not None else None,
            "prior": first.prior if first is not None else None,
        }
        return values, [d for d in found if is_lost(d)]

    def ask(self, path: str, rows: list[dict[str, str]]) -> Answer:
        """One object's rows of an indicator whose rows are read together, by column."""
        row = next(i for i in self.plan.indicators if "/".join(i.path) == path)
        made = [self.row({"value": "", UNIT: "", **x}, i) for i, x in enumerate(rows)]
        seen, found = observe(self.plan, made, self.period)
        engine = Engine(self.plan, seen, self.period, None)
        several = seen.entries.get(path, ())
        absent = bool(several) and not engine_applies(several, row)
        first = next(iter(several), None)
        frame = engine.frame(row)
        values: dict[str, Held] = {
            f"value:{path}": ABSENT if absent else frame.value,
            f"prior:{path}": frame.entry.prior,
        }
        values[f"mark:{path}"] = (
            next((x.mark for x in several if x.mark is not None), None)
            if row.gather
            else (first.mark if first else None)
        )
        values[f"override:{path}"] = next((x.override for x in several if x.override is not None), None)
        if row.scoring is not None and row.scoring.entries is not None:
            units = units_of(engine)
            values |= {
                name: found_values[0] for name, found_values in results(path, [engine.indicator(path)], units).items()
            }
        return values, [*(d for d in found if is_lost(d)), *(d for d in engine.found if d.code in REFUSED)]

    @staticmethod
    def row(fields: dict[str, str], number: int) -> Row:
        """One row of texts by field, further columns among them; its source is called by its number."""
        extras = tuple((k.removeprefix(EXTRA), v) for k, v in fields.items() if k.startswith(EXTRA))
        known = {k: v for k, v in fields.items() if not k.startswith(EXTRA)}
        return Row(span=Span(0, 0, Source(str(number), "")), extras=extras, **known)  # type: ignore[arg-type]


def engine_applies(entries: Sequence[Any], row: p.PlanIndicator) -> bool:
    """Do the entries say that the row applies?"""
    return any(x.applies for x in entries) if row.gather is not None else all(x.applies for x in entries)


def of_lines(found: Sequence[Diagnostic], lines: Sequence[Line]) -> list[tuple[str, Reject]]:
    """What is wrong with rows that are called by their number, with the row each stands in."""
    made = []
    for d in found:
        row, fields, headings = lines[int(d.span.source.name or 0)]
        field = field_of(d)
        column = headings.get(field) or headings.get("value") or fields["name"]
        made.append((column, Reject(row, fields.get(field, ""), d)))
    return made
