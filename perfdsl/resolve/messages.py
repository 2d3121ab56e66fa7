"""The wording of what the resolver finds in the tree of one object."""

from perfdsl.diagnostics import ERROR, WARNING, Kind

ROW_TWICE = Kind(
    "R210", ERROR, "同一组里有两行都叫“{name}”", "two rows of one group are called “{name}”",
    "改成可区分的名称", "give them different names",
)  # fmt: skip
CLAUSE_TWICE = Kind(
    "R211", ERROR, "“{name}”这一行把同样的内容写了两次：{text}", "“{name}” says “{text}” a second time",
    "保留一个", "keep one of them",
)  # fmt: skip
TARGET_UNQUOTED = Kind(
    "R212", ERROR, "指标值“{text}”没有加引号", "the target “{text}” is not in quotes",
    "写成 \"{text}\"", "write \"{text}\"",
)  # fmt: skip
POINTS_WITH_UNIT = Kind(
    "R213", ERROR, "分值“{text}”不能带单位", "points “{text}” must not have a unit",
    "只写数字；组权重请用 weight（组权重）", "write the number alone; use weight for a share of the parent",
)  # fmt: skip
BAD_WEIGHT = Kind(
    "R214", ERROR, "组权重“{text}”要是0%到100%之间的百分比", "the weight “{text}” must be a percent above 0% and up to 100%",
    "例如 weight 50%", "for example weight 50%",
)  # fmt: skip
TOO_FINE = Kind(
    "R215", ERROR, "“{name}”的分值比保留的{places}位小数还细", "the points of “{name}” are finer than {places} decimals",
    "改分值，或用 rounding 多保留几位", "change the points, or raise rounding",
)  # fmt: skip
UP_TO_LESS = Kind(
    "R216", ERROR, "“{name}”的最高分小于分值", "“{name}”: up to is less than points",
    "up to（最高）要不小于 points（分值）", "up to must not be less than points",
)  # fmt: skip
SHARED_ON_LEAF = Kind(
    "R217", ERROR, "“{name}”是指标，不能均分", "“{name}” is an indicator and has nothing to share out",
    "shared（均分）只写在组上", "shared belongs on a group",
)  # fmt: skip
ONLY_ON_GROUP = Kind(
    "R218", ERROR, "“{key}”只能写在组上，“{name}”是指标", "“{key}” belongs on a group; “{name}” is an indicator",
    "把它移到上一级", "move it to the group above",
)  # fmt: skip
EITHER_POINTS = Kind(
    "R219", ERROR, "择一的组“{name}”没有分值", "the either group “{name}” has no points",
    "写上 points N；各项都按这个分值", "write points N; every child carries them",
)  # fmt: skip
EITHER_DIFFERS = Kind(
    "R220", ERROR, "“{name}”在择一的组“{group}”里，分值要与组相同（{points}）",
    "“{name}” is in the either group “{group}” and must carry its points ({points})",
    "删去这里的分值", "remove the points here",
)  # fmt: skip
SHARED_NOT_EVEN = Kind(
    "R221", ERROR, "“{name}”剩下的{rest}分不能平均分给{count}项", "the {rest} points left in “{name}” do not divide evenly among {count}",
    "可以写成：{split}", "for example: {split}",
)  # fmt: skip
POINTS_OFF = Kind(
    "R222", ERROR, "“{name}”的分值是{points}，下面各项加起来是{total}，差{off}",
    "“{name}” has {points} points, its rows add up to {total}: {off} apart",
    "核对这一组和各项的分值", "check the points of the group and its rows",
)  # fmt: skip
TOTAL_OFF = Kind(
    "R223", ERROR, "总分是{points}，各组分值加起来是{total}，差{off}", "the total is {points}, the groups add up to {total}: {off} apart",
    "核对总分和各组的分值", "check the total and the points of the groups",
)  # fmt: skip
WEIGHT_MIXED = Kind(
    "R224", ERROR, "“{name}”没有组权重，而同级的其他组有", "“{name}” has no weight while its siblings have one",
    "同一级要么都写组权重，要么都不写", "give every row of the level a weight, or none",
)  # fmt: skip
WEIGHTS_OFF = Kind(
    "R225", ERROR, "同一级的组权重加起来是{total}%，不是100%", "the weights of one level add up to {total}%, not 100%",
    "核对各组的权重", "check the weights",
)  # fmt: skip
WEIGHT_OF_WHAT = Kind(
    "R226", ERROR, "“{name}”下面用了组权重，但它自己没有分值", "the rows of “{name}” have weights, but it has no points",
    "给它写 points N", "write points N on it",
)  # fmt: skip
STATE_DIRECTION = Kind(
    "R227", ERROR, "“{name}”的指标值“{text}”看不出多好还是少好", "“{name}” “{text}” does not say whether more or less is better",
    "加上 higher（越高越好）、lower（越低越好）或 exact（等于为好）", "add higher, lower or exact",
)  # fmt: skip
STATE_SIGNED = Kind(
    "R228", ERROR, "“{name}”的值可以为负，指标值“{text}”要写明方向", "“{name}” may be negative: “{text}” needs a direction",
    "加上 lower（越低越好）或 exact（等于为好）", "add lower or exact",
)  # fmt: skip
NO_RUBRIC = Kind(
    "R230", ERROR, "“{name}”有分值，没有计分方法", "“{name}” has points but no rubric",
    "加上 by（评分），或写在它所在的组上", "add by …, or put it on its group",
)  # fmt: skip
NO_POINTS = Kind(
    "R231", ERROR, "“{name}”有计分方法，没有分值", "“{name}” has a rubric but no points",
    "加上 points（分值）", "add points",
)  # fmt: skip
BONUS_INSIDE = Kind(
    "R232", ERROR, "加减分的组“{name}”不在最上一级", "the bonus group “{name}” is not at the top level",
    "把它移到最上一级", "move it to the top level",
)  # fmt: skip
BONUS_LIMITS = Kind(
    "R233", ERROR, "加减分的下限大于上限", "the lower limit of the bonus is above the upper one",
    "写成 bonus -5 .. 5", "write bonus -5 .. 5",
)  # fmt: skip
NEEDS_TARGET = Kind(
    "R234", ERROR, "“{name}”的计分方法要看指标值，但这一行没有指标值", "the rubric of “{name}” needs a target, and the row has none",
    "写上指标值，或换一个只看完成值的计分方法", "give it a target, or a rubric that looks only at the actual",
)  # fmt: skip
FORMULA_UNIT = Kind(
    "R235", ERROR, "“{name}”的算式得到{left}，指标值却是{right}", "the formula of “{name}” gives {left_en}, its target is {right_en}",
    "核对算式与指标值的单位", "check the units of the formula and the target",
)  # fmt: skip
CYCLE = Kind(
    "R236", ERROR, "算式绕回了自己：{trail}", "these formulas go round in a circle: {trail}",
    "改其中一个，使它不再用到另一个", "change one of them so that it no longer needs the other",
)  # fmt: skip
AMBIGUOUS = Kind(
    "R237", ERROR, "“{name}”在这个对象里不止一个：{paths}", "“{name}” is not unique here: {paths}",
    "给要用的那一行起个简称（as 短名）", "give the row you mean a short name (as …)",
)  # fmt: skip
GROUP_AS_VALUE = Kind(
    "R238", ERROR, "“{name}”是一组，没有完成值", "“{name}” is a group and has no value",
    "用 score({name})、count(met, {name})，或写出具体指标", "use score({name}), count(met, {name}), or name an indicator",
)  # fmt: skip
NO_SUCH_ROW = Kind(
    "R239", ERROR, "“{name}”不是这个对象里的行", "“{name}” is not a row of this object",
    "检查名称", "check the name",
)  # fmt: skip
NO_SUCH_ROW_NEAR = Kind(
    "R240", ERROR, "“{name}”不是这个对象里的行", "“{name}” is not a row of this object", "是不是想写“{near}”？", "did you mean “{near}”?",
)  # fmt: skip
NO_SUCH_LINE = Kind(
    "R241", ERROR, "资金表里没有“{name}”这一项，或它不止一个", "the funds table has no single line “{name}”",
    "可以用的有：{known}", "known: {known}",
)  # fmt: skip
NO_AMOUNT = Kind(
    "R242", ERROR, "资金表里“{name}”没有全年金额", "the line “{name}” has no full-year amount",
    "补上 full（全年）金额", "add its full amount",
)  # fmt: skip
SETTING = Kind(
    "R243", ERROR, "“{key}”不能是“{value}”", "“{key}” cannot be “{value}”",
    "可以写：{known}", "it may be: {known}",
)  # fmt: skip
SCHEDULE = Kind(
    "M125", ERROR, "序时进度表不对：每一期写一次，从0%到100%，后一期不比前一期少", "the table of the schedule is wrong: each period once, from 0% to 100%, none less than the one before",
    "写成 schedule q1 20% half 45% q3 70% full 100% 的样子", "write it like schedule q1 20% half 45% q3 70% full 100%",
)  # fmt: skip
SETTING_TWICE = Kind(
    "R244", ERROR, "“{key}”写了两次", "“{key}” is given twice", "保留一个", "keep one",
)  # fmt: skip
UNUSED_INPUT = Kind(
    "R245", WARNING, "输入项“{name}”没有用到", "the input “{name}” is not used", "删去它，或在算式里用它", "remove it, or use it",
)  # fmt: skip
BAD_TYPE = Kind(
    "R246", ERROR, "输入项“{name}”的类型“{type}”不认识", "the type “{type}” of input “{name}” is not known",
    "写单位（万元、人、%）、“数值”或“文字”", "write a unit, “number” or “text”",
)  # fmt: skip
NO_GRADE = Kind(
    "R247", ERROR, "评价等级里没有“{name}”", "there is no grade “{name}”", "已有的等级：{known}", "grades: {known}",
)  # fmt: skip
NOT_A_LIMIT = Kind(
    "R248", ERROR, "封顶“{text}”既不是等级也不是分数", "the ceiling “{text}” is neither a grade nor a number",
    "写成 ceiling 条件 -> 良，或 -> 85", "write ceiling CONDITION -> 良, or -> 85",
)  # fmt: skip
APPLIES_POLICY = Kind(
    "R249", ERROR, "用了 applies（适用于），但没有写不适用时分值怎么办", "applies is used, but what becomes of the points is not said",
    "在对象开头写 not_applicable（不适用处理）rescale、full、zero 或 to 组名",
    "write not_applicable rescale, full, zero or to GROUP at the top of the object",
)  # fmt: skip
TEST_WHERE = Kind(
    "R251", ERROR, "测试“{title}”不知道针对哪个对象", "the test “{title}” does not say which object it is about",
    "把它写进对象里，或让文件只有一个对象，或在测试里写自己的指标",
    "put it inside an object, keep one object in the file, or declare rows in the test",
)  # fmt: skip
EXPECT_EXTRA = Kind(
    "R291", ERROR, "预期后面不能写“{name}”", "“{name}” cannot follow an expectation",
    "只能写它说的是哪个对象，一次：, 对象 名称", "only the object it is about can follow, once: , object NAME",
)  # fmt: skip
EITHER_WITHOUT_CHILD = Kind(
    "R255", ERROR, "“{name}”有分值，但下面没有任何指标", "“{name}” has points but no rows to earn them",
    "补上指标，或删去分值", "add rows, or remove the points",
)  # fmt: skip
DOMAIN_EMPTY = Kind(
    "R256", ERROR, "取值范围的下限大于上限", "the domain's lower end is above its upper end", "写成 values 0 .. 100", "write values 0 .. 100",
)  # fmt: skip
TOTAL_OF_NOTHING = Kind(
    "R257", WARNING, "写了总分{points}，但没有一行有分值，不会打分", "the total is {points}, but no row has points: nothing is scored",
    "给各行写分值，或删去总分", "give the rows points, or remove the total",
)  # fmt: skip
STATE_YEAR = Kind(
    "R258", ERROR, "“{name}”的期限“{text}”没有写年份，对象也没有写预算年度", "the deadline “{text}” of “{name}” has no year, and the object has none",
    "在对象开头写 year 2024（预算年度），或在期限里写上年份", "write year 2024 at the top of the object, or the year in the deadline",
)  # fmt: skip
LOOKS_TOO_OFTEN = Kind(
    "R270", ERROR, "到“{text}”为止，各处 met 与 count 一共要看{most}行以上", "up to “{text}” met and count look at more than {most} rows in all",
    "同一组的数目只算一次：写成一个计算指标，别处用它的名称", "count a group once, in an indicator of its own, and use its name elsewhere",
)  # fmt: skip
NOT_FOR_THE_LIBRARY = Kind(
    "R271", ERROR, "指标库里的“{name}”不能写“{text}”", "“{name}” in a library of indicators cannot say “{text}”",
    "指标库只写名称、算式、计量单位、方向、取值和说明；分值、指标值、计分方法由使用它的文件写（财预〔2013〕53号：共性框架只作参考，权重和评分标准由评价者自定）",
    "a library says name, formula, unit, direction, values and remarks; points, targets and rubrics are local (财预〔2013〕53号: the framework is a reference only)",
)  # fmt: skip
NO_DEFINITION = Kind(
    "R272", ERROR, "规则集“{ruleset}”里没有指标“{name}”", "the ruleset “{ruleset}” has no indicator “{name}”",
    "可以用的有：{known}", "it has: {known}",
)  # fmt: skip
NO_DEFINITION_NEAR = Kind(
    "R273", ERROR, "规则集“{ruleset}”里没有指标“{name}”", "the ruleset “{ruleset}” has no indicator “{name}”",
    "是不是想写“{near}”？", "did you mean “{near}”?",
)  # fmt: skip
MATCHES_NO_ROW = Kind(
    "R274", ERROR, "这个文件里没有叫“{name}”的指标，引用的算式用不上", "no indicator of this file is called “{name}”, so the formula has no use",
    "核对名称；行名不同时写 use … for 库里的名称 as 行名（简称），不要了就从这一行删去", "check the name; write use … for NAME as ROW when the row has another name, or remove it",
)  # fmt: skip
ROW_HAS_FORMULA = Kind(
    "R275", ERROR, "“{name}”自己写了算式，又引用了指标库的算式", "“{name}” has a formula of its own and one of the library",
    "删去其中一个", "remove one of them",
)  # fmt: skip
NEED_DIFFERS = Kind(
    "R276", ERROR, "“{row}”的算式要用“{name}”（{wanted}），这个对象里的“{name}”是{own}",
    "the formula of “{row}” needs “{name}” ({wanted_en}), but here “{name}” is {own_en}",
    "改单位使两者一致，或给这个对象里的“{name}”改个名称", "give both the same unit, or rename the one in this object",
)  # fmt: skip
SAYS_OTHERWISE = Kind(
    "R277", WARNING, "“{name}”写的是“{own}”，指标库写的是“{other}”，以这里写的为准", "“{name}” says “{own}”, the library says “{other}”; what is written here counts",
    "核对；确是有意的，用 accept（接受）R277 写明理由", "check it; accept R277 with a reason if it is meant",
)  # fmt: skip
UNIT_OF_LIBRARY = Kind(
    "R278", WARNING, "“{name}”的指标值“{text}”没有单位，按指标库的“{unit}”读", "the target “{text}” of “{name}” has no unit and is read in “{unit}”, as the library says",
    "写明单位，例如 {text}{unit}", "write the unit, for example {text}{unit}",
)  # fmt: skip
TAKEN_TWICE = Kind(
    "R279", ERROR, "“{name}”这一行引用了两个算式", "two formulas are taken for the row “{name}”", "保留一个", "keep one of them",
)  # fmt: skip
IN_SEVERAL = Kind(
    "R280", ERROR, "“{name}”在几个规则集里都有：{rulesets}", "“{name}” is defined in several rulesets: {rulesets}",
    "直接引用要用的那个规则集：use 规则集 for {name}", "use the ruleset you mean: use RULESET for {name}",
)  # fmt: skip
TANGLED = Kind(
    "R281", ERROR, "“{name}”的算式展不开：{why}", "the formula of “{name}” cannot be written out: {why_en}",
    "把用到的那一项也写成一行指标，或在指标库里把算式写短", "make the other indicator a row of its own, or shorten the formula in the library",
)  # fmt: skip
FACTOR_OF_WHAT = Kind(
    "R282", ERROR, "“{name}”的系数“{text}”用不了：{why}", "the factor “{text}” of “{name}” cannot be used: {why_en}",
    "系数写数、百分比，或由输入项、完成值算出的倍数，写在要乘的那一组上", "write a number, a percent, or a ratio of inputs and actuals, on the group that is multiplied",
)  # fmt: skip
FACTOR_BELOW_ZERO = Kind(
    "R283", ERROR, "“{name}”的系数“{text}”可能小于零", "the factor “{text}” of “{name}” may be below zero",
    "给用到的输入项写取值范围（values），或用 max(0, …)", "give the inputs it uses a domain, or write max(0, …)",
)  # fmt: skip
FACTOR_EXCEEDS = Kind(
    "R284", WARNING, "“{name}”乘以系数“{text}”最多可到{reach}分，超过{most}分的不计", "“{name}” times its factor “{text}” can come to {reach}; what is above {most} does not count",
    "允许超过的，写 up to（最高）；不允许的，改小系数，或用 accept（接受）R284 写明", "write up to where more may count; else lower the factor, or accept R284",
)  # fmt: skip
CANNOT_GATHER = Kind(
    "R285", ERROR, "“{name}”不能由几家单位汇总：{why}", "“{name}” cannot be gathered from several units: {why_en}",
    "删去 gather（汇总），或换一种汇总方法", "remove gather, or gather in another way",
)  # fmt: skip
