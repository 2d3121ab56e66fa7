"""What is on record about the five source documents is found in the worked documents, entry by entry, and nothing is said of what is right."""

import json
import os
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from perfdsl.cli.main import perfdsl

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
DOCUMENTS = ("suzhou-2023-department", "suzhou-2024-projects", "jingmen-2024", "zengcheng", "nanjing-2024")
S0, S1, S2, S3, S4 = DOCUMENTS
Found = tuple[str, str, str]  # file, code, sentence


@cache
def checked() -> tuple[Found, ...]:
    files = sorted(os.path.relpath(path) for folder in DOCUMENTS for path in (EXAMPLES / folder).glob("*.perf"))
    made = json.loads(CliRunner().invoke(perfdsl, ["check", "--no-cache", "--format", "json", *files]).stdout)
    return tuple((os.path.relpath(d["file"], EXAMPLES), d["code"], d["message"]) for d in made["diagnostics"])


@cache
def scored(folder: str) -> tuple[tuple[str, str], ...]:
    (file,) = (EXAMPLES / folder).glob("*.perf")
    words = ["score", str(file), "--actuals", str(EXAMPLES / folder / "actuals.csv"), "--format", "json"]
    made = json.loads(CliRunner().invoke(perfdsl, words).stdout)
    return tuple((d["code"], d["message"]) for d in made["findings"])


def number(file: str) -> str:
    return Path(file).name[:2]


# document, code, words of the sentence
ON_RECORD = [
    (S1, "L007", "满意度指标"),
    (S1, "L008", "没有成本指标"),
    (S2, "L012", "来电回复率"),
    (S3, "L012", "窗口服务人员服务保障度"),
    (S1, "L012", "市级12345平台回访率"),
    (S1, "L012", "市级12345平台办结率"),
    (S1, "L021", "受训学员的满意度”的指标值“≥0%"),
    (S1, "L021", "培训天数”的指标值“≥0天"),
    (S1, "L021", "培训人次”的指标值“≥0人次"),
    (S1, "L021", "党团员活动参与率”的指标值“≤100%"),
    (S1, "L021", "愿检尽检率”的指标值“≤100%"),
    (S1, "L022", "愿检尽检率"),
    (S1, "L022", "体检人数”是办了多少的数，指标值“≤0人”、“≤42人"),
    (S1, "L022", "制服配发人数/套数"),
    (S1, "L022", "外语诉求件数”是办了多少的数，指标值“≤5件”、“≤10件"),
    (S0, "L023", "在职人员控制率”要求的是不超过，指标值却写成“=100%"),
    (S1, "L024", "资金到位率"),
    (S3, "L024", "等11行"),
    (S3, "L025", "村居开具证明应用电子印章数量”两期的指标值单位不同：“370”与“90%以上"),
    *((S3, "L026", f"指标值“{value}”没有计量单位") for value in ("370", "50", "13", "140000", "220000")),
    (S1, "L027", "办公设备维护个数”的名称按“个”数，指标值“≤196件"),
    (S3, "T106", "一个单元格里有 2 个指标值"),
    (S1, "L028", "制服配发人数/套数"),
    (S3, "L028", "吻合率，与项目验收合同率"),
    (S3, "T107", "“约”是约数"),
    (S3, "L029", "月均105万人次以上"),
    (S1, "L032", "市民开放日交流活动举办活动场次”没有写全年指标值"),
    *((S3, "L032", name) for name in ("业务办理时限", "政务数据共享", "门户网站体验满意度")),
    (S1, "L033", "“质量高”、“提升”"),
    (S1, "L033", "“高质量”、“质量高”、“推动”、“提升”"),
    (S1, "L033", "“较好”、“提升”"),
    (S3, "T102", "文字里有数字“100”"),
    (S1, "L041", "尚贤热线服务外包的座席人员数量”半年“≤9人”，全年“≤5人"),
    *((S0, "L043", name) for name in ("结转结余率", "预算偏差率", "政府采购执行率", "非税收入预算完成率")),
    (S1, "L044", "第三方督查暗访：监督检查次数"),
    (S1, "L044", "全年开展考核次数"),
    (S1, "L044", "推送信息条数"),
    (S1, "L045", "开展党团活动次数"),
    (S1, "L045", "宣传印刷数量"),
    (S1, "L045", "办理法律事务件数"),
    (S3, "L046", "36行指标里有35行"),
    (S3, "R507", "相差0.01万元"),
    (S1, "L052", "每人152040元，同类的2项都是约108600元"),
    (S1, "L053", "从1165.62万元增加到1663.63万元（+42.7%）"),
    (S1, "L053", "从120万元增加到161.96万元（+35%）"),
    (S3, "L055", "只占项目支出4693.61万元的4.35%"),
    *((S2, "L063", name) for name in ("来电回复率", "来电办结率", "来电畅通率", "坐席人员服务满意率", "市民满意率")),
    (S4, "V101", "完成值为 90% 时没有任何一档适用"),
    (S4, "L076", "“三公”经费控制率"),
    (S4, "L076", "工作开展情况"),
    (S4, "L079", "最多加5分，没有写总分最高"),
]  # fmt: skip


@pytest.mark.parametrize(("folder", "code", "words"), ON_RECORD)
def test_what_is_on_record_is_found(folder: str, code: str, words: str) -> None:
    assert [said for file, own, said in checked() if file.startswith(folder) and own == code and words in said]


GAPS = {"01": "1.01", "02": "10", "04": "4.02", "05": "3.51", "12": "1.99"}


def test_five_execution_rates_are_off_by_so_many_points_and_eight_are_right() -> None:
    found = {
        (number(file), said.split("相差")[1].split("个")[0])
        for file, code, said in checked()
        if code in ("L049", "L051")
    }
    assert found == set(GAPS.items())


def test_every_table_without_a_satisfaction_row_and_every_undefined_schedule_is_named() -> None:
    by_code = {
        code: {number(file) for file, own, _ in checked() if own == code and file.startswith(S1)}
        for code in ("L007", "L008", "L048")
    }
    assert len(by_code["L007"]) == 10
    assert len(by_code["L008"]) == len(by_code["L048"]) == 12


def test_what_the_scores_show() -> None:
    jingmen, nanjing = scored(S2), scored(S4)
    assert [said for code, said in jingmen if code == "L062" and "坐席人员服务满意率”完成值“99%" in said]
    assert [said for code, said in nanjing if code == "L064" and "得99.5分" in said]


def test_what_is_right_is_left_alone() -> None:
    """Sums that agree, a satisfaction that rose, eight rates that follow the plan, and bonus entries of which only the best counts."""
    found = checked()
    assert {(Path(file).parts[0], code) for file, code, _ in found if code in ("R504", "R505", "R506", "R507")} == {
        (S3, "R507")
    }
    assert not [
        said
        for _, code, said in found
        if code in ("L061", "L057", "L058", "L059", "L080", "L040", "L005", "L020", "L083")
    ]
