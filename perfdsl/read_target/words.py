"""The vocabulary of target cells, as tables.

A word means what its table says only beside a number or a date; a new word is one entry here and nothing else.
"""

from typing import NamedTuple


class Entry(NamedTuple):
    """The token a word makes, and what it says."""

    kind: str
    value: str


def _table(rows: str, kind: str) -> dict[str, Entry]:
    """Rows of ``value word word …``; the value ``-`` means the word itself."""
    table = {}
    for row in rows.strip().splitlines():
        value, *words = row.split()
        for word in words:
            table[word] = Entry(kind, word if value == "-" else value)
    return table


# Before a number: the relation.  A trailing ~ marks a soft one, which a word after the number may confirm or replace.
BEFORE_NUMBER = (
    _table(
        """
>=  不低于 不少于 不小于 不得低于 不得少于 不得小于 不能低于 不能少于 不应低于 不应少于 不短于 不弱于 不下于 大于等于 大于或等于
>=  大于或者等于 高于等于 高于或等于 多于等于 多于或等于 等于或大于 等于或高于 等于大于 大于及等于 至少 最少 最低 起码 不低於 不少於
>=  不亚于 不逊于 不劣于 不差于 不小於 达到或超过 达到或高于 达到及超过 达到并超过 达到或大于 达到或多于 不早于 不得早于
>=  最少为 最低为 至少达到 至少完成 至少为 至少达 至少开展 至少有 不低于等于 高于(含) 未低于 未少于 不低 不少
>=~ 达 达到 达至 达成 可达 可达到 提升至 提升到 提高至 提高到 增至 增加到 增加至 增长到 增长至 上升至 上升到 已达 扩大到 扩大至
<=  不超过 不高于 不大于 不多于 不超 不长于 不得超过 不得高于 不得大于 不得多于 不能超过 不应超过 不可超过 不超出 未超过 小于等于
<=  小于或等于 小于或者等于 低于等于 低于或等于 少于等于 少于或等于 等于或小于 等于或低于 等于小于 小于及等于 至多 最多 最高 最大
<=  最长 最高不超过 最多不超过 最长不超过 不逾 上限为 上限 不高於 不超過 最高为 最多为 不晚于 不迟于 不得晚于 不得迟于 不得超出
<=  严格控制在 不得突破 不突破 未高于
<=~ 控制在 控制到 控制为 降至 降到 降低至 降低到 下降至 下降到 减少至 减少到 压缩至 压缩到 压减至 压减到 缩短至 缩短到 缩减至 限于
<=  不得高於 不超出预算 限额为 限额
>   大于 超过 高于 多于 超 超出 突破 逾 长于 优于 好于 快于 强于 晚于 迟于 超過 高於 大於
<   小于 低于 少于 不足 不到 不满 未满 短于 劣于 差于 慢于 弱于 早于 未达到 未达 未到 低於 小於
=   等于 恰好 正好
=~  为 是 即
""",
        "OP",
    )
    | _table("± 正负 上下浮动 上下 浮动± 增减", "PM")
    | _table("- 约 大约 约为 大概 接近 近 将近 大致 约计 预计 估计 约占", "ABOUT")
    | _table(
        """
- 月均 年均 日均 季均 周均 人均 户均 次均 亩均 件均 单均 均 平均 平均每 全年 年度 当年 本年 本年度 年 月 累计 合计 共计 总计 共 总共
- 各 分别 每人 每户 每次 每年 每月 每季 每季度 每周 每天 每日 每半年 每学期 每学年 每期 每批 每年度 每亩 每件 每场 每个 每家 每台
- 每套 每村 每校 每班 每科 每项 每处 每所 每辆 每公里 每平方米 每小时 每两年 每床 每席 每座 每生 每名 每位 每人每年 每人每月 每人每天
- 一年 半年 两年 三年 两周 每两周 每三年 每两个月 每三个月 每个月 每个季度 一季度 单次 人均每年 次年 翌年 下年 下一年 次年度 下一年度 下年度 来年 明年 次季度 次周 本月 下月 本季度
- 每季度首月 每季度末月 每季首月 每季末月 每季度第一个月 每季度最后一个月 每生 每班次 每车次 每台次 每床日 每学年度 每生每年 每生每学期 每生每月 全市 全县 全区 总数 总量 至今 每周期 每人次 次月 当月 每万人 每千人 每百户 每百人 每学时 每课时 每吨 每株
- 每标段 每标 每例 每只 每头 每米 每份 每本 每期次 每年每人 每月每人 每户每年 每户每月
""",
        "QUAL",
    )
    | _table(
        """
up   增长 提高 提升 上升 增加 增幅 增长率 升高 提速 递增 增 上涨 增幅为 增长率为 增幅达 增长达 上浮
down 负增长 下降 降低 减少 降幅 递减 压减 压缩 缩短 缩减 降 减 下降率 降低率 降幅为 下浮
""",
        "GROW",
    )
    | _table(
        """
- 较上年 比上年 较去年 比去年 较上年度 比上年度 较上年同期 比上年同期 较去年同期 比去年同期 同比 环比 较上期 比上期 较基期 比基期
- 逐年 与上年相比 与去年相比 相比上年 相较上年 相比去年 较往年 比往年 较前一年 比前一年 较前年 较基准年 较年初 比年初 较期初 与上年同期相比
- 与上年度相比 较上年实际 比上年实际 较上一年 比上一年 较上一年度 比上一年度 同期 较同期 比同期 较项目实施前 较实施前 比实施前
""",
        "BASE",
    )
    | _table(
        "- 完成 实现 确保 保证 计 介于 力争 争取 保持 保持在 维持 维持在 稳定在 稳定 于 在 截至 截止 截止到 定于 计划 拟 需 应 目标值 目标",
        "VERB",
    )
)

