"""Dates that may be partly written, as days one can compare."""

from datetime import date, timedelta

from perfdsl.target import Date


def last_day(when: Date, year: int | None) -> date | None:
    """The last day a (partial) date may mean; the object's year stands in for one that is not written."""
    written = when.year or year
    if written is None or not 1 <= written <= 9998:
        return None
    if when.month is None:
        return date(written, 12, 31) if when.day is None else None
    if when.day is not None:
        try:
            return date(written, when.month, when.day)
        except ValueError:
            return None
    following = date(written + when.month // 12, when.month % 12 + 1, 1)
    return following - timedelta(days=1)
