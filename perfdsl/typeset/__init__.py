"""Documents set by Typst: the template is ours, the user's words come beside it as data and are never markup."""

from perfdsl.typeset.door import FONT, NEEDS, Unset, families, picture, typeset

__all__ = ["FONT", "NEEDS", "Unset", "families", "picture", "typeset"]
