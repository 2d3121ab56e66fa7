"""Exact numbers with units: reading and writing digits, the table of units, the rounding rule.

Nothing here is ever a float, and a text that is not wholly a number or a unit gives ``None``, never a guess.
"""

import re
import unicodedata
from fractions import Fraction
from functools import lru_cache

import attrs

MAX_DIGITS = 60
_SPACE = re.compile(r"\s+")


@attrs.frozen
class Unit:
    """A unit as printed, its size in base units, and its dimensions as sorted (dimension, power) pairs."""

    text: str
    scale: Fraction
    dims: tuple[tuple[str, int], ...]


@attrs.frozen
class Quantity:
    """A number in the unit it was printed with."""

    value: Fraction
    unit: Unit

    @property
    def base(self) -> Fraction:
        """The same quantity in base units (元, 秒, 月, 米 …; a percent as a share of one)."""
        return self.value * self.unit.scale


ONE = Fraction(1)
NO_UNIT = Unit("", ONE, ())
SHARE = Unit("", ONE, (("%", 1),))  # a share printed as a fraction, 三分之二


def fold_width(text: str) -> str:
    """Full-width forms and radicals as their ordinary characters, one for one, so that offsets stay valid."""
    return text if text.isascii() else text.translate(_FOLD)


def parse_number(text: str) -> Fraction | None:
    """The number a text of digits says (half or full width, grouped, signed), or None; over 60 digits is None."""
    clean = fold_width(text).strip().translate(_MINUS)
    if len(clean) > 2 * MAX_DIGITS or not _NUMBER.fullmatch(clean):
        return None
    return plain_number(clean.replace(",", ""))


def plain_number(text: str) -> Fraction | None:
    """The value of plain digits with an optional sign and point; the caller has checked the form."""
    if len(text) > MAX_DIGITS:
        return None
    whole, point, decimals = text.partition(".")
    if not point:
        return Fraction(int(whole))
    return Fraction(int(whole + decimals), 10 ** len(decimals))


def parse_chinese_number(text: str) -> Fraction | None:
    """The value of Chinese numerals: 三百二十, 二〇二四, 十二点五, 两万, 贰拾万, 三分之二, 百分之九十五点五; else None."""
    if not 0 < len(text) <= MAX_DIGITS:
        return None
    text = text.translate(_FINANCIAL)
    below, over, above = text.partition("分之")
    if over:
        bottom = _SCALES[below] if below in _SCALES else _chinese_decimal(below)
        top = _chinese_decimal(above)
        return top / bottom if bottom and top is not None else None
    return _chinese_decimal(text)


def _chinese_decimal(text: str) -> Fraction | None:
    if text == "半":
        return Fraction(1, 2)
    whole, point, decimals = text.partition("点")
    value = _chinese_integer(whole)
    if value is None or not point:
        return None if value is None else Fraction(value)
    if not decimals or any(c not in _DIGITS for c in decimals):
        return None
    return value + Fraction(int("".join(str(_DIGITS[c]) for c in decimals)), 10 ** len(decimals))


