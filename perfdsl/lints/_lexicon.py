"""What the names of indicators say: which shares cannot pass one whole, what is better high and what is better low.

A name says only what its ending says for certain; a name of neither list says nothing, and no lint guesses.
"""

import re

SHARES_OF_A_WHOLE = (
    "参与率", "参加率", "出勤率", "到课率", "覆盖率", "普及率", "知晓率", "合格率", "达标率", "优良率", "满意率", "满意度", "办结率", "接通率",
    "回访率", "回复率", "及时率", "准确率", "签收率", "公开率", "入库率", "归档率", "完好率", "使用率", "利用率", "尽检率", "检查率", "验收率",
    "通过率", "成活率", "治愈率", "就业率", "入学率", "巩固率", "参保率", "接种率",
)  # fmt: skip

# A limit from above is usual for these all the same: 抗菌药物使用率、床位使用率.
SOMETIMES_LIMITED = ("使用率", "利用率", "检查率")
BETTER_HIGH = (
    *(word for word in SHARES_OF_A_WHOLE if word not in SOMETIMES_LIMITED),
    "到位率", "完成率", "好评率", "认可度", "知晓度", "按时率", "正常运行率", "畅通率", "响应率", "建档率", "稳定率", "破案率", "合规率",
)  # fmt: skip
BETTER_LOW = (
    "退回率", "重办率", "投诉率", "事故率", "事故发生率", "差错率", "失误率", "错误率", "发病率", "患病率", "死亡率", "结转结余率", "预算调整率",
    "预算偏差率", "三公经费变动率", "三公经费控制率", "公用经费控制率", "在职人员控制率", "不合格率", "不满意率", "故障率", "流失率", "空置率",
    "超时率", "逾期率", "复发率", "漏接率", "通报率", "发案率", "漏损率", "返工率", "失业率", "辍学率", "误报率", "漏报率", "违规率", "信访重复率",
    "投诉件数", "投诉次数", "投诉量", "投诉数", "事故起数", "事故次数", "事故数", "死亡人数", "差错次数", "失误次数", "故障次数", "违规次数",
    "平均办理时长", "响应时间", "响应时限", "等候时间", "等待时间",
)  # fmt: skip
# 零投诉率, 无事故率, 灭蚊死亡率: the word before turns the meaning.
TURNED = ("零", "无", "未", "非", "低", "防", "虫", "蚊", "蝇", "鼠", "草", "菌", "毒")
# 处理投诉件数, 减少事故起数: the work done on what is not wanted.
DEALT_WITH = re.compile(
    "处理|办理|化解|查处|处置|减少|降低|受理|答复|回复|解决|调处|核查|核实|督办|整改|查办|分析|报告|压减|下降|办结|接听|处结|协调|消除|避免"
)
# 未按期办结率, 不动产…: a share of what was not done is better low; where one of these stands nothing is said.
NEGATED = re.compile("[不未无非零漏误逾超拒缺退重低欠滞]")

# Norms that are a ceiling: below them is as it should be (在职人员控制率 ≤100%).
CEILINGS = ("在职人员控制率", "三公经费控制率", "公用经费控制率", "楼堂馆所面积控制率", "投资概算控制率")

# Numbers of what was done: a limit from above is met by doing nothing.
DONE = (
    "培训人数", "培训人次", "受训人数", "参训人数", "体检人数", "服务人数", "服务人次", "受益人数", "惠及人数", "诉求件数", "事项件数", "工单件数",
    "办理件数", "办结件数", "受理件数", "培训场次", "活动场次", "培训次数", "活动次数", "宣传次数", "宣传场次", "检查次数", "考核次数", "演练次数",
    "走访次数", "巡查次数", "调研次数", "推送条数", "发布条数", "报道篇数", "回访人次", "接听来电数",
)  # fmt: skip
# What is limited for a reason: resources, travel and meetings, and whatever is not wanted.
LIMITED = re.compile(
    "座席|坐席|席位|编制|在职|人员|聘|岗位|车辆|公务|接待|会议|出国|出境|三公|用房|设备|床位|班额|教师|控制|成本|经费|上限|限额|"
    "投诉|信访|上访|事故|差错|错误|失误|违|故障|中断|停机|停电|期限|逾|超|退|重办|返工|调整|变更|修改|亡|伤|病|火灾|案件|发案|犯罪|隐患|"
    "缺|漏|通报|问责|处罚|罚|复议|诉讼|纠纷|舆情|污染|排放|能耗|空置|流失|拒|欠|滞|损|延|误|不|未|无|零|负|扣|减|降|风险|负担"
)

_BRACKETS = re.compile(r"[（(][^（()）]*[)）]\s*\Z")
_QUOTES = str.maketrans("", "", "“”‘’\"'《》 　")


def is_share_of_a_whole(name: str) -> bool:
    """Is it a share of a whole, so that it is never above 100 %?"""
    return name.rstrip("）)（(%％ ").endswith(SHARES_OF_A_WHOLE)


def plain(name: str) -> str:
    """The name without quotes, spaces and brackets at its end."""
    return _BRACKETS.sub("", name).translate(_QUOTES)


