"""The sentences of the report in prose, in Chinese and in English, with ``{fact}`` places."""

from fractions import Fraction

import attrs

from perfdsl.quantity import format_number, round_half_up

PHRASES: dict[str, tuple[str, str]] = {
    # headings
    "report": ("绩效自评报告", "Performance self-evaluation report"),
    "overview": ("评价结果一览", "Results of all objects"),
    "part": ("第{number}部分　{name}", "Part {number}: {name}"),
    "basics": ("基本情况", "Particulars"),
    "conclusion": ("评价结论", "Conclusion"),
    "achieved": ("绩效目标完成情况", "Achievement of the targets"),
    "lost": ("失分情况", "Points lost"),
    "missed": ("未达标情况", "Targets missed"),
    "deviations": ("偏差说明", "Deviations"),
    "explained": ("已经说明的偏差", "Deviations explained"),
    "unexplained": ("没有说明的偏差", "Deviations not explained"),
    "reviewed": ("复核改分", "Changed by the review"),
    "left_out": ("不适用或本期不考核的指标", "Not applicable or not due"),
    "findings": ("检查发现", "Findings"),
    "waivers": ("已接受的例外", "Accepted exceptions"),
    "measures": ("改进措施", "Measures"),
    "notes": ("说明与数据来源", "Notes and provenance"),
    "annex": ("附：各项指标得分依据", "Annex: the reasons of the scores"),
    "annex_unscored": ("附：各项指标判定依据", "Annex: the reasons of the verdicts"),
    # particulars and conclusion
    "when": ("本次评价期为{period}，评价日为{day}。", "The period is: {period}; evaluated as of {day}."),
    "when_open": ("本次评价期为{period}。", "The period is: {period}."),
    "total": ("经评价，总分{total}分，满分{points}分，得分率{share}。", "The total is {total} of {points} points, a share of {share}."),
    "total_plain": ("经评价，总分{total}分，满分{points}分。", "The total is {total} of {points} points."),
    "total_open": (
        "评价结果尚不完整，总分还不能确定：最低{low}分，最高{high}分，满分{points}分。",
        "The result is incomplete and the total is not known yet: at least {low}, at most {high} of {points} points.",
    ),
    "no_points": ("本表不设分值，只判定是否达到指标值。", "This table has no points; targets are met or missed."),
    "grade": ("评价等级为“{grade}”。", "The grade is “{grade}”."),
    "open_grade": ("等级还不能确定，原因见“说明与数据来源”。", "The grade is not decided, see the notes."),
    "counts": ("共设指标{count}项，其中{words}。", "Indicators: {count} ({words})."),
    "count": ("{word}{number}项", "{number} {word}"),
    "only_scored": ("只计分不判定的", "scored without a verdict"),
    "open_rows": ("尚未定分的指标：{names}。", "Not scored yet: {names}."),
    "open_verdicts": ("尚无结论的指标：{names}。", "Without a conclusion: {names}."),
    "open_else": ("还不能确定的原因见“说明与数据来源”和“检查发现”。", "See the notes and the findings for what is open."),
    # charts
    "chart_groups": ("各组得分率", "Share of the points by group"),
    "chart_lost": ("失分（分）", "Points lost"),
    "chart_met": ("各组达标情况（项）", "Targets met by group"),
    "chart_mets": ("两次达标项数", "Targets met in both results"),
    "all_rows": ("全部指标", "All indicators"),
    "met_of": ("{met}/{count}项", "{met}/{count}"),
    "is_met": ("达标", "met"),
    "not_met": ("没有达标或没有结论", "missed or without a conclusion"),
    "chart_totals": ("两次总分（分）", "Totals of both results"),
    "chart_rows": ("得分不同的指标（分）", "Indicators with another score"),
    "sure": ("已得分", "earned"),
    "possible": ("还没有定的分", "still open"),
    "rest": ("失分", "lost"),
    "this_one": ("本次：{name}", "this result: {name}"),
    "that_one": ("对照：{name}", "compared with: {name}"),
    "got": ("{score}/{points}", "{score}/{points}"),
    "got_share": ("{score}/{points}，{share}", "{score}/{points}, {share}"),
    "total_name": ("总分", "Total"),
    "chart_more": ("图中列出前{shown}项，另有{more}项见表。", "The chart shows the first {shown}; {more} more stand in the table."),
    # the groups
    "group_got": ("计入分值{points}分，得{score}分，得分率{share}。", "{score} of {points} points, a share of {share}."),
    "group_plain": ("计入分值{points}分，得{score}分。", "{score} of {points} points."),
    "group_open": ("计入分值{points}分，得分未定，最低{low}分，最高{high}分。", "between {low} and {high} of {points} points, still open."),
    "group_bonus": ("加减分项，计{score}分。", "bonus block: {score} points."),
    "group_bonus_open": ("加减分项，得分未定。", "bonus block, still open."),
    "group_none": ("本期没有适用的指标。", "nothing in it applies."),
    "group_note": ("（{note}）", " ({note})"),
    "group_rows": ("指标{count}项：{words}。", "Indicators: {count} ({words})."),
    "group_empty": ("未设指标。", "no indicator."),
    "sheet": ("评分表", "Score sheet"),
    "sheet_unscored": ("指标完成情况表", "Targets and actual values"),
    "empty": ("未设指标", "no indicator"),
    # losses and deviations
    "lost_sum": ("失分指标{count}项，共失{amount}分，从多到少如下。", "Indicators that lost points: {count}; points lost in all: {amount}. The largest loss comes first."),
    "lost_own": (
        "失分指标{count}项，从多到少如下；各项按自己的分值计，与总分之间还有权重或折算。",
        "Indicators that lost points: {count}, the largest loss first; in their own points: weights or rescaling stand between them and the total.",
    ),
    "nothing_lost": ("没有失分。", "No points were lost."),
    "nothing_lost_yet": ("到目前没有确定的失分。", "No points are certainly lost so far."),
    "missed_sum": ("未达标指标{count}项。", "Targets missed: {count}."),
    "nothing_missed": ("没有未达标的指标。", "No target was missed."),
    "lead": ("{number}．{name}。", "{number}. {name}. "),
    "row_lost": ("分值{points}分，得{score}分，失{lost}分。", "{score} of {points} points, {lost} lost. "),
    "row_target": ("指标值{target}", "target {target}"),
    "row_actual": ("完成值{actual}", "actual {actual}"),
    "row_unusable": ("所填完成值{actual}不能采用", "the actual value given, {actual}, cannot be used"),
    "row_without": ("没有完成值", "no actual value"),
    "row_none": ("没有指标值和完成值", "neither target nor actual value"),
    "row_values": ("{text}。", "{text}. "),
    "reason": ("得分依据：{text}", "Reason: {text} "),
    "verdict": ("判定依据：{text}", "Reason: {text} "),
    "why": ("偏差原因：{text}", "Explanation: {text}"),
    "no_why": ("偏差原因：数据中没有填写。", "Explanation: none is given in the data."),
    "explained_sum": ("下列{count}项有偏差，原因摘自所填数据，未经核实。", "Deviations explained: {count}; the causes are quoted from the data and not verified."),
    "unexplained_sum": ("下列{count}项有偏差，数据中没有填写原因，须补充说明。", "Deviations without an explanation in the data: {count}; each needs one."),
    "no_deviation": ("各项指标没有需要说明的偏差。", "No deviation needs an explanation."),
    "nothing_unexplained": ("没有未作说明的偏差。", "Every deviation is explained."),
    "none_explained": ("数据中没有填写任何偏差原因。", "The data explain no deviation."),
    "reviewed_sum": ("经复核改分{count}项：", "Scores changed by the review: {count}."),
    "left_sum": ("不适用或本期不考核的指标{count}项：{names}。", "Indicators that do not apply or are not due: {count} ({names})."),
    "dash": ("—", "—"),
    "number": ("序号", "No."),
    "gap": ("偏差情况", "Deviation"),
    # comparison, findings, the end
    "against": ("与另一次结果相比", "Compared with another result"),
    "against_totals": (
        "与{other}相比，总分由{was}分变为{now}分，{change}。", "Compared with {other}, the total went from {was} to {now}, {change}.",
    ),
    "against_same": ("与{other}相比，总分没有变化，都是{now}分。", "Compared with {other}, the total is the same, {now}."),
    "against_met": (
        "与{other}相比，达标的由{was}项（共考核{was_of}项）变为{now}项（共考核{now_of}项）。",
        "Compared with {other}: {was} of {was_of} targets were met, now {now} of {now_of}.",
    ),
    "against_met_same": (
        "与{other}相比，达标的项数没有变化，都是{now}项（共考核{now_of}项）。", "Compared with {other}, as many targets were met: {now} of {now_of}.",
    ),
    "against_else": ("与{other}相比，{text}", "Compared with {other}, {text}"),
    "more": ("增加{amount}分", "{amount} more"),
    "less": ("减少{amount}分", "{amount} less"),
    "contents": ("目录", "Contents"),
    "rules_file": ("规则文件", "Rules"),
    "actuals_file": ("完成值文件", "Actual values"),
    "against_file": ("对照文件", "Compared with"),
    "amount": ("差（分）", "Amount"),
    "of_what": ("指标或组", "Indicator or group"),
    "seen": ("前后", "Before and after"),
    "made_by": ("构成", "Causes"),
    "nothing_changed": ("各项没有变化。", "Nothing changed."),
    "findings_sum": ("检查和评分中的发现{count}项。", "Findings of the check and the scoring: {count}."),
    "no_findings": ("检查和评分没有发现问题。", "The check and the scoring found nothing."),
    "waived": ("{code}　{subject}：{reason}", "{code} {subject}: {reason}"),
    "severity": ("程度", "Severity"),
    "code": ("编号", "Code"),
    "message": ("内容", "Message"),
    "place": ("位置", "Place"),
    "by_unit": ("（由单位填写。本报告由评分结果生成，不代拟措施。）", "(For the unit to fill in. This report is made from the scores and proposes no measures.)"),
    "award": ("评优“{name}”：{text}", "Award “{name}”: {text}"),
    "basis": ("得分依据", "Reason"),
    "basis_unscored": ("判定依据", "Reason"),
    "fact": ("{label}：{text}", "{label}: {text}"),
    "stop": ("。", ". "),
    "joint": ("；", "; "),
    "comma": ("，", ", "),
    "list": ("、", ", "),
    "subtitle_gap": ("　", " · "),
}  # fmt: skip
NUMERALS = "零一二三四五六七八九"
ENDS = "。！？.!?；;"


