"""GoRules zen-engine: a decision of one expression node, object by object through its batch call; decimals of 28 digits."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import workload as w

from . import Data, _arrow

if TYPE_CHECKING:
    from . import Results

NAME, NEEDS, MOST = "zen-engine", ("zen",), 10**3
KEY = "plan"


class Own(NamedTuple):
    """The engine, and a request an object."""

    engine: Any
    requests: list[dict[str, Any]]


def row_expressions(i: int, x: w.Indicator) -> tuple[str, str, str]:
    """Score, status and case of ``v`` and the number of the indicator; whole hundredths throughout."""
    a, t, p = f"v{i}", x.target, x.points
    if x.kind == w.WORD:
        return (
            f"{a} == null ? null : {a} ? {p} : 0", f"{a} == null ? {w.MISSING} : {a} ? {w.REACHED} : {w.UNJUDGED}",
            f"{a} == null ? 0 : {a} ? 1 : 2",
        )  # fmt: skip
    less = x.kind == w.AT_MOST
    met, ample = (f"{a} <= {t}", f"{a} < {x.ample}") if less else (f"{a} >= {t}", f"{a} > {x.ample}")
    status = f"{a} == null ? {w.MISSING} : {ample} ? {w.EXCEEDED} : {met} ? {w.REACHED} : {w.MISSED}"
    rest, case = "", "2"
    match x.kind:
        case w.AT_LEAST:
            rest = f"floor(({2 * p} * {a} + {t}) / {2 * t})"
        case w.AT_MOST:
            rest = f"floor(({2 * p * t} + {a}) / (2 * {a}))"
        case w.BANDS:
            rest = f"{a} >= 8000 ? {p * 4 // 5} : {a} >= 6000 ? {p // 2} : 0"
            case = f"{a} >= 8000 ? 2 : {a} >= 6000 ? 3 : 4"
        case w.STEPS:
            rest = f"max([0, {p} - 50 * floor(({t} - {a}) / 100)])"
        case w.LINE:
            rest = f"10 * {a} > {6 * t} ? floor(({2 * p} * (10 * {a} - {6 * t}) + {4 * t}) / {8 * t}) : 0"
            case = f"10 * {a} > {6 * t} ? 2 : 3"
    return f"{a} == null ? null : {met} ? {p} : {rest}", status, f"{a} == null ? 0 : {met} ? 1 : {case}"


def expressions() -> dict[str, str]:
    """All results in their order; ``$`` is what the node has worked out so far."""
    made: dict[str, str] = {}
    for i, x in enumerate(w.INDICATORS):
        made |= dict(zip((f"score{i}", f"status{i}", f"case{i}"), row_expressions(i, x), strict=True))
    place = {x.name: i for i, x in enumerate(w.INDICATORS)}
    for g, rows in enumerate(w.GROUPS.values()):
        made[f"low_{g}"] = " + ".join(f"($.score{place[x.name]} ?? 0)" for x in rows)
        made[f"high_{g}"] = " + ".join(f"($.score{place[x.name]} ?? {x.points})" for x in rows)
    for end in ("low", "high"):
        made[end] = " + ".join(f"$.{end}_{g}" for g in range(len(w.GROUPS)))
    made["complete"] = " and ".join(f"$.score{i} != null" for i in range(len(w.INDICATORS)))
    grades = " : ".join(f"$.low >= {least} ? {n + 1}" for n, (_, least) in enumerate(w.GRADES[:-1]))
    made["grade"] = f"$.complete ? ({grades} : {len(w.GRADES)}) : 0"
    return made


def decision() -> str:
    """The decision model."""
    rows = [{"id": key, "key": key, "value": value} for key, value in expressions().items()]
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode", "content": {}},
        {"id": "rules", "name": "rules", "type": "expressionNode", "content": {"expressions": rows}},
        {"id": "out", "name": "out", "type": "outputNode", "content": {}},
    ]
    edges = [
        {"id": f"{a}-{b}", "sourceId": a, "targetId": b, "type": "edge"} for a, b in (("in", "rules"), ("rules", "out"))
    ]
    return json.dumps({"nodes": nodes, "edges": edges})


def loaded(data: Data, threads: int) -> Own:
    """A dictionary an object; the decision compiled once, as its own loader does it."""
    import zen as library

    content = library.ZenDecisionContent(decision())
    engine = library.ZenEngine({"loader": lambda key: content})
    columns = []
    for i, x in enumerate(w.INDICATORS):
        values = data.values[x.name].tolist()
        columns.append([(f"v{i}", None if v < 0 else v == 1 if x.kind == w.WORD else v) for v in values])
    return Own(engine, [{"key": KEY, "context": dict(one)} for one in zip(*columns, strict=True)])


def score(own: Own) -> list[dict[str, Any]]:
    """Every object."""
    return own.engine.evaluate_batch(own.requests)


def results(made: list[dict[str, Any]]) -> "Results":
    """Columns."""
    import numpy as np

    found = [one["data"]["result"] for one in made]

    def column(name: str, none: int) -> Any:
        return np.array([none if x.get(name) is None else int(x[name]) for x in found])

    named: dict[str, Any] = {}
    for i, x in enumerate(w.INDICATORS):
        named |= {
            f"{kind}:{x.name}": column(f"{kind}{i}", -1 if kind == "score" else 0)
            for kind in ("score", "status", "case")
        }
    for g, name in enumerate(w.GROUPS):
        named |= {f"{end}:{name}": column(f"{end}_{g}", 0) for end in ("low", "high")}
    return named | {name: column(name, 0) for name in ("low", "high", "grade", "complete")}


def from_file(source: Path, target: Path, threads: int) -> None:
    """With pyarrow."""
    _arrow.through(source, target, threads, lambda data: results(score(loaded(data, threads))))
