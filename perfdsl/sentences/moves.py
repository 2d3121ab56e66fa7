"""Points for each step, and where that ends: 每低1个百分点扣0.5分, 扣完为止, 不足1个百分点的不扣."""

import re

from perfdsl.sentences.atoms import Cap, Started, Step
from perfdsl.sentences.fold import value_at
from perfdsl.sentences.lexemes import NUMBER, number
from perfdsl.sentences.rule import EXACT

_SIDES = (
    ("below", "低于|少于|低|少|降低|下降|减少|不足|欠"),
    ("short", "相差|差"),
    ("above", "超过|超出|超支|超|高于|高出|多于|高|多|增加|增长|提高|上升|提升|上浮"),
    ("late", "延迟|延期|逾期|推迟|超期|滞后|拖延|迟延|晚|迟"),
    ("event", "发现|出现|发生|存在|查出|缺少|缺失|缺|漏|错|有"),
    ("off", "偏离|偏差"),
    ("done", "完成|开展|举办|组织|实现|达到|获得|获|发表|新增|建成|建设|提供|办理|符合|满足|具备"),
)
_SIDE = "|".join(f"(?P<{name}>{words})" for name, words in _SIDES)
_OF = r"(?P<of>指标值|目标值|目标|指标|预算数?|控制数|计划数?|计划时间|规定时间|规定时限|时限|期限)?(?P<share>的)?"
_WHO_STEP = r"(?:(?:比|较|与|同)(?:指标值|目标值|目标)(?:相比)?,?)?(?P<who>[一-龥]{1,14}?(?:率|度|比例|比重|值|数|量|金额|时间|时长|成本|支出))?"
_STEP = re.compile(
    rf"(?:(?P<part>部分,?)|(?P<whole>全部差距,?))?{_WHO_STEP}(?:每再?|再每)(?P<subject>[^,;。每0-9扣加]{{0,12}}?)(?:{_SIDE})?(?:了|完成|开展|举办)?{_OF}(?=[0-9零一二两三四五六七八九十百千半])"
)
_QUALIFIED = re.compile(
    "除|但|若|如果|同时|且|累计|超过|以上|以下|以内|(?:不|未|非|免|仅|才|可|再|只|另|也|约|酌情|予)$"
)
_EVENT = re.compile(
    r"(?:(?P<event>发现|出现|发生|存在|查出|有|缺少|缺失|缺|漏)|(?P<below>少))(?:完成)?(?=[0-9一二两三四五六七八九十])"
)
_MOVE = re.compile(
    rf"(?P<what>[^,;。0-9扣减加得每]{{0,20}}?)(?:的|者|时)?,?(?:相应)?(?:倒)?(?P<sign>扣减|扣除|扣|减|加|增加|得)(?:(?P<n>{NUMBER})分(?!钟|值|以|之)|(?:该项|本项|此项)?(?:满分|分值|分数)的?(?P<m>[0-9.]+)%|(?P<k>[0-9.]+)%的?(?:该项|本项|此项)?(?:分值|满分|分数))"
)
_FLOOR = re.compile(r"(?:直至|直到)?(?:扣完|扣光|减完|扣至0分|扣至零分|扣到0分)(?:该项|本项|此项)?(?:指标)?(?:分值|分数|满分|全部分值|得分)?为止|(?:该项|本项|此项)?(?:分值|分数|满分)(?:扣完|扣光)为止|直至扣完(?:该项|本项|此项)?(?:指标)?(?:分值|分数|得分)?|扣完即?止|(?:该项|本项)?最低(?:得|为)?(?:0|零)分|不得负分|不计负分|不倒扣分?|扣至0分")  # fmt: skip
_MOST_OFF = re.compile(
    rf"(?:累计|合计|总共)?(?:最多|最高|至多)(?:可|共)?(?:扣减|扣除|扣|减)(?P<n>{NUMBER})分|扣分(?:上限|最高)为?(?P<m>{NUMBER})分|(?:累计|合计)?扣分(?:最多|最高)?不超过(?P<k>{NUMBER})分"
)
_LEAST = re.compile(
    rf"(?:扣至|扣到|减至)(?P<n>{NUMBER})分(?:为止|止)?|(?:该项|本项)?最低(?:得|为|不低于)?(?P<m>{NUMBER})分"
)
_TAKEN = re.compile(rf"扣(?:完|满|够)(?P<n>{NUMBER})分(?:为止|止)")
_MOST_UP = re.compile(
    rf"(?:累计|合计)?(?:最多|最高|至多)(?:可|共)?加(?P<n>{NUMBER})分|加分(?:上限|最高)为?(?P<m>{NUMBER})分|(?:累计|合计)?加分(?:最多|最高)?不超过(?P<k>{NUMBER})分"
)
_MOST = re.compile(rf"(?:得分)?(?:最高|最多)?(?:不超过|不得超过|以|得|为)(?:该项|本项|此项|指标)?(?:满分|分值|满分分值|标准分|权重分?|(?P<n>{NUMBER})分)(?:为限)?|最高(?:得)?(?:满分|(?P<m>{NUMBER})分)|(?:得|加|计)(?:满|完)(?:分)?为止|(?:超过|高于)100%的?,?按100%(?:计算?|计分)|(?:超过|超出)(?:分值|满分)的?,?按(?:分值|满分)(?:计算?|计分|得分)?|(?:超过|超出)(?:的|部分)?(?:按满分计(?:算)?|不加分|不另加分)|超额完成的?(?:不加分|按满分计(?:算)?|得满分)")  # fmt: skip
_STARTED = re.compile(r"不足|不满|不到")
_STARTED_BARE = re.compile(r"不足(?:一步)?(?:的|部分)(?:部分)?,?(?:不扣分?|不计分?|不计算)")
_STARTED_END = re.compile(
    r"(?:的|部分|者)?,?(?:(?P<floor>不扣分?|不予扣分|不计扣分|不计分?|不计算|不加分?|忽略不计|舍去)"
    r"|(?P<exact>按比例(?:扣分|计算|折算|扣减|计分|加分))|按(?P<ceil>))"
)
_STARTED_CEIL = re.compile(r"(?:计算|计|算|扣分|扣减|扣)")


