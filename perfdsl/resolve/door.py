"""A file as written to what it means: names, units, points, rubrics, money and tests."""

from fractions import Fraction
from typing import NamedTuple

from attrs import evolve

from perfdsl import model as m
from perfdsl import syntax as s
from perfdsl.diagnostics import Diagnostic, Label, finding
from perfdsl.keywords import PERIOD_WORDS
from perfdsl.quantity import parse_unit
from perfdsl.resolve import messages as say
from perfdsl.resolve.definitions import Completer, chosen, described, of_ruleset, rehearsed
from perfdsl.resolve.library import NAME_TAKEN, Library, Loaded, Memo, collect
from perfdsl.resolve.objects import ObjectResolver
from perfdsl.resolve.rows import waivers
from perfdsl.resolve.shelf import Shelf

OBJECT_WORDS = frozenset({"对象", "object"})


def resolve(file: s.File, loaded: Loaded) -> tuple[m.Model, list[Diagnostic]]:
    """The model of ``file`` and what is wrong with its meaning; broken parts are left out in silence.

    ``loaded`` holds the files that ``use`` may name, already parsed.
    """
    found: list[Diagnostic] = []
    library = collect(file, loaded, found)
    shelf = Shelf(loaded)
    completer = Completer(shelf, chosen(file, shelf, found), found)
    objects: list[m.Object] = []
    items = [item for item in file.items if isinstance(item, s.Object)]
    for item in items:
        before = next((o for o in objects if o.name == item.name.text), None)
        if before is not None:
            label = Label(before.span, "前一个在这里", "the first one")
            found.append(finding(NAME_TAKEN, item.name.span, labels=[label], name=item.name.text))
            continue
        objects.append(ObjectResolver(completer.completed(item), library, loaded.memo, found).run())
    rulesets = [item for item in file.items if isinstance(item, s.Ruleset)]
    for ruleset in rulesets:
        made = rehearsed(ruleset, file, shelf, found)
        if made is not None:
            ObjectResolver(made, library, loaded.memo, found).run()
    tests = _tests(file, objects, _Bench(library, loaded.memo, completer, found))
    lost = {name for thing in objects for name in thing.broken}
    completer.unmatched(lost | {name for item in file.items if isinstance(item, s.Broken) for name in item.names})
    model = m.Model(
        objects=tuple(objects), tests=tuple(tests), named=tuple(library.named), uses=tuple(library.uses), waivers=waivers(file.items),
        definitions=tuple(x for ruleset in rulesets for x in described(ruleset, file, shelf)),
    )  # fmt: skip
    return model, found


class _Bench(NamedTuple):
    """What the tests of a file are resolved with."""

    library: Library
    memo: Memo
    completer: Completer
    found: list[Diagnostic]


def _tests(file: s.File, objects: list[m.Object], bench: _Bench) -> list[m.Test]:
    """Tests of the objects, then those at top level, then those of rulesets, which know their definitions."""
    tests = [made for item in file.items if isinstance(item, s.Object) for inner in item.items if isinstance(inner, s.Test)
             for made in [_test(_graded(inner, item), bench, item.name.text)] if made is not None]  # fmt: skip
    loose = [(item, bench) for item in file.items if isinstance(item, s.Test)]
    for ruleset in (item for item in file.items if isinstance(item, s.Ruleset)):
        known = {**bench.completer.chosen, **of_ruleset(ruleset, file)}
        own = bench._replace(completer=Completer(bench.completer.shelf, known, bench.found, bench.completer.met))
        loose += [(inner, own) for inner in ruleset.items if isinstance(inner, s.Test)]
    only = objects[0].name if len(objects) == 1 else ""
    for test, with_definitions in loose:
        about, addressed = (only, test) if only else _addressed(test, {o.name for o in objects})
        made = _test(addressed, with_definitions, about)
        if made is not None:
            tests.append(made)
    return tests


def _graded(test: s.Test, thing: s.Object) -> s.Test:
    """Rows of its own inside an object are graded like that object, unless the test has grades of its own."""
    own = [item for item in thing.items if isinstance(item, s.Grades)]
    if any(isinstance(item, s.Grades) for item in test.items):
        return test
    return evolve(test, items=(*own, *test.items))


def _addressed(test: s.Test, objects: set[str]) -> tuple[str, s.Test]:
    """In a file of several objects a test may begin its paths with the object it is about."""
    lines = [item for item in test.items if isinstance(item, (s.Given, s.Expect))]
    about = {item.path[0] for item in lines if len(item.path) > 1} & objects
    if len(about) != 1:
        return "", test
    (name,) = about
    items = tuple(evolve(item, path=item.path[1:]) if item in lines and item.path[:1] == (name,) else item
                  for item in test.items)  # fmt: skip
    return name, evolve(test, items=items)


def _test(test: s.Test, bench: _Bench, object_name: str) -> m.Test | None:
    nodes = [item for item in test.items if isinstance(item, s.Node)]
    if any(isinstance(item, s.Broken) for item in test.items):
        return None
    own = None
    if nodes:
        kept = tuple(
            item
            for item in test.items
            if isinstance(
                item, (s.Node, s.Header, s.Input, s.Funds, s.Ceiling, s.Award, s.Rubric, s.Scale, s.Grades, s.Lights)
            )
        )
        wrapped = s.Object("project", s.Ident(test.title, span=test.span), kept, span=test.span)
        own = ObjectResolver(bench.completer.completed(wrapped), bench.library, bench.memo, bench.found).run()
    elif not object_name:
        bench.found.append(finding(say.TEST_WHERE, test.span, title=test.title))
        return None
    return _with_rows(test, own, object_name, bench.found)


def _with_rows(test: s.Test, own: m.Object | None, object_name: str, found: list[Diagnostic]) -> m.Test:
    given: list[m.GivenRow] = []
    files: list[str] = []
    period = "full"
    for item in test.items:
        if not isinstance(item, s.Given):
            continue
        if item.path in (("actuals",), ("完成值表",)) and isinstance(item.value, s.Text):
            files.append(item.value.text)
        elif item.path in (("period",), ("期间",)):
            word = _word(item.value)
            period = PERIOD_WORDS.get(word, word)
        else:
            extras = tuple((name, _word(value)) for name, value in item.extras)
            given.append(m.GivenRow(item.path, _word(item.value), extras, item.span))
    expected = tuple(_expected(item, found) for item in test.items if isinstance(item, s.Expect))
    return m.Test(title=test.title, own=own, object_name=object_name, period=period, files=tuple(files),
                  given=tuple(given), expected=expected, span=test.span)  # fmt: skip


def _word(value: s.Ident | s.Text | s.Number) -> str:
    return value.text


def _expected(item: s.Expect, found: list[Diagnostic]) -> m.Expectation:
    about = [value.text for name, value in item.extras if name in OBJECT_WORDS]
    for name, value in item.extras if len(about) != len(item.extras) or len(about) > 1 else ():
        if name not in OBJECT_WORDS or value.text != about[0]:
            found.append(finding(say.EXPECT_EXTRA, value.span, name=name))
    low = _figure(item.value) if isinstance(item.value, s.Number) else None
    high = _figure(item.high) if item.high is not None else low
    return m.Expectation(item.what, item.path, item.value.text, low, high, item.high is not None, about[0] if about else "",
                         item.span)  # fmt: skip


def _figure(number: s.Number) -> Fraction:
    unit = parse_unit(number.unit) if number.unit else None
    return number.value * (unit.scale if unit is not None else 1)