# These are taken apart from the end of a longer word only after a word that names a measure (合格率为, 时长约).
WEAK = frozenset("计约近为是即均各共增减降年月于在需应拟每超稳定目标计划总数总量全市全县全区同期")
WEAK_WORDS = frozenset({"稳定", "目标", "计划", "总数", "总量", "全市", "全县", "全区", "同期", "平均"})
MEASURE_ENDS = frozenset("率数量比度额例值间长费本价积期耗距径重高限占金资款")
NOT_REACH = frozenset({"传达", "送达", "到达", "抵达", "表达", "下达", "直达", "转达", "发达", "雷达", "通达", "畅达"})
NEGATIONS = frozenset("不未无没非勿免")

# After a number or its unit.
AFTER_NUMBER = (
    _table(
        """
>= 以上 及以上 或以上 及其以上 之上 起 + 含以上 以上的 (含)以上 (含本数)以上 及更多 或更多 以上水平
<= 以下 以内 及以下 或以下 及以内 及其以下 之内 之下 内 内的 以内的 含以下 (含)以下 (含)以内 封顶 以下的 为限 为上限
>  (不含)以上
<  (不含)以下
""",
        "POST",
    )
    | _table("- 左右 上下 前后", "AROUND")
    | _table(
        """
up   增长 的增长 的增幅 增幅 提升 的提升 递增 的提高 上升
down 下降 的下降 的降幅 降幅 递减 的降低 压减
""",
        "GREW",
    )
    | _table(
        """
in  (含) (含本数) 含 (含本级) (包含) (包括本数) 整 (含本日) (含当日)
out (不含) (不含本数) (不含当日) (不含本日)
""",
        "CLOSED",
    )
    | _table(
        """
- 完成 办结 完毕 办理完毕 办理 到位 完工 竣工 交付 完成任务 全部完成 完成率 完成办理 完成支付 完成验收 完成全部工作 结束 完成工作
- 之间 时间 办理完成 发放 发放到位 完成发放 完成项目 支付 完成建设 完成审核 完成采购 区间 期限 完成整改 (完成) 办结率
""",
        "DONE",
    )
)

AFTER_DATE = (
    _table(
        """
before  前 之前 以前 前后 止 截止 为止 前的
end     底 末 底前 末前 底之前 末之前 底以前 末以前 年底 年末 年底前 年末前 年底之前 年末之前 年底以前 年终 年终前 内 之内 以内 年内 当年 当年内
early   上旬 上旬前 上旬之前
middle  中旬 中旬前 中旬之前
late    下旬 下旬前 下旬之前
""",
        "BEFORE",
    )
    | _table("out (不含) (不含当日) (不含本日)\nin (含) (含当日) (含本日)", "CLOSED")
    | {word: entry for word, entry in AFTER_NUMBER.items() if entry.kind == "DONE"}
    | _table(
        "- 完成任务 完成支付 完成全部工作 完成投放 投入使用 完成竣工验收 竣工验收 开工 验收 完成招标 通过验收 建成 上线 启动 完成上线 正式上线",
        "DONE",
    )
)

# A cell that begins or consists so points elsewhere or leaves the matter open.
_UNSETTLED = """待定 待确定 待明确 待核定 待测算 未定 暂定 另定 另行通知 另行确定 适量 多次 多项 多个 多人 多场 多期 多批次 视情况而定 视情况
视实际情况 根据实际情况 根据实际 依据实际情况 数量不定 不定期 不固定 不限 根据需要"""
UNSETTLED = frozenset(_UNSETTLED.split())
# What a number stands beside when it names something instead of measuring it.
_REFERENCES = "附件 附表 附录 文件 编号 编码 电话 热线 代码 版本 序号 第 版 详见 见表 图 No NO № 零下 比"
REFERENCES = tuple(_REFERENCES.split())
_NUMBER_NAMES = "电话 热线 号码 编号 编码 代码 邮编 账号"
NUMBER_NAMES = tuple(_NUMBER_NAMES.split())
_TIME_NAMES = "时间 日期 期限 时限 节点 时点"
TIME_NAMES = tuple(_TIME_NAMES.split())

