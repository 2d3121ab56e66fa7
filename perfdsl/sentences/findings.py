"""What the reader of sentences may say: one table of codes; and what a reading is."""

import attrs

from perfdsl import syntax as s
from perfdsl.diagnostics import INFO, WARNING, Kind
from perfdsl.target import Finding


@attrs.frozen
class Choice:
    """One answer to what is open: its name (floor, ceil, exact, upper, lower, point, relative, actual, completion), and the rule under it."""

    name: str
    zh: str
    en: str
    said: str
    rubric: s.Inline


@attrs.frozen(kw_only=True)
class Reading:
    """What a sentence says.

    ``rubric`` is there only where the sentence was understood exactly: nothing in ``unread``, nothing in ``open``.
    ``said`` is the official sentence of that rule.  Where one question is open and its answers are known, ``choices`` has
    the rule under each of them.  ``notes`` say how words were taken that do not stop the rule from being exact.
    """

    text: str
    rubric: s.Inline | None = None
    said: str = ""
    open: tuple[Finding, ...] = ()
    unread: tuple[Finding, ...] = ()
    choices: tuple[Choice, ...] = ()
    notes: tuple[Finding, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything there is to say, in order of place."""
        return tuple(sorted((*self.unread, *self.open, *self.notes), key=lambda f: (f.start, f.code)))


_ROWS = (
    Kind(
        "I200", WARNING, "“{words}”没有读懂，整句留作文字", "“{words}” was not understood; the whole sentence stays text",
        "照意思直接写计分方法，或把这半句改成常见的说法", "write the rubric itself, or say it in a common way",
    ),
    Kind(
        "I201", WARNING, "不足{step}的怎么扣（加）没有写", "what a started step of {step} counts is not said",
        "补一句“不足{step}的不扣分”“不足{step}的按{step}计算”或“按比例折算”；或用 --take 说明",
        "say whether a started step is not counted, counted in full or pro rata; or answer with --take",
    ),
    Kind(
        "I202", INFO, "“{words}”没有写多少：由评分人在范围内定分", "“{words}” names no amount: the assessor decides in the range",
        "能分档的分档，写明每档几分", "name the cases and what each is worth where possible",
    ),
    Kind(
        "I203", WARNING, "恰好{value}落在两档里，归哪一档没有写", "exactly {value} is in two bands; which one it belongs to is not said",
        "在一端写“（含）”，另一端写“（不含）”", "mark one end as inclusive, the other as exclusive",
    ),
    Kind(
        "I204", WARNING, "“{words}”是百分点，还是指标值的百分之几，没有写", "“{words}”: percentage points or percent of the target is not said",
        "写“1个百分点”或“指标值的1%”", "write percentage points, or percent of the target",
    ),
    Kind(
        "I205", WARNING, "“{words}”比的是完成值本身，还是完成值与指标值之比，没有写",
        "“{words}” may be the actual itself or the actual over the target",
        "写“完成值”或“完成值与指标值之比”", "say which of the two",
    ),
    Kind(
        "I206", WARNING, "句子里的满分是{said}分，指标的分值是{points}分", "full marks are {said} in the sentence, but the row has {points} points",
        "核对分值，或句子是不是只说了一部分", "check the points, or whether the sentence is only a part",
    ),
    Kind(
        "I207", WARNING, "“{words}”的单位与指标值“{target}”对不上", "the unit of “{words}” does not fit the target “{target}”",
        "写明比的是完成值、完成率，还是别的数", "say what is compared: the actual, the completion, or something else",
    ),
    Kind(
        "I208", WARNING, "“{words}”的方向与指标值“{target}”对不上", "“{words}” does not go with the direction of the target “{target}”",
        "核对指标值的符号和这句话", "check the sign of the target and the sentence",
    ),
    Kind(
        "I209", WARNING, "“{words}”否决的是这一行、总分还是等级，没有写", "what “{words}” vetoes (row, total or grade) is not said",
        "写成对象里的 ceiling（封顶）", "write it as a ceiling of the object",
    ),
    Kind(
        "I210", WARNING, "从多少分起扣（加）、其他情况得几分，没有写全", "what is scored otherwise, or where counting begins, is not said",
        "补上“达到指标值得满分”“其他不得分”“未达到的按比例得分”一类的半句", "say what reaching the target is worth, and what is scored otherwise",
    ),
    Kind(
        "I211", WARNING, "“{words}”怎样算出分数，没有写", "how “{words}” becomes points is not said",
        "写“按完成率乘以分值”或由评分人定分的范围", "say that completion times the points counts, or name the assessor's range",
    ),
    Kind(
        "I212", WARNING, "“{words}”是不是本指标的完成值，看不出来", "it cannot be seen whether “{words}” is the actual of this row",
        "在句子里用指标的名称，或写“完成值”", "use the name of the indicator, or say “actual”",
    ),
    Kind(
        "I213", WARNING, "“{words}”与前面的半句合不成一条规则", "“{words}” and what stands before it do not make one rule",
        "照意思直接写计分方法", "write the rubric itself",
    ),
    Kind(
        "I214", WARNING, "“{words}”要同别的单位比，一行里写不下", "“{words}” compares with other objects, which one row cannot",
        "用 rank、best 等写成算式（见语言第12节）", "write it with rank or best (section 12 of the language)",
    ),
    Kind(
        "I215", WARNING, "句子有{count}个字，太长，没有读", "the sentence has {count} characters and was not read",
        "分开写", "split it",
    ),
    Kind(
        "I216", INFO, "句子没有说怎样计分", "the sentence does not say how to score", "补上得分的规定", "say what is scored",
    ),
    Kind(
        "I217", INFO, "“{words}”读作指标值“{target}”", "“{words}” was taken for the target “{target}”",
        "不是的话，写明是多少", "if it is not, say how much it is",
    ),
    Kind(
        "I218", INFO, "“{words}”恰好{value}时归另一档：另一档写明了含不含", "exactly {value} of “{words}” goes by the other band, which says whether it is included",
        "写成“低于”“超过”更清楚", "say “below” or “above” to be clear",
    ),
    Kind(
        "I219", WARNING, "指标值“{target}”没有完成的比例，谈不上“{words}”", "the target “{target}” has no share reached, so “{words}” has no meaning",
        "改用分档或由评分人定分", "use bands, or let the assessor decide",
    ),
    Kind(
        "I220", INFO, "“{words}”以外的情况没有写，按{rest}读", "what is scored otherwise than by “{words}” is not said; taken as nothing gained, or nothing lost",
        "不是的话，补上“否则……”", "if that is wrong, say what is scored otherwise",
    ),
    Kind(
        "I221", INFO, "这句话要看指标值，没有给指标值", "the sentence looks at a target, and none was given", "给这一行写上指标值", "give the row a target",
    ),
    Kind(
        "I222", WARNING, "“{words}”是从{value}起另算，还是全部差距都这样扣，没有写", "whether “{words}” counts from {value} on, or for the whole gap, is not said",
        "写“低于{value}的部分”或“全部差距”；或用 --take 说明", "say which part it counts for; or answer with --take",
    ),
    Kind(
        "I223", WARNING, "{value}得几分没有规定", "what {value} scores is not said", "把相邻两档的界限连起来，一端写“（含）”", "let the bands meet, one end inclusive",
    ),
    Kind(
        "I224", INFO, "“{words}”单写，按通行规定含本数：恰好{value}在这一档", "“{words}” stands alone and includes its number: exactly {value} is in this band",
        "写“（含）”或“低于”“超过”更清楚", "mark the end, or say “below” or “above”, to be clear",
    ),
    Kind(
        "I225", INFO, "这一行的完成值读作“{words}”", "the actual of this row was taken to be “{words}”", "填完成值时照此填", "fill in the actual accordingly",
    ),
)  # fmt: skip
KINDS = {kind.code: kind for kind in _ROWS}
