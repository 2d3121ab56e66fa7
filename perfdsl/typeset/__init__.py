"""A document set as PDF by Typst: the template is ours, the user's words come beside it as data and are never markup."""

from perfdsl.typeset.door import NEEDS, Unset, typeset

__all__ = ["NEEDS", "Unset", "typeset"]
