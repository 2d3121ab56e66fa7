"""Official forms from the command line: which form, which file, and what it is filled with; for ``export`` and ``score``."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from perfdsl.cli.files import Unreadable, read_bytes, read_source, source_of
from perfdsl.cli.main import say
from perfdsl.cli.output import Progress
from perfdsl.diagnostics import Diagnostic
from perfdsl.plan import Plan
from perfdsl.resources import PACKAGE

if TYPE_CHECKING:
    from perfdsl.cli.together import Scored
    from perfdsl.form import Form
    from perfdsl.layout import Layout

FORM = click.option("--form", "form_name", metavar="FORM", help=say(
    "官方表样：suzhou suzhou-dept zengcheng central hubei sichuan nanjing monitoring，或自己写的 .toml；不写时按规则选",
    "official form: suzhou suzhou-dept zengcheng central hubei sichuan nanjing monitoring, or a .toml of your own",
))  # fmt: skip
FORCE = click.option("--force", is_flag=True, help=say("结果文件已经有了也照写", "overwrite files that exist"))
SENTENCES = "评分标准"
NEVER, EITHER = (".txt", ".json"), (".html", ".md")


def is_paper(name: str, form_name: str | None) -> bool:
    """Is ``name`` to be an official form?  A page or Markdown is one only when a form is asked for."""
    suffix = Path(name).suffix.lower()
    return suffix not in NEVER and (form_name is not None or suffix not in EITHER)


def unwritable(names: Iterable[str], besides: Iterable[str] = ()) -> list[Diagnostic]:
    """Refuse a file no form can be written to, naming what can be, ``besides`` too; what is not installed for one is said."""
    from perfdsl.writers import lacking, members

    found: list[Diagnostic] = []
    for name in names:
        member = next((m for m in members() if Path(name).suffix.lower() == m.SUFFIX), None)
        if member is None:
            known = "、".join(sorted({m.SUFFIX for m in members()} | {*besides}))
            raise Unreadable(
                say(f"不会写“{name}”这种文件；可以用 {known}", f"“{name}” is no format known here; known: {known}")
            )
        found += lacking(member, name)
    return found


def load_form(name: str) -> "tuple[Form | None, list[Diagnostic]]":
    """The form of that name or of that file, and what is wrong with it."""
    from perfdsl.read_form import read_form

    if name in form_names():
        source, said = source_of(f"forms/{name}.toml", read_bytes(str(PACKAGE / "forms" / f"{name}.toml")))
    elif name.endswith(".toml"):
        source, said = read_source(name)
    else:
        known = "、".join(form_names())
        raise Unreadable(say(f"没有叫“{name}”的表样；有：{known}，或写表样文件的名字（.toml）",
                             f"there is no form “{name}”; known: {known}, or the name of a form file (.toml)"))  # fmt: skip
    if source is None:
        return None, said
    form, wrong = read_form(source, Path(name).stem)
    return form, [*said, *wrong]


def form_names() -> list[str]:
    """The forms that come with perfdsl."""
    return sorted(path.stem for path in (PACKAGE / "forms").glob("*.toml"))


def usual_form(plan: Plan) -> str:
    """The form that has a column for every period the rules have targets of."""
    periods = {target.period for row in plan.indicators for target in row.targets}
    if "cycle" in periods:
        return "zengcheng"
    if "half" in periods:
        return "suzhou-dept" if plan.kind == "department" else "suzhou"
    return "central"


def with_targets(plans: Sequence[Plan], form: "Form", rules: str) -> "tuple[list[Layout], list[Diagnostic]]":
    """Every object in ``form``, without scores; ``rules`` is the file the plans come from."""
    from perfdsl.lay_out import lay_out

    said = _sentences(form, rules)
    made = [lay_out(form, plan, said=said.get(plan.object, {})) for plan in plans]
    return [layout for layout, _ in made], [d for _, found in made for d in found]


def with_scores(scored: "Sequence[Scored]", form: "Form", rules: str) -> "tuple[list[Layout], list[Diagnostic]]":
    """Every object in ``form`` with its scores and the formulas that reckon them again; ``rules`` is the file they come from."""
    from perfdsl.lay_out import lay_out
    from perfdsl.layout import Result
    from perfdsl.workings import work_out

    sentences = _sentences(form, rules)
    progress = Progress(len(scored))
    layouts: list[Layout] = []
    found: list[Diagnostic] = []
    for number, one in enumerate(scored, 1):
        result = Result(card=one.card, observed=one.engine.observed, workings=work_out(one.engine, one.card))
        layout, left_out = lay_out(form, one.engine.plan, result, sentences.get(one.engine.plan.object, {}))
        layouts.append(layout)
        found += left_out
        progress.step(number, one.card.object)
    progress.end()
    return layouts, found


def _sentences(form: "Form", rules: str) -> dict[str, dict[tuple[str, ...], str]]:
    """The rubrics as official sentences, by object and path, where the form has a column for them."""
    if not any(column.show == SENTENCES for column in form.columns):
        return {}
    from perfdsl.cli.worded import sentences_of

    made: dict[str, dict[tuple[str, ...], str]] = {}
    for (thing, *path), said in sentences_of(rules).items():
        made.setdefault(thing, {})[tuple(path)] = said
    return made


def papers(names: Sequence[str], layouts: "Sequence[Layout]") -> tuple[list[tuple[str, bytes]], list[Diagnostic]]:
    """The bytes of every file, and what a format had no room for."""
    from perfdsl.writers import members, too_long

    made: list[tuple[str, bytes]] = []
    found: list[Diagnostic] = []
    for name in names:
        member = next(m for m in members() if Path(name).suffix.lower() == m.SUFFIX)
        found += too_long(member, layouts)
        made.append((name, member.write(layouts)))
    return made, found
