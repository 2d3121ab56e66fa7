"""Turns of phrase that several readers of pieces share, as regular expressions; and the numbers in them."""

from fractions import Fraction

from perfdsl.sentences.fold import plain

NUMBER = r"(?:[0-9]+(?:\.[0-9]+)?|[零一二两三四五六七八九十百半]+(?:点[一二三四五六七八九零]+)?)"
GIVE = r"(?:可以?|则|应|即|就)?(?:该项|本项|此项|该指标|本指标|指标)?(?:可?得|计|记|给|赋|获得?|评|打|为|予以)?"
WHOLE = r"(?:该项|本项|此项|该指标|本指标|指标|全部|权重)?(?:满分|全分|全部分值|全部分数|分值|权重分)"
OWN = r"(?:年度|年初|预期|既定|全部|计划|绩效|规定|设定|考核|相关|各项|标准|当年|本年|预定|约定|合同|目标|指标|任务)*"
AIM = OWN + r"(?:指标值|目标值|目标|指标|要求|标准|任务|预期|计划|规定|约定|条件|计划数|目标数|水平)"
THEM = r"(?:的|时|者|情形的|情况的|部分)?"


def number(text: str) -> Fraction:
    """The number of a text; -1 where its numerals make none."""
    found = plain(text.strip("()分"), 0)
    return found[0] if found else Fraction(-1)
