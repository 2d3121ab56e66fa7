"""A witness is replayed through the engine that defines the language, before anyone is shown it."""

from fractions import Fraction

import attrs

from perfdsl.actuals import Entry, Observed
from perfdsl.core import Case, Value
from perfdsl.lower import lower
from perfdsl.model import Object
from perfdsl.prove.contract import Actual, Verdict
from perfdsl.prove.subject import Subject
from perfdsl.prove.worlds import World

NO_CASE = "no case"
Decided = tuple[int, Value, Value]


@attrs.define(eq=False)
class Bench:
    """The object with its actuals still to be given."""

    thing: Object

    def shows(self, verdict: Verdict, subject: Subject) -> bool:
        """Does the engine say of every actual of a verdict what the verdict says?"""
        if verdict.why in ("sum", "base"):
            return True  # nothing is varied: it is the sum of what stands there
        found = [self._decide(actual, verdict.world, subject) for actual in verdict.actuals]
        if verdict.code == "V101":
            return found == [NO_CASE]
        base = subject.scoring.entries.base if subject.scoring.entries is not None and verdict.code != "V103" else 0
        return all(isinstance(each, tuple) and isinstance(award, Fraction) and award - base in each[1:]
                   for each, award in zip(found, verdict.awards, strict=False))  # fmt: skip

    def _decide(self, actual: Actual, world: World, subject: Subject) -> Decided | str:
        """The first case that holds, with its award; the inputs have the values of the world."""
        from perfdsl.evaluate import NO_JUDGE, Engine, Frame  # only where something is refuted

        plan = lower(attrs.evolve(self.thing, rows=(subject.row,)))
        prior = dict(world).get("prior")
        entry = Entry(value=actual, text=subject.shown(actual), prior=prior)
        engine = Engine(plan, Observed({"/".join(subject.row.path): (entry,)}, {}, {}), _period(subject), None)
        engine.known.update({name: value for name, value in world if ":" in name})
        judge = subject.use.judge if subject.use is not None else NO_JUDGE
        frame = Frame(plan.indicators[0], judge, entry, actual)
        schedule = dict(world).get("schedule")
        if isinstance(schedule, Fraction):
            engine.schedule = lambda: schedule  # type: ignore[method-assign]

        def decided(number: int, case: Case) -> Decided:
            low = engine.value(case.award, frame)
            return number, low, low if case.high is None else engine.value(case.high, frame)

        for number, case in enumerate(subject.scoring.cases):
            holds = engine.value(case.when, frame)
            if holds is True:
                return decided(number, case)
            if holds is None:
                return "undefined"
        return NO_CASE


def _period(subject: Subject) -> str:
    return subject.use.period if subject.use is not None else "full"
