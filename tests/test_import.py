"""Official tables become rules, actuals and a record; damage never changes a target in silence; nothing is dropped."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from import_cases import CASES, document, flat, flattened

from perfdsl.cli.files import Library
from perfdsl.cli.import_ import directions
from perfdsl.cli.main import perfdsl
from perfdsl.document import Document, Grid
from perfdsl.importers import Imported, recognise, write
from perfdsl.importers.clean import clean
from perfdsl.importers.door import findings
from perfdsl.importers.lexicon import LAYOUTS, NUMBERS, TARGETS
from perfdsl.importers.record import left_out
from perfdsl.pipeline import check
from perfdsl.text import Source

NAMES = sorted(path.stem for path in CASES.glob("*.txt"))
FORMS = {"hunan-rubric": "hunan", "beijing": "jingmen", "chongqing": "sichuan", "department-tasks": "suzhou", "evaluation-rubric": "hunan",
         "four-levels": "central", "guangdong-rubric": "nanjing", "shanghai": "suzhou", "side-by-side": "suzhou"}  # fmt: skip
UNSOUND = {  # what the sentence of the table says nothing of: exactly 90 %; words that are not on its list
    "nanjing": {"V101"}, "evaluation-rubric": {"V101"}}  # fmt: skip


def case(name: str) -> str:
    return (CASES / f"{name}.txt").read_text(encoding="utf-8")


def files(read: Document) -> tuple[str, str]:
    """The rules and the actuals of the one object of a document."""
    (found,) = recognise(read).objects
    made = write(found, "表", directions)
    return made.rules, made.actuals


# ---- layouts


@pytest.mark.parametrize("name", NAMES)
def test_each_layout_gives_the_recorded_rules_and_actuals(name: str, update: bool) -> None:
    rules, actuals = files(document("表", case(name)))
    for suffix, text in ((".perf", rules), (".csv", actuals)):
        path = CASES / (name + suffix)
        if update and text:
            path.write_text(text, encoding="utf-8")
        assert (path.read_text(encoding="utf-8") if path.exists() else "") == text


@pytest.mark.parametrize("name", NAMES)
def test_the_form_is_known_by_its_headings(name: str) -> None:
    (found,) = recognise(document("表", case(name))).objects
    assert found.layout == FORMS.get(name, name)
    assert found.layout in {layout.name for layout in LAYOUTS}


@pytest.mark.parametrize("name", NAMES)
def test_the_rules_of_a_sound_table_pass_the_check(name: str) -> None:
    rules, _ = files(document("表", case(name)))
    found = check(Source("表.perf", rules), Library(["."])).found
    assert {d.code for d in found if d.severity == "error"} == UNSOUND.get(name, set())


@pytest.mark.parametrize("name", NAMES)
def test_a_grid_and_its_flattened_text_say_the_same(name: str) -> None:
    def bare(texts: tuple[str, str]) -> tuple[str, str]:
        return re.sub(r"\s*#.*|^\s+", "", texts[0], flags=re.M), texts[1]

    assert bare(files(flat("表", flattened(case(name))))) == bare(files(document("表", case(name))))


def test_one_cell_a_line_is_put_back_into_rows() -> None:
    lines = """市民热线项目绩效自评表
