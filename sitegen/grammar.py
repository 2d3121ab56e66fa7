"""``docs/grammar.md``: both grammars as EBNF and as railroad diagrams, every keyword in both spellings."""

import io
import re
from collections.abc import Iterator
from typing import NamedTuple, assert_never

from perfdsl.keywords import WORDS
from perfdsl.resources import data_dir
from perfdsl.width import width
from sitegen.notation import Choice, Form, Repeat, Rule, Sequence, Symbol, ebnf, rules, symbols

GRAMMARS = {
    "perf": ("perf 文件", "从 `grammar/perf.lark` 生成。`start` 是一个文件。"),
    "target": (
        "指标值",
        "从 `grammar/target.lark` 生成。`start` 是一个单元格；词有哪些写法，见[指标值怎样写](targets.md)。",
    ),
}
SECTIONS = {
    "": "文件与声明", "one evaluated object": "评价对象", "rubrics": "计分方法、条件与算式", "tests in the language": "测试",
}  # fmt: skip
SIGNS = {
    "LB": "{", "RB": "}", "LP": "(", "RP": ")", "COMMA": ",", "COLON": ":", "ARROW": "->", "DOTS": "..", "EQ": "=", "NE": "!=",
    "LT": "<", "GT": ">", "LE": "<=", "GE": ">=", "PLUS": "+", "MINUS": "-", "STAR": "*", "SLASH": "/",
}  # fmt: skip
TOKENS: dict[str, dict[str, tuple[str, str, str]]] = {"perf": {
    "NAME": ("名称", "汉字、字母、数字和 `_ · 、 《 》` 连成的一串", "a run of Chinese characters, letters, digits and `_·、《》`"),
    "FUNC": ("函数名", "紧跟着 `(` 的名称", "a name directly before `(`"),
    "TEXT": ("文字", "`\"…\"`、`“…”` 或 `\"\"\"…\"\"\"`", "a quoted text"),
    "NUMBER": ("数", "`40`、`2.5`、`90%`、`2万元`", "digits, with or without a known unit"),
    "DATE": ("日期", "`2024-01-31`", "a date"),
}, "target": {
    "DATE": ("日期", "`2024年6月底` `当年12月31日` `2023-12-31`", "a date, whole or in part"),
    "WORD": ("词", "读不成数、日期和下面各类的字", "anything that is none of the others"),
    "QTY": ("量", "数和单位：`52席`、`90%`、`九成五`", "a number with its unit"),
    "SEP": ("分隔", "`；` `。` `，` `、`", "separators"),
    "AND": ("且", "`且` `和` `及`", "and"),
    "DASH": ("到", "`-` `~` `—` `至`", "to"),
    "PM": ("正负", "`±`", "plus or minus"),
    "SPREAD": ("上下", "两个量之间的 `±`", "plus or minus between two amounts"),
    "OP": ("符号", "`≥` `不低于` `达到` `超过` ……", "relations"),
    "ABOUT": ("约", "`约` `大约`", "about"),
    "QUAL": ("限定", "`月均` `每季度` `各`", "qualifiers"),
    "GROW": ("增减", "`增长` `下降`", "growth"),
    "BASE": ("基数", "`较上年` `同比`", "the base of growth"),
    "VERB": ("动词", "`完成` `实现` `保持在`", "verbs without meaning of their own"),
    "POST": ("以上", "`以上` `以内`", "relations that follow"),
    "AROUND": ("左右", "`左右`", "around"),
    "CLOSED": ("含否", "`（含）` `（不含）`", "inclusive or not"),
    "BEFORE": ("之前", "`前` `之前` `底前`", "before"),
    "DONE": ("办结", "`完成` `办结`", "done"),
    "GREW": ("增长（在后）", "数后面的 `增长`：`5%增长`", "growth after the number"),
    "EDGE": ("起点含否", "起点后面的 `（含）` `（不含）`：`80%（含）-90%`", "inclusive or not, at the start of a range"),
    "REMARK": ("说明", "其他 `（…）`", "any other bracket"),
}}  # fmt: skip
STYLE = """
svg { background: #fff }
path { stroke: #445; stroke-width: 1.5; fill: none }
text { font: 13px "Noto Sans Mono CJK SC", "Microsoft YaHei", monospace; text-anchor: middle; fill: #111 }
rect { stroke: #445; stroke-width: 1.5; fill: #e8f0fe }
g.non-terminal rect { fill: #f6f6f2 }
"""


class Boxes(NamedTuple):
    """What stands in the boxes of a diagram: terminals as they are written, classes of tokens by their names."""

    written: dict[str, list[str]]
    named: dict[str, str]


def pages() -> Iterator[tuple[str, str]]:
    """Path below ``docs/`` and text of the page and of each diagram."""
    found = {name: rules((data_dir("grammar") / f"{name}.lark").read_text(encoding="utf-8")) for name in GRAMMARS}
    yield "grammar.md", "\n".join(_page(found)) + "\n"
    written = {"perf": _inline(found["perf"]) | {name: [sign] for name, sign in SIGNS.items()}, "target": {}}
    for name, some in found.items():
        boxes = Boxes(written[name], {token: f"{token} {words[0]}" for token, words in TOKENS[name].items()})
        for rule in some:
            yield f"grammar/{name}-{rule.name}.svg", diagram(rule, boxes)


