"""One object at a time: the compiled function of the API beside what one would write by hand, and JSONLogic.

Run as ``python benchmarks/batch/one_object.py``; contenders that are not installed are left out (``pip install datalogic-py
panzi-json-logic``).  JSONLogic works in doubles and does not round: what it computes is less, and not exact.
"""

import random
import time
from collections.abc import Callable
from fractions import Fraction
from importlib.util import find_spec

import perfdsl

OBJECTS, ROUNDS = 300, 40
WORDS, SHARES, COSTS, BANDS, STEPS, LINES = (f"{kind}{{}}" for kind in ("定性", "比例", "成本", "分档", "扣分", "线性"))
NUMBER = {WORDS: 12, SHARES: 6, COSTS: 4, BANDS: 4, STEPS: 2, LINES: 2}
WRITTEN = {
    WORDS: 'full "已完成" points 3 by { "已完成" -> 100%  otherwise -> 0 }',
    SHARES: 'full "≥95" points 4 by { completion >= 100% -> 100%  otherwise -> completion }',
    COSTS: 'full "≤80" points 4 by { actual <= 0 -> 100%  otherwise -> min(100%, 80 / actual) }',
    BANDS: 'full "≥90" points 3 by { >= 90 -> 3  >= 80 -> 2.4  >= 60 -> 1.5  otherwise -> 0 }',
    STEPS: 'full "≤10" points 3 lower by { otherwise -> max(0, 3 - 0.5 * floor(max(0, actual - 10) / 2)) }',
    LINES: 'full "≥100" points 2 by { >= 100 -> 2  >= 60 -> 2 * (actual - 60) / 40  otherwise -> 0 }',
}
NAMES = {kind: [kind.format(i) for i in range(n)] for kind, n in NUMBER.items()}
LOGIC = {
    WORDS: lambda v: {"if": [{"==": [v, "已完成"]}, 3, 0]},
    SHARES: lambda v: {"if": [{">=": [v, 95]}, 4, {"/": [{"*": [4, {"max": [v, 0]}]}, 95]}]},
    COSTS: lambda v: {"if": [{"<=": [v, 80]}, 4, {"/": [320, v]}]},
    BANDS: lambda v: {"if": [{">=": [v, 90]}, 3, {">=": [v, 80]}, 2.4, {">=": [v, 60]}, 1.5, 0]},
    STEPS: lambda v: {"max": [0, {"-": [3, {"*": [0.5, {"/": [{"-": [{"-": [{"max": [0, {"-": [v, 10]}]}, 0]}, {"%": [{"max": [0, {"-": [v, 10]}]}, 2]}]}, 2]}]}]}]},
    LINES: lambda v: {"if": [{">=": [v, 100]}, 2, {">=": [v, 60]}, {"/": [{"*": [2, {"-": [v, 60]}]}, 40]}, 0]},
}  # fmt: skip

Object = dict[str, object]
Score = Callable[[Object], object]


def text() -> str:
    """The rules."""
    rows = [f"  {name} {WRITTEN[kind]}" for kind, names in NAMES.items() for name in names]
    total = 12 * 3 + 6 * 4 + 4 * 4 + 4 * 3 + 2 * 3 + 2 * 2
    return "\n".join(['project "测速" {', f"  total {total}", *rows, "}"])


def objects(whole: bool) -> list[Object]:
    """Values of two decimals as a service gets them, or whole numbers; one in a hundred missing."""
    chance = random.Random(6)
    made = []
    for _ in range(OBJECTS):
        one: Object = {}
        for kind, names in NAMES.items():
            for name in names:
                number = chance.randint(40, 130) if whole else chance.randint(4000, 13000) / 100
                value: object = chance.choice(["已完成", "未完成"]) if kind == WORDS else number
                one[name] = None if chance.random() < 0.01 else value
        made.append(one)
    return made


