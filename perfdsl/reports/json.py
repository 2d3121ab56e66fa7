"""Scorecards as JSON for programs: stable names, exact numbers as strings (docs/report.md, docs/report.schema.json).

One object gives an object, several give a list; the findings of the whole run stand with the first.
"""

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from perfdsl import __version__
from perfdsl.comparison import Change, Comparison, Result
from perfdsl.diagnostics import Diagnostic
from perfdsl.quantity import format_number
from perfdsl.reports import Style
from perfdsl.scorecard import NOT_APPLICABLE, GroupScore, IndicatorScore, Scorecard, Standing
from perfdsl.show import diagnostics_json

NAME = "json"
SUFFIX = ".json"

Json = dict[str, Any]


def render(cards: Sequence[Scorecard], findings: Sequence[Diagnostic], style: Style) -> bytes:
    """The cards as UTF-8 JSON with an end of line."""
    made = [_card(card, findings if number == 0 else (), style.lang) for number, card in enumerate(cards)]
    return (json.dumps(made[0] if len(made) == 1 else made, ensure_ascii=False, indent=1) + "\n").encode(
        "utf-8", "backslashreplace"
    )


def _card(card: Scorecard, findings: Sequence[Diagnostic], lang: str) -> Json:
    return {
        "object": card.object,
        "kind": card.kind,
        "period": card.period,
        "as_of": card.as_of,
        "complete": card.complete,
        "total": _number(card.total),
        **(_range(card.low, card.high) if card.total is None and card.points is not None else {}),
        **({"before_ceilings": _number(card.before_ceilings)} if card.before_ceilings is not None else {}),
        **({"rounding": card.rounding} if card.rounding != 2 else {}),
        "points": _number(card.points),
        "grade": card.grade,
        "facts": [{"name": name, "value": value} for name, value in card.facts],
        "groups": [_group(group, lang) for group in card.groups],
        "indicators": [_indicator(row, lang) for row in card.indicators],
        "awards": [{"name": x.name, "decided": x.decided, "reason": x.reason(lang)} for x in card.awards],
        "standings": [_standing(x, lang) for x in card.standings],
        "notes": list(card.notes_en if lang == "en" else card.notes_zh),
        **({"comparison": _comparison(card.comparison)} if card.comparison is not None else {}),
        "findings": diagnostics_json(findings, lang),
        "provenance": {
            "ruleset_sha256": card.ruleset_sha256,
            "actuals_sha256": card.actuals_sha256,
            "perfdsl": __version__,
        },
    }


def _group(group: GroupScore, lang: str) -> Json:
    is_open = group.score is None and group.applicable and (group.points is not None or group.bonus)
    return {
        "path": list(group.path),
        "points": _number(group.points),
        "score": _number(group.score),
        **(_range(group.low, group.high) if is_open else {}),
        "applicable": group.applicable,
        "bonus": group.bonus,
        **({"either": True} if group.either else {}),
        **({"factor": _number(group.factor)} if group.factor is not None else {}),
        "note": group.note_en if lang == "en" else group.note_zh,
        "accepted": [{"code": code, "reason": reason} for code, reason in group.accepted],
    }


def _standing(made: Standing, lang: str) -> Json:
    return {
        "word": made.word,
        "value": _number(made.value),
        "members": made.members,
        "class": made.group,
        "tied": made.tied,
        **({"outside": True} if made.outside else {}),
        "reason": made.reason(lang),
    }


def _indicator(row: IndicatorScore, lang: str) -> Json:
    scored = row.points is not None or row.bonus
    is_open = row.score is None and scored and row.status != NOT_APPLICABLE
    return {
        "path": list(row.path),
        "target": row.target,
        "actual": row.actual,
        "status": row.status,
        "completion": _number(row.completion),
        "points": _number(row.points),
        "score": _number(row.score),
        **(_range(row.low, row.high) if is_open else {}),
        **({"computed": _number(row.computed), "override": _number(row.override)} if row.override is not None else {}),
        "lost": format_number(row.lost),
        "bonus": row.bonus,
        "rubric": row.rubric,
        "case": row.case,
        "case_number": row.case_number,
        "reason": row.reason(lang),
        "explanation": row.explanation,
        "evidence": row.evidence,
        "accepted": [{"code": code, "reason": reason} for code, reason in row.accepted],
        "line": row.line,
    }


def _comparison(made: Comparison) -> Json:
    return {
        "before": _side(made.before),
        "after": _side(made.after),
        "difference": _number(made.difference),
        **(_range(made.low, made.high) if made.difference is None and made.compares_totals else {}),
        "explained": format_number(made.explained),
        "changes": [_change(change) for change in made.changes],
        "shifts": [
            {"path": list(x.path), "kind": x.kind, "amount": format_number(x.amount), "before": format_number(x.before),
             "after": format_number(x.after)} for x in made.shifts
        ],
        "open": [list(path) for path in made.open],
    }  # fmt: skip


def _side(side: Result) -> Json:
    return {
        "object": side.object, "period": side.period, "as_of": side.as_of, "source": side.source, "points": _number(side.points),
        "total": _number(side.total), **(_range(side.low, side.high) if side.total is None and side.points is not None else {}),
        "met": side.met, "assessed": side.assessed,
    }  # fmt: skip


def _change(change: Change) -> Json:
    return {
        "path": list(change.path),
        **({"was": list(change.was)} if change.was else {}),
        "state": change.state,
        "before": _number(change.before),
        "after": _number(change.after),
        "amount": format_number(change.amount),
        "causes": [{"kinds": list(x.kinds), "amount": format_number(x.amount)} for x in change.causes],
        "facts": [{"name": x.name, "before": x.before, "after": x.after} for x in change.facts],
    }


def _range(low: Fraction, high: Fraction) -> Json:
    """What an open score can still become."""
    return {"lowest": format_number(low), "highest": format_number(high)}


def _number(value: Fraction | None) -> str | None:
    return None if value is None else format_number(value)
