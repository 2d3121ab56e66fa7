"""Does a value have the shape its attrs class declares?  For data that came from outside."""

import types
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

import attrs


def misfit(value: object, declared: object) -> str | None:
    """Where ``value`` is not of the type ``declared``; None when it is."""
    return None if _fits(value, _kind(declared)) else _place(value, declared, "plan")


# ---- whether, as fast as it goes


@attrs.frozen(eq=False)
class _Kind:
    """A declared type: the classes a value may have, and for tuples the kinds of their members (of ``each`` one for all)."""

    classes: frozenset[type]
    tuples: "tuple[tuple[bool, tuple[_Kind, ...]], ...]"


@cache
def _kind(declared: object) -> _Kind:
    choices = [type(None) if one is None else one for one in _choices(declared)]
    classes = frozenset(x for x in choices if isinstance(x, type) and (x in _PLAIN or attrs.has(x)))
    several = [get_args(x) for x in choices if get_origin(x) is tuple]
    return _Kind(
        classes, tuple((x[-1:] == (Ellipsis,), tuple(_kind(y) for y in x if y is not Ellipsis)) for x in several)
    )


@cache
def _fields(kind: type) -> tuple[tuple[str, _Kind], ...]:
    return tuple((name, _kind(hint)) for name, hint in _hints(kind).items())


def _fits(value: object, kind: _Kind) -> bool:
    found = type(value)
    if found in _PLAIN:
        return found in kind.classes
    if isinstance(value, tuple):
        return any(_each_fits(value, each, kinds) for each, kinds in kind.tuples)
    if found not in kind.classes:
        return False
    for name, inner in _fields(found):  # type: ignore[arg-type]  # noqa: SIM110 (a class is hashable; deep expressions leave no room for more)
        if not _fits(getattr(value, name), inner):
            return False
    return True


def _each_fits(value: tuple[object, ...], each: bool, kinds: tuple[_Kind, ...]) -> bool:
    if each:
        kinds = kinds * len(value)
    return len(kinds) == len(value) and all(_fits(one, kind) for one, kind in zip(value, kinds, strict=True))


# ---- where not


def _place(value: object, declared: object, at: str) -> str | None:
    if type(value) in _PLAIN:
        return None if _plain(value, declared) else at
    if isinstance(value, tuple):
        return _in_tuple(value, declared, at)
    if not _allows(declared, type(value)) or not attrs.has(type(value)):
        return at
    hints = _hints(type(value))  # type: ignore[arg-type]  # a class is hashable
    wrong = (_place(getattr(value, name), hint, f"{at}.{name}") for name, hint in hints.items())
    return next((place for place in wrong if place is not None), None)


_PLAIN = frozenset({str, bool, int, Fraction, type(None)})


def _plain(value: object, declared: object) -> bool:
    return any(type(value) is (type(None) if one is None else one) for one in _choices(declared))


def _allows(declared: object, kind: type) -> bool:
    return any(one is kind for one in _choices(declared))


def _choices(declared: object) -> tuple[object, ...]:
    """The members of a union, those of unions inside it too."""
    if get_origin(declared) not in (Union, types.UnionType):
        return (declared,)
    return tuple(inner for one in get_args(declared) for inner in _choices(one))


def _in_tuple(value: tuple[object, ...], declared: object, at: str) -> str | None:
    """``tuple[X, ...]`` or ``tuple[X, Y]``: the first member of the union that fits."""
    places = [_each(value, get_args(one), at) for one in _choices(declared) if get_origin(one) is tuple]
    return None if None in places else (places[0] if places else at)


def _each(value: tuple[object, ...], kinds: tuple[Any, ...], at: str) -> str | None:
    if kinds[-1:] == (Ellipsis,):
        kinds = (kinds[0],) * len(value)
    if len(kinds) != len(value):
        return at
    wrong = (_place(one, kind, f"{at}[{index}]") for index, (one, kind) in enumerate(zip(value, kinds, strict=True)))
    return next((place for place in wrong if place is not None), None)


@cache
def _hints(kind: type) -> Mapping[str, object]:
    return get_type_hints(kind)
