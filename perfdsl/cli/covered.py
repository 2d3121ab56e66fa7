"""``perfdsl test --coverage``: what the tests exercise, as fractions that are never rounded up, and tests for the rest."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import click

from perfdsl.cli.main import say
from perfdsl.coverage import KINDS, Coverage, Point, Ran, coverage
from perfdsl.pipeline import Checked
from perfdsl.quantity import format_number, parse_number
from perfdsl.replay import Outcome
from perfdsl.suggest import Suggestion, suggestions
from perfdsl.width import pad, width

Json = dict[str, Any]
NAMES = {
    "case": ("档次", "cases"),
    "boundary": ("界点", "boundaries"),
    "grade": ("等级", "grades"),
    "ceiling": ("封顶", "ceilings"),
}
SIDES = {
    "below": ("之下", "below"),
    "on": ("恰好", "on"),
    "above": ("之上", "above"),
    "holds": ("成立", "holds"),
    "fails": ("不成立", "fails"),
}


class Percent(click.ParamType[Fraction]):
    """``95%`` or ``95``, exactly."""

    name = "percent"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Fraction:
        """A number between 0 and 100."""
        if isinstance(value, Fraction):
            return value
        number = parse_number(str(value).strip().removesuffix("%").removesuffix("％"))
        if number is None or not 0 <= number <= 100:
            self.fail(say(f"“{value}”不是0%到100%的百分比", f"“{value}” is no percentage from 0% to 100%"), param, ctx)
        return number


def measured(files: Sequence[tuple[Checked, Sequence[Outcome]]]) -> Coverage:
    """The coverage of files that were understood, with the outcomes of their tests."""
    return coverage([
        Ran(x.file, x.model, tuple(source.name for source in x.sources[1:]), tuple(outcomes)) for x, outcomes in files
    ])  # fmt: skip


def totals(found: Coverage, kind: str = "") -> tuple[int, int]:
    """(exercised, all) over all files."""
    counts = [tally.exercised(kind) for tally in found.tallies]
    return sum(done for done, _ in counts), sum(of for _, of in counts)


def enough(found: Coverage, least: Fraction) -> bool:
    """Is at least so much exercised, in percent?  Where there is nothing to exercise, it is."""
    done, of = totals(found)
    return done * 100 >= least * of


def table(found: Coverage) -> str:
    """A line for each file and one for all of them, then what is open."""
    head = [say("文件", "file"), *(say(*NAMES[kind]) for kind in KINDS), say("合计", "total"), ""]
    rows = [[tally.name, *(_fraction(tally.exercised(kind)) for kind in KINDS), *_with_share(tally.exercised())]
            for tally in found.tallies]  # fmt: skip
    if len(rows) != 1:
        rows.append(
            [say("合计", "total"), *(_fraction(totals(found, kind)) for kind in KINDS), *_with_share(totals(found))]
        )
    widths = [max(width(row[i]) for row in [head, *rows]) for i in range(len(head))]
    lines = ["  ".join([pad(row[0], widths[0]), *(_right(x, w) for x, w in zip(row[1:], widths[1:], strict=True))]).rstrip()
             for row in [head, *rows]]  # fmt: skip
    missed = [f"  {_said(tally.name, point)}" for tally in found.tallies for point in tally.open()]
    return "\n".join([*lines, *([say("没有测到：", "not exercised:"), *missed] if missed else [])])


def _said(name: str, point: Point) -> str:
    what, _, side = point.what.rpartition(" ")
    words = f"{what} {say(*SIDES[side])}" if side in SIDES and point.kind != "case" else point.what
    return f"{name}:{point.line} {say(*NAMES[point.kind])} {point.owner} {words}"


def _right(text: str, columns: int) -> str:
    return " " * (columns - width(text)) + text


def _fraction(counts: tuple[int, int]) -> str:
    return f"{counts[0]}/{counts[1]}" if counts[1] else "—"


def _with_share(counts: tuple[int, int]) -> tuple[str, str]:
    return _fraction(counts), _share(counts)


def _share(counts: tuple[int, int]) -> str:
    """In percent with one decimal, what is beyond it cut off: only all of it is 100%."""
    done, of = counts
    return f"{format_number(Fraction(done * 1000 // of, 10))}%" if of else ""


def suggested(found: Coverage) -> tuple[str, list[Suggestion]]:
    """The missing tests as text, by the file and place they belong in."""
    made, left = suggestions(found)
    out: list[str] = []
    heading = ("", "")
    for one in made:
        if (one.file, one.place) != heading:
            heading = (one.file, one.place)
            place = say(f"，放进“{one.place}”里", f", inside “{one.place}”") if one.place else ""
            out.append(f"# {one.file}{place}")
        out.append(one.text)
    for name, point in left:
        out.append(say(f"# 没有现成的测试：{_said(name, point)}", f"# no test to suggest: {_said(name, point)}"))
    return "\n".join(out), made


def as_json(found: Coverage) -> Json:
    """The same as data; ``fraction`` is exact, ``percent`` cut off."""
    return {
        "version": 1,
        "files": [{"file": tally.name, **_counts(tally.exercised), "open": [point._asdict() for point in tally.open()]}
                  for tally in found.tallies],
        "total": _counts(lambda kind="": totals(found, kind)),
    }  # fmt: skip


def _counts(of: Any) -> Json:
    named = {**{NAMES[kind][1]: of(kind) for kind in KINDS}, "all": of()}
    return {name: {"exercised": done, "of": all_, "fraction": f"{done}/{all_}", "percent": _share((done, all_))}
            for name, (done, all_) in named.items()}  # fmt: skip
