"""Lints of what must agree inside one table: units of two periods, rows that stand twice, unit prices, frequencies, denominators."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfdsl.cli.files import Library
from perfdsl.pipeline import check
from perfdsl.text import Source


def codes(body: str, code: str) -> list[str]:
    """The sentences of ``code`` about an object with this body."""
    found = check(Source("表.perf", f'project "业务培训" {{\n{body}\n}}\n'), Library([])).found
    return [d.message() for d in found if d.code == code]


@pytest.mark.parametrize(("row", "number"), [
    ('印章 half "370" full "90%以上"', 1), ('印章 cycle "370个" full "≥90%"', 1), ('补助 half "≥3万元" full "≥90人"', 1), ('长度 half "≥3公里" full "≥9小时"', 1),
    ('报告 half "≥3份" full "≥9件"', 0), ('活动 half "≥3次" full "≥9场"', 0), ('补助 half "≥3000元" full "≥9万元"', 0), ('应用率 half "0" full "≥90%"', 0),
    ('进度 half "按时推进" full "2024年12月底前"', 0), ('进度 half "完成主体" full "=100%"', 0), ('增长 half "比上年增长5%" full "≥900万元"', 0), ('数量 half "5" full "≥9个"', 0),
])  # fmt: skip
def test_units_of_two_periods(row: str, number: int) -> None:
    assert len(codes(row, "L025")) == number


TWICE = '效益指标 {{ 社会效益 {{ 市民满意度 full "{0}" }} }} 满意度指标 {{ {1} {{ 市民满意度 full "{2}" }} }}'


def test_a_row_that_stands_twice() -> None:
    assert codes(TWICE.format("≥90%", "服务对象满意度", "≥90%"), "L011")
    assert codes(TWICE.format("≥90%", "服务对象满意度", "≥95%"), "L011") == []
    groups = '产出指标 { 质量指标 { 东段 { 验收合格率 full "=100%" } 西段 { 验收合格率 full "=100%" } } }'
    assert codes(groups, "L011") == []


LINES = ["甲区热线外包", "乙区热线外包", "丙区热线外包"]


def outsourced(*prices: int) -> str:
    lines = "\n".join(f"spend {name} full {10 * price}" for name, price in zip(LINES, prices, strict=True))
    rows = "\n".join(f'{name}的座席人数 full "≤10人"' for name in LINES)
    return f"funds 万元 {{ income 拨款 full {10 * sum(prices)}\n{lines} }}\n{rows}"


@given(st.tuples(*[st.integers(1, 40)] * 3))
def test_the_one_price_that_is_not_that_of_the_others(prices: tuple[int, int, int]) -> None:
    low, usual, high = sorted(prices)
    near = [abs(price - usual) * 20 <= usual for price in prices]
    wanted = near.count(False) == 1 and max(usual - low, high - usual) * 5 > usual
    assert bool(codes(outsourced(*prices), "L052")) == wanted


@pytest.mark.parametrize(("row", "number"), [
    ('人均培训成本 full "≤650元/人次"', 0),
    ('人均培训成本 full "≤600元/人次"', 1),  # 15.6万 for 240 is 650
    ('人均培训成本 full "≤7000元/人次"', 1),
    ('人均培训成本 full "≤0.07万元/人次"', 0),
    ('人均教材成本 full "≤50元/人次"', 0),  # a part of the money
    ('人均补助 full "≥300元/人次"', 0),
    ('单课成本 full "≤50元/课时"', 0),
])  # fmt: skip
def test_a_unit_cost_that_the_plan_cannot_keep(row: str, number: int) -> None:
    body = f'funds 万元 {{ income 拨款 full 15.6\nspend 业务培训费 full 15.6 }}\n培训人次 full "≥240人次"\n{row}'
    assert len(codes(body, "L052")) == number


@pytest.mark.parametrize(("row", "number"), [
    ('推送次数 full "≥20次" note "每月推送2次"', 1), ('推送次数 full "≥24次" note "每月推送2次"', 0), ('推送次数 full "=48次" note "每周一次，节假日除外"', 1),
    ('推送篇数 full "≥150篇" note "每周发布3—4篇"', 0), ('推送篇数 full "≥149篇" note "每周发布3—4篇"', 1), ('检查次数 full "≤10次" note "每月检查1次"', 0),
    ('检查次数 full "≥10次" note "每月不超过1次"', 0), ('检查次数 full "≥10次" note "每月10日前报送1份"', 0), ('检查人次 full "≥10人次" note "每季度5次"', 1),
    ('检查次数 full "≥4次" note "每季度一次"', 0), ('推送次数 half "≥10次" full "≥24次" note "每月2次"', 0), ('覆盖率 full "≥90%" note "每月2次"', 0),
])  # fmt: skip
def test_a_target_below_the_tables_own_words(row: str, number: int) -> None:
    assert len(codes(row, "L060")) == number


def test_the_head_is_read_where_it_names_the_row_or_its_money() -> None:
    info = 'info "项目内容" "{}。另开展宣传"\nfunds 万元 {{ income 拨款 full 9\nspend 公众号图文编排 full 9 }}\n公众号图文编排推送次数 full "=48次"'
    assert codes(info.format("公众号图文编排每周1次"), "L060")
    assert codes(info.format("市民开放日每周1次"), "L060") == []


@pytest.mark.parametrize(("row", "number"), [
    ('预算执行率 full "≥95%" points 5 by { met -> 5   otherwise -> 0 }', 1),
    ('预算执行率 full "≥95%" points 5 by { met -> 5   otherwise -> 0 } note "支出数 ÷ 调整后预算数"', 0),
    ('预算执行率 full "≥95%" points 5 by { met -> 5   otherwise -> 0 } basis "市财政局2024年评分表"', 0),
    ('预算执行率 full "≥95%" points 5 by { met -> 5   otherwise -> 0 } note "年底前完成"', 1),
    ('预算执行率 = spent(支出) / budget(支出) full "≥95%" points 5 by { met -> 5   otherwise -> 0 }', 0),
    ('预算执行率 full "≥95%"', 0),
    ('预算执行率 full "达到考核要求" points 5 by { "达到考核要求" -> 5   otherwise -> 0 }', 0),
    ('任务执行率 full "≥95%" points 5 by { met -> 5   otherwise -> 0 }', 0),
])  # fmt: skip
def test_a_scored_execution_rate_says_what_it_is_divided_by(row: str, number: int) -> None:
    body = f"funds 万元 {{ income 拨款 full 9\nspend 运行费 full 9 }}\n{row}"
    assert len(codes(body, "L078")) == number
