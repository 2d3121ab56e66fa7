"""A saved report (``score --format json``) back to scorecards, for comparison; what a comparison does not need is left out."""

import json
import re
from fractions import Fraction
from typing import Any

from perfdsl.scorecard import GroupScore, IndicatorScore, Scorecard

_NUMBER = re.compile(r"-?[0-9]{1,400}(?:\.[0-9]{1,400}|/[0-9]{1,400})?")
ZERO = Fraction(0)


class NotReport(ValueError):
    """The JSON is not a report of ``perfdsl score``."""


def read_report(text: str) -> tuple[Scorecard, ...]:
    """The cards of a report; ``NotReport`` names the place that is not as docs/report.md says."""
    try:
        data = json.loads(text)
    except RecursionError:
        raise NotReport("nested too deep") from None
    except ValueError as wrong:
        raise NotReport(str(wrong)) from None
    cards = data if isinstance(data, list) else [data]
    if not cards:
        raise NotReport("no objects")
    return tuple(
        _card(_Part(card, f"[{number}]" if isinstance(data, list) else "")) for number, card in enumerate(cards)
    )


class _Part:
    """An object of the JSON and where it stands."""

    def __init__(self, data: object, at: str) -> None:
        if not isinstance(data, dict):
            raise NotReport(f"{at or 'report'}: not an object")
        self.data: dict[str, Any] = data
        self.at = at

    def wrong(self, name: str) -> NotReport:
        return NotReport(f"{self.at}.{name}".lstrip("."))

    def text(self, name: str, default: str | None = None) -> str:
        found = self.data.get(name, default)
        if not isinstance(found, str):
            raise self.wrong(name)
        return found

    def truth(self, name: str, default: bool) -> bool:
        found = self.data.get(name, default)
        if not isinstance(found, bool):
            raise self.wrong(name)
        return found

    def count(self, name: str, default: int) -> int:
        found = self.data.get(name, default)
        if type(found) is not int or not 0 <= found <= 10**9:
            raise self.wrong(name)
        return found

    def number(self, name: str) -> Fraction | None:
        found = self.data.get(name)
        if found is None:
            return None
        if not isinstance(found, str) or not _NUMBER.fullmatch(found) or re.search(r"/0*$", found):
            raise self.wrong(name)
        return Fraction(found)

    def path(self) -> tuple[str, ...]:
        found = self.data.get("path")
        if not isinstance(found, list) or not found or not all(isinstance(name, str) for name in found):
            raise self.wrong("path")
        return tuple(found)

    def parts(self, name: str) -> list["_Part"]:
        found = self.data.get(name)
        if not isinstance(found, list):
            raise self.wrong(name)
        return [_Part(each, f"{self.at}.{name}[{number}]".lstrip(".")) for number, each in enumerate(found)]

    def limits(self, score: Fraction | None) -> tuple[Fraction, Fraction]:
        """The lowest and highest of an open score; both the score when it is known."""
        if score is not None:
            return score, score
        return self.number("lowest") or ZERO, self.number("highest") or ZERO


def _card(part: _Part) -> Scorecard:
    total, points = part.number("total"), part.number("points")
    low, high = part.limits(total)
    source = _Part(part.data.get("provenance", {}), f"{part.at}.provenance".lstrip("."))
    groups, indicators = map(_group, part.parts("groups")), map(_indicator, part.parts("indicators"))
    card = Scorecard(
        object=part.text("object"), kind=part.text("kind"), period=part.text("period"), as_of=part.text("as_of", ""),
        complete=part.truth("complete", total is not None), points=points, total=total, low=low, high=high,
        before_ceilings=part.number("before_ceilings"), grade=part.text("grade", ""), groups=tuple(groups),
        indicators=tuple(indicators), rounding=part.count("rounding", 2), ruleset_sha256=source.text("ruleset_sha256", ""),
        actuals_sha256=source.text("actuals_sha256", ""),
    )  # fmt: skip
    paths = [row.path for row in card.indicators]
    if len(set(paths)) < len(paths):
        raise part.wrong("indicators")
    return card


def _group(part: _Part) -> GroupScore:
    score = part.number("score")
    low, high = part.limits(score)
    return GroupScore(path=part.path(), points=part.number("points"), score=score, low=low, high=high,
                      applicable=part.truth("applicable", True), bonus=part.truth("bonus", False),
                      either=part.truth("either", False), factor=part.number("factor"))  # fmt: skip


def _indicator(part: _Part) -> IndicatorScore:
    score = part.number("score")
    low, high = part.limits(score)
    computed, override = part.number("computed"), part.number("override")
    return IndicatorScore(
        path=part.path(), target=part.text("target"), actual=part.text("actual"), status=part.text("status"),
        points=part.number("points"), score=score, low=low, high=high, completion=part.number("completion"),
        case=part.text("case", ""), case_number=part.count("case_number", 0), rubric=part.text("rubric", ""),
        reason_zh=part.text("reason", ""), reason_en=part.text("reason", ""), computed=computed if override is not None else score,
        override=override, explanation=part.text("explanation", ""), evidence=part.text("evidence", ""),
        line=part.count("line", 0), bonus=part.truth("bonus", False),
    )  # fmt: skip
