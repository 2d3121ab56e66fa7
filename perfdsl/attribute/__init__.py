"""The difference of two totals split into indicators and causes, exactly and whatever the order (docs/against.md)."""

from perfdsl.attribute.door import Side, attribute

__all__ = ["Side", "attribute"]
