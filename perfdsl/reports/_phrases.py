"""Sentences and headings of the reports on paper (HTML, Markdown), in Chinese and in English, with ``{fact}`` places."""

from collections.abc import Iterable
from fractions import Fraction

import attrs

from perfdsl.quantity import format_number, round_half_up
from perfdsl.reports._text import clean, percent
from perfdsl.reports._words import Words, word

MOST_NAMES = 8

PHRASES: Words = {
    # the page
    "title": ("绩效评分报告", "Performance score report"),
    "title_unscored": ("绩效目标完成情况报告", "Performance target report"),
    "several": ("共 {count} 个评价对象", "{count} objects"),
    "skip": ("跳到正文", "skip to the report"),
    "overview": ("评价结果一览", "Results of all objects"),
    "basics": ("基本情况", "Particulars"),
    "result": ("评价结果", "Result"),
    "groups": ("各组得分", "Groups"),
    "lost": ("失分情况", "Points lost"),
    "missed": ("未达标的指标", "Targets missed"),
    "explain": ("需要说明的指标", "To be explained"),
    "reviewed": ("复核改分", "Changed by the review"),
    "left_out": ("不适用或本期不考核", "Not applicable or not due"),
    "table": ("评分表", "Score sheet"),
    "table_unscored": ("指标完成情况表", "Targets and actual values"),
    "back": ("回到一览", "back to all objects"),
    "reasons": ("得分理由", "Reasons of the scores"),
    "verdicts": ("判定理由", "Reasons of the verdicts"),
    "notes": ("说明", "Notes"),
    "awards": ("评优", "Awards"),
    "findings": ("检查发现", "Findings"),
    "waivers": ("已接受的例外", "Accepted exceptions"),
    "provenance": ("数据来源", "Provenance"),
    # heads of columns and of particulars
    "object": ("评价对象", "Object"),
    "kind": ("类型", "Kind"),
    "period": ("评价期", "Period"),
    "as_of": ("评价日", "As of"),
    "number": ("序号", "No."),
    "group": ("分组", "Group"),
    "indicator": ("指标", "Indicator"),
    "target": ("指标值", "Target"),
    "actual": ("完成值", "Actual"),
    "points": ("分值", "Points"),
    "score": ("得分", "Score"),
    "full": ("满分", "Full"),
    "share": ("得分率", "Share"),
    "gone": ("失分", "Lost"),
    "grade": ("等级", "Grade"),
    "status": ("状态", "Status"),
    "cause": ("原因", "Cause"),
    "reason": ("理由", "Reason"),
    "state": ("完整性", "State"),
    "complete": ("完整", "complete"),
    "incomplete": ("不完整", "incomplete"),
    "level": ("{number}级指标", "Level {number}"),
    # the result
    "total": ("总分", "Total"),
    "of": ("满分 {points} 分", "of {points}"),
    "met_of": ("达标", "Targets met"),
    "complete_total": ("总分 {total} 分，满分 {points} 分。", "The total is {total} of {points} points."),
    "graded": ("评价等级为“{grade}”。", "The grade is “{grade}”."),
    "open_total": (
        "结果不完整，总分还不能确定：最低 {low} 分，最高 {high} 分（满分 {points} 分）。",
        "The result is incomplete and the total is not known yet: at least {low}, at most {high} of {points} points.",
    ),
    "open_rows": ("还没有定分的：{names}。", "Still open: {names}."),
    "open_else": ("还不能确定的原因见“说明”和“检查发现”。", "See the notes and the findings for what is open."),
    "open_verdicts": ("结果不完整，还没有结论的：{names}。", "The result is incomplete; without a conclusion: {names}."),
    "open_grade": ("结果不完整，等级还不能确定，原因见“说明”。", "The result is incomplete: the grade is not decided, see the notes."),
    "no_points": ("本表不设分值，只判定是否达到指标值。", "This table has no points; targets are met or missed."),
    "counts": ("共 {count} 项指标：{words}。", "{count} indicators: {words}."),
    "only_scored": ("只计分", "scored only"),
    "lost_sum": ("失分 {count} 项，共 {amount} 分。", "{count} lost points, {amount} in all."),
    "lost_own": ("失分 {count} 项；各项按自己的分值计，与总分之间还有权重或折算。",
                 "{count} lost points, given in their own points: weights or rescaling stand between them and the total."),
    "nothing_lost": ("没有失分。", "No points were lost."),
    "nothing_lost_yet": ("到目前没有确定的失分。", "No points are certainly lost so far."),
    "swing": ("{name}：总分变化 {amount}", "{name}: {amount} in the total"),
    "change": ("变化", "Change"),
    "moves": ("差在哪里", "What made it"),
    "what_of": ("指标或组", "Indicator or group"),
    "seen": ("前后", "Before and after"),
    "why_changed": ("查看原因", "show the causes"),
    "nothing_changed": ("没有变化。", "Nothing changed."),
    "touch_change": ("向右为加分，向左为减分；点变化看原因。", "Gains to the right, losses to the left; open a change to see its causes."),
    "together": ("名次", "Places"),
    "compared_by": ("比较", "Compared by"),
    "placed": ("由先到后", "From the first on"),
    "given_to": ("得奖对象", "Given to"),
    "nobody": ("没有", "none"),
    "still_open": ("未定", "open"),
    "against_column": ("与对照之差", "Difference"),
    "names_more": ("{names} 等 {count} 项", "{names} and others, {count} in all"),
    # groups
    "bonus": ("加减分", "bonus"),
    "bar": ("{name}：{points} 分中得 {score} 分", "{name}: {score} of {points} points"),
    "bar_open": ("{name}：{points} 分中得 {low} 至 {high} 分，还没有定", "{name}: {low} to {high} of {points} points, still open"),
    "bar_lost": ("{name}：失 {lost} 分", "{name}: {lost} points lost"),
    "bar_legend": ("深色为已得分，斜纹为还没有定的分，空白为失分。", "Dark: earned. Hatched: still open. Empty: lost."),
    # one indicator
    "got": ("得 {score} / {points}", "{score} of {points}"),
    "got_aside": ("（得 {score} / {points}）", " ({score} of {points})"),
    "empty": ("未设指标", "no indicator"),
    "by": ("计分方法", "Rubric"),
    "own_rubric": ("写在指标里的方法", "written at the indicator"),
    "comma": ("，", ", "),
    "case": ("第 {number} 档（{words}）", "case {number} ({words})"),
    "completion": ("完成率", "Completion"),
    "review": ("复核", "Review"),
    "review_text": ("按规则 {computed} 分，复核改为 {override} 分", "{computed} by the rules, {override} after the review"),
    "review_open": ("按规则未定，复核定为 {override} 分", "open by the rules, {override} after the review"),
    "explanation": ("偏差原因", "Explanation"),
    "evidence": ("证据", "Evidence"),
    "accepted": ("接受的例外", "Accepted exception"),
    "line": ("规则", "Rule"),
    "line_text": ("第 {line} 行", "line {line}"),
    "not_counted": ("择一", "One of"),
    "not_counted_text": ("本组取另一项的得分，此项不计入", "another row of the group counts instead"),
    "open_score": ("待定分", "open"),
    "why": ("查看理由", "show the reason"),
    "touch": ("点得分看理由。", "Open a score to see its reason."),
    "touch_status": ("点状态看理由。", "Open a status to see its reason."),
    # small print
    "rounded": ("得分四舍五入保留 {places} 位小数；其余的数按分数精确计算，没有舍入。",
                "Scores are rounded to {places} decimals, ties away from zero; all other numbers are exact."),
    "rounded_whole": ("得分四舍五入到整数；其余的数按分数精确计算，没有舍入。",
                      "Scores are rounded to whole points, ties away from zero; all other numbers are exact."),
    "rounded_tens": ("得分四舍五入到 {size} 的整倍数；其余的数按分数精确计算，没有舍入。",
                     "Scores are rounded to multiples of {size}, ties away from zero; all other numbers are exact."),
    "group_note": ("“{name}”{note}", "“{name}”: {note}"),
    "yes": ("是", "yes"),
    "no": ("否", "no"),
    "cohort": ("未定", "open"),
    "advice": ("建议", "help"),
    "ruleset": ("规则摘要（SHA-256）", "Rules (SHA-256)"),
    "actuals": ("完成值摘要（SHA-256）", "Actual values (SHA-256)"),
    "version": ("程序", "Program"),
    "signatures": ("填报人：|审核人：|单位负责人：|日期：", "Prepared by:|Reviewed by:|Head of unit:|Date:"),
    "date_blank": ("年　　月　　日", ""),
    "exactly": ("{shown}（{exact}）", "{shown} ({exact})"),
    "joint": ("、", ", "),
    "colon": ("：", ": "),
    "stop": ("；", "; "),
}  # fmt: skip


@attrs.frozen
class Voice:
    """The language a report speaks."""

    lang: str

    def __call__(self, key: str, **facts: object) -> str:
        """The phrase of that key with its facts."""
        zh, en = PHRASES[key]
        return (en if self.lang == "en" else zh).format(**facts)

    def word(self, table: dict[str, tuple[str, str]], key: str) -> str:
        return word(table, key, self.lang)

    def joined(self, names: Iterable[str]) -> str:
        """Names one after the other, only so many of them."""
        known = [clean(name) for name in names]
        text = self("joint").join(known[:MOST_NAMES])
        return text if len(known) <= MOST_NAMES else self("names_more", names=text, count=len(known))

    def share(self, share: Fraction) -> str:
        """A share as a percentage of two decimals; where that is not exact, the share itself stands behind it."""
        exact = round_half_up(share * 100, 2) == share * 100
        return percent(share) if exact else self("exactly", shown=percent(share), exact=format_number(share))
