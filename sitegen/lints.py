"""The pages of lints, each from its module: the docstring says what, why and how to mend, the examples are the module's own."""

from collections.abc import Iterator
from types import ModuleType

from perfdsl.diagnostics import Kind
from perfdsl.lints import members


def pages() -> Iterator[tuple[str, str]]:
    """Path below ``docs/`` and text of every page."""
    for member in members():
        for kind in member.KINDS:
            yield f"diagnostics/{kind.code}.md", _page(member, kind)


def _page(member: ModuleType, kind: Kind) -> str:
    chinese, _, english = (member.__doc__ or "").partition("\nEnglish:")
    title, _, why = chinese.strip().partition("\n")
    parts = [
        f"# {kind.code} {title.rstrip('。')}", "<!-- 由 python -m sitegen 从 perfdsl/lints 生成，不要手改 -->", _paragraph(why),
        "## 出错的例子", *_example(member, "BAD"), "## 改好的例子", *_example(member, "GOOD"),
        "## 怎么改", f"{kind.help_zh}。依据：{member.BASIS}。", "## English", _paragraph(english), f"{kind.help_en[:1].upper()}{kind.help_en[1:]}." if kind.help_en else "",
    ]  # fmt: skip
    return "\n\n".join(part for part in parts if part) + "\n"


def _example(member: ModuleType, which: str) -> Iterator[str]:
    """The file, what is checked with it, and the actual values it is scored with."""
    if hasattr(member, "BESIDE"):
        yield f"```perf 上年.perf\n{member.BESIDE}```"
    yield f"```perf\n{getattr(member, which)}```"
    if hasattr(member, f"{which}_DATA"):
        yield f"```csv 完成值.csv\n{getattr(member, f'{which}_DATA')}```"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _paragraph(text: str) -> str:
    """Lines joined: Chinese without a gap, English with one."""
    joined = ""
    for line in text.strip().splitlines():
        gap = " " if joined and joined[-1].isascii() and line[:1].isascii() else ""
        joined += gap + line.strip()
    return joined
