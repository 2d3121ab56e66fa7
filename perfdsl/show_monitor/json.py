"""The published JSON of a monitoring (docs/monitor.md, docs/monitor.schema.json): exact numbers as text."""

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from perfdsl import __version__
from perfdsl import monitoring as m
from perfdsl.diagnostics import Diagnostic
from perfdsl.quantity import format_number
from perfdsl.show import diagnostics_json

Json = dict[str, Any]


def monitor_json(made: Sequence[m.Monitoring], found: Sequence[Diagnostic], lang: str) -> str:
    """All objects and the findings, with an end of line."""
    data = {
        "format": "perfdsl-monitoring",
        "version": 1,
        "objects": [_object(one, lang) for one in made],
        "findings": diagnostics_json(found, lang),
        "perfdsl": __version__,
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _object(made: m.Monitoring, lang: str) -> Json:
    return {
        "object": made.object,
        "kind": made.kind,
        "year": made.year,
        "period": made.period,
        "as_of": made.as_of,
        "schedule": {"by": made.schedule_by, "share": _number(made.share)},
        "complete": made.complete,
        "facts": [{"name": name, "value": value} for name, value in made.facts],
        "lights": {"output": list(made.output_lights), "money": list(made.money_lights)},
        "counts": {status: len(made.of(status)) for status in m.STATUSES},
        "lagging": ["/".join(row.path) for row in made.lagging()],
        "indicators": [_indicator(row, lang) for row in made.indicators],
        "money_unit": made.money_unit,
        "money": [_money(line) for line in made.money],
        "ruleset_sha256": made.ruleset_sha256,
        "actuals_sha256": made.actuals_sha256,
    }


def _indicator(row: m.Progress, lang: str) -> Json:
    return {
        "path": list(row.path),
        "nature": row.nature,
        "target": row.target,
        "full": row.full,
        "due": row.due,
        "basis": row.basis,
        "actual": row.actual,
        "value": _value(row.value),
        "status": row.status,
        "completion": _number(row.completion),
        "gap": row.gap,
        "light": _light(row.light),
        "forecasts": [_forecast(one) for one in row.forecasts],
        **_remarks(row.remarks),
        "reason": row.reason(lang),
        "line": row.line,
    }


def _money(line: m.MoneyProgress) -> Json:
    return {
        "side": line.side,
        "path": list(line.path),
        "table": line.table,
        "budget": _number(line.budget),
        "planned": _number(line.planned),
        "basis": line.basis,
        "spent": _number(line.spent),
        "of_plan": _number(line.of_plan),
        "of_budget": _number(line.of_budget),
        "status": line.status,
        "light": _light(line.light),
        "forecasts": [_forecast(one) for one in line.forecasts],
        **_remarks(line.remarks),
    }


def _forecast(made: m.Forecast) -> Json:
    return {"method": made.method, "value": _value(made.value), "shown": made.shown, "reaches": made.reaches}


def _remarks(said: m.Remarks) -> Json:
    return {
        "likelihood": said.likelihood,
        "causes": [{"cause": cause, "text": text} for cause, text in said.causes],
        "explanation": said.explanation,
        "evidence": said.evidence,
    }


def _light(light: m.Light | None) -> Json | None:
    return None if light is None else {"name": light.name, "rank": light.rank}


def _number(value: Fraction | None) -> str | None:
    return None if value is None else format_number(value)


def _value(value: object) -> str | None:
    return format_number(value) if isinstance(value, Fraction) else None if value is None else str(value)
