"""A scored object as the formulas that reckon it again in a spreadsheet, beside the values the engine found."""

from perfdsl.workings.door import work_out

__all__ = ["work_out"]