def _chinese_integer(text: str) -> int | None:
    if not text or any(c not in _DIGITS and c not in _POWERS for c in text):
        return None
    if len(text) > 1 and all(c in _DIGITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    for power in ("亿", "万"):
        if power in text:
            return _chinese_split(text, power)
    return _chinese_thousands(text)


def _chinese_split(text: str, power: str) -> int | None:
    high, _, low = text.rpartition(power)
    above = _chinese_integer(high)
    if above is None:
        return None
    size = _POWERS[power]
    if len(low) == 1 and low in _DIGITS and _DIGITS[low]:
        return above * size + _DIGITS[low] * size // 10
    below = _chinese_integer(low) if low else 0
    return None if below is None or below >= size else above * size + below


def _chinese_thousands(text: str) -> int | None:
    total, digit, last = 0, -1, 10000
    for c in text:
        if c in _DIGITS:
            if digit > 0:
                return None
            digit = _DIGITS[c]
            continue
        if _POWERS[c] >= last or (digit < 0 and (c != "十" or last != 10000)):
            return None
        last = _POWERS[c]
        total += (digit if digit >= 0 else 1) * last
        digit = -1
    if digit > 0 and last < 10000 and last > 10 and "零" not in text and "〇" not in text:
        return total + digit * last // 10
    return total + max(digit, 0)


def format_number(value: Fraction) -> str:
    """The shortest exact decimal, or ``p/q`` where no finite decimal exists."""
    top, bottom = value.numerator, value.denominator
    if bottom == 1:
        return str(top)
    twos = (bottom & -bottom).bit_length() - 1
    rest, fives = bottom >> twos, 0
    while rest % 5 == 0:
        rest //= 5
        fives += 1
    if rest != 1:
        return f"{top}/{bottom}"
    places = max(twos, fives)
    digits = str(abs(top) * 10**places // bottom).rjust(places + 1, "0")
    return f"{'-' if top < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def format_quantity(quantity: Quantity) -> str:
    """The number and its unit as they would be printed."""
    return format_number(quantity.value) + quantity.unit.text


def round_half_up(x: Fraction, places: int) -> Fraction:
    """Round to ``places`` decimals, ties away from zero."""
    if places < 0:
        size = Fraction(10) ** -places
        return size * round_half_up(x / size, 0)
    top, bottom = x.numerator * 10**places, x.denominator
    whole = (2 * abs(top) + bottom) // (2 * bottom)
    return Fraction(whole if top >= 0 else -whole, 10**places)


@lru_cache(maxsize=4096)
def parse_unit(text: str) -> Unit | None:
    """The unit a text says (万元, 元/人·月, 个工作日, %), or None when any of it is not understood."""
    clean = _SPACE.sub("", fold_width(text[:100]))
    if len(clean) > 40:
        return None
    found = unit_prefix(clean, 0)
    return found[0] if found and found[1] == len(clean) else None


def unit_named(text: str) -> Unit:
    """The unit a text says; an unknown one counts in its own dimension."""
    clean = _SPACE.sub("", fold_width(text))
    if not clean:
        return NO_UNIT
    return parse_unit(clean) or Unit(clean, ONE, ((clean, 1),))


def is_counted_noun(text: str) -> bool:
    """A measure word and what it counts (个乡镇, 座桥, 条线路, 张床): as a unit it counts in its own dimension."""
    return _COUNTED_NOUN.fullmatch(_SPACE.sub("", fold_width(text))) is not None


def is_unit(text: str) -> bool:
    """Is the whole text a known unit or scale?"""
    return text in WORDS or parse_unit(text) is not None


def unit_prefix(text: str, at: int) -> tuple[Unit, int] | None:
    """The longest unit that begins at ``at`` in a folded text, and where it ends."""
    first = _factor(text, at)
    if first is None:
        return None
    unit, end = first
    if end == len(text) or text[end] not in _JOINTS:
        return first
    return _compound(text, at, unit, end)


def _compound(text: str, at: int, unit: Unit, end: int) -> tuple[Unit, int]:
    scale, dims, sign = unit.scale, dict(unit.dims), 1
    while end < len(text) and text[end] in _JOINTS:
        joint = text[end]
        if joint in "/每":
            sign = -1
        elif joint in ".-" and sign == 1:
            break
        found = _denominator(text, end + 1) if sign < 0 else _factor(text, end + 1)
        if found is None or (joint == "/" and _second_value(text, end + 1, unit, found[0])):
            break
        factor, end = found
        scale = scale / factor.scale if sign < 0 else scale * factor.scale
        for name, power in factor.dims:
            dims[name] = dims.get(name, 0) + sign * power
    kept = tuple(sorted((name, power) for name, power in dims.items() if power))
    return Unit(text[at:end], scale, kept), end


def _second_value(text: str, at: int, unit: Unit, below: Unit) -> bool:
    """Is 90%/95% two values rather than a unit?  5人/10万人 is one: its lower line counts by scales."""
    return (
        _COUNT.match(text, at) is not None
        and below.dims == unit.dims
        and (unit.dims == (("%", 1),) or 1 < below.scale / unit.scale < 100)
    )


def _denominator(text: str, at: int) -> tuple[Unit, int] | None:
    """What stands under the line: 人, 每人, 10万人, (人·月)."""
    if text.startswith("(", at):
        close = text.find(")", at, at + 14)
        inner = parse_unit(text[at + 1 : close]) if close > 0 else None
        return (inner, close + 1) if inner else None
    at += text.startswith("每", at)
    number = _COUNT.match(text, at)
    if number is None:
        return _factor(text, at)
    found = _factor(text, number.end())
    if found is None or not int(number.group()):
        return None
    return attrs.evolve(found[0], scale=found[0].scale * int(number.group())), found[1]


def _factor(text: str, at: int) -> tuple[Unit, int] | None:
    word = _longest(text, at)
    if word:
        return WORDS[word], at + len(word)
    for prefix in (text[at : at + 2], text[at : at + 1]):
        scale = _SCALES.get(prefix)
        if scale is None:
            continue
        start = at + len(prefix)
        word = _longest(text, start)
        base = WORDS[word] if word else NO_UNIT
        end = start + len(word)
        return Unit(text[at:end], base.scale * scale, base.dims), end
    return None


def _longest(text: str, at: int) -> str:
    for size in range(_SIZES.get(text[at : at + 1], 0), 0, -1):
        word = text[at : at + size]
        if word in WORDS:
            return word
    return ""


_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")
_COUNT = re.compile(r"[0-9]{1,9}(?![0-9.])")
_COUNTED_NOUN = re.compile(
    "[个座条家所名位项处台套辆口盏张枚件份间栋支艘架块段道根棵株笔批门面类线种顶][一-龥]{1,4}|类|线|面|顶|码|通|话|堆"
)
_JOINTS = "/每·*×.•⋅∙・-"
_MINUS = str.maketrans("−﹣－–", "----")
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_POWERS = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_FINANCIAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟萬億貳參陸", "一二三四五六七八九十百千万亿二三六")
_SCALES = {word: Fraction(size) for word, size in _POWERS.items()} | {
    "十万": Fraction(10**5),
    "百万": Fraction(10**6),
    "千万": Fraction(10**7),
    "十亿": Fraction(10**9),
    "百亿": Fraction(10**10),
    "千亿": Fraction(10**11),
    "万亿": Fraction(10**12),
}

# Measures: dimension, size in base units, words.
_MEASURES = """
%       1/100    % ﹪ ℅ 百分比 百分数 个百分点 百分点 个点 pct
%       1/1000   ‰ 千分比 千分点
%       1/100000 /10万 /十万 /10万人 /十万人
%       1/10000  /万 /万人 /1万
%       1/1000   /千 /千人
%       1/1000000 /百万 /100万
%       1/10000  ‱ 基点 BP bp
元      1        元 圆 块钱 元钱 元人民币 RMB ¥ ￥
元      1/10     角
美元    1        美元 美金 USD
欧元    1        欧元
港元    1        港元 港币
秒      1/1000   毫秒 ms
秒      1        秒 秒钟 s
秒      60       分钟 min 分种
秒      3600     小时 个小时 钟头 h
秒      86400    天 日 个自然日 自然日 日历天 日历日 个日历天 个日历日 自然天 整天
秒      604800   周 个周 星期 个星期 个自然周
工作日  1        工作日 个工作日 工作天 个工作天 交易日 个交易日
月      1        月 个月 个自然月
月      3        季度 个季度 季
月      6        半年 个半年
月      12       年 周年 年度 个年度 自然年 个自然年
米      1        米 延米 延长米 m M
米      1/100    厘米 cm 公分
米      1/1000   毫米 mm
米      1000     公里 千米 km KM Km
米      500      里 华里
米      1852     海里
平方米  1        平方米 平方 平米 ㎡ m2 m² 建筑平方米
平方米  2000/3   亩 亩地
平方米  10000    公顷 hm² ha
平方米  1000000  平方公里 平方千米 km² km2 ㎢
立方米  1        立方米 立方 m³ m3 ㎥ 方
立方米  1/1000   升 L 公升
立方米  1/1000000 毫升 mL ml
千克    1        千克 公斤 kg Kg KG
千克    1/1000   克 g
千克    1/1000000 毫克 mg
千克    1/1000000000 微克 μg µg ug
千克    1/2      斤 市斤
千克    50       担
千克    1000     吨 t 公吨
吨标准煤 1       吨标准煤 吨标煤 tce
千瓦    1        千瓦 kW KW kw
千瓦    1000     兆瓦 MW
千瓦时  1        千瓦时 kWh KWh kwh 千瓦·时 度电
GB      1        GB G
TB      1        TB
PB      1        PB
Mbps    1        Mbps Mb/s
Mbps    1000     Gbps
兆      1        兆 M/s
分贝    1        分贝 dB db
摄氏度  1        ℃ 摄氏度 °C
度      1        度
""".strip()

# Words that count things; each is its own dimension.
_COUNTS = """
人 名 位 员 个 家 户 件 次 项 条 台 套 份 篇 期 场 班 座 处 所 间 栋 幢 棵 株 头 只 匹 羽 尾 辆 架 艘 趟 批 张 本 册 卷
部 幅 枚 颗 粒 块 片 段 路 宗 起 例 案 单 笔 道 口 眼 盏 根 支 瓶 盒 箱 袋 包 桶 把 双 对 组 队 团 届 轮 遍 回 餐 顿 床
席 站 点 村 镇 乡 县 区 市 省 节 课 门 科 题 字 页 行 帧 集 首 曲 版 刊 倍 级 星 分 丛 垄 畦 蔸 丘 窝 箩 筐 捆 盘 桌 碗 杯
人次 户次 家次 件次 台次 车次 场次 班次 批次 频次 条次 架次 艘次 班期 期次 项次 轮次 门次 课次 例次 船次 列次 床次 台套 套次
个次 份次 册次 座次 篇次 点次 处次 站次 校次 村次 社区次 单次 万次 人天 人日 人月 人年 工日 台班 台时 机时 床日 车日 船日 标箱
学时 课时 学分 学期 学年 学位 学科 床位 座席 坐席 席位 座位 工位 机位 车位 泊位 展位 摊位 点位 网点 站点 节点 监测点 布点 岗位
编制 户数 人头 头份 名次 位次 份额 案件 工单 批件 卡 证 券 票 枪 艇 列 列车 机组 机柜 机架 柜 核 节车 车 船 房 铺 畜 禽 头只
行政村 自然村 社区 街道 乡镇 村民组 小组 班组 支队 大队 中队 人户 家庭 企业 单位 部门 机构 学校 医院 项目 课题 平台 系统 标段
平台次 标准箱 标准台 标准件 专利 论文 篇次 版面 栏 档 条目 词条 数据 字节数 客户 用户 账号 并发 兆瓦时 星级 当量 吨公里 人公里
亩次 头次 剂次 剂 针 疗程 人份 治疗量 品种 种 样本 批样 断面 团队 支部 路段 端口 终端 模块 接口 像素 发 穴 堂 罐 扇 樘 副 枝 束 封
瓦 伏 赫兹 焦耳 大卡 千卡
车公里 元次 生 岁 周岁 校 师 车道 标准床位 标准间 床日 例次 DDDs DDD 学员 农户 职工 班级
"""


def _words() -> dict[str, Unit]:
    words = {word: Unit(word, ONE, ((word, 1),)) for word in _COUNTS.split()}
    for line in _MEASURES.splitlines():
        dimension, size, *names = line.split()
        scale = Fraction(size)
        for name in names:
            words[name] = Unit(name, scale, ((dimension, 1),))
    for name in ("﹪", "℅", "百分比", "pct"):
        words[name] = words["%"]
    words["￥"] = words["¥"]
    words["千分比"] = words["‰"]
    return words


def _sizes() -> dict[str, int]:
    sizes: dict[str, int] = {}
    for word in WORDS:
        sizes[word[0]] = max(sizes.get(word[0], 0), len(word))
    return sizes


def _fold_table() -> dict[int, str]:
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    table[0x3000] = " "
    for code in (*range(0x2E80, 0x2FE0), *range(0xF900, 0xFB00)):
        folded = unicodedata.normalize("NFKC", chr(code))
        if len(folded) == 1 and folded != chr(code):
            table[code] = folded
    return table


WORDS = _words()
UNITS = frozenset(WORDS) | frozenset(_SCALES)
_SIZES = _sizes()
_FOLD = _fold_table()
