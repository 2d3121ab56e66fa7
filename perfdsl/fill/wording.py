"""How a row is scored, in a few words for those who fill it in."""

import re

from perfdsl import plan as p
from perfdsl.core import Case, Scoring, references
from perfdsl.keywords import FORMULA_WORDS, FUNCTIONS

LONGEST = 300
_WORDS = {**FUNCTIONS, **FORMULA_WORDS, "otherwise": "其余", "missing": "没有填", "met": "达到指标值", "and": "且", "or": "或",
          "not": "非", "actual": "实际值"}  # fmt: skip
_NAME = re.compile(r'"[^"]*"|\b[a-z_]+\b')
_HOW = {"check": "做到一项得一项的分", "sum": "每件计分", "best": "取最高的一件", "mean": "取平均",
        "trimmed mean": "去掉最高最低取平均"}  # fmt: skip
_TOGETHER = {"sum": "各单位合计", "mean": "各单位平均", "weighted": "各单位加权平均"}


def how_scored(row: p.PlanIndicator) -> str:
    """The rubric of a row in one cell: its name, then its cases."""
    parts = []
    if row.formula is not None:
        parts.append(f"由算式算出，不用填：{_plain(row.formula_text)}" if row.formula_text else "由算式算出，不用填")
    if row.gather is not None:
        parts.append(_TOGETHER[row.gather.how])
    if row.scoring is not None:
        parts.append(_rubric(row.scoring))
    text = "；".join(part for part in parts if part)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def case_words(case: Case) -> str:
    """One case: ``达到指标值 得100%``."""
    award = _plain(case.award_text).strip()
    award = f"{award}，由评分人定" if judged(case) and ".." in award else award
    return f"{_plain(case.text)} 得{award.replace(' .. ', '至')}"


def judged(case: Case) -> bool:
    """Is the award for a person to decide?"""
    return case.high is not None or "mark" in references(case.award)


def _rubric(scoring: Scoring) -> str:
    cases = "；".join(case_words(case) for case in scoring.cases)
    how = _HOW[scoring.entries.how] if scoring.entries is not None else ""
    head = "，".join(word for word in (scoring.name, how) if word)
    return f"{head}：{cases}" if head else cases


def _plain(text: str) -> str:
    """English words of a formula as the Chinese ones, quoted words without their quotes."""
    return _NAME.sub(lambda m: m[0][1:-1] if m[0][0] == '"' else _WORDS.get(m[0], m[0]), text)
