"""``perfdsl check``: parse, resolve, prove; findings as text, JSON or SARIF."""

from fractions import Fraction

import click

from perfdsl.cli.main import Command, lang_option, say
from perfdsl.cli.output import COLOUR, Progress, findings, status
from perfdsl.diagnostics import Diagnostic


@click.command(cls=Command, name="check", help=say(
    "检查一个或多个 .perf 文件（或文件夹；- 表示标准输入）：语法、名称、单位、分值合计、资金平衡，并证明或推翻每个计分方法的约定。有错误时退出码为1。",
    "Check .perf files (or folders; - is standard input): form, names, units, points, money, and prove or refute each rubric's contract. Exit code 1 on errors.",
))  # fmt: skip
@click.argument("files", nargs=-1, required=True, metavar="FILES…")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "sarif"]),
    default="text",
    help=say("输出格式", "output format"),
)
@click.option(
    "--baseline",
    metavar="JSON",
    help=say("不列出这个文件里已知的问题，只看新的", "leave out what this file lists as known"),
)
@click.option(
    "--write-baseline", metavar="JSON", help=say("把现有的问题写成已知问题的清单", "write what is found now as known")
)
@click.option("--fix", is_flag=True, help=say("改好只有一种改法的问题", "mend what can be mended in one way only"))
@click.option(
    "--diff",
    is_flag=True,
    help=say("只显示 --fix 会改什么，不写文件", "show what --fix would change and write nothing"),
)
@click.option("--no-cache", is_flag=True, help=say("不用上次的检查结果", "do not reuse earlier results"))
@click.option(
    "--cliffs",
    is_flag=True,
    help=say("另列出得分突变的地方（完成值差一点，得分差一截）", "also list where a tiny change moves a score"),
)
@COLOUR
@lang_option
def command(files: tuple[str, ...], style: str, baseline: str | None, write_baseline: str | None, fix: bool, diff: bool,
            no_cache: bool, cliffs: bool, colour: str) -> None:  # fmt: skip
    """Check every file, print all findings together."""
    from perfdsl.cli.files import expand

    names = list(dict.fromkeys(expand(files)))
    found = _check_all(names, files, not no_cache)
    if fix or diff:
        from perfdsl.cli.fix import mend_files  # only these options change files

        changed = mend_files(found, names, files, write=not diff)
        if diff:
            raise click.exceptions.Exit(1 if changed else 0)
        found = _check_all(names, files, not no_cache) if changed else found
    known: list[Diagnostic] | None = None
    if write_baseline is not None or baseline is not None:
        from perfdsl.cli.known import only_new, write_known

        if write_baseline is not None:
            write_known(write_baseline, found, names)
        found, known = only_new(baseline if baseline is not None else write_baseline or "", found, names)
    if found or style != "text":
        click.echo(findings(found, style, colour, known), color=True)
    else:
        click.echo(say("没有发现问题", "no findings"))
    if cliffs and style == "text":
        _list_cliffs(names, files)
    if style == "text":
        click.echo(say(f"检查了{len(names)}个文件", f"{len(names)} file{'s' * (len(names) != 1)} checked"), err=True)
    raise click.exceptions.Exit(status(found))


def _check_all(names: list[str], roots: tuple[str, ...], remember: bool) -> list[Diagnostic]:
    """The findings about the settings, each file, and all files together."""
    from perfdsl.cli.cache import Cache

    cache = Cache(roots, remember)
    progress = Progress(len(names))
    found: list[Diagnostic] = []
    for done, name in enumerate(names, 1):
        found.extend(cache.check(name))
        progress.step(done, name)
    progress.end()
    known = {(d.code, d.span.source.name, d.span.start, d.facts) for d in found}
    together = (d for d in cache.together() if (d.code, d.span.source.name, d.span.start, d.facts) not in known)
    return [*cache.settings.found, *found, *together]


def _list_cliffs(names: list[str], roots: tuple[str, ...]) -> None:
    """Every jump of every rubric: listed, not judged."""
    from perfdsl.cli.files import Library, read_source  # only this list needs the model itself
    from perfdsl.pipeline import understand
    from perfdsl.prove import cliffs
    from perfdsl.quantity import format_number, round_half_up

    for name in names:
        source, _ = read_source(name)
        things = understand(source, Library(roots)).model.objects if source is not None else ()
        for cliff in (cliff for thing in things for cliff in cliffs(thing)):
            share = format_number(round_half_up(100 * cliff.size, 1)) + "%"
            if 0 < abs(cliff.size) < Fraction(1, 2000):
                share = say("不到0.1%", "less than 0.1%")
            low, high, path = format_number(cliff.below), format_number(cliff.above), "/".join(cliff.path)
            given = "、".join(f"{key}={value}" for key, value in cliff.given)
            place = f"{cliff.before} → {cliff.after}"
            click.echo(say(f"突变 {path}{f'（{given}）' if given else ''}：{place}：{low}分 → {high}分（分值的{share}）",
                           f"cliff {path}{f' ({given})' if given else ''}: {place}: {low} → {high} points ({share} of {format_number(cliff.points)})"))  # fmt: skip
