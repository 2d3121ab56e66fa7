"""What the names of indicators say: which shares cannot pass one whole, what is better high and what is better low.

A name says only what its ending says for certain; a name of neither list says nothing, and no lint guesses.
"""

SHARES_OF_A_WHOLE = (
    "参与率", "参加率", "出勤率", "到课率", "覆盖率", "普及率", "知晓率", "合格率", "达标率", "优良率", "满意率", "满意度", "办结率", "接通率",
    "回访率", "回复率", "及时率", "准确率", "签收率", "公开率", "入库率", "归档率", "完好率", "使用率", "利用率", "尽检率", "检查率", "验收率",
    "通过率", "成活率", "治愈率", "就业率", "入学率", "巩固率", "参保率", "接种率",
)  # fmt: skip


def is_share_of_a_whole(name: str) -> bool:
    """Is it a share of a whole, so that it is never above 100 %?"""
    return name.rstrip("）)（(%％ ").endswith(SHARES_OF_A_WHOLE)
