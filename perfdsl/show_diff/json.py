"""The JSON form (docs/diff.schema.json): stable names, exact numbers as strings, actuals in base units and as printed."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from perfdsl.core import Value
from perfdsl.differ import (
    Card,
    Change,
    Difference,
    Edge,
    Effect,
    Example,
    Got,
    ObjectDifference,
    RowDifference,
    RowEffect,
    Setting,
    Side,
    Stretch,
    Whole,
)
from perfdsl.quantity import format_number
from perfdsl.show_diff.words import Tongue, actual_text, formula_text, where_text

Json = dict[str, Any]


def diff_json(found: Difference, affected: Sequence[Effect] | None, lang: str) -> Json:
    """The comparison as plain data; ``affected`` only where actuals were given."""
    made: Json = {
        "format": "perfdsl-diff",
        "version": 1,
        "effect": found.effect,
        "objects": [_object(x, lang) for x in found.objects],
        "added": list(found.added),
        "removed": list(found.removed),
    }
    return made if affected is None else made | {"affected": [_effect(x, lang) for x in affected]}


def _object(thing: ObjectDifference, lang: str) -> Json:
    return {
        "name": thing.name,
        "was": thing.was,
        "effect": thing.effect,
        "indicators": [_row(x, lang) for x in thing.rows],
        "added": [list(x) for x in thing.added],
        "removed": [list(x) for x in thing.removed],
        "changes": [_change(x) for x in thing.changes],
    }


def _row(row: RowDifference, lang: str) -> Json:
    return {
        "path": list(row.path),
        "was": list(row.was),
        "effect": row.effect,
        "variable": row.variable,
        "unit": row.unit.text if row.unit is not None else "",
        "ranges": [_stretch(x, row, lang) for x in row.stretches],
        "not_proved": list(row.doubts),
        "example": _example(row.example),
        "changes": [_change(x) for x in row.changes],
        "through": [list(x) for x in row.through],
    }


def _change(change: Change) -> Json:
    return {
        "what": change.what,
        "name": change.name,
        "before": change.before,
        "after": change.after,
        "effect": change.effect,
        "shares": None if change.shares == (None, None) else [_number(x) for x in change.shares],
        "example": _whole(change.example),
    }


def _whole(example: Whole | None) -> Json | None:
    if example is None:
        return None
    return {
        "period": example.period,
        "others": example.others,
        "given": [{"name": name, "value": text} for name, text in example.given],
        "before": _card(example.before),
        "after": _card(example.after),
    }


def _card(card: Card) -> Json:
    return {
        "score": _number(card.score),
        "lowest": format_number(card.low),
        "highest": format_number(card.high),
        "grade": card.grade,
        "awards": [{"name": name, "given": given} for name, given in card.awards],
    }


def _stretch(stretch: Stretch, row: RowDifference, lang: str) -> Json:
    scores = stretch.at_scores
    return {
        "text": where_text(stretch, row, Tongue(lang)),
        "kind": stretch.what,
        "period": stretch.period,
        "word": stretch.word,
        "low": _edge(stretch.low, row),
        "high": _edge(stretch.high, row),
        "given": [_setting(x) for x in stretch.given],
        "before": _side(stretch.before),
        "after": _side(stretch.after),
        "difference": _number(stretch.largest),
        "at": None if stretch.at is None else actual_text(stretch.at, row),
        "scores": None if scores is None else [format_number(x) for x in scores],
        "partly": stretch.partly,
        "off_step": _number(stretch.off_step),
    }


def _edge(edge: Edge | None, row: RowDifference) -> Json | None:
    if edge is None or edge.at is None:
        return None
    return {"at": format_number(edge.at), "text": actual_text(edge.at, row), "closed": edge.closed}


def _setting(setting: Setting) -> Json:
    return {
        "name": setting.name,
        "value": _value(setting.value),
        "above": _number(setting.above),
        "below": _number(setting.below),
        "ratio": setting.ratio,
    }


def _value(value: Value) -> str | bool | None:
    return format_number(value) if isinstance(value, Fraction) else value


def _side(side: Side) -> Json:
    return {
        "kind": side.kind,
        "low": _number(side.low),
        "high": _number(side.high),
        "formula": formula_text(side).replace("−", "-"),
        "case": side.case,
        "clause": side.clause,
        "line": side.line,
    }


def _example(example: Example | None) -> Json | None:
    if example is None:
        return None
    given = [{"name": name, "value": _value(value)} for name, value in example.given]
    return {
        "period": example.period,
        "given": given,
        "before": _number(example.before),
        "after": _number(example.after),
    }


def _number(value: Fraction | None) -> str | None:
    return None if value is None else format_number(value)


# ---- who is affected


def _effect(effect: Effect, lang: str) -> Json:
    return {
        "object": effect.object,
        "changed": effect.moved,
        "total": [_total(effect.before), _total(effect.after)],
        "grade": list(effect.grades),
        "causes": list(dict.fromkeys(x.what for x in effect.causes)),
        "indicators": [_moved(x, lang) for x in effect.rows],
        "awards": [{"name": name, "before": before, "after": after} for name, before, after in effect.awards],
    }


def _total(got: Got) -> Json:
    return {
        "score": _number(got.score),
        "lowest": format_number(got.low),
        "highest": format_number(got.high),
        "points": _number(got.points),
    }


def _moved(row: RowEffect, lang: str) -> Json:
    return {
        "path": list(row.path),
        "actual": row.actual,
        "before": _got(row.before, lang),
        "after": _got(row.after, lang),
        "causes": list(dict.fromkeys(x.what for x in row.causes)),
        "through": [list(x) for x in row.through],
    }


def _got(got: Got | None, lang: str) -> Json | None:
    if got is None:
        return None
    reason = got.reason_en if lang == "en" else got.reason_zh
    return _total(got) | {
        "status": got.status,
        "case": got.case,
        "clause": got.clause,
        "line": got.line,
        "reason": reason,
    }
