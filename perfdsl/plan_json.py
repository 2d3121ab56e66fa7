"""The plan as JSON and back (docs/plan.md, docs/plan.schema.json): exact, deterministic, nothing lost.

Numbers are strings, ``"0.9"`` or ``"1/3"``; an expression is an object with one key, its operation.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

from perfdsl import core as c
from perfdsl import plan as p
from perfdsl.conform import misfit
from perfdsl.diagnostics import shorten
from perfdsl.quantity import Unit, format_number
from perfdsl.target import from_json as target_from_json
from perfdsl.target import to_json as target_to_json

Json = dict[str, Any]
MOST_LEVELS = 400
MOST_PLACES = 12
MOST_DIGITS = 4_000
SHORT = 12  # numbers of so many signs come again and again
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+|/[0-9]+)?")


class BadPlan(ValueError):
    """The JSON is not a plan of this version."""


def dumps(plans: Sequence[p.Plan]) -> str:
    """One plan as an object, several as a list; the same plans always give the same bytes."""
    made = [encode(plan) for plan in plans]
    return json.dumps(made[0] if len(made) == 1 else made, ensure_ascii=False, indent=1) + "\n"


def loads(text: str) -> tuple[p.Plan, ...]:
    """The plans of a JSON text; ``BadPlan`` says what is wrong with it."""
    return _read(text, _strictly, _checked)


def reread(text: str) -> tuple[p.Plan, ...]:
    """The plans of a text that ``encode`` has made for a file of our own, in half the time: types are not looked at once more.

    ``BadPlan`` as far as decoding notices.
    """
    return _read(text, json.loads, lambda plan: plan)


def _strictly(text: str) -> Any:
    data = json.loads(
        text, object_pairs_hook=_each_once, parse_int=_small, parse_float=_no_float, parse_constant=_no_float
    )
    if _levels(data) > MOST_LEVELS:
        raise BadPlan(f"nested more than {MOST_LEVELS} levels deep")
    return data


def _read(text: str, parsed: Callable[[str], Any], checked: Callable[[p.Plan], p.Plan]) -> tuple[p.Plan, ...]:
    try:
        data = parsed(text)
        return tuple(checked(decode(item)) for item in (data if isinstance(data, list) else [data]))
    except BadPlan:
        raise
    except RecursionError:
        raise BadPlan("nested too deep") from None
    except json.JSONDecodeError as wrong:
        raise BadPlan(f"line {wrong.lineno}, column {wrong.colno}: {wrong.msg}") from None
    except KeyError as missing:
        raise BadPlan(f"missing key {missing}") from None
    except (ValueError, TypeError, AttributeError, IndexError, ZeroDivisionError, AssertionError) as wrong:
        raise BadPlan(shorten(str(wrong)) or "not as docs/plan.md describes it") from None


def _each_once(pairs: list[tuple[str, Any]]) -> Json:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        raise BadPlan(f"key {next(name for name in names if names.count(name) > 1)!r} occurs twice")
    return made


def _small(digits: str) -> int:
    if len(digits) > 9:
        raise BadPlan(f"the number {shorten(digits, 20)} is too large")
    return int(digits)


def _no_float(digits: str) -> float:
    raise BadPlan(f"{shorten(digits, 20)} is not exact: numbers with decimals are written as text")


def _levels(data: object) -> int:
    """How deep lists and objects stand inside each other."""
    level, depth = [data], 0
    while level and depth <= MOST_LEVELS:
        inside = [x.values() if isinstance(x, dict) else x for x in level if isinstance(x, (dict, list))]
        level, depth = [x for values in inside for x in values], depth + 1
    return depth


def _checked(plan: p.Plan) -> p.Plan:
    """Everything in the plan is of the type it is declared with, and no number asks for endless digits."""
    if (wrong := misfit(plan, p.Plan)) is not None:
        raise BadPlan(f"{wrong} has a value of the wrong type")
    if plan.year is not None and not 1900 <= plan.year <= 2999:
        raise BadPlan(f"year {plan.year} is not from 1900 to 2999")
    if not 0 <= plan.rounding <= MOST_PLACES:
        raise BadPlan(f"rounding {plan.rounding} is not from 0 to {MOST_PLACES}")
    return plan


def encode(plan: p.Plan) -> Json:
    """The plan as plain data."""
    return {
        "format": "perfdsl-plan", "version": p.VERSION, "kind": plan.kind, "object": plan.object, "year": plan.year,
        "facts": [[k, v] for k, v in plan.facts], "total": _num(plan.total), "up_to": _num(plan.most),
        "rounding": plan.rounding, "missing": plan.missing,
        "not_applicable": {"policy": plan.not_applicable, "group": list(plan.not_applicable_group)},
        "schedule": {"by": plan.schedule_by, "table": {k: format_number(v) for k, v in plan.schedule}},
        "roots": list(plan.roots),
        "groups": [_group(g) for g in plan.groups],
        "indicators": [_indicator(i) for i in plan.indicators],
        "inputs": [_input(i) for i in plan.inputs],
        "funds": [{"title": f.title, "unit": _unit(f.unit), "lines": [_line(x) for x in f.lines]} for f in plan.funds],
        "grades": [{"name": b.name, "limits": _limits(b.limits)} for b in plan.grades],
        "ceilings": [{"when": expr(x.condition), "text": x.text, "grade": x.grade, "total": _num(x.total), "line": x.line}
                     for x in plan.ceilings],
        "awards": [{"name": a.name, "when": expr(a.condition), "text": a.text} for a in plan.awards],
        "lights": {x.about: [{"name": b.name, "limits": _limits(b.limits)} for b in x.bands] for x in plan.lights},
        "comparisons": [{"name": x.name, "of": x.of, "within": x.within, "order": x.order, "ties": x.ties}
                        for x in plan.comparisons],
        "accepted": [list(a) for a in plan.accepted],
        "ruleset_sha256": plan.ruleset_sha256,
    }  # fmt: skip


def decode(data: Json) -> p.Plan:
    """The plan that ``encode`` printed."""
    if not isinstance(data, dict) or data.get("format") != "perfdsl-plan":
        raise BadPlan("not a perfdsl plan")
    if data.get("version") != p.VERSION:
        raise BadPlan(f"plan version {data.get('version')!r} is not {p.VERSION}")
    policy, pace = data["not_applicable"], data["schedule"]
    return p.Plan(
        kind=data["kind"], object=data["object"], year=data["year"], facts=tuple((k, v) for k, v in data["facts"]),
        total=_fraction(data["total"]), most=_fraction(data["up_to"]), rounding=int(data["rounding"]),
        missing=data["missing"], not_applicable=policy["policy"], not_applicable_group=tuple(policy["group"]),
        schedule_by=pace["by"], schedule=tuple((k, _exact(v)) for k, v in pace["table"].items()),
        roots=tuple(data["roots"]), groups=tuple(_group_from(g) for g in data["groups"]),
        indicators=tuple(_indicator_from(i) for i in data["indicators"]),
        inputs=tuple(_input_from(i) for i in data["inputs"]),
        funds=tuple(p.PlanFunds(title=f["title"], unit=_some_unit(f["unit"]), lines=tuple(_line_from(x) for x in f["lines"]))
                    for f in data["funds"]),
        grades=tuple(p.PlanBand(b["name"], _limits_from(b["limits"])) for b in data["grades"]),
        ceilings=tuple(p.PlanCeiling(condition=expr_from(x["when"]), text=x["text"], grade=x["grade"],
                                     total=_fraction(x["total"]), line=x["line"]) for x in data["ceilings"]),
        awards=tuple(p.PlanAward(name=a["name"], condition=expr_from(a["when"]), text=a["text"]) for a in data["awards"]),
        lights=tuple(_lights_from(about, bands) for about, bands in data.get("lights", {}).items()),
        comparisons=tuple(_comparison_from(x) for x in data["comparisons"]), accepted=_pairs(data.get("accepted", [])),
        ruleset_sha256=data["ruleset_sha256"],
    )  # fmt: skip


def _lights_from(about: str, bands: list[Json]) -> p.PlanLights:
    made = tuple(p.PlanBand(b["name"], _limits_from(b["limits"])) for b in bands)
    for op in (op for band in made for op, _ in band.limits):
        _one_of(op, sorted(_COMPARISONS))
    return p.PlanLights(_one_of(about, ("output", "money")), made)


def _comparison_from(data: Json) -> c.Comparison:
    made = c.Comparison(name=data["name"], of=data["of"], within=data["within"],
                        order=_one_of(data["order"], ("high", "low")), ties=_one_of(data["ties"], ("skip", "dense", "last")))  # fmt: skip
    _one_of(made.what, sorted(c.COHORT_KINDS))
    _one_of(made.of.partition(":")[0], ("value", "score", "lost", "input", "total", "") if made.what == "size" else
            ("value", "score", "lost", "input", "total"))  # fmt: skip
    return made


# ---- rows


def _group(group: p.PlanGroup) -> Json:
    return {
        "path": list(group.path), "points": _num(group.points), "weight": _num(group.weight),
        "bonus": [format_number(x) for x in group.bonus] if group.bonus else None, "either": group.either,
        "factor": _factor(group.factor) if group.factor else None, "up_to": _num(group.most),
        "applies": _maybe(group.applies), "applies_text": group.applies_text, "children": list(group.children),
        "line": group.line, "remarks": [list(r) for r in group.remarks], "accepted": [list(a) for a in group.accepted],
    }  # fmt: skip


def _group_from(data: Json) -> p.PlanGroup:
    bonus = data["bonus"]
    return p.PlanGroup(
        path=tuple(data["path"]), points=_fraction(data["points"]), weight=_fraction(data["weight"]),
        bonus=(_exact(bonus[0]), _exact(bonus[1])) if bonus else None, either=data["either"],
        factor=_factor_from(data["factor"]) if data["factor"] else None, most=_fraction(data["up_to"]),
        applies=_maybe_from(data["applies"]), applies_text=data["applies_text"], children=tuple(data["children"]),
        line=data["line"], remarks=_pairs(data["remarks"]), accepted=_pairs(data["accepted"]),
    )  # fmt: skip


def _indicator(row: p.PlanIndicator) -> Json:
    return {
        "path": list(row.path), "alias": row.alias, "points": _num(row.points),
        "targets": {t.period: _target(t) for t in row.targets}, "unit": _unit(row.unit), "direction": row.direction,
        "nature": row.nature, "domain": _domain(row.domain), "words": [list(w) for w in row.words],
        "formula": _maybe(row.formula), "formula_text": row.formula_text, "applies": _maybe(row.applies),
        "applies_text": row.applies_text, "scoring": _scoring(row.scoring) if row.scoring else None,
        "gather": _gather(row.gather) if row.gather else None,
        "possible": {period: [format_number(low), format_number(high)] for period, low, high in row.possible},
        "bonus": row.bonus, "line": row.line, "remarks": [list(r) for r in row.remarks],
        "accepted": [list(a) for a in row.accepted],
    }  # fmt: skip


def _indicator_from(data: Json) -> p.PlanIndicator:
    return p.PlanIndicator(
        path=tuple(data["path"]), alias=data["alias"], points=_fraction(data["points"]),
        targets=tuple(_target_from(period, t) for period, t in data["targets"].items()), unit=_unit_from(data["unit"]),
        direction=data["direction"], nature=data["nature"], domain=_domain_from(data["domain"]),
        words=_pairs(data["words"]), formula=_maybe_from(data["formula"]), formula_text=data["formula_text"],
        applies=_maybe_from(data["applies"]), applies_text=data["applies_text"],
        scoring=_scoring_from(data["scoring"]) if data["scoring"] else None,
        gather=_gather_from(data["gather"]) if data["gather"] else None,
        possible=tuple((k, _exact(v[0]), _exact(v[1])) for k, v in data["possible"].items()),
        bonus=data["bonus"], line=data["line"], remarks=_pairs(data["remarks"]), accepted=_pairs(data["accepted"]),
    )  # fmt: skip


def _factor(factor: c.Factor) -> Json:
    return {
        "value": expr(factor.value),
        "text": factor.text,
        "low": format_number(factor.low),
        "high": _num(factor.high),
    }


def _factor_from(data: Json) -> c.Factor:
    made = c.Factor(expr_from(data["value"]), data["text"], _exact(data["low"]), _fraction(data["high"]))
    if made.low < 0:
        raise BadPlan("a factor may not be below zero")
    return made


def _gather(gather: c.Gather) -> Json:
    shares = [[word, format_number(share)] for word, share in gather.shares]
    return {"how": gather.how, "column": gather.column, "shares": shares}


def _gather_from(data: Json) -> c.Gather:
    shares = tuple((word, _exact(share)) for word, share in data["shares"])
    return c.Gather(_one_of(data["how"], ("sum", "mean", "weighted")), data["column"], shares)


def _target(target: p.PlanTarget) -> Json:
    judge = target.judge
    return {
        **target_to_json(target.target),
        "base_unit": _unit(target.unit),
        "judge": {"target": expr(judge.target), "met": expr(judge.met), "completion": expr(judge.completion),
                  "gap": expr(judge.gap), "excess": expr(judge.excess)},
    }  # fmt: skip


def _target_from(period: str, data: Json) -> p.PlanTarget:
    judge = data["judge"]
    names = ("target", "met", "completion", "gap", "excess")
    read = target_from_json({k: v for k, v in data.items() if k not in ("base_unit", "judge")})
    return p.PlanTarget(period, read, c.Judge(*(expr_from(judge[n]) for n in names)), _unit_from(data["base_unit"]))


def _scoring(scoring: c.Scoring) -> Json:
    entries = scoring.entries
    return {
        "name": scoring.name, "low": format_number(scoring.low), "high": format_number(scoring.high),
        "cases": [_case(case) for case in scoring.cases],
        "entries": {"how": entries.how, "per": entries.per, "base": format_number(entries.base), "over": entries.over,
                    "words": list(entries.words)} if entries else None,
    }  # fmt: skip


def _scoring_from(data: Json) -> c.Scoring:
    entries = data["entries"]
    made = None
    if entries:
        made = c.Entries(
            _one_of(entries["how"], _HOW),
            entries["per"],
            _exact(entries["base"]),
            entries["over"],
            tuple(entries["words"]),
        )
    cases = tuple(_case_from(case) for case in data["cases"])
    return c.Scoring(data["name"], cases, _exact(data["low"]), _exact(data["high"]), made)


def _case(case: c.Case) -> Json:
    return {"when": expr(case.when), "award": expr(case.award), "high": _maybe(case.high), "text": case.text,
            "award_text": case.award_text, "line": case.line, "missing": case.missing}  # fmt: skip


def _case_from(data: Json) -> c.Case:
    return c.Case(expr_from(data["when"]), expr_from(data["award"]), _maybe_from(data["high"]), data["text"],
                  data["award_text"], data["line"], data["missing"])  # fmt: skip


def _input(item: p.PlanInput) -> Json:
    return {"name": item.name, "alias": item.alias, "unit": _unit(item.unit), "words": list(item.words),
            "is_word": item.is_word, "domain": _domain(item.domain)}  # fmt: skip


def _input_from(data: Json) -> p.PlanInput:
    return p.PlanInput(name=data["name"], alias=data["alias"], unit=_unit_from(data["unit"]), words=tuple(data["words"]),
                       is_word=data["is_word"], domain=_domain_from(data["domain"]))  # fmt: skip


def _line(line: p.PlanLine) -> Json:
    made: Json = {"side": line.side, "path": list(line.path), "alias": line.alias,
                  "amounts": {k: format_number(v) for k, v in line.amounts}}  # fmt: skip
    return made | ({"notes": list(line.notes)} if line.notes else {})


def _line_from(data: Json) -> p.PlanLine:
    return p.PlanLine(side=_one_of(data["side"], ("income", "spend")), path=tuple(data["path"]), alias=data["alias"],
                      amounts=tuple((k, _exact(v)) for k, v in data["amounts"].items()), notes=tuple(data.get("notes", ())))  # fmt: skip


# ---- small values


def _num(value: Fraction | None) -> str | None:
    return None if value is None else format_number(value)


def _fraction(text: str | None) -> Fraction | None:
    return None if text is None else _exact(text)


def _exact(text: str) -> Fraction:
    """``"0.9"`` or ``"1/3"``: nothing else is a number, least of all an exponent."""
    if isinstance(text, str) and len(text) <= SHORT:
        return _short(text)
    return _number(text)


@lru_cache(4096)
def _short(text: str) -> Fraction:
    return _number(text)


def _number(text: str) -> Fraction:
    if not isinstance(text, str) or len(text) > MOST_DIGITS or not _NUMBER.fullmatch(text):
        raise BadPlan(f"{shorten(str(text), 20)} is not a number written as text")
    return Fraction(text)


def _unit(unit: Unit | None) -> Json | None:
    if unit is None:
        return None
    return {"text": unit.text, "scale": format_number(unit.scale), "dims": [[n, k] for n, k in unit.dims]}


def _unit_from(data: Json | None) -> Unit | None:
    return None if data is None else _some_unit(data)


def _some_unit(data: Json) -> Unit:
    return Unit(data["text"], _exact(data["scale"]), tuple((n, k) for n, k in data["dims"]))


def _domain(domain: c.Domain) -> Json:
    return {
        "low": _num(domain.low),
        "high": _num(domain.high),
        "whole": domain.whole,
        "step": format_number(domain.step),
    }


def _domain_from(data: Json) -> c.Domain:
    return c.Domain(_fraction(data["low"]), _fraction(data["high"]), data["whole"], _exact(data["step"]))


def _limits(limits: tuple[tuple[str, Fraction], ...]) -> list[list[str]]:
    return [[op, format_number(value)] for op, value in limits]


def _limits_from(data: list[list[str]]) -> tuple[tuple[str, Fraction], ...]:
    return tuple((op, _exact(value)) for op, value in data)


def _pairs(data: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((a, b) for a, b in data)


# ---- expressions


_LISTS: Mapping[str, type[c.Add | c.Mul | c.Min | c.Max | c.And | c.Or]] = {
    "add": c.Add, "mul": c.Mul, "min": c.Min, "max": c.Max, "and": c.And, "or": c.Or,
}  # fmt: skip
_LIST_NAMES = {kind: name for name, kind in _LISTS.items()}
_HOW = ("check", "sum", "best", "mean", "trimmed mean")
_COMPARISONS = frozenset({"=", "!=", "<", ">", "<=", ">="})


def _one_of(word: str, allowed: Sequence[str]) -> str:
    if word not in allowed:
        raise BadPlan(f"{shorten(str(word), 20)} is not one of {', '.join(allowed)}")
    return word


def _places(number: int) -> int:
    if type(number) is not int or not 0 <= number <= MOST_PLACES:
        raise BadPlan(f"places {number!r} are not a whole number from 0 to {MOST_PLACES}")
    return number


def _maybe(value: c.Expr | None) -> Json | None:
    return None if value is None else expr(value)


def _maybe_from(data: Json | None) -> c.Expr | None:
    return None if data is None else expr_from(data)


def expr(value: c.Expr) -> Json:
    """An expression as an object with one key."""
    match value:
        case c.Const(inner):
            return _const(inner)
        case c.Ref(name):
            return {"ref": name}
        case c.Add(args) | c.Mul(args) | c.Min(args) | c.Max(args) | c.And(args) | c.Or(args):
            return {_LIST_NAMES[type(value)]: [expr(a) for a in args]}
        case c.Div(left, right):
            return {"div": [expr(left), expr(right)]}
        case c.Compare(op, left, right):
            return {op: [expr(left), expr(right)]}
        case c.Not(arg):
            return {"not": expr(arg)}
        case c.If(test, then, other):
            return {"if": [expr(test), expr(then), expr(other)]}
        case c.Missing(arg):
            return {"missing": expr(arg)}
        case c.Round(arg, places):
            return {"round": [expr(arg), places]}
        case c.Floor(arg):
            return {"floor": expr(arg)}


def _const(value: c.Value) -> Json:
    if isinstance(value, bool):
        return {"bool": value}
    if isinstance(value, Fraction):
        return {"num": format_number(value)}
    return {"undefined": True} if value is None else {"text": value}


def expr_from(data: Json) -> c.Expr:
    """The expression that ``expr`` printed; an operation nobody knows is an error."""
    ((name, inner),) = data.items()
    if name in ("min", "max") and not inner:
        raise BadPlan(f"{name} of nothing")
    if name in _LISTS:
        return _LISTS[name](tuple(expr_from(a) for a in inner))
    if name in _COMPARISONS:
        return c.Compare(name, expr_from(inner[0]), expr_from(inner[1]))
    match name:
        case "num":
            return c.Const(_exact(inner))
        case "text":
            return c.Const(str(inner))
        case "bool":
            return c.Const(bool(inner))
        case "undefined":
            return c.UNDEFINED
        case "ref":
            return c.Ref(str(inner))
        case "div":
            return c.Div(expr_from(inner[0]), expr_from(inner[1]))
        case "not":
            return c.Not(expr_from(inner))
        case "if":
            return c.If(expr_from(inner[0]), expr_from(inner[1]), expr_from(inner[2]))
        case "missing":
            return c.Missing(expr_from(inner))
        case "round":
            return c.Round(expr_from(inner[0]), _places(inner[1]))
        case "floor":
            return c.Floor(expr_from(inner))
    raise BadPlan(f"unknown operation {name!r}")
