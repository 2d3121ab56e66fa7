"""A form and one object, with or without its scores, to cells on a grid."""

from perfdsl.lay_out.door import lay_out

__all__ = ["lay_out"]
