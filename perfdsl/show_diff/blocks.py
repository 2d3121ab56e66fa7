"""A comparison as headings, lines and tables, which the text and the Markdown forms lay out each in its way."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from perfdsl.differ import DIFFERS, OPEN, SAME, Difference, Effect, ObjectDifference, RowDifference, RowEffect
from perfdsl.show_diff.words import (
    CHANGES,
    EFFECTS,
    Tongue,
    change_texts,
    decided_text,
    difference_text,
    doubt_text,
    example_text,
    got_text,
    name_text,
    side_text,
    where_text,
    whole_text,
)  # fmt: skip


class Heading(NamedTuple):
    """A title; level 1 is the whole, 2 an object or a part, 3 a row."""

    level: int
    text: str


class Line(NamedTuple):
    """A sentence."""

    text: str


class Table(NamedTuple):
    """Columns under their titles."""

    titles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Line | Table


def blocks(found: Difference, affected: Sequence[Effect] | None, tongue: Tongue) -> Iterator[Block]:
    """Everything, the verdict first."""
    yield Line(_verdict(found, tongue))
    for name in found.added:
        yield Line(tongue.say(f"新增对象：{name}", f"added object: {name}"))
    for name in found.removed:
        yield Line(tongue.say(f"删去对象：{name}", f"removed object: {name}"))
    for thing in found.objects:
        yield from _object(thing, tongue)
    if affected is not None:
        yield from _affected(affected, tongue)


def _verdict(found: Difference, tongue: Tongue) -> str:
    match found.effect:
        case effect if effect == SAME:
            return tongue.say(
                "得分相同：任何完成值下得分、总分、等级都一样（已证明）",
                "Same scores: score, total and grade are the same for all actuals (proved)",
            )
        case effect if effect == OPEN:
            return tongue.say(
                "未证明相同：没有找到不同，也没有证明相同",
                "Not proved the same: no difference was found, and none was excluded",
            )
    return tongue.say("得分不同", "Scores differ")


def _object(thing: ObjectDifference, tongue: Tongue) -> Iterator[Block]:
    yield Heading(2, thing.name)
    counts = {effect: [x for x in thing.rows if x.effect == effect] for effect in (SAME, DIFFERS, OPEN)}
    words = tongue.say("、", ", ").join(
        f"{tongue.of(EFFECTS[e])} {len(rows)}" for e, rows in counts.items() if rows or e == SAME
    )
    moved = [(tongue.say("新增", "added"), thing.added), (tongue.say("删去", "removed"), thing.removed)]
    words += "".join(f"{tongue.say('，', '; ')}{word} {len(paths)}" for word, paths in moved if paths)
    yield Line(tongue.say(f"指标：{words}", f"Indicators: {words}"))
    for word, paths in moved:
        for path in paths:
            yield Line(f"{word}{tongue.say('：', ': ')}{'/'.join(path)}")
    if counts[SAME]:
        names = tongue.say("、", ", ").join(x.path[-1] for x in counts[SAME])
        yield Line(tongue.say(f"得分相同（已证明）：{names}", f"Same scores (proved): {names}"))
    if thing.changes:
        rows = [
            (
                *change_texts(x, tongue),
                tongue.of(EFFECTS[x.effect]) if x.effect != SAME else tongue.say("不影响", "no effect"),
            )
            for x in thing.changes
        ]
        yield Table(tongue.say("改动|原来|现在|得分", "change|before|after|scores").split("|"), tuple(rows))  # type: ignore[arg-type]
        for change in thing.changes:
            if change.example is not None:
                yield Line(
                    f"{change_texts(change, tongue)[0]}{tongue.say('：', ': ')}{whole_text(change.example, tongue)}"
                )
    for row in thing.rows:
        if row.effect != SAME or row.changes or row.renamed or row.through:
            yield from _row(row, tongue)


def _row(row: RowDifference, tongue: Tongue) -> Iterator[Block]:
    yield Heading(3, f"{'/'.join(row.path)}{tongue.say('：', ': ')}{tongue.of(EFFECTS[row.effect])}")
    if row.renamed:
        was = "/".join(row.was)
        yield Line(tongue.say(f"原来叫 {was}", f"was {was}"))
    for change in row.changes:
        what, before, after = change_texts(change, tongue)
        effect = tongue.say("（未证明不影响得分）", " (not proved without effect)") if change.effect == OPEN else ""
        if change.what == "rubric":
            yield Line(tongue.say(f"原来的计分方法：{before}", f"rubric before: {before}"))
            yield Line(tongue.say(f"现在的计分方法：{after}", f"rubric after: {after}"))
        else:
            yield Line(f"{what}{tongue.say('：', ': ')}{before} → {after}{effect}")
        if change.example is not None:
            yield Line(whole_text(change.example, tongue))
    if row.stretches:
        head = name_text(row.variable, tongue) if row.variable else tongue.say("完成值 x", "actual x")
        table = tuple(
            (
                where_text(x, row, tongue),
                side_text(x.before, tongue),
                side_text(x.after, tongue),
                difference_text(x, row, tongue),
            )
            for x in row.stretches
        )
        yield Table((head, *tongue.say("原来得分|现在得分|差", "before|after|difference").split("|")), table)
    if row.example is not None:
        yield Line(example_text(row.example, tongue))
    if row.doubts:
        why = tongue.say("；", "; ").join(doubt_text(x, tongue) for x in row.doubts)
        if row.effect == DIFFERS:
            yield Line(tongue.say(f"没有逐段比较：{why}", f"Not compared range by range: {why}"))
        else:
            yield Line(tongue.say(f"没有证明：{why}", f"Not proved: {why}"))
    if row.through:
        names = tongue.say("、", ", ").join(path[-1] for path in row.through)
        yield Line(tongue.say(f"用到的行变了：{names}", f"Looks at changed rows: {names}"))


def _affected(found: Sequence[Effect], tongue: Tongue) -> Iterator[Block]:
    moved = [x for x in found if x.moved]
    yield Heading(2, tongue.say("谁的得分变了", "Whose scores change"))
    yield Line(
        tongue.say(f"{len(found)} 个对象，{len(moved)} 个有变化", f"{len(found)} objects, {len(moved)} of them change")
    )
    if not moved:
        return
    titles = tongue.say("对象|原总分|现总分|原等级|现等级", "object|total before|after|grade before|after").split("|")
    yield Table(tuple(titles), tuple((x.object, got_text(x.before, tongue), got_text(x.after, tongue), x.grades[0] or "—",
                                      x.grades[1] or "—") for x in moved))  # fmt: skip
    for thing in moved:
        if not thing.rows and not thing.awards and not thing.causes:
            continue
        yield Heading(3, thing.object)
        if thing.rows:
            titles = tongue.say(
                "指标|完成值|原得分|现得分|原来的档|现在的档|改了什么",
                "indicator|actual|before|after|case before|case after|changed",
            ).split("|")
            yield Table(tuple(titles), tuple(_moved(row, tongue) for row in thing.rows))
        if thing.causes:
            causes = list(dict.fromkeys(change_texts(x, tongue)[0] for x in thing.causes))
            names = tongue.say("、", ", ").join(causes)
            yield Line(tongue.say(f"总分、等级还因为：{names}", f"Total and grade also because of: {names}"))
        for name, before, after in thing.awards:
            words = [decided_text(x, tongue) for x in (before, after)]
            yield Line(f"{name}{tongue.say('：', ': ')}{words[0]} → {words[1]}")


def _moved(row: RowEffect, tongue: Tongue) -> tuple[str, ...]:
    cases = [
        tongue.say(f"{x.clause}（第{x.line}行）", f"{x.clause} (line {x.line})") if x is not None and x.case else "—"
        for x in (row.before, row.after)
    ]
    causes = [tongue.of(CHANGES[x.what]) for x in row.causes]
    causes += [tongue.say(f"用到的{path[-1]}", f"by {path[-1]}") for path in row.through]
    causes += (
        [tongue.say("新增", "added")]
        if row.before is None
        else [tongue.say("删去", "removed")]
        if row.after is None
        else []
    )
    why = tongue.say("、", ", ").join(dict.fromkeys(causes)) or "—"
    return (
        row.path[-1],
        row.actual or "—",
        got_text(row.before, tongue),
        got_text(row.after, tongue),
        cases[0],
        cases[1],
        why,
    )
