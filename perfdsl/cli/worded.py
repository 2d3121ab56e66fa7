"""The rubrics of files as official sentences, for ``perfdsl sentence --rules``."""

import json
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import attrs
import click

from perfdsl import syntax as s
from perfdsl.cli.files import Library, read_source
from perfdsl.cli.main import say
from perfdsl.cli.output import complain
from perfdsl.diagnostics import has_errors
from perfdsl.parse import parse
from perfdsl.pipeline import understand
from perfdsl.read_target import read_target
from perfdsl.sentences import write_sentence

By = s.Method | s.Inline


def worded(files: Sequence[str], style: str) -> bool:
    """Print a line for each indicator with a rubric; True when each of them has a sentence."""
    made = []
    for name in files:
        source, said = read_source(name)
        complain([d for d in said if d.severity == "error"], "auto")
        if source is None:
            return False
        checked = understand(source, Library([name]))
        broken = [d for d in checked.found if d.severity == "error"]
        complain(broken, "auto")
        if has_errors(broken):
            return False
        used = [parse(each)[0] for each in checked.sources]
        made += [row for file in used[:1] for row in _rows(file, _rubrics(used))]
    for path, sentence in made:
        if style == "json":
            click.echo(json.dumps({"path": list(path), "sentence": sentence or None}, ensure_ascii=False))
        else:
            click.echo(
                "/".join(path)
                + say("：", ": ")
                + (sentence or say("（没有现成的说法，见规则原文）", "(no usual sentence; see the rule)"))
            )
    return all(sentence for _, sentence in made)


def _rubrics(files: Sequence[s.File]) -> dict[str, s.Rubric]:
    """Every named rubric, those of the file itself before those it uses."""
    found: dict[str, s.Rubric] = {}
    for file in files:
        for item in file.items:
            inside = item.items if isinstance(item, s.Ruleset | s.Object) else (item,)
            for each in inside:
                if isinstance(each, s.Rubric):
                    found.setdefault(each.name.text, each)
    return found


def sentences_of(name: str) -> dict[tuple[str, ...], str]:
    """The sentence of every indicator that has one in a file of rules, by object and path; none for a compiled plan."""
    source, _ = read_source(name)
    if source is None or name.endswith(".json") or source.text.lstrip()[:1] in ("{", "["):
        return {}
    used = [parse(each)[0] for each in understand(source, Library([name])).sources]
    return {path: said for file in used[:1] for path, said in _rows(file, _rubrics(used), named=True) if said}


def _rows(file: s.File, rubrics: Mapping[str, s.Rubric], named: bool = False) -> Iterator[tuple[tuple[str, ...], str]]:
    objects = [item for item in file.items if isinstance(item, s.Object)]
    for thing in objects:
        start = (thing.name.text,) if named or len(objects) > 1 else ()
        defaults = {}
        for header in thing.items:
            match header:
                case s.Header("default", (s.Ident(kind), (s.Method() | s.Inline()) as method)):
                    defaults[kind] = method
        for item in thing.items:
            if isinstance(item, s.Node):
                yield from _row(item, start, None, _Context(rubrics, defaults))


@attrs.frozen
class _Context:
    rubrics: Mapping[str, s.Rubric]
    defaults: Mapping[str, By]


def _row(
    node: s.Node, above: tuple[str, ...], by: By | None, context: _Context
) -> Iterator[tuple[tuple[str, ...], str]]:
    path = (*above, node.name.text)
    by = next((c.method for c in node.clauses if isinstance(c, s.ByClause)), by)
    if node.children is not None:
        for child in node.children:
            if isinstance(child, s.Node):
                yield from _row(child, path, by, context)
        return
    targets = [c for c in node.clauses if isinstance(c, s.TargetClause)]
    text = next((c.text for c in targets if c.period == "full"), targets[0].text if targets else "")
    unit = next((c.text for c in node.clauses if isinstance(c, s.WordClause) and c.key == "unit"), "")
    target = read_target(text, unit=unit, name=path[-1])[0] if text else None
    if by is None and target is not None:
        by = context.defaults.get("level" if type(target.meaning).__name__ == "Level" else "number")
    rubric = _written_out(by, context.rubrics) if by is not None else None
    if by is not None:
        points = next((c.points.value for c in node.clauses if isinstance(c, s.PointsClause)), None)
        yield path, (write_sentence(rubric, points, target, name=path[-1]) or "") if rubric is not None else ""


def _written_out(by: By, rubrics: Mapping[str, s.Rubric]) -> s.Inline | None:
    """The cases of a rubric used by name, its parameters put in."""
    if isinstance(by, s.Inline):
        return by
    rubric = rubrics.get(by.name)
    if rubric is None:
        return None
    given: dict[str, s.Expr] = {p.name: p.default for p in rubric.parameters if p.default is not None}
    names = [p.name for p in rubric.parameters]
    for at, argument in enumerate(by.arguments):
        label = argument.label.name if isinstance(argument.label, s.Reference) else names[at]
        given[label] = argument.value
    cases = tuple(_replaced(case, given) for case in rubric.cases)
    return s.Inline(cases, rubric.head)


def _replaced(part: Any, given: Mapping[str, s.Expr]) -> Any:
    """``part`` with parameters replaced by what they stand for."""
    if isinstance(part, s.Reference):
        return given.get(part.name, part)
    if isinstance(part, tuple):
        return tuple(_replaced(each, given) for each in part)
    if isinstance(part, str | Fraction) or part is None or not attrs.has(type(part)):
        return part
    fields = [field.name for field in type(part).__attrs_attrs__ if field.name != "span"]
    return attrs.evolve(part, **{name: _replaced(getattr(part, name), given) for name in fields})
