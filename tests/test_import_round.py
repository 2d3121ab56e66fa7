"""Table → ``.perf`` → table: a form that was exported, imported and exported again has the same cells, in every form and file."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from perfdsl.cli.files import Library
from perfdsl.cli.import_ import directions
from perfdsl.cli.papers import load_form, with_targets
from perfdsl.documents import read_document
from perfdsl.importers import recognise, write
from perfdsl.layout import Layout
from perfdsl.pipeline import check
from perfdsl.plan import Plan
from perfdsl.text import Source
from perfdsl.writers import members

EXAMPLES = Path(__file__).parent.parent / "examples"
TABLES = [
    EXAMPLES / "suzhou-2024-projects" / "05-12345热线运行经费.perf",
    EXAMPLES / "suzhou-2024-projects" / "01-呼叫平台热线电话费.perf",
    EXAMPLES / "jingmen-2024" / "热线运行服务.perf",
]
FORMS = ["suzhou", "suzhou-dept", "zengcheng", "central", "hubei", "sichuan", "nanjing", "monitoring"]


def plans_of(text: str, folder: Path) -> list[Plan]:
    checked = check(Source(str(folder / "表.perf"), text), Library([str(folder)]))
    assert checked.usable, [d.message() for d in checked.found if d.severity == "error"]
    return list(checked.plans())


def laid_out(text: str, folder: Path, name: str) -> list[Layout]:
    """The rules of ``text``, whose files lie in ``folder``, in a form."""
    form, _ = load_form(name)
    assert form is not None
    with tempfile.NamedTemporaryFile("w", suffix=".perf", encoding="utf-8") as rules:
        rules.write(text)
        rules.flush()
        return with_targets(plans_of(text, folder), form, rules.name)[0]


def cells(layouts: list[Layout]) -> list[tuple[int, int, int, int, str]]:
    return sorted((c.row, c.column, c.rows, c.columns, c.text) for layout in layouts for c in layout.cells)


def again(layouts: list[Layout], form: str, suffix: str) -> list[Layout]:
    """The file of the layouts read, imported, and laid out in the form again."""
    writer = next(member for member in members() if suffix == member.SUFFIX)
    document, _ = read_document(f"表{suffix}", writer.write(layouts))
    assert document is not None
    rules = [write(found, "表", directions).rules for found in recognise(document).objects]
    return [layout for text in rules for layout in laid_out(text, EXAMPLES, form)]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_an_example_comes_back_with_the_same_cells(path: Path, form: str) -> None:
    made = laid_out(path.read_text(encoding="utf-8"), path.parent, form)
    assert cells(again(made, form, ".xlsx")) == cells(made)


@pytest.mark.parametrize("suffix", [".docx", ".html"])
@pytest.mark.parametrize("form", ["suzhou", "central"])
def test_every_sort_of_file_comes_back_with_the_same_cells(form: str, suffix: str) -> None:
    made = laid_out(TABLES[0].read_text(encoding="utf-8"), TABLES[0].parent, form)
    assert cells(again(made, form, suffix)) == cells(made)


NAMES = [
    "接通率",
    "工单数",
    "培训场次",
    "办结时限",
    "知晓率",
    "更换灯具数",
    "投诉件数",
    "巡查次数",
    "验收合格率",
    "居民满意度",
]
TARGETS = [
    "≥90%",
    "=100%",
    "≤3件",
    "≥12场",
    "12月底前",
    "较好",
    "提升",
    "≥1.5万人次",
    "不少于80个",
    "无",
    "≤42人/套",
    "98%以上",
]
GROUPS = {
    "产出指标": ["数量指标", "质量指标", "时效指标"],
    "效益指标": ["社会效益指标", "经济效益指标"],
    "满意度指标": ["服务对象满意度指标"],
}
amounts = st.decimals(min_value=0, max_value=99999, places=2).map(lambda x: f"{x:f}".rstrip("0").rstrip(".") or "0")


@st.composite
def rules(draw: st.DrawFn) -> str:
    """A project with money and a tree of groups, some of them empty."""
    names = draw(st.permutations(NAMES))
    lines = ['project "市区路灯维护" {', "  year 2024", '  agency "某市路灯所"', '  supervisor "某市城管局"']
    spending = draw(
        st.lists(
            st.tuples(st.sampled_from(["灯具采购", "维修费", "电费", "检测费"]), amounts, amounts),
            min_size=1,
            max_size=4,
            unique_by=lambda x: x[0],
        )
    )
    if spending:
        lines += [
            "  funds 万元 {",
            *(f"    spend {name} half {half} full {full}" for name, half, full in spending),
            "  }",
        ]
    for first, seconds in GROUPS.items():
        lines.append(f"  {first} {{")
        for second in seconds:
            rows = draw(st.integers(0, 2))
            if not rows:
                lines.append(f"    {second}")
                continue
            lines.append(f"    {second} {{")
            for _ in range(rows):
                half, full = draw(st.sampled_from(TARGETS)), draw(st.sampled_from(TARGETS))
                lines.append(f'      {names.pop()} half "{half}" full "{full}" higher')
            lines.append("    }")
        lines.append("  }")
    return "\n".join([*lines, "}"])


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(rules(), st.sampled_from(["suzhou", "central", "sichuan"]), st.sampled_from([".xlsx", ".html"]))
def test_any_table_comes_back_with_the_same_cells(text: str, form: str, suffix: str) -> None:
    checked = check(Source("表.perf", text), Library(["."]))
    assume(checked.usable)
    made = laid_out(text, EXAMPLES, form)
    assert cells(again(made, form, suffix)) == cells(made)
