"""The report as Markdown: what the page says in short form, readable as text and on every code-hosting page.

A user's words are escaped, so that they are printed as they are and never taken as Markdown or HTML.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from perfdsl.diagnostics import Diagnostic
from perfdsl.reports import Style
from perfdsl.reports._paper import Fact, Object, Paper, Row
from perfdsl.reports._phrases import Voice
from perfdsl.reports._setting import paper
from perfdsl.scorecard import Scorecard

NAME = "markdown"
SUFFIX = ".md"

# Signs that Markdown acts on wherever they stand, and what would begin a block at the start of a line.
ACTIVE = re.compile(r"[\\`*\[|~$]|(?<![^\W_])_|_(?![^\W_])|<(?=[a-zA-Z/!?])|&(?=#|\w)|#(?=#*$)")
AT_START = re.compile(r"[-+](?=\s|$)|[-=]{2,}$|>|#{1,6}(?=\s|$)|\d{1,9}(?=[.)](?:\s|$))")
LEFT, RIGHT, MIDDLE = ":--", "--:", ":-:"


def render(cards: Sequence[Scorecard], findings: Sequence[Diagnostic], style: Style) -> bytes:
    """The whole text in UTF-8."""
    made = paper(cards, findings, style.lang)
    say = Voice(made.lang)
    blocks = [*_top(made, say)]
    for number, one in enumerate(made.objects, 1):
        alone = len(made.objects) == 1
        if not alone:
            blocks += [f"## {number}. {escape(one.name)}", " · ".join(one.subtitle)]
        level = "##" if alone else "###"
        for section in SECTIONS:
            blocks += section(one, say, level)
    blocks += [*_afterwards(made, say)]
    return ("\n\n".join(filter(None, blocks)) + "\n").encode("utf-8")


def escape(text: str) -> str:
    """``text`` as Markdown that prints exactly ``text`` inside a line or a cell."""
    return ACTIVE.sub(lambda found: "\\" + found[0], text.strip())


def opening(text: str) -> str:
    """The same at the start of a line."""
    safe = escape(text)
    found = AT_START.match(safe)
    if not found:
        return safe
    at = found.end() if found[0].isdigit() else 0
    return f"{safe[:at]}\\{safe[at:]}"


def _table(heads: Sequence[str], sides: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; its cells are escaped already."""
    lines = [heads, sides, *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _listed(facts: Iterable[Fact], say: Voice) -> str:
    return "\n".join(f"- {opening(fact.label)}{say('colon')}{escape(fact.text)}" for fact in facts)


# ---- before the objects


def _top(made: Paper, say: Voice) -> Iterator[str]:
    yield f"# {escape(made.title)}"
    if len(made.objects) == 1:
        yield " · ".join(made.objects[0].subtitle)
        return
    yield say("several", count=len(made.objects))
    scored = any(one.scored for one in made.objects)
    set_beside = any(one.against is not None for one in made.objects)
    beside = [say("against_column")] if set_beside else []
    heads = [say("number"), say("object"), *([say("score"), say("full"), say("grade")] if scored else []), *beside, say("met_of"), say("state")]  # fmt: skip
    sides = [RIGHT, LEFT, *([RIGHT, RIGHT, MIDDLE] if scored else []), *(RIGHT for _ in beside), RIGHT, MIDDLE]
    rows = []
    for number, one in enumerate(made.objects, 1):
        numbers = [one.total or "—", one.points or "—", escape(one.grade) or "—"] if scored else []
        if set_beside:
            numbers.append(one.difference or "—")
        state = say("complete" if one.complete else "incomplete")
        rows.append([str(number), escape(one.name), *numbers, one.met, state])
    yield _table(heads, sides, rows)
    for key, lists in (("together", made.places), ("awards", made.awards)):
        if lists:
            yield f"## {say(key)}"
            yield "\n".join(f"- {opening(roll.text(say.lang))}" for roll in lists)


# ---- the sections of one object


def _result(one: Object, say: Voice, level: str) -> Iterator[str]:
    yield f"{level} {say('result')}"
    if one.scored:
        grade = f"{say('comma')}{say('grade')} {escape(one.grade)}" if one.grade else ""
        yield f"**{say('total')} {one.total} / {one.points}{grade}**"
    else:
        yield f"**{say('met_of')} {one.met}**"
    yield " ".join(map(escape, one.sentences)) if say.lang == "en" else "".join(map(escape, one.sentences))


def _basics(one: Object, say: Voice, level: str) -> Iterator[str]:
    yield f"{level} {say('basics')}"
    yield _listed(one.facts, say)


def _groups(one: Object, say: Voice, level: str) -> Iterator[str]:
    if not one.groups:
        return
    yield f"{level} {say('groups')}"
    heads = [say("group"), say("score"), say("points"), say("share"), say("gone")]
    rows = [
        ["　" * (group.level - 1) + escape(group.name), group.score, group.points, group.share, group.lost]
        for group in one.groups
    ]
    yield _table(heads, [LEFT, RIGHT, RIGHT, RIGHT, RIGHT], rows)


def _lost(one: Object, say: Voice, level: str) -> Iterator[str]:
    if not one.scored:
        return
    yield f"{level} {say('lost')}"
    yield one.lost_sum
    if one.lost:
        heads = [say("number"), say("indicator"), say("gone"), say("score"), say("points"), say("cause")]
        rows = [
            [str(n), escape(row.name), row.lost, row.score, row.points, _cause(row, say)]
            for n, row in enumerate(one.lost, 1)
        ]
        yield _table(heads, [RIGHT, LEFT, RIGHT, RIGHT, RIGHT, LEFT], rows)


def _cause(row: Row, say: Voice) -> str:
    more = f"{say('stop')}{say('explanation')}{say('colon')}{escape(row.explanation)}" if row.explanation else ""
    return escape(row.reason) + more


def _against(one: Object, say: Voice, level: str) -> Iterator[str]:
    """What made the total another one than that it is compared with, the greatest part first."""
    made = one.against
    if made is None:
        return
    yield f"{level} {escape(made.heading)}"
    yield f"**{escape(made.summary)}**"
    if made.moves:
        heads = [say("change"), say("what_of"), say("cause"), say("seen")]
        rows = [
            [
                x.amount,
                escape(x.name + x.own),
                say("comma").join(f"{escape(c.label)} {c.text}" for c in x.causes),
                say("stop").join(map(escape, x.facts)),
            ]
            for x in made.moves
        ]
        yield _table(heads, [RIGHT, LEFT, LEFT, LEFT], rows)
    else:
        yield say("nothing_changed")
    yield opening(made.closing)


def _stories(one: Object, say: Voice, level: str) -> Iterator[str]:
    """Rows that missed their target where there are no points, and rows to be explained or reviewed."""
    parts = [("missed", () if one.scored else one.missed), ("explain", one.explain), ("reviewed", one.reviewed)]
    for key, rows in parts:
        if rows:
            yield f"{level} {say(key)}"
            yield "\n".join(_story(row, say) for row in rows)
    if one.left_out:
        yield f"{level} {say('left_out')}"
        yield opening(say("joint").join(row.name for row in one.left_out))


def _story(row: Row, say: Voice) -> str:
    got = say("got_aside", score=row.score, points=row.points) if row.score and row.points else ""
    pair = f"{say('target')} {escape(row.target) or '—'}{say('comma')}{say('actual')} {escape(row.actual) or '—'}"
    return f"- **{escape(row.name)}**{got} {row.mark.word}{say('colon')}{pair}{say('stop')}{_cause(row, say)}"


def _sheet(one: Object, say: Voice, level: str) -> Iterator[str]:
    """The official table; a group is named on its first line."""
    yield f"{level} {say('table' if one.scored else 'table_unscored')}"
    tail = [say("points"), say("score")] if one.scored else []
    heads = [*one.levels, say("target"), say("actual"), *tail, say("status")]
    sides = [*(LEFT for _ in one.levels), LEFT, LEFT, *(RIGHT for _ in tail), LEFT]
    rows = []
    for line in one.lines:
        names = [""] * len(one.levels)
        for head in line.heads:
            names[head.level - 1] = escape(head.name)
        names[len(names) - line.wide] = escape(line.name)
        row = line.row
        if row is None:
            rows.append([*names, say("empty"), "", *("" for _ in tail), ""])
            continue
        numbers = [row.points, row.score or "—"] if one.scored else []
        rows.append([*names, escape(row.target), escape(row.actual), *numbers, f"{row.mark.sign}{row.mark.word}"])
    yield _table(heads, sides, rows)


def _reasons(one: Object, say: Voice, level: str) -> Iterator[str]:
    yield f"{level} {say('reasons' if one.scored else 'verdicts')}"
    yield "\n".join(f"{row.number}. {_reason(row, say)}" for row in one.rows)


def _reason(row: Row, say: Voice) -> str:
    got = say("got_aside", score=row.score, points=row.points) if row.score and row.points else ""
    facts = "".join(f"{say('stop')}{fact.label}{say('colon')}{escape(fact.text)}" for fact in row.facts)
    return f"**{escape(row.name)}**{got}{say('colon')}{escape(row.reason)}{facts}"


def _notes(one: Object, say: Voice, level: str) -> Iterator[str]:
    for key, lines in (("notes", [f"- {opening(note)}" for note in one.notes]), ("awards", [_listed(one.awards, say)])):
        if any(lines):
            yield f"{level} {say(key)}"
            yield "\n".join(lines)
    yield f"{level} {say('provenance')}"
    yield _listed(one.provenance, say)


SECTIONS = (_result, _basics, _groups, _lost, _against, _stories, _sheet, _reasons, _notes)


# ---- after the objects


def _afterwards(made: Paper, say: Voice) -> Iterator[str]:
    if made.findings:
        yield f"## {say('findings')}"
        yield "\n".join(
            f"- **{found.severity} {found.code}** "
            + say("stop").join(escape(text) for text in (found.message, found.help, found.place) if text)
            for found in made.findings
        )
    if made.waivers:
        yield f"## {say('waivers')}"
        yield "\n".join(
            f"- **{waiver.code}** {escape(waiver.subject)}{say('stop')}{say('reason')}{say('colon')}{escape(waiver.reason)}"
            for waiver in made.waivers
        )
