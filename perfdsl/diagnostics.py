"""What perfdsl says about a user's text: a kind with its wording, and one finding of that kind at a place.

Facts come first and words last: a stage names a ``Kind`` and the facts; Chinese or English is chosen when it is shown.
"""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import NamedTuple

from perfdsl.text import Span

MOST_LOOKED_AT, MOST_COMPARED, MOST_LETTERS = 500, 120, 200
ERROR, WARNING, INFO = "error", "warning", "info"


class Kind(NamedTuple):
    """One sort of finding: a code that is never reused, its severity, and its wording with ``{fact}`` places."""

    code: str
    severity: str
    zh: str
    en: str
    help_zh: str = ""
    help_en: str = ""


class Label(NamedTuple):
    """Words on a second place that matters for a finding."""

    span: Span
    zh: str
    en: str


class Edit(NamedTuple):
    """``text`` in the place of ``span``."""

    span: Span
    text: str


class Diagnostic(NamedTuple):
    """One finding.  ``witness`` are (name, value) pairs that show a refuted rule; ``accepted`` the reason of a waiver.

    ``edits`` mend it: the words to put in the place of each span.  There are none where more than one mend is possible.
    """

    kind: Kind
    span: Span
    facts: tuple[tuple[str, str], ...] = ()
    labels: tuple[Label, ...] = ()
    witness: tuple[tuple[str, str], ...] = ()
    accepted: str = ""
    repro: str = ""
    edits: tuple[Edit, ...] = ()

    @property
    def code(self) -> str:
        return self.kind.code

    @property
    def severity(self) -> str:
        return INFO if self.accepted else self.kind.severity

    def message(self, lang: str = "zh") -> str:
        """The sentence that says what is wrong."""
        return _fill(self.kind.en if lang == "en" else self.kind.zh, self.facts)

    def help(self, lang: str = "zh") -> str:
        """The sentence that says what to do; empty when there is nothing to add."""
        return _fill(self.kind.help_en if lang == "en" else self.kind.help_zh, self.facts)


def finding(
    kind: Kind, span: Span, /, *, labels: Iterable[Label] = (), edits: Iterable[Edit] = (), **facts: object
) -> Diagnostic:
    """A diagnostic of ``kind`` at ``span`` with its facts, and the edits that mend it where there is but one mend."""
    return Diagnostic(kind, span, tuple((k, str(v)) for k, v in facts.items()), tuple(labels), edits=tuple(edits))


def stated(kind: Kind, span: Span, facts: Mapping[str, object]) -> Diagnostic:
    """A diagnostic of ``kind`` at ``span`` whose facts were collected beforehand."""
    return Diagnostic(kind, span, tuple((k, str(v)) for k, v in facts.items()))


def has_errors(found: Iterable[Diagnostic]) -> bool:
    """Is any of them an error that is not waived?"""
    return any(d.severity == ERROR for d in found)


def in_order(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Sorted by file and place, each one once."""
    unique = {(d.span.source.name, d.span.start, d.code, d.facts): d for d in found}
    return [unique[key] for key in sorted(unique)]


def _fill(template: str, facts: tuple[tuple[str, str], ...]) -> str:
    for name, value in facts:
        template = template.replace("{" + name + "}", shorten(value))
    return template


def shorten(value: str, most: int = 80) -> str:
    """The user's words, cut in the middle when they are very long, control characters made visible."""
    shown = "".join(c if c.isprintable() else " " if c.isspace() else "�" for c in value)
    return shown if len(shown) <= most else f"{shown[: most // 2]}…{shown[-most // 2 + 1 :]}"


def closest(word: str, known: Iterable[str]) -> str:
    """The known word nearest to ``word``; empty when none is near.

    Only so many words are compared: a thousand mistakes in a file of a thousand names cost a thousand small searches.
    """
    import difflib  # only a mistake pays for it

    letters, size = set(word), len(word)
    alike = (
        x
        for x in islice(known, MOST_LOOKED_AT)
        if 2 * len(letters.intersection(x)) >= len(letters) and len(x) <= 3 * size
    )
    found = difflib.get_close_matches(word[:MOST_LETTERS], list(islice(alike, MOST_COMPARED)), n=1, cutoff=0.5)
    return found[0] if found else ""