def by_hand() -> Score:
    """A closure as an expert writes it: hundredths as integers, each score rounded half up, missing ones left open."""
    words, shares, costs, bands, steps, lines = (NAMES[kind] for kind in (WORDS, SHARES, COSTS, BANDS, STEPS, LINES))

    def hundredths(value: object) -> int:
        return value * 100 if value.__class__ is int else round(value * 100)  # type: ignore[operator, call-overload, no-any-return]

    def score(data: Object) -> tuple[int, bool, list[int | None]]:
        made: list[int | None] = []
        put, get = made.append, data.get
        for name in words:
            v = get(name)
            put(None if v is None else 300 if v == "已完成" else 0)
        for name in shares:
            v = get(name)
            if v is None:
                put(None)
                continue
            a = hundredths(v)
            put(400 if a >= 9500 else (800 * a + 9500) // 19000 if a > 0 else 0)
        for name in costs:
            v = get(name)
            if v is None:
                put(None)
                continue
            a = hundredths(v)
            put(400 if a <= 8000 else (2 * 3200000 + a) // (2 * a))
        for name in bands:
            v = get(name)
            if v is None:
                put(None)
                continue
            a = hundredths(v)
            put(300 if a >= 9000 else 240 if a >= 8000 else 150 if a >= 6000 else 0)
        for name in steps:
            v = get(name)
            if v is None:
                put(None)
                continue
            a = hundredths(v)
            put(max(0, 300 - 50 * (max(0, a - 1000) // 200)))
        for name in lines:
            v = get(name)
            if v is None:
                put(None)
                continue
            a = hundredths(v)
            put(200 if a >= 10000 else (200 * (a - 6000) * 2 + 4000) // 8000 if a >= 6000 else 0)
        return sum(x for x in made if x is not None), None in made, made

    return score


def logic() -> dict[str, list[object]]:
    """The same as JSONLogic: a list of the scores, nothing rounded, null for what is missing."""
    found = [(kind, {"var": name}) for kind, names in NAMES.items() for name in names]
    return {"merge": [{"if": [{"===": [value, None]}, None, LOGIC[kind](value)]} for kind, value in found]}


def contenders(rules: perfdsl.Rules) -> dict[str, Score]:
    """Everything that is installed."""
    found: dict[str, Score] = {
        "by hand": by_hand(),
        "perfdsl scorer": rules.scorer(x for names in NAMES.values() for x in names),
    }
    if find_spec("datalogic_py") is not None:
        import datalogic_py

        found["JSONLogic compiled (datalogic-py, Rust)"] = datalogic_py.Engine().compile(logic()).evaluate
    if find_spec("json_logic") is not None:
        import json_logic

        rule = logic()
        found["JSONLogic interpreted (panzi-json-logic)"] = lambda data: json_logic.jsonLogic(rule, data)
    return found


def check(rules: perfdsl.Rules, given: list[Object]) -> None:
    """By hand, compiled and exact are the same, object by object."""
    hand, quick = by_hand(), rules.scorer(x for names in NAMES.values() for x in names)
    for one in given[:200]:
        total, is_open, scores = hand(one)  # type: ignore[misc]
        made, card = quick(one), rules.score(one).card
        assert (made.total, made.low) == (card.total, card.low)
        assert made.total == (None if is_open else Fraction(total, 100))
        assert list(made.scores.values()) == [None if x is None else Fraction(x, 100) for x in scores]


def measured(rounds: int) -> dict[str, dict[str, float]]:
    """Microseconds an object, the best of so many rounds in turn, for values of two decimals and whole ones."""
    rules = perfdsl.load(text())
    assert rules.usable, [d.message() for d in rules.check()]
    found = {}
    for what, whole in (("two decimals", False), ("whole numbers", True)):
        given = objects(whole)
        check(rules, given)
        known = contenders(rules)
        times: dict[str, list[float]] = {name: [] for name in known}
        for _ in range(rounds):
            for name, score in known.items():
                started = time.process_time()
                for one in given:
                    score(one)
                times[name].append((time.process_time() - started) / OBJECTS)
        found[what] = {name: 1e6 * min(each) for name, each in times.items()}
    return found


def main() -> None:
    rules = perfdsl.load(text())
    rules.scorer([])  # loads what compiling needs
    started = time.process_time()
    rules.scorer(x for names in NAMES.values() for x in names)
    print(f"compiling the plan to a function: {1000 * (time.process_time() - started):.0f} ms")
    for what, times in measured(ROUNDS).items():
        base = times["by hand"]
        print(f"\n| one object, 30 indicators, {what} | µs | × by hand |\n|---|---:|---:|")
        for name, each in times.items():
            print(f"| {name} | {each:.1f} | {each / base:.2f} |")


if __name__ == "__main__":
    main()