# Whole cells.
_NOTHING = """无 无要求 暂无 不适用 不涉及 不考核 未设置 未设定 不要求 空 本年无 本期无 N/A n/a NA na / \\ - -- — —— ― – 一一 ／ ~ … ……
无指标 不作要求 暂不考核 本期不考核 不评价 无此项 不设 未安排 *"""
_NOT_APPLICABLE = "不适用 不涉及 N/A n/a NA na 不考核 不评价 / \\ 未涉及"
_SCALES = """优良中低差 优良中差 优良差 高中低 高中低差 好坏 好中差 优/良/中/差 优、良、中、差 高/中/低 好/中/差 是/否 是否 有/无 是或否 大中小 优良中低
优秀/良好/合格/不合格 优秀、良好、合格、不合格 合格/不合格 高、中、低 优/良/中/低/差 优、良、中、低、差 定性 定量 是、否"""
NOTHING = frozenset(_NOTHING.split())
NOT_APPLICABLE = frozenset(_NOT_APPLICABLE.split())
SCALES = frozenset(_SCALES.split())

# A scale alone says how large a number is and not of what.
SCALES_ALONE = frozenset({"十", "百", "千", "万", "亿", "十万", "百万", "千万", "十亿", "百亿", "千亿", "万亿"})

# Cells whose kind is plain from the words alone.
SCHEDULE_WORDS = ("序时进度", "时序进度", "序时执行进度", "按序时", "序时支出进度")
MONEY_NAMES = (
    "成本",
    "费",
    "资金",
    "金额",
    "投资",
    "预算",
    "支出",
    "收入",
    "补助",
    "补贴",
    "奖励",
    "工资",
    "价",
    "经费",
    "税",
    "产值",
)
COUNT_NAMES = (
    "人数",
    "次数",
    "人次",
    "数量",
    "个数",
    "件数",
    "户数",
    "条数",
    "场次",
    "套数",
    "面积",
    "里程",
    "总量",
    "点击量",
    "访问量",
    "浏览量",
)
# Shares of a whole: more than 100 % is a mistake, less than nothing too.
WHOLE_SHARES = (
    "满意度", "满意率", "合格率", "覆盖率", "覆盖面", "知晓率", "知晓度", "准确率", "正确率", "及时率", "达标率", "参与率", "入学率", "优良率",
    "完好率", "办结率", "回访率", "通过率", "普及率", "参保率", "按时率", "到课率", "出勤率", "规范率", "合规率", "公开率", "知情率", "认可度",
    "投诉率", "差错率", "故障率", "不合格率", "发生率", "死亡率", "流失率", "接通率", "签约率", "建档率", "巩固率", "治愈率", "处理率", "处置率",
)  # fmt: skip
_CHANGE_NAMES = "增长 增速 增幅 变动 变化 降幅 下降 降低 减少 温 差 利润 盈 海拔 净 涨 偏离 减排 浮动"
CHANGE_NAMES = tuple(_CHANGE_NAMES.split())
_NOT_SHARES = "频率 功率 效率 速率 分辨率 汇率 心率 死亡率 发病率 出生率 发生率 患病率 转速 产率 税率 利率 床位使用率 周转率 容积率 拥有率 利用率 强度"
NOT_SHARES = tuple(_NOT_SHARES.split())
RATE_ENDS = ("率", "比例", "比重", "占比", "满意度", "覆盖面", "知晓度")


def op_word(text: str) -> str | None:
    """The relation a word says by itself (大于等于), None when it says none."""
    entry = BEFORE_NUMBER.get(text)
    return entry.value.rstrip("~") if entry and entry.kind == "OP" else None


def after_word(text: str) -> str | None:
    """The relation a word after a number says (以上, 以内), None when it says none."""
    entry = AFTER_NUMBER.get(text)
    return entry.value if entry and entry.kind == "POST" else None


def sizes_by(table: dict[str, Entry], index: int) -> dict[str, tuple[int, ...]]:
    """For each first (0) or last (-1) character, the lengths of its words, longest first."""
    found: dict[str, set[int]] = {}
    for word in table:
        found.setdefault(word[index], set()).add(len(word))
    return {c: tuple(sorted(sizes, reverse=True)) for c, sizes in found.items()}


BEFORE_SIZES = sizes_by(BEFORE_NUMBER, -1)
AFTER_SIZES = sizes_by(AFTER_NUMBER, 0)
DATE_SIZES = sizes_by(AFTER_DATE, 0)