def better(name: str) -> str:
    """``higher`` or ``lower`` where the ending of the name says so, else nothing."""
    name = plain(name)
    for ending in BETTER_LOW:
        if name.endswith(ending):
            before = name[: -len(ending)]
            dealt_with = not ending.endswith("率") and DEALT_WITH.search(before)
            return "" if before.endswith(TURNED) or dealt_with else "lower"
    return "higher" if name.endswith(BETTER_HIGH) and not NEGATED.search(name) else ""


def is_ceiling(name: str) -> bool:
    """Is its norm a limit from above?"""
    return plain(name).endswith(CEILINGS)


def is_limited(name: str) -> bool:
    """Is a limit from above what one would expect: of resources, of money, of what is not wanted?"""
    return LIMITED.search(name) is not None


def is_done(name: str) -> bool:
    """Does it count what was done?"""
    return plain(name).endswith(DONE)


# ---- units


# What stands at the end of a name of a plain number: not a count of anything.
UNITLESS = (
    "率", "比", "度", "比例", "比重", "指数", "系数", "得分", "评分", "分数", "分值", "成绩", "排名", "名次", "位次", "等级", "级别", "值", "倍数",
    "编号", "号码", "考核", "电话", "热线", "时间", "日期", "期限", "时限", "年份", "版本", "覆盖面", "评价", "性", "占比", "情况", "水平", "强度", "浓度",
)  # fmt: skip
# What a name says it counts in (件数, 人次), and the units that are the same thing by another word.
COUNTED_IN = {
    "人数": "人 名 位 员 人头 生 学员 客户 用户 农户 职工 编制",
    "人次": "人次 次 人天 人日",
    "件数": "件 份 宗 起 单 例 案 案件 工单 批件 件次",
    "次数": "次 回 趟 遍 轮 场 期 批 场次 批次 频次 轮次 班次 人次 台次 车次 件次 户次 项次 条次 课次 起 例 例次",
    "场次": "场 场次 次 期 班",
    "条数": "条 篇 则 条目 条次",
    "个数": "个",
    "户数": "户 家 农户 家庭 人户 户次",
    "天数": "秒 工作日 人天 人日",
}
ENDS_IN_UNIT = (
    *COUNTED_IN,
    "套数",
    "台数",
    "篇数",
    "份数",
    "期数",
    "批数",
    "辆数",
    "株数",
    "棵数",
    "项数",
    "家数",
    "班次",
    "户次",
)
# 软件数, 用户数, 机器人数: the last two characters are no unit.
NO_UNIT_AFTER = (
    "软",
    "硬",
    "文",
    "邮",
    "事",
    "证",
    "信",
    "部",
    "配",
    "要",
    "组",
    "用",
    "客",
    "账",
    "门",
    "商",
    "法",
    "器",
    "线",
    "链",
)


def says_unit(name: str) -> bool:
    """Does the name itself say what is counted: 培训人次, 接待户数, 举办展览（场）?"""
    return plain(name).endswith(ENDS_IN_UNIT) or _BRACKETS.search(name) is not None


def is_unitless(name: str) -> bool:
    """Is it a rate, a score, a rank or another plain number, or a name in another language?"""
    name = plain(name)
    return name.isascii() or name.endswith(UNITLESS)


def counted_in(name: str) -> tuple[str, tuple[str, ...]]:
    """The unit the name ends with and the words that mean the same; empty where it says none, or two at once."""
    name = plain(name)
    for ending, units in COUNTED_IN.items():
        if (
            name.endswith(ending)
            and not name[: -len(ending)].endswith(NO_UNIT_AFTER)
            and not any(mark in name for mark in "/／、或及和与")
        ):
            return ending.removesuffix("数"), tuple(units.split())
    return "", ()


# ---- words


# Qualities of which nobody can say when they are reached.
_VAGUE = """质量高 高质量 质量较高 较好 良好 好 高 较高 提升 有效提升 显著提升 明显提升 稳步提升 不断提升 持续提升 进一步提升 有所提升 逐步提升 提高 有效提高
    显著提高 明显提高 稳步提高 不断提高 持续提高 进一步提高 有所提高 逐步提高 改善 有效改善 显著改善 明显改善 持续改善 有所改善 推动 有效推动 促进 有效促进
    加强 有效加强 不断加强 增强 有效增强 明显增强 不断增强 优化 持续优化 不断完善 逐步完善 明显 显著 长期 持续 长效 中长期"""
VAGUE = frozenset(_VAGUE.split())
AVERAGED = ("月均", "年均", "日均", "季均", "周均")
# A name that ends so names something measured; two of them in one name are two indicators.
_MEASURED = re.compile(
    r".+(?:率|人数|次数|件数|套数|场次|人次|数量|个数|户数|条数|天数|台数|篇数|份数|满意度|知晓度)\Z"
)
_APART = re.compile("[/／、，,；;及和与]")


def measures(name: str) -> tuple[str, ...]:
    """The measured things a name lists, where it lists several: 制服配发人数/套数."""
    parts = [part for part in _APART.split(plain(name)) if part]
    found = tuple(part for part in parts if _MEASURED.fullmatch("甲" + part))
    return found if len(found) > 1 and found[-1] == parts[-1] else ()


def are_synonyms(one: str, other: str) -> bool:
    """Are they two words for counting the same: 件 and 份?"""
    return any({one, other} <= set(words.split()) for words in COUNTED_IN.values())
