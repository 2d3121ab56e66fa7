"""Grammar files as trees: the part of lark's notation that ``grammar/*.lark`` is written in, and how it reads as EBNF.

Rules that a parser needs to go on after a mistake are left out; a rule that begins with itself is shown as a repetition.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple, Union, assert_never


class Symbol(NamedTuple):
    """The name of a rule or of a terminal."""

    name: str


class Sequence(NamedTuple):
    """One after the other; none at all is nothing."""

    parts: tuple["Form", ...]


class Choice(NamedTuple):
    """One of several."""

    forms: tuple["Form", ...]


class Repeat(NamedTuple):
    """``*`` any number, ``+`` at least one, ``?`` one or none."""

    form: "Form"
    sign: str


Form = Union[Symbol, Sequence, Choice, Repeat]


class Rule(NamedTuple):
    """A rule, and the heading of the part of the file it stands in."""

    name: str
    form: Form
    section: str


def rules(text: str) -> list[Rule]:
    """The rules of a grammar file in order, as they are shown."""
    found: list[Rule] = []
    section = ""
    for part in re.split(r"\n(?=// ----|\??\w+:)", text):
        if heading := re.match(r"// ---- (.*)", part):
            section = heading[1].strip()
        elif rule := re.match(r"\??(\w+):", part):
            body = re.sub(r"//.*|^%.*", "", part[rule.end() :], flags=re.M)
            form = _shown(rule[1], _Reader(body).choice())
            if form is not None:
                found.append(Rule(rule[1], form, section))
    return found


class _Reader:
    """Reads one body."""

    def __init__(self, body: str) -> None:
        self.tokens = re.findall(r"->\s*\w+|\w+|[()|*+?]", body)

    def choice(self) -> Choice:
        forms = [self._sequence()]
        while self.tokens and self.tokens[0] == "|":
            self.tokens.pop(0)
            forms.append(self._sequence())
        return Choice(tuple(forms))

    def _sequence(self) -> Sequence:
        parts: list[Form] = []
        while self.tokens and self.tokens[0] not in "|)":
            token = self.tokens.pop(0)
            if token.startswith("->"):
                continue
            form: Form = Symbol(token)
            if token == "(":
                form = self.choice()
                self.tokens.pop(0)
            if self.tokens and self.tokens[0] in "*+?":
                form = Repeat(form, self.tokens.pop(0))
            parts.append(form)
        return Sequence(tuple(parts))


def _shown(name: str, form: Form) -> Form | None:
    """A rule without its ways to recover, and without beginning with itself; None when nothing is left."""
    forms = [x for x in _alternatives(form) if not any(s.startswith("ERR_") for s in symbols(x))]
    if not forms:
        return None
    again = [x.parts[1:] for x in forms if x.parts[:1] == (Symbol(name),)]
    first = [x for x in forms if x.parts[:1] != (Symbol(name),)]
    if not again:
        return plain(Choice(tuple(forms)))
    rest = Repeat(Choice(tuple(Sequence(parts) for parts in again)), "*")
    return plain(Sequence((Choice(tuple(first)), rest)))


def _alternatives(form: Form) -> list[Sequence]:
    assert isinstance(form, Choice)
    return [x for x in form.forms if isinstance(x, Sequence)]


def plain(form: Form) -> Form:
    """Without sequences and choices of one, and ``a | a b`` as ``a [ b ]``."""
    match form:
        case Symbol():
            return form
        case Repeat(inner, sign):
            return Repeat(plain(inner), sign)
        case Sequence(parts):
            made = tuple(plain(x) for x in parts)
            flat = tuple(y for x in made for y in (x.parts if isinstance(x, Sequence) else (x,)))
            return flat[0] if len(flat) == 1 else Sequence(flat)
        case Choice(forms):
            merged = tuple(dict.fromkeys(plain(x) for x in _merged([_parts(plain(x)) for x in forms])))
            return merged[0] if len(merged) == 1 else Choice(merged)
    assert_never(form)


def _parts(form: Form) -> tuple[Form, ...]:
    return form.parts if isinstance(form, Sequence) else (form,)


def _merged(forms: list[tuple[Form, ...]]) -> Iterator[Form]:
    """Neighbours of which one is the other with one more piece in the middle or at the end."""
    while forms:
        one = forms.pop(0)
        if forms and (pair := _optional(one, forms[0])):
            forms[0] = pair
            continue
        yield Sequence(one)


def _optional(short: tuple[Form, ...], long: tuple[Form, ...]) -> tuple[Form, ...] | None:
    if len(short) >= len(long):
        return None
    same = next((i for i, x in enumerate(short) if x != long[i]), len(short))
    tail = len(short) - same
    if same == 0 or short[same:] != long[len(long) - tail :]:
        return None
    return (*short[:same], Repeat(Sequence(long[same : len(long) - tail]), "?"), *short[same:])


def symbols(form: Form) -> set[str]:
    """Every name in a form."""
    match form:
        case Symbol(name):
            return {name}
        case Repeat(inner, _):
            return symbols(inner)
        case Sequence(parts) | Choice(parts):
            return set().union(*map(symbols, parts)) if parts else set()
    assert_never(form)


def ebnf(form: Form, words: dict[str, str]) -> str:
    """A form as EBNF; ``words`` says how a terminal is written."""
    match form:
        case Symbol(name):
            return words.get(name, name)
        case Repeat(inner, "?"):
            return f"[ {ebnf(inner, words)} ]"
        case Repeat(inner, sign):
            return f"{_closed(inner, words)}{sign}"
        case Sequence(parts):
            return " ".join(_closed(x, words) if isinstance(x, Choice) else ebnf(x, words) for x in parts)
        case Choice(forms):
            return " | ".join(ebnf(x, words) for x in forms)
    assert_never(form)


def _closed(form: Form, words: dict[str, str]) -> str:
    made = ebnf(form, words)
    return made if isinstance(form, Symbol) and not re.search(r" \| ", made) else f"( {made} )"


def reached(found: Iterable[Rule]) -> set[str]:
    """Every name that rules mention."""
    return set().union(*(symbols(rule.form) for rule in found))