def keywords() -> dict[str, list[str]]:
    """Every spelling of each keyword terminal, the English before the Chinese."""
    made: dict[str, list[str]] = {}
    for word in WORDS:
        made.setdefault(word.kind, []).append(" ".join(dict.fromkeys((word.meaning, word.zh, *word.aliases))))
    return made


def _inline(found: list[Rule]) -> dict[str, list[str]]:
    """The keywords written out where they stand; several words that stand in several places keep one name."""
    everywhere = [name for rule in found for name in _each(rule.form)]
    return {kind: some for kind, some in keywords().items() if len(some) == 1 or everywhere.count(kind) == 1}


def _each(form: Form) -> Iterator[str]:
    match form:
        case Symbol(name):
            yield name
        case Repeat(inner, _):
            yield from _each(inner)
        case Sequence(parts) | Choice(parts):
            for part in parts:
                yield from _each(part)


def _written(found: list[Rule]) -> dict[str, str]:
    words = {kind: f"( {_either(some)} )" for kind, some in _inline(found).items()}
    return words | {sign: f'"{x}"' for sign, x in SIGNS.items()}


def _either(some: list[str]) -> str:
    return " | ".join(f'"{y}"' for x in some for y in _spellings(x))


def _spellings(joined: str) -> list[str]:
    """The spellings again; two-word keywords are one."""
    return re.findall(r"(?:up to|trimmed mean)|\S+", joined)


def _page(found: dict[str, list[Rule]]) -> Iterator[str]:
    yield "# 文法"
    yield ""
    yield "<!-- 由 python -m sitegen 生成，不要手改 -->"
    yield ""
    yield "图从左往右走：圆角的框照写，方角的框是另一条规则或一类词。EBNF 里 `*` 是任意多个，`+` 是至少一个，`[ ]` 是可有可无，`|` 是任选其一。"
    yield "关键字的中英文写法意思相同，可以混用。出错后怎样接着读的规则没有画出来。"
    yield ""
    yield "Railroad diagrams and EBNF of both grammars, generated from `grammar/`. Every keyword is shown in all its spellings."
    for grammar, some in found.items():
        title, words = GRAMMARS[grammar]
        yield from ("", f"## {title}", "", words)
        section = None
        for rule in some:
            if rule.section != section and grammar == "perf":
                section = rule.section
                yield from ("", f"### {SECTIONS.get(section, section)}")
            yield from ("", f"#### {rule.name}" if grammar == "perf" else f"### {rule.name}", "")
            yield f"![{rule.name}](grammar/{grammar}-{rule.name}.svg)"
            yield from ("", "```ebnf", _lines(rule, _written(some) if grammar == "perf" else {}), "```")
        if grammar == "perf":
            yield from _named(some)
        yield from _tokens(grammar, some)


def _named(found: list[Rule]) -> Iterator[str]:
    inline, used = _inline(found), set().union(*(symbols(rule.form) for rule in found))
    yield from ("", "### 几种写法合用一个名称的关键字", "", "```ebnf")
    yield from (f"{kind} = {_either(some)}" for kind, some in keywords().items() if kind in used and kind not in inline)
    yield "```"


def _lines(rule: Rule, words: dict[str, str]) -> str:
    forms = rule.form.forms if isinstance(rule.form, Choice) else (rule.form,)
    return f"{rule.name} = " + f"\n{' ' * len(rule.name)} | ".join(ebnf(x, words) for x in forms)


def _tokens(grammar: str, found: list[Rule]) -> Iterator[str]:
    known = TOKENS[grammar]
    used = sorted(set().union(*(symbols(rule.form) for rule in found)) & set(known))
    title = "### 词类" if grammar == "perf" else "### 单元格里的词类"
    yield from ("", title, "", "| 名称 | 意思 | 写法 | English |", "|---|---|---|---|")
    for name in used:
        zh, how, en = known[name]
        yield f"| `{name}` | {zh} | {how} | {en} |"


def diagram(rule: Rule, boxes: Boxes) -> str:
    """The railroad diagram of a rule."""
    import railroad as r

    drawn = r.Diagram(_drawn(rule.form, boxes), css=None)
    out = io.StringIO()
    drawn.writeStandalone(out.write, css=STYLE)
    return out.getvalue().rstrip("\n") + "\n"


def _drawn(form: Form, boxes: Boxes) -> object:
    import railroad as r

    match form:
        case Symbol(name) if name in boxes.written:
            made = [_box(r.Terminal, x) for x in boxes.written[name]]
            return made[0] if len(made) == 1 else r.Choice(0, *made)
        case Symbol(name):
            return _box(r.NonTerminal, boxes.named.get(name, name))
        case Repeat(inner, "?"):
            return r.Optional(_drawn(inner, boxes))
        case Repeat(inner, "*"):
            return r.ZeroOrMore(_drawn(inner, boxes))
        case Repeat(inner, _):
            return r.OneOrMore(_drawn(inner, boxes))
        case Sequence(()):
            return r.Skip()
        case Sequence(parts):
            return r.Sequence(*(_drawn(x, boxes) for x in parts))
        case Choice(forms):
            return r.Choice(0, *(_drawn(x, boxes) for x in forms))
    assert_never(form)


def _box(kind: type, text: str) -> object:
    """A box as wide as its text: the library counts characters, not cells."""
    box = kind(text)
    box.width = width(text) * 8 + 20
    return box
