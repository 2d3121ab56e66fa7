"""``docs/rulesets.md`` and a page for each file of ``rulesets/``, from the file as written: nothing is said twice.

What this module knows no table for (a sort of declaration added later) is shown as its source under its own keyword.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from perfdsl import syntax as s
from perfdsl.keywords import SPELLINGS
from perfdsl.parse import parse
from perfdsl.read_target import read_actual, read_target
from perfdsl.resources import data_dir
from perfdsl.target import Amount, Bound
from perfdsl.text import Source

MADE = "<!-- 由 python -m sitegen 从 rulesets/ 生成，不要手改 -->"


EXPECTED = {
    "score missing": "没有得分", "score ": "", "得分 ": "", "total ": "总分 ", "grade ": "等级 ", "status ": "状态 ", " .. ": " 至 ",
    "unjudged": "无法判定", "not applicable": "不适用", "exceeded": "超额", "missed": "未达标", "missing": "缺失", "met": "达标",
}  # fmt: skip


class Book(NamedTuple):
    """One file of ``rulesets/``: its ruleset, and the comment at its head."""

    name: str
    head: str
    items: tuple[s.Item, ...]

    def remarks(self, kind: str) -> list[str]:
        return [item.text for item in self.items if isinstance(item, s.Remark) and item.kind == kind]

    @property
    def effective(self) -> str:
        found = [item for item in self.items if isinstance(item, s.Header) and item.key == "effective"]
        days = [value.span.text for value in found[0].values] if found else []
        return " 至 ".join(days) + (" 起" if len(days) == 1 else "")


def names() -> list[str]:
    """All rulesets that ship with perfdsl."""
    return sorted(path.stem for path in data_dir("rulesets").glob("*.perf"))


def pages() -> Iterator[tuple[str, str]]:
    """Path below ``docs/`` and text of the index and of each page."""
    books = [_book(name) for name in names()]
    yield "rulesets.md", "\n".join(_index(books)) + "\n"
    for book in books:
        yield f"rulesets/{book.name}.md", "\n".join(_page(book)) + "\n"


def _book(name: str) -> Book:
    file, _ = parse(Source(name, (data_dir("rulesets") / f"{name}.perf").read_text(encoding="utf-8")))
    items = tuple(x for item in file.items for x in (item.items if isinstance(item, s.Ruleset) else (item,)))
    first = file.items[0].span.start if file.items else 0
    head = " ".join(comment.text.strip() for comment in file.comments if comment.span.start < first)
    return Book(name, head, items)


# ---- the index


def _index(books: Sequence[Book]) -> Iterator[str]:
    yield from ("# 规则集", "", MADE, "")
    yield "随 perfdsl 附带的计分方法、等级量表和评价等级。文件里写 `use 名称` 就能用；命令行里看：`perfdsl explain 名称`。"
    yield from ("", "| 规则集 | 依据 | 有效期 |", "|---|---|---|")
    for book in books:
        yield f"| [{book.name}](rulesets/{book.name}.md) | {_cell('；'.join(book.remarks('basis')) or book.head)} | {book.effective} |"
    rubrics = [(book, item) for book in books for item in book.items if isinstance(item, s.Rubric)]
    yield from ("", "## 全部计分方法", "", "| 计分方法 | 规则集 | 说明 |", "|---|---|---|")
    for book, item in rubrics:
        yield f"| {_cell(_called(item))} | [{book.name}](rulesets/{book.name}.md#{_slug(_called(item))}) | {_cell(_note(item))} |"


def _slug(title: str) -> str:
    """The anchor the site gives a heading."""
    from pymdownx.slugs import slugify

    made: str = slugify(case="lower")(title, "-")
    return made


# ---- one page


def _page(book: Book) -> Iterator[str]:
    yield from (f"# {book.name}", "", MADE)
    if book.head:
        yield from ("", book.head)
    yield from ("", "```perf-fragment", f"use {book.name}", "```", "")
    for kind, title in (("basis", "依据"), ("source", "来源"), ("note", "说明")):
        yield from (f"- {title}：{text}" for text in book.remarks(kind))
    if book.effective:
        yield f"- 有效期：{book.effective}"
    tests = [item for item in book.items if isinstance(item, s.Test)]
    shown = (s.Remark, s.Header, s.Test, s.Use, s.Broken)
    rest = [item for item in book.items if not isinstance(item, shown)]
    kinds = list(dict.fromkeys(_title(item) for item in rest))
    for kind in kinds:
        yield from ("", f"## {kind}")
        alike = [x for x in rest if _title(x) == kind]
        if all(isinstance(item, s.Input) for item in alike):
            yield from ("", "```perf-fragment", *(line for item in alike for line in _source(item)[1:-1]), "```")
            continue
        for item in alike:
            yield from _item(item, [test for test in tests if _is_about(test, item)])
    others = [test for test in tests if not any(_is_about(test, item) for item in rest)]
    if others:
        yield from ("", "## 测试", "", *_table(others))


def _item(item: s.Item, tests: list[s.Test]) -> Iterator[str]:
    match item:
        case s.Rubric():
            yield from ("", f"### {_called(item)}")
            if note := _note(item):
                yield from ("", note)
            for remark in item.remarks:
                if remark.kind != "note":
                    yield from ("", f"{'依据' if remark.kind == 'basis' else '来源'}：{remark.text}")
            if item.parameters:
                yield from ("", "| 参数 | 不写时 |", "|---|---|")
                for one in item.parameters:
                    yield f"| `{one.name}` | {f'`{one.default.span.text}`' if one.default else '必须写'} |"
            yield from ("", *_source(item))
        case s.Scale(name, levels):
            yield from ("", f"### {name.text}", "", "| 词 | 份额 |", "|---|---|")
            for level in levels:
                if isinstance(level, s.Level):
                    yield f"| {'、'.join(word.text for word in level.words)} | {level.share.span.text} |"
        case s.Grades(bands, name):
            yield from (
                "",
                f"### {name.text}" if name else "### 总分的等级",
                "",
                "| 等级 | 总分占满分的百分数 |",
                "|---|---|",
            )
            for band in bands:
                if isinstance(band, s.Band):
                    limits = " 且 ".join(f"{op} {number.span.text}" for op, number in band.limits)
                    yield f"| {band.name.text} | {limits or '其余'} |"
        case _:
            name = getattr(item, "name", None)
            yield from ("", f"### {name.text}" if isinstance(name, s.Ident | s.Text) else "", "", *_source(item))
    if tests:
        yield from ("", *_table(tests))


def _title(item: s.Item) -> str:
    """The keyword a declaration begins with, in Chinese."""
    word = item.span.text.split(maxsplit=1)[0]
    return SPELLINGS[word].zh if word in SPELLINGS else word


def _called(item: s.Rubric) -> str:
    """A rubric as it is called, with its parameters."""
    return f"{item.name.text}({', '.join(p.span.text for p in item.parameters)})" if item.parameters else item.name.text


def _note(item: s.Rubric) -> str:
    return "；".join(remark.text for remark in item.remarks if remark.kind == "note")


def _source(item: s.Item) -> list[str]:
    first, *rest = item.span.text.split("\n")
    margin = min((len(line) - len(line.lstrip()) for line in rest if line.strip()), default=0)
    return ["```perf-fragment", first, *(line[margin:] for line in rest), "```"]


# ---- tests


def _is_about(test: s.Test, item: s.Item) -> bool:
    """Does a row of the test use the rubric, or a word of the scale as its target?"""
    rows = list(_rows(test.items))
    if isinstance(item, s.Rubric):
        return any(item.name.text == _method(row) for row in rows)
    if isinstance(item, s.Scale):
        known = {word.text for level in item.levels if isinstance(level, s.Level) for word in level.words}
        return any(_target(row) in known for row in rows)
    return False


def _rows(items: Sequence[s.Item | s.Broken]) -> Iterator[s.Node]:
    for item in items:
        if isinstance(item, s.Node):
            yield item
            yield from _rows(item.children or ())


def _method(row: s.Node) -> str:
    for clause in row.clauses:
        if isinstance(clause, s.ByClause):
            return clause.method.name if isinstance(clause.method, s.Method) else ""
    return ""


def _target(row: s.Node) -> str:
    return next((clause.text for clause in row.clauses if isinstance(clause, s.TargetClause)), "")


def _table(tests: list[s.Test]) -> Iterator[str]:
    yield from ("| 测试 | 指标值 | 完成值 | 比指标值 | 应得 |", "|---|---|---|---|---|")
    for test in tests:
        targets = {row.name.text: _target(row) for row in _rows(test.items)}
        given = [item for item in test.items if isinstance(item, s.Given)]
        expected = [item for item in test.items if isinstance(item, s.Expect)]
        cells = (
            test.title,
            "；".join(dict.fromkeys(x for x in targets.values() if x)),
            "；".join(_after(x.span.text, "/".join(x.path), len(targets) > 1) for x in given),
            "；".join(dict.fromkeys(side for x in given if (side := _side(targets.get(x.path[-1], ""), x)))),
            "；".join(_expected(x, len(targets) > 1) for x in expected),
        )
        yield "| " + " | ".join(map(_cell, cells)) + " |"


def _after(text: str, name: str, named: bool) -> str:
    """What follows the keyword, without the name of the row where the test has only one."""
    words = " ".join(text.split()).partition(" ")[2]
    return words if named else words.removeprefix(name).strip()


def _expected(item: s.Expect, named: bool) -> str:
    words = _after(item.span.text, "/".join(item.path), named)
    for english, chinese in EXPECTED.items():
        words = words.replace(english, chinese)
    return f"{words}分" if item.what in ("score", "total") and words[-1:].isdigit() else words


def _side(target: str, given: s.Given) -> str:
    """Is the value below the target, on it, or above it?  Empty where there is no number to compare."""
    wanted, said = read_target(target)[0].meaning, read_actual(given.value.span.text)[0].meaning
    match wanted, said:
        case Bound(quantity=limit), Amount(quantity) if limit.unit.dims == quantity.unit.dims:
            return "低" if quantity.base < limit.base else "恰好" if quantity.base == limit.base else "高"
    return ""


def _cell(text: str) -> str:
    return re.sub(r"(?<=[一-龥。；，：])\n", "", text).replace("\n", " ").replace("|", "\\|")
