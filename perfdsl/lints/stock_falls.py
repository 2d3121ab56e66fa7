"""半年（季度）指标值高于全年指标值，请确认。

时点量可以有升有降，所以这里只是请确认：座席由9人减到5人，是真的要减，还是填反了？比率写“≥”而半年高于全年，也请确认后半年为什么放宽。
越低越好的数（“≤”的比率、时限，未办结、投诉之类）逐期降低是正常的，不问。

English: the target of an earlier period is above that of the year. A level may fall, so this only asks: is it meant, or are
the columns exchanged? What is better low is not asked about.
"""

from collections.abc import Iterator

from perfdsl.diagnostics import INFO, Diagnostic, Kind, Label, finding
from perfdsl.lints._periods import falls, is_flow
from perfdsl.lints._table import Table

BASIS = "依通行理解，未核对原文：同一指标的分期值应当与全年值相互衔接"
BAD = """\
project "座席外包" {
  外包座席人数 half "≤9人" full "≤5人"
}
"""
GOOD = """\
project "座席外包" {
  外包座席人数 half "≤9人" full "≤9人"
}
"""


def check(table: Table) -> Iterator[Diagnostic]:
    """Levels that are higher before the end of the year."""
    for pair, rising_is_good in falls(table):
        if rising_is_good and not is_flow(pair):
            label = Label(pair.full.span, "全年", "the whole year")
            yield finding(HIGHER_THAN_YEAR, pair.early.span, labels=(label,), name=pair.name, period=pair.period,
                          early=pair.early.target.text, full=pair.full.target.text)  # fmt: skip


HIGHER_THAN_YEAR = Kind(
    "L041", INFO, "“{name}”{period}“{early}”，全年“{full}”，后面反而低，请确认", "“{name}” is “{early}” for {period} and “{full}” for the year: it falls, is that meant?",
    "确实要降的，用 accept 写明理由；填反了就对调", "accept it with the reason where it is meant; exchange the columns if they are the wrong way round",
)  # fmt: skip
KINDS = (HIGHER_THAN_YEAR,)
