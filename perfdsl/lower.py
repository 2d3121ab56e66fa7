"""A model to its plan: spans become lines, the possible scores of a missing value are worked out once."""

from fractions import Fraction

from perfdsl import model as m
from perfdsl import plan as p
from perfdsl.bounds import award_range


def lower(thing: m.Object, ruleset_sha256: str = "", waivers: tuple[m.Waiver, ...] = ()) -> p.Plan:
    """The plan of one object.

    ``ruleset_sha256`` is the digest of every text the object was compiled from, ``waivers`` what its file accepts.
    """
    policy = thing.not_applicable
    return p.Plan(
        kind=thing.kind, object=thing.name, year=thing.year, facts=thing.facts, total=thing.total, most=thing.most,
        rounding=thing.rounding, missing=thing.missing, not_applicable=policy.policy if policy else "",
        not_applicable_group=policy.group if policy else (), schedule_by=thing.schedule_by or "months", schedule=thing.schedule,
        roots=tuple(row.path[-1] for row in thing.rows),
        groups=tuple(_group(g) for g in m.groups(thing.rows)),
        indicators=tuple(_indicator(i) for i in m.indicators(thing.rows)),
        inputs=tuple(p.PlanInput(name=i.name, alias=i.alias, unit=i.unit, words=i.words, is_word=i.is_word,
                                 domain=i.domain) for i in thing.inputs),
        funds=tuple(p.PlanFunds(title=f.title, unit=f.unit, lines=tuple(
            p.PlanLine(side=x.side, path=x.path, alias=x.alias, amounts=x.amounts, notes=x.notes) for x in f.lines)) for f in thing.funds),
        grades=tuple(p.PlanBand(b.name, b.limits) for b in thing.grades),
        ceilings=tuple(p.PlanCeiling(condition=c.condition, text=c.text, grade=c.grade, total=c.total, line=c.span.line)
                       for c in thing.ceilings),
        awards=tuple(p.PlanAward(name=a.name, condition=a.condition, text=a.text) for a in thing.awards),
        lights=tuple(p.PlanLights(x.about, tuple(p.PlanBand(b.name, b.limits) for b in x.bands)) for x in thing.lights),
        comparisons=thing.comparisons, accepted=_accepted((*thing.waivers, *waivers)),
        ruleset_sha256=ruleset_sha256,
    )  # fmt: skip


def _group(group: m.Group) -> p.PlanGroup:
    return p.PlanGroup(
        path=group.path, points=group.points, weight=group.weight, bonus=group.bonus, either=group.either,
        factor=group.factor, most=group.most,
        applies=group.applies, applies_text=group.applies_text, children=tuple(c.path[-1] for c in group.children),
        line=group.name_span.line, remarks=_remarks(group.remarks), accepted=_accepted(group.waivers),
    )  # fmt: skip


def _indicator(row: m.Indicator) -> p.PlanIndicator:
    targets = tuple(p.PlanTarget(use.period, use.target, use.judge, use.unit) for use in row.targets)
    return p.PlanIndicator(
        path=row.path, alias=row.alias, points=row.points, targets=targets, unit=row.unit, direction=row.direction,
        nature=row.nature, domain=row.domain, words=row.words, formula=row.formula, formula_text=row.formula_text,
        applies=row.applies, applies_text=row.applies_text, scoring=row.scoring, gather=row.gather, possible=_possible(row),
        bonus=row.bonus, line=row.name_span.line, remarks=_remarks(row.remarks), accepted=_accepted(row.waivers),
    )  # fmt: skip


def _possible(row: m.Indicator) -> tuple[tuple[str, Fraction, Fraction], ...]:
    """For each period the limits of the score while nothing is known of the actual."""
    if row.scoring is None:
        return ()
    found = [("", *award_range(row.scoring, None, row.domain))]
    found += [(use.period, *award_range(row.scoring, use.judge, row.domain)) for use in row.targets]
    return tuple(found)


def _remarks(remarks: tuple[m.Remark, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((r.kind, r.text) for r in remarks)


def _accepted(waivers: tuple[m.Waiver, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((w.code, w.reason) for w in waivers)
