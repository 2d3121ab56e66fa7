"""LALR(1) tables from a lark grammar, and the one loop that runs them over a list of tokens.

lark builds the tables (and is imported) only when no stored copy for the same grammar text exists, so a command that
parses a file does not pay for the generator.  Tokens are made by the caller; a rule's action gets all its children.
"""

import hashlib
import marshal
import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from perfdsl.resources import data_dir

END = "$END"
RESUME = "ERR_ITEM"  # the error token that fits wherever a statement may begin
FORMAT = 4


class Token(NamedTuple):
    """One token: its terminal, its value, and where it stands in the source (offsets in characters)."""

    kind: str
    value: Any
    start: int
    end: int
    first: bool = False  # is it the first on its line?


class Rule(NamedTuple):
    """A production: the nonterminal it makes, how many values it takes, and the name of its action."""

    origin: str
    length: int
    action: str


class Tables(NamedTuple):
    """The automaton.  A number ≥ 0 in ``states`` is a shift or goto, a negative one -(rule+1) is a reduction."""

    states: list[dict[str, int]]
    rules: list[Rule]
    start: int
    final: int


class Reject(Exception):
    """Raised by ``run`` at the first token that does not fit; ``state`` tells which tokens would have."""

    def __init__(self, token: Token, state: int) -> None:
        super().__init__(token, state)
        self.token = token
        self.state = state


def tables(name: str) -> Tables:
    """The tables of ``grammar/<name>.lark``: from the user's cache when it holds them, else built and stored."""
    text = (data_dir("grammar") / f"{name}.lark").read_text(encoding="utf-8")
    digest = hashlib.sha256(f"{FORMAT}\n{text}".encode()).hexdigest()[:24]
    stored = cache_dir() / f"{name}-{digest}.tables"
    loaded = _load(stored)
    if loaded is None:
        loaded = build(text)
        _store(stored, loaded)
    return loaded


def cache_dir() -> Path:
    """The folder for what can be made again; ``PERFDSL_CACHE`` moves it."""
    chosen = os.environ.get("PERFDSL_CACHE")
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", tempfile.gettempdir())) / "perfdsl"
    return Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "perfdsl"


def build(grammar: str) -> Tables:
    """Let lark turn the grammar text into tables; a conflict of any sort is an error (``strict``)."""
    from lark import Lark  # the generator is not needed once the tables are stored
    from lark.lexer import Lexer

    class NoLexer(Lexer):
        def __init__(self, conf: Any) -> None:
            pass

        def lex(self, lexer_state: Any, parser_state: Any) -> Any:
            return lexer_state

    parser = Lark(grammar, parser="lalr", lexer=NoLexer, strict=True)
    table: Any = parser.parser.parser._parse_table
    rules: list[Rule] = []
    numbers: dict[Any, int] = {}
    states: list[dict[str, int]] = [{} for _ in range(max(table.states) + 1)]
    for state, row in table.states.items():
        for symbol, (action, argument) in row.items():
            if str(action) == "Shift":
                states[state][symbol] = argument
                continue
            if argument not in numbers:
                numbers[argument] = len(rules)
                rules.append(_rule(argument))
            states[state][symbol] = -numbers[argument] - 1
    ((_, start),) = table.start_states.items()
    ((_, final),) = table.end_states.items()
    _skip_passes(states, rules)
    return Tables(states, rules, start, final)


def _skip_passes(states: list[dict[str, int]], rules: list[Rule]) -> None:
    """Go past states that can only rename what was just read (``?a: b``): the value is the same, the work is saved."""
    renames: dict[int, str] = {}
    for number, row in enumerate(states):
        moves = set(row.values())
        if len(moves) == 1 and (move := next(iter(moves))) < 0 and rules[-move - 1].action == "+pass":
            renames[number] = rules[-move - 1].origin
    for row in states:
        for symbol, move in row.items():
            while move in renames and renames[move] in row:
                move = row[renames[move]]
            row[symbol] = move