def step(text: str, at: int) -> Step | None:
    head = _STEP.match(text, at) or _EVENT.match(text, at)
    if head is None:
        return None
    value = value_at(text, head.end())
    if value is None:
        return None
    move = _MOVE.match(text, value.end)
    if move is None:
        return None
    groups = head.groupdict()
    if _QUALIFIED.search(move["what"]) or groups.get("subject"):
        return None
    side = next((name for name, _ in _SIDES if groups.get(name)), "")
    said = next(x for x in (move["n"], move["m"], move["k"]) if x)
    if number(said) < 0 or not value.unit:
        return None  # 得一半分 is no number of points, 有一定 no count
    return Step(side=side, of=groups.get("of") or "", value=value, each=number(said), down=move["sign"][0] in "扣减",
                what=move["what"], who=groups.get("who") or "", percent=not move["n"],
                reach=next((name for name in ("part", "whole") if groups.get(name)), ""),
                share=bool(groups.get("of") and groups.get("share")), start=at, end=move.end())  # fmt: skip


def cap(text: str, at: int) -> Cap | None:
    if found := _FLOOR.match(text, at):
        return Cap(kind="floor", start=at, end=found.end())
    for words, kind in ((_MOST_OFF, "down"), (_TAKEN, "down"), (_LEAST, "least"), (_MOST_UP, "up")):
        if found := words.match(text, at):
            return Cap(kind=kind, amount=number(next(x for x in found.groups() if x)), start=at, end=found.end())
    if found := _MOST.match(text, at):
        said = next((x for x in found.groups() if x), None)
        if said is not None and number(said) < 0:
            return None
        return Cap(kind="full", amount=number(said) if said else None, start=at, end=found.end())
    return None


def started(text: str, at: int) -> Started | None:
    if found := _STARTED_BARE.match(text, at):
        return Started(partial="floor", start=at, end=found.end())
    head = _STARTED.match(text, at)
    value = value_at(text, head.end()) if head else None
    tail = _STARTED_END.match(text, value.end) if value else None
    if value is None or tail is None:
        return None
    if tail.group("floor"):
        return Started(partial="floor", value=value, start=at, end=tail.end())
    if tail.group("exact"):
        return Started(partial=EXACT, value=value, start=at, end=tail.end())
    again = value_at(text, tail.end())
    done = _STARTED_CEIL.match(text, again.end) if again else None
    if again is None or done is None or (again.value, again.unit) != (value.value, value.unit):
        return None
    return Started(partial="ceil", value=value, start=at, end=done.end())