@attrs.frozen
class Teller:
    """The language a report is told in."""

    lang: str

    def __call__(self, key: str, **facts: object) -> str:
        """The phrase of that key with its facts."""
        zh, en = PHRASES[key]
        return (en if self.lang == "en" else zh).format(**facts)

    def numeral(self, number: int) -> str:
        """A number (1 to 99) as headings write it."""
        if self.lang == "en" or not 0 < number < 100:
            return str(number)
        tens, ones = divmod(number, 10)
        head = "" if not tens else "十" if tens == 1 else f"{NUMERALS[tens]}十"
        return head + (NUMERALS[ones] if ones or not tens else "")

    def section(self, number: int, text: str) -> str:
        """A heading of a section with its number."""
        return f"{number}. {text}" if self.lang == "en" else f"{self.numeral(number)}、{text}"

    def subsection(self, number: int, text: str) -> str:
        """A heading inside a section with its number."""
        return f"({number}) {text}" if self.lang == "en" else f"（{self.numeral(number)}）{text}"

    def ended(self, text: str) -> str:
        """A user's or the engine's words as a sentence of their own."""
        return text if not text or text[-1] in ENDS else f"{text}{self('stop').strip()}"

    def day(self, iso: str) -> str:
        """A day as it is written in a document."""
        parts = iso.split("-")
        if self.lang == "en" or len(parts) != 3:
            return iso
        return f"{parts[0]}年{int(parts[1])}月{int(parts[2])}日"


def share(score: Fraction, points: Fraction) -> str:
    """A share as a percentage of at most two decimals."""
    return f"{format_number(round_half_up(score / points * 100, 2))}%"