def _rule(rule: Any) -> Rule:
    origin = str(rule.origin.name)
    if rule.alias:
        action = str(rule.alias)
    elif origin.startswith("__"):
        action = "+list" if len(rule.expansion) == 1 else "+append"
        if len(rule.expansion) == 2 and rule.expansion[0].name != rule.origin.name:
            action = "+list"
    elif rule.options.expand1 and len(rule.expansion) == 1:
        action = "+pass"
    else:
        action = origin
    return Rule(origin, len(rule.expansion), action)


def _load(path: Path) -> Tables | None:
    try:
        states, rules, start, final = marshal.loads(path.read_bytes())
        return Tables(states, [Rule(*r) for r in rules], start, final)
    except (OSError, ValueError, EOFError, TypeError):
        return None


def _store(path: Path, made: Tables) -> None:
    body = marshal.dumps((made.states, [tuple(r) for r in made.rules], made.start, made.final))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as part:
            part.write(body)
        os.replace(part.name, path)
    except OSError:
        return  # a read-only home costs time, never the result


Action = Callable[..., Any]
Recover = Callable[["Stacks", Token, int], int]


class Stacks(NamedTuple):
    """The two stacks of a run, for a recovery that must pop them."""

    states: list[int]
    values: list[Any]


Bound = tuple[str, int, Action | None, bool]


def bind(made: Tables, actions: dict[str, Action]) -> list[Bound]:
    """Join rules with actions: (origin, length, action, takes a list item); a rule without an action is an error.

    An action is called with the context of the run and the values of the rule.
    """
    bound: list[Bound] = []
    for origin, length, name in made.rules:
        if name == "+pass":
            bound.append((origin, length, None, False))
        elif name.startswith("+"):
            bound.append((origin, length, None, True))
        else:
            bound.append((origin, length, actions[name], False))
    return bound


def run(
    made: Tables,
    bound: list[Bound],
    tokens: Sequence[Token],
    context: Any,
    recover: Recover | None = None,
    soft: Mapping[str, bool] = MappingProxyType({}),
) -> Any:
    """Run the automaton over ``tokens`` (without an end token) and return the value of the start rule.

    A token that does not fit goes to ``recover(stacks, token, index)``, which may change stacks and tokens and answers
    how many tokens to move on (0: try the same one again); without ``recover``, or when the answer is negative,
    ``Reject`` is raised.  A token of a ``soft`` kind that does not fit is taken as a NAME where a name fits; a kind
    marked True starts a statement: first on its line it is never the name that an unfinished line before it lacks.
    """
    states, final = made.states, made.final
    state_stack: list[int] = [made.start]
    value_stack: list[Any] = []
    end = Token(END, None, tokens[-1].end if tokens else 0, tokens[-1].end if tokens else 0, True)
    index, count = 0, len(tokens)
    while True:
        token = tokens[index] if index < count else end
        kind = token[0]
        while True:
            move = states[state_stack[-1]].get(kind)
            if move is None:
                row = states[state_stack[-1]]
                if kind in soft and "NAME" in row and not (token[4] and soft[kind] and RESUME not in row):
                    kind = "NAME"
                    continue
                step = recover(Stacks(state_stack, value_stack), token, index) if recover else -1
                if step < 0:
                    raise Reject(token, state_stack[-1])
                index += step
                count = len(tokens)  # a recovery may add tokens
                break
            if move >= 0:
                state_stack.append(move)
                value_stack.append(token)
                index += 1
                break
            origin, length, action, listing = bound[-move - 1]
            if action is not None:
                if length:
                    children = value_stack[-length:]
                    del value_stack[-length:], state_stack[-length:]
                    value = action(context, *children)
                else:
                    value = action(context)
                value_stack.append(value)
            elif listing:
                if length == 1:
                    value_stack[-1] = [value_stack[-1]]
                else:
                    item = value_stack.pop()
                    value_stack[-1].append(item)
                del state_stack[-length:]
            else:
                del state_stack[-1]
            state_stack.append(states[state_stack[-1]][origin])
            if kind == END and state_stack[-1] == final:
                return value_stack[-1]