项目名称
热线运行
项目总预算(万元)
300
一级指标
二级指标
三级指标
单位
年初目标值
实际完成值
取值依据
成本指标
经济成本
项目预算控制数
万元
300
298
预算执行情况
产出指标
数量指标
来电
回复率
%
100%
99.5%
系统统计
效益指标
社会效益
指标
热线知晓率
%
≥80
85%
问卷
满意度
指标
服务对象
满意度指标
市民满意率
%
≥90
92%
问卷
企业满意率
%
≥90
88%
问卷
年度预算执行情况(万元)
预算数(A)
执行数(B)
执行率(B/A)
300
298
99.33%
问题和不足
企业诉求办理慢"""
    (found,) = recognise(flat("表", lines)).objects
    got = [
        (
            "/".join(level.name for level in item.path),
            item.name,
            item.cell("full"),
            item.cell("unit"),
            item.cell("actual"),
        )
        for item in found.items
    ]
    assert got == [
        ("成本指标/经济成本", "项目预算控制数", "300", "万元", "298"),
        ("产出指标/数量指标", "来电回复率", "100%", "%", "99.5%"),
        ("效益指标/社会效益指标", "热线知晓率", "≥80", "%", "85%"),
        ("满意度指标/服务对象满意度指标", "市民满意率", "≥90", "%", "92%"),
        ("满意度指标/服务对象满意度指标", "企业满意率", "≥90", "%", "88%"),
    ]
    assert any(doubt.code == "I143" for doubt in found.items[1].doubts)  # a name of two lines is looked at by a person
    rules, actuals = files(flat("表", lines))
    assert "income 项目总预算   full 300" in rules and "spend  年度预算执行 full 300" in rules
    assert "支出/年度预算执行,298,万元" in actuals
    assert 'info "问题和不足" "企业诉求办理慢"' in rules


def test_several_tables_of_one_document_are_several_objects() -> None:
    twice = case("suzhou") + "\n" + case("suzhou").replace("路灯维护", "桥梁养护")
    for read in (document("表", twice), flat("表", flattened(twice))):
        assert [found.name for found in recognise(read).objects] == ["路灯维护", "桥梁养护"]


def test_a_title_and_headings_repeated_on_each_page_are_no_second_object() -> None:
    head = "一级指标\t二级指标\t三级指标\t半年指标值\t全年指标值"
    text = flattened(case("suzhou"))
    torn = text.replace(
        "\t质量指标\t亮灯率",
        f"\n第 2 页\n\n某市市级项目预算绩效目标表\n{re.sub('指标值', '（程）指标值', head)}\n\t质量指标\t亮灯率",
    )
    assert files(flat("表", torn))[0] == files(flat("表", text))[0]


# ---- damage


def targets(read: Imported) -> dict[str, tuple[dict[str, str], bool]]:
    """Of each indicator its targets without spaces, and whether it is doubted."""
    return {
        re.sub(r"\s", "", item.name): (
            {p: re.sub(r"\s", "", item.cell(p)) for p in TARGETS if item.cell(p)},
            bool(item.doubts),
        )
        for found in read.objects
        for item in found.items
        if item.name
    }


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, str, str]:
    """A flattened table, the same with one damage, and the name of the damage."""
    text = flattened(case(draw(st.sampled_from(NAMES))))
    lines = text.split("\n")
    heads = [k for k, line in enumerate(lines) if re.search("一级指标|一级目标|指标名称|^名称\t", line)]
    k = draw(st.sampled_from([k for k, line in enumerate(lines) if "\t" in line and k > heads[0] and k not in heads]))
    kind = draw(st.sampled_from(["space", "blank", "page", "heading", "break", "left", "right", "label"]))
    line = lines[k]
    if kind == "space":
        places = [m.start() + 1 for m in re.finditer(r"(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])", line)] or [0]
        at = draw(st.sampled_from(places))
        lines[k] = line[:at] + " " + line[at:] if at else line
    elif kind == "blank":
        lines.insert(k, "")
    elif kind == "page":
        lines[k:k] = ["", f"第 {draw(st.integers(1, 9))} 页 共 9 页", ""]
    elif kind == "heading":
        lines[k:k] = ["", lines[max(h for h in heads if h < k)]]
    elif kind == "break":
        at = draw(st.integers(1, len(line) - 1))
        lines[k : k + 1] = [line[:at], line[at:]]
    elif kind == "left" and line.startswith("\t"):
        lines[k] = line[1:] + "\t"
    elif kind == "right":
        lines[k] = "\t" + line
    elif kind == "label":
        cells = line.split("\t")
        first = next(i for i, cell in enumerate(cells) if cell)
        if sum(map(bool, cells)) > 2 and first < 2:
            cells[first] = ""
            lines[k] = "\t".join(cells)
    return text, "\n".join(lines), kind


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(damaged())
def test_damage_never_changes_a_target_in_silence(pair: tuple[str, str, str]) -> None:
    text, torn, _ = pair
    want = targets(recognise(flat("表", text)))
    read = recognise(flat("表", torn))
    got = targets(read)
    for name, (values, doubted) in got.items():
        assert doubted or (name in want and want[name][0] == values), (name, values, want.get(name))
    if set(want) - set(got):
        doubts = [
            d for found in read.objects for d in (*found.doubts, *(d for item in found.items for d in item.doubts))
        ]
        assert doubts or left_out(read.entries)


# ---- nothing is dropped


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("shape", ["grid", "flat"])
def test_every_cell_is_in_the_files_or_listed(name: str, shape: str) -> None:
    read = document("表", case(name)) if shape == "grid" else flat("表", flattened(case(name)))
    imported = recognise(read)
    (found,) = imported.objects
    made = write(found, "表", directions)
    texts = {
        cell.text
        for part in read.parts
        if isinstance(part, Grid)
        for row in part.rows
        for cell in row
        if cell is not None
    }
    texts |= {
        cell
        for part in read.parts
        if not isinstance(part, Grid)
        for cell in re.split(r"\t|[ \u3000]+(?=\S{2,8}：)", part.text)
    }
    listed = "".join(entry.text for entry in imported.entries)
    for text in texts:
        assert text.strip() in listed, f"“{text}” is not in the record"
    files_text = re.sub(r"\s", "", made.rules + made.actuals)
    headings = {"栏目", "表名", "资金栏目", "资金收支", "总分", "页码", "caption", "重点工作任务", "年度"}
    for entry in imported.entries:
        word = re.sub(r"\s|[（(]≤?\d+分[）)]$|^其中[:：]|[:：]$", "", clean(entry.text))
        if (
            entry.use
            and entry.use not in headings
            and not entry.use.startswith("表头")
            and entry.use not in ("金额", "资金行", "kind", "sign", "score")
        ):
            assert word in files_text or word in ("/", "√"), f"“{word}” used as {entry.use} is in no file"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("一级二三指标值产出数量率≥90%\t ，。（）:：12分<p>", max_size=30), max_size=25))
def test_any_text_is_read_or_listed_and_nothing_raises(lines: list[str]) -> None:
    read = flat("表", "\n".join(lines))
    imported = recognise(read)
    written = [write(each, "表", directions) for each in imported.objects]
    assert findings(imported, written) or all(entry.use or not entry.inside for entry in imported.entries)
    count = sum(bool(clean(cell)) for line in lines for cell in re.split(r"\t|\n", line))
    assert len(imported.entries) >= count - sum(line.count("\n") for line in lines)


# ---- the head


PAIRS = st.lists(
    st.tuples(
        st.sampled_from(("项目单位", "实施单位", "主管部门", "项目代码", "起止年限", "资金来源地", "立项依据文号", "联络处室")),
        st.sampled_from(("青禾市司法局", "320500240031", "2024.01-2024.12", "青禾市财政局", "市级", "青政〔2024〕5号")),
    ),
    min_size=1, max_size=6, unique_by=lambda pair: pair[0],
)  # fmt: skip


@given(PAIRS, st.sampled_from(("：", ":", "： ")), st.integers(1, 3), st.sampled_from(("text", "grid")))
@settings(deadline=None)
def test_a_label_with_a_colon_takes_the_cell_behind_it(
    pairs: list[tuple[str, str]], colon: str, across: int, shape: str
) -> None:
    lines = ["项目支出绩效目标表", f"项目名称{colon}\t社区矫正服务"]
    for at in range(0, len(pairs), across):
        lines.append("\t".join(f"{label}{colon}\t{text}" for label, text in pairs[at : at + across]))
    lines += ["一级指标\t二级指标\t三级指标\t半年指标值\t全年指标值", "产出\t数量指标\t集中教育场次\t≥12场\t≥24场"]
    if shape == "grid":
        lines[1:] = [f"| {line.replace(chr(9), ' | ')} |" for line in lines[1:]]
    (found,) = recognise((flat if shape == "text" else document)("表", "\n".join(lines))).objects
    assert found.name == "社区矫正服务"
    assert [(field.label, field.text) for field in found.fields[1:]] == pairs


@pytest.mark.parametrize(
    "title", ["2022年度项目自评结果", "2022年度项目支出绩效自评情况", "附件2：2022年度部门整体支出绩效自评结果"]
)
def test_the_year_of_a_heading_above_the_table_is_the_year_of_the_object(title: str) -> None:
    text = f"{title}\n项目名称\t全民阅读\n一级指标\t二级指标\t三级指标\t年初目标值\t实际完成值\n产出指标\t数量指标\t活动场次\t≥120场\t131场\n"
    (found,) = recognise(flat("表", text)).objects
    assert (found.year, found.title) == ("2022", title)


# ---- what was guessed is said


def test_a_doubtful_cell_is_marked_in_the_rules_and_found() -> None:
    text = flattened(case("suzhou")).replace("\t质量指标\t亮灯率\t≥98%\t≥98%", "\t\t质量指标\t亮灯率\t≥98%")
    imported = recognise(flat("表", text))
    made = write(imported.objects[0], "表", directions)
    line = next(line for line in made.rules.split("\n") if "亮灯率" in line)
    assert 'half "≥98%"' in line and "存疑：" in line and "full" not in line
    assert {"I141", "I142"} <= {d.code for d in findings(imported, [made])}


def test_a_sentence_that_is_understood_becomes_the_rule_and_its_reading_stands_beside_it() -> None:
    rules, _ = files(document("表", case("nanjing")))
    assert "by { missing -> 0 .. 2   > 90% -> 2   < 90% -> 1 }" in rules
    assert (
        'basis "大于90%的得2分，小于90%得1分"   # 恰好90%得几分没有规定；读作：超过90%的得2分，低于90%的得1分' in rules
    )
    assert 'basis "机制清晰的得2分，否则不得分"   # 读作：机制清晰的得2分，否则不得分' in rules


def test_what_a_reading_takes_for_granted_is_listed_for_a_person() -> None:
    imported = recognise(document("表", case("nanjing")))
    made = write(imported.objects[0], "表", directions)
    said = [d.message() for d in findings(imported, [made]) if d.code == "I169"]
    assert len(said) == 2
    assert any("免费开放" in each and "按不得分读" in each and "按计划推进得4分" in each for each in said)
    assert any("恰好90%得几分没有规定" in each for each in said)


def test_a_list_with_nothing_but_a_score_is_left_to_a_person_with_its_reading() -> None:
    imported = recognise(document("表", case("hunan-rubric")))
    made = write(imported.objects[0], "表", directions)
    assert "管理制度健全性   points 4 by { otherwise -> 0 .. 4 }" in made.rules
    assert any(
        d.code == "I159" and "①有管理制度；②有监督措施。每符合一项得2分" in d.message()
        for d in findings(imported, [made])
    )


def test_a_discretionary_deduction_keeps_its_text_and_is_left_to_a_person() -> None:
    imported = recognise(document("表", case("nanjing")))
    made = write(imported.objects[0], "表", directions)
    assert "违法违纪 by { otherwise -> -5 .. 0 }" in made.rules and 'basis "酌情扣分"' in made.rules
    assert any(d.code == "I159" and "酌情扣分" in d.message() for d in findings(imported, [made]))


# ---- the command


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(perfdsl, list(words))
    return done.exit_code, done.output


@pytest.mark.parametrize(
    ("name", "total"),
    [("central", "97.3"), ("nanjing", "9.5"), ("hunan-rubric", "19.5"), ("sichuan", "97"), ("hubei", "98.4")],
)
def test_the_imported_rules_score_the_imported_actuals_as_printed(folder: Path, name: str, total: str) -> None:
    (folder / "表.txt").write_text(flattened(case(name)), encoding="gb18030")
    assert run("import", "表.txt", "-o", "出")[0] == 0
    (rules,) = (folder / "出").glob("*.perf")
    (actuals,) = (folder / "出").glob("*.csv")
    code, said = run("score", str(rules), "--actuals", str(actuals))
    assert re.search(rf"^总分 {re.escape(total)} /", said, re.M), said
    assert code == (1 if name in UNSOUND else 0)


def test_existing_files_are_kept_unless_forced_and_all_are_written_or_none(folder: Path) -> None:
    (folder / "表.txt").write_text(flattened(case("suzhou")), encoding="utf-8")
    assert run("import", "表.txt", "-o", "出")[0] == 0
    kept = {path.name for path in (folder / "出").iterdir()}
    assert kept == {"路灯维护.perf", "导入记录.txt", "导入记录.json"}
    (folder / "出" / "路灯维护.perf").write_text("我的", encoding="utf-8")
    (folder / "出" / "导入记录.txt").unlink()
    code, said = run("import", "表.txt", "-o", "出")
    assert code == 2 and "--force" in said
    assert (folder / "出" / "路灯维护.perf").read_text(encoding="utf-8") == "我的"
    assert not (folder / "出" / "导入记录.txt").exists()
    assert run("import", "表.txt", "-o", "出", "--force")[0] == 0
    assert "路灯维护" in (folder / "出" / "路灯维护.perf").read_text(encoding="utf-8")
    assert {path.name for path in (folder / "出").iterdir()} == kept


def test_the_result_never_lands_on_an_input(folder: Path) -> None:
    (folder / "导入记录.txt").write_text(flattened(case("suzhou")), encoding="utf-8")
    assert run("import", "导入记录.txt", "-o", ".", "--force")[0] == 2
    assert "路灯维护" in (folder / "导入记录.txt").read_text(encoding="utf-8")


def test_json_on_the_screen_lists_every_cell(folder: Path) -> None:
    (folder / "表.txt").write_text(flattened(case("central")), encoding="utf-8")
    code, said = run("import", "表.txt", "-o", "出", "--format", "json", "--lang", "en")
    assert code == 0
    data = json.loads(said)
    (read,) = data["documents"]
    assert read["objects"][0]["layout"] == "central" and read["objects"][0]["rows"] == 6
    assert [cell["text"] for cell in read["cells"] if not cell["use"]] == []


def test_the_record_tells_in_words_what_a_cell_was_used_as(folder: Path) -> None:
    (folder / "表.txt").write_text(flattened(case("central")), encoding="utf-8")
    assert run("import", "表.txt", "-o", "出")[0] == 0
    text = (folder / "出" / "导入记录.txt").read_text(encoding="utf-8").partition("## 每一格用作什么")[2]
    used = set(re.findall(r"^- \S+ (\S+?)：", text, re.M))
    assert {"一级指标", "三级指标", "实际完成值", "得分"} <= used
    assert not [each for each in used if each.isascii()]


def test_a_finding_about_the_execution_rate_stands_at_the_money() -> None:
    imported = recognise(document("表", case("central")))
    made = write(imported.objects[0], "表", directions)
    (found,) = [d for d in findings(imported, [made]) if d.code == "I152"]
    assert "年度资金总额" in found.span.source.text.split("\n")[found.span.line - 1]


def test_a_document_without_a_table_is_an_error_and_writes_nothing(folder: Path) -> None:
    (folder / "总结.txt").write_text("全年工作总结\n更换灯具三百盏。", encoding="utf-8")
    code, said = run("import", "总结.txt", "-o", "出")
    assert code == 1 and "I140" in said
    assert not (folder / "出").exists()


def test_the_kind_can_be_said_and_one_sheet_be_taken(folder: Path) -> None:
    (folder / "表.txt").write_text(flattened(case("suzhou")), encoding="utf-8")
    assert run("import", "表.txt", "-o", "出", "--kind", "policy")[0] == 0
    assert '\npolicy "路灯维护" {' in (folder / "出" / "路灯维护.perf").read_text(encoding="utf-8")


def test_a_tag_is_noise_in_flattened_text_and_a_word_in_a_cell() -> None:
    from perfdsl.importers.clean import clean

    assert clean("养老=服务<b>&") == "养老=服务<b>&"
    assert clean("养老<br/>服务", flattened=True) == "养老服务"


SIDES = """项目绩效目标表
（2024年度）
资金（万元）\t收入\t全年预算数\t半年计划数\t\t支出\t全年预算数\t半年计划数
\t财政拨款\t86.4\t40\t\t购买服务\t60\t30
\t其他\t0\t0\t\t教育培训\t26.4\t10
\t合计\t86.4\t40\t\t合计\t{sum}\t40
一级指标\t二级指标\t三级指标\t半年（程）指标值\t全年（程）指标值
产出\t数量指标\t教育场次\t≥12场\t≥24场
"""


def test_money_of_two_sides_with_the_same_columns_side_by_side() -> None:
    rules, _ = files(document("表", SIDES.format(sum="86.4")))
    lines = [" ".join(line.split()) for line in rules.splitlines() if "half" in line and "full" in line][:4]
    assert lines == [
        "income 财政拨款 half 40 full 86.4", 'income "其他" half 0 full 0',
        "spend 购买服务 half 30 full 60", "spend 教育培训 half 10 full 26.4",
    ]  # fmt: skip
    assert "合计" not in rules
    odd, _ = files(document("表", SIDES.format(sum="86.5")))
    assert "合计" in odd  # a sum that is none stays, for somebody to see


COLLAPSED = """部门整体支出绩效评分表
（2023年度）
预算部门：某市水务局
评价指标\t指标说明\t参考评分标准\t自评得分
一级指标\t二级指标\t三级指标
名称\t权重（%）\t名称\t权重（%）\t名称\t权重（%）
部门决策\t25\t预算编制\t10\t预算编制合理性\t5\t是否符合本部门职责\t按照要求编制得5分；否则不得分。\t5
预算编制规范性\t5\t预算编制是否符合财政部门要求\t符合要求得5分，发现一项不符合扣1分，扣完为止。\t4
部门绩效\t40\t履职效果\t40\t水质综合合格率\t25\t水质合格样本/全部样本\t达到99%得满分，每低1个百分点扣5分，扣完为止。\t25
群众满意度\t15\t服务对象满意程度\t满意度≥95%的得15分，90%（含）-95%的得12分，90%以下的得5分。\t12
"""


PRINTED = {
    "预算编制合理性": ("部门决策/预算编制", {"points1": "25", "points2": "10", "points": "5", "score": "5"}),
    "预算编制规范性": ("部门决策/预算编制", {"points": "5", "score": "4"}),
    "水质综合合格率": ("部门绩效/履职效果", {"points1": "40", "points2": "40", "points": "25", "score": "25"}),
    "群众满意度": ("部门绩效/履职效果", {"points": "15", "score": "12"}),
}


def test_headings_in_three_rows_are_put_back_where_merged_cells_were_collapsed_and_that_is_said() -> None:
    (found,) = recognise(document("表", COLLAPSED)).objects
    read = {
        item.name: ("/".join(level.name for level in item.path), {r: t for r, t in item.cells if r in NUMBERS})
        for item in found.items
    }
    assert read == PRINTED
    assert dict(found.items[0].cells)["rule"] == "按照要求编制得5分；否则不得分。"
    assert [each.place.row for each in found.doubts if each.code == "I141"] == [4, 6]


def test_cells_that_moved_under_headings_nobody_knows_are_marked_and_numbers_never_run_together() -> None:
    text = COLLAPSED.replace(
        "名称\t权重（%）\n部门决策", "名称\t权重（%）\t名称\n部门决策"
    )  # seven headings below three levels
    (found,) = recognise(document("表", text)).objects
    assert found.items
    assert all("I141" in {each.code for each in item.doubts} for item in found.items)
    printed = {"25", "10", "5", "40", "15", "4", "12"}
    assert {text for item in found.items for role, text in item.cells if role in NUMBERS} <= printed


@given(st.lists(st.sampled_from(("产出", "数量", "里程", "≥3公里", "7", "25", "40", "", "无")), min_size=3, max_size=9),
       st.sampled_from(("名称\t权重\t名称\t权重\t名称\t权重\t得分", "名称\t权重\t名称\t权重\t名称\t权重", "分值\t分值\t分值\t得分")))  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_a_number_of_a_row_is_always_one_of_its_cells(cells: list[str], lower: str) -> None:
    text = f"绩效评分表\n项目名称\t养护\n一级指标\t二级指标\t三级指标\t得分\n{lower}\n" + "\t".join(cells)
    for found in recognise(flat("表", text)).objects:
        for item in found.items:
            assert {text for role, text in item.cells if role in NUMBERS} <= set(cells)


TWO_NUMBERS = """绩效评分表
| 项目名称 | 养护 | < | < | < |
| 一级指标 | 二级指标 | 三级指标 | 分值 | 得分 | < |
| 产出 | 数量 | 里程 | 20 | 20 | 18 |
"""


def test_two_numbers_below_one_heading_stay_apart_in_a_grid() -> None:
    imported = recognise(document("表", TWO_NUMBERS))
    (item,) = imported.objects[0].items
    assert item.cell("score") == "18"
    assert [each.code for each in item.doubts] == ["I141"]
    assert [entry.text for entry in left_out(imported.entries)] == ["20"]


MONITORED = """项目支出绩效运行监控表
（2024年度）
项目名称\t污水处理
绩效指标\t一级指标\t二级指标\t三级指标\t年度指标值\t1-8月执行情况\t完成目标可能性\t备注
确定能\t有可能\t完全不可能
产出指标\t数量指标\t处理量\t≥2190万吨\t1462万吨\t\t√\t\t
满意度指标\t服务对象满意度\t居民满意度\t≥85%\t未到时点\t√\t\t\t年底调查
"""


def test_ticks_below_kinds_of_possibility_that_moved_to_the_left_keep_their_kind() -> None:
    (found,) = recognise(document("表", MONITORED)).objects
    assert [(item.path[0].name, item.name, item.cell("likely")) for item in found.items] == [
        ("产出指标", "处理量", "有可能"), ("满意度指标", "居民满意度", "确定能"),
    ]  # fmt: skip
    assert found.items[1].cell("remark") == "年底调查"
    assert "I141" in {each.code for each in found.doubts}


WITH_TASKS = """部门整体支出绩效目标表
单位名称\t某市文化馆
一级指标\t二级指标\t重点工作\t三级指标\t半年指标值\t全年指标值
履职\t群众文化\t公益演出\t演出场次\t≥80场\t≥200场
观众人次\t≥3万人次\t≥8万人次
免费开放\t开放天数\t≥150天\t≥310天
满意度\t服务对象满意度\t\t观众满意度\t≥90%\t≥92%
"""


def test_two_short_rows_that_each_have_their_cells_are_not_one_torn_row() -> None:
    (found,) = recognise(document("表", WITH_TASKS)).objects
    assert [(item.path[-1].name, item.name, item.cell("half"), item.cell("full")) for item in found.items] == [
        ("公益演出", "演出场次", "≥80场", "≥200场"), ("公益演出", "观众人次", "≥3万人次", "≥8万人次"),
        ("免费开放", "开放天数", "≥150天", "≥310天"), ("服务对象满意度", "观众满意度", "≥90%", "≥92%"),
    ]  # fmt: skip


def test_a_group_that_has_the_name_of_the_group_above_it_is_no_caption_of_the_margin() -> None:
    text = (
        LABELS_ABOVE.replace("一级指标\t二级", "绩效指标\t一级指标\t二级")
        + "满意度指标\t满意度指标\t群众满意度\t≥90%\t93%\t10\t10\n"
    )
    (found,) = recognise(document("表", text)).objects
    assert [level.name for level in found.items[-1].path] == ["满意度指标", "满意度指标"]
    assert "" not in dict(found.items[-1].cells)


LABELS_ABOVE = """项目支出绩效自评表
项目名称\t农村公路养护
项目基本情况\t1.项目年度目标完成情况\t项目年度目标\t年度目标完成情况
养护公路1862公里，指数达标。\t已养护1862公里。
一级指标\t二级指标\t三级指标\t指标值\t完成值\t分值\t得分
产出指标\t数量指标\t养护里程\t≥1862公里\t1862公里\t20\t20
"""


def test_texts_below_more_labels_than_there_are_texts_go_to_the_last_labels_and_are_marked() -> None:
    (found,) = recognise(document("表", LABELS_ABOVE)).objects
    fields = {field.label: field.text for field in found.fields}
    assert fields["项目年度目标"] == "养护公路1862公里，指数达标。"
    assert fields["年度目标完成情况"] == "已养护1862公里。"
    assert "I141" in {d.code for d in found.doubts}


def test_several_cells_that_all_go_to_one_label_are_marked() -> None:
    text = LABELS_ABOVE.replace(
        "农村公路养护\n项目基本情况\t1.项目年度目标完成情况\t项目年度目标\t年度目标完成情况",
        "农村公路养护\n备注\t乡镇包段。",
    )
    (found,) = recognise(document("表", text)).objects
    assert [each.about for each in found.doubts if each.code == "I141"] == ["备注"]


def test_cells_behind_the_text_of_a_label_are_marked() -> None:
    text = LABELS_ABOVE.replace(
        "农村公路养护\n", "农村公路养护\n备注\t乡镇包段、县级考核、按季检查。\t部分尾款次年支付，已列入预算。\n"
    )
    (found,) = recognise(document("表", text)).objects
    assert "备注" in {each.about for each in found.doubts if each.code == "I141"}
