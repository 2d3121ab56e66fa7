"""The words of official tables: headings of columns by role, forms, labels of the head, groups and where they belong.

Declarative: a new variant of a table is one row in ``LAYOUTS``; a new wording of a heading is one word in ``SYNONYMS``.
Sources: the published tables of Suzhou, Zengcheng, Jingmen, Nanjing; the central, Hubei, Sichuan, Hunan and customs forms.
"""

from typing import NamedTuple

from perfdsl.importers.clean import key


class Layout(NamedTuple):
    """A form: its name, its names in Chinese and English, its headings and the role of each."""

    name: str
    zh: str
    en: str
    columns: str


# A row is "heading=role" from left to right.  Roles: g1 g2 g3 (groups), task (重点工作), name, kind, sign, unit, half full
# cycle q1 q3 (targets), actual, forecast, points, score, rule (评价要点), about (指标说明), basis, reason, remark, data1, data2, weight
LAYOUTS = (
    Layout("suzhou", "苏州式项目目标表", "Suzhou project targets",
           "一级指标=g1 二级指标=g2 三级指标=name 半年指标值=half 全年指标值=full"),
    Layout("suzhou-dept", "苏州式部门整体目标表", "Suzhou department targets",
           "一级指标=g1 二级指标=g2 重点工作=task 三级指标=name 半年指标值=half 全年指标值=full"),
    Layout("zengcheng", "增城式部门整体申报表", "Zengcheng department targets",
           "一级指标=g1 二级指标=g2 三级指标=name 实施周期指标值=cycle 年度指标值=full"),
    Layout("central", "中央式自评表", "central self-evaluation",
           "一级指标=g1 二级指标=g2 三级指标=name 年度指标值=full 实际完成值=actual 分值=points 得分=score 偏差原因分析及改进措施=reason"),
    Layout("hubei", "湖北式自评表", "Hubei self-evaluation",
           "一级指标=g1 二级指标=g2 三级指标=name 年初目标值=full 实际完成值=actual 得分=score"),
    Layout("jingmen", "荆门式自评表", "Jingmen self-evaluation",
           "一级指标=g1 二级指标=g2 三级指标=name 单位=unit 年初目标值=full 实际完成值=actual 取值依据=basis"),
    Layout("sichuan", "四川式自评表", "Sichuan self-evaluation",
           "一级指标=g1 二级指标=g2 三级指标=name 指标性质=sign 指标值=full 度量单位=unit 完成值=actual 权重=points 得分=score 未完成原因分析=reason"),
    Layout("hunan-targets", "湖南式目标表", "Hunan targets",
           "一级指标=g1 二级指标=g2 三级指标=name 指标值类型=kind 指标值=full 计量单位=unit 指标解释=about 评扣分标准=rule 备注=remark"),
    Layout("nanjing", "南京式评分表", "Nanjing scored rubric",
           "一级指标=g1 二级指标=g2 三级指标=name 指标说明=about 评价要点=rule 分值=points 自评分=score"),
    Layout("hunan", "湖南式评分表", "Hunan scored rubric",
           "一级指标=g1 二级指标=g2 三级指标=name 分值=points 评价标准=rule 指标说明=about 得分=score 扣分原因=reason"),
    Layout("customs", "海关式评分表", "customs rubric",
           "一级指标=g1 权重=weight 二级指标=g2 分值=gpoints 三级指标=name 计量单位=unit 目标值=full 分值=points 数据项1=data1 数据项2=data2 指标值=actual"),
    Layout("transfer", "转移支付自评表", "transfer-fund form",
           "一级指标=g1 二级指标=g2 三级指标=name 年度指标值=full 全年实际完成值=actual 未完成原因和改进措施=reason"),
    Layout("monitoring", "绩效运行监控表", "monitoring",
           "一级指标=g1 二级指标=g2 三级指标=name 年度指标值=full 1-7月执行情况=actual 全年预计完成情况=forecast 偏差原因分析=reason 完成目标可能性=likely 备注=remark"),
)  # fmt: skip

SYNONYMS = {
    "g1": "一级指标 一级目标 一级 一级指标名称",
    "g2": "二级指标 二级目标 二级 二级指标名称",
    "task": "重点工作 重点工作任务 工作任务 履职内容",
    "name": "三级指标 三级指标名称 三级目标 指标名称 指标 三级 绩效指标名称 四级指标 具体指标",
    "g3": "三级指标类别",
    "kind": "指标值类型 指标类型 定性定量",
    "sign": "指标性质 符号 指标方向 运算符号 计算符号 指标值性质",
    "unit": "单位 计量单位 度量单位 指标值单位 指标单位",
    "half": "半年指标值 半年目标值 半年计划值 上半年指标值 半年度指标值 半年度目标值 上半年目标值 1-6月指标值",
    "full": "全年指标值 年度指标值 指标值 目标值 年初目标值 年度目标值 全年目标值 年初设定目标值 年初指标值 计划指标值 "
            "绩效目标值 预期指标值 年度绩效指标值 本年指标值 年初绩效目标值 预期目标值 年度指标目标值 年初设定指标值 计划值 绩效指标值",
    "cycle": "实施周期指标值 实施周期目标值 中长期指标值 长期指标值 实施期指标值 中期指标值 总体指标值",
    "q1": "一季度指标值 第一季度指标值", "q3": "三季度指标值 前三季度指标值",
    "actual": "实际完成值 全年完成值 全年实际完成值 完成值 实际值 实际完成情况 全年实际值 实际完成指标值 年度完成值 完成情况 "
              "全年实际完成情况 实际完成 完成指标值 全年完成情况 自评完成值",
    "early": "1-7月执行情况 1-6月执行情况 1-8月执行情况 1-9月执行情况 半年执行情况 1至7月执行情况 1~7月执行情况 1-7月完成情况 "
             "1-6月完成情况 上半年完成值 半年完成值 上半年执行情况",
    "forecast": "全年预计完成情况 全年预计完成值 预计完成值 全年预计完成",
    "points": "分值 权重 分值权重 指标分值 标准分值 满分 权重分值 标准分 指标权重 分数 权重值",
    "weight": "组权重", "gpoints": "二级分值", "points1": "一级分值", "points2": "二级分值",
    "score": "得分 自评分 自评得分 自评分值 实际得分 评价得分 评分 单位自评得分 自评",
    "rule": "评价要点 评分标准 评价标准 评扣分标准 扣分标准 评分细则 计分标准 计分方法 评分办法 计分规则 评分规则 赋分标准 "
            "考核标准 评分要点 指标评分标准 评分依据及标准 评价标准及评分 考核评分标准 打分标准",
    "about": "指标说明 指标解释 指标内容 指标含义 考核内容 评价内容 指标释义 指标说明及计算公式 指标内涵",
    "basis": "取值依据 指标依据 指标值设定依据 数据来源 指标值来源 证明材料 佐证资料 评分依据 佐证材料 指标值确定依据",
    "reason": "偏差原因分析及改进措施 偏差原因 偏差原因分析 未完成原因分析 未完成原因和改进措施 未完成原因 扣分原因 原因分析 "
              "偏差原因及改进措施 未完成原因及改进措施 扣分原因及说明 扣分说明 偏差分析及改进措施 未完成原因及拟采取的改进措施 "
              "未完成原因分析及拟采取的改进措施 未完成或偏离目标原因 偏差原因分析与改进措施",
    "likely": "完成目标可能性 完成可能性 目标完成可能性",
    "remark": "备注 说明",
    "data1": "数据项1 分子", "data2": "数据项2 分母",
    "count": "序号",
}  # fmt: skip


def _roles() -> dict[str, str]:
    made = {key(word): role for role, words in SYNONYMS.items() for word in words.split()}
    for layout in LAYOUTS:
        for column in layout.columns.split():
            heading, role = column.split("=")
            made.setdefault(key(heading), "early" if layout.name == "monitoring" and role == "actual" else role)
    return made


ROLES = _roles()
CAUSES = {key(word) for word in "经费保障 制度保障 人员保障 硬件条件保障 其他 原因说明 确定能 有可能 完全不可能 经费 制度 人员 硬件条件 硬件".split()}
TARGETS = ("q1", "half", "q3", "full", "cycle")
GROUPS = ("g1", "g2", "g3", "task")

# 2020 framework, 2013 framework, self-evaluation forms: group -> first-level group it belongs to (the first word is printed when lost)
FIRST = {
    "决策": "决策 投入 项目决策 部门决策 决策指标",
    "过程": "过程 项目过程 部门管理 过程指标 管理效率",
    "产出指标": "产出指标 产出 履职 项目产出 产出绩效 履职效能 部门履职",
    "成本指标": "成本指标 成本 成本绩效",
    "效益指标": "效益指标 效益 效果 项目效益 项目效果 效果指标 履职绩效 社会效应 履职效益",
    "满意度指标": "满意度指标 满意度 社会满意度",
}
SECOND = {
    "项目立项": "决策", "绩效目标": "决策", "资金投入": "决策", "计划制定": "决策", "目标设定": "决策", "预算编制": "决策",
    "资金管理": "过程", "组织实施": "过程", "资产管理": "过程", "人员管理": "过程", "机构建设": "过程",
    "数量指标": "产出指标", "质量指标": "产出指标", "时效指标": "产出指标", "产出数量": "产出指标", "产出质量": "产出指标",
    "产出时效": "产出指标", "产出成本": "产出指标", "成本指标": "产出指标",
    "经济成本指标": "成本指标", "社会成本指标": "成本指标", "生态环境成本指标": "成本指标", "经济成本": "成本指标", "社会成本": "成本指标",
    "生态环境成本": "成本指标",
    "经济效益指标": "效益指标", "社会效益指标": "效益指标", "生态效益指标": "效益指标", "可持续影响指标": "效益指标", "可持续影响": "效益指标",
    "经济效益": "效益指标", "社会效益": "效益指标", "生态效益": "效益指标", "可持续发展": "效益指标", "可持续性": "效益指标",
    "服务对象满意度指标": "满意度指标", "服务对象满意度": "满意度指标", "社会公众满意度": "满意度指标", "社会公众满意度指标": "满意度指标",
}  # fmt: skip
# 财预〔2020〕10号 project framework: the common indicators and their groups
HOMES = {
    "立项依据充分性": "项目立项", "立项程序规范性": "项目立项", "绩效目标合理性": "绩效目标", "绩效指标明确性": "绩效目标",
    "预算编制科学性": "资金投入", "资金分配合理性": "资金投入", "资金到位率": "资金管理", "预算执行率": "资金管理",
    "资金使用合规性": "资金管理", "管理制度健全性": "组织实施", "制度执行有效性": "组织实施",
}  # fmt: skip

CAPTIONS = {key(w) for w in "绩效指标 年度绩效指标 绩效指标完成情况 指标 绩效目标指标 年度指标 绩效指标情况 指标完成情况 绩效指标及完成情况 "
            "长期绩效指标 年度绩效指标完成情况 项目绩效指标 年度绩效目标及完成情况 绩效目标及完成情况 年度绩效目标完成情况 "
            "绩效指标及完成情况 绩效目标完成情况".split()}  # fmt: skip
TOTALS = {key(w) for w in "总分 合计 总计 总得分 自评总分 得分合计 合计得分 总计得分 自评得分合计 自评总得分".split()}

NAME_LABELS = {key(w): kind for kind, words in {
    "project": "项目名称 专项名称 专项资金名称 转移支付项目名称 转移支付名称 资金名称 政策名称 项目支出名称",
    "department": "单位名称 部门名称 部门（单位）名称 单位 预算单位名称 填报单位 部门单位名称 预算部门名称 评价单位 被评价单位 预算单位",
}.items() for w in words.split()}  # fmt: skip
AGENCY = {key(w) for w in "实施单位 项目实施单位 项目单位 具体实施单位 资金使用单位 预算单位 申报单位 单位名称 填报单位 使用单位 承担单位".split()}
SUPERVISOR = {key(w) for w in "主管部门 主管单位 省级主管部门 中央主管部门 市级主管部门 主管部门及代码 业务主管部门 县级主管部门 上级主管部门".split()}
YEARS = {key(w) for w in "年度 预算年度 评价年度 绩效年度 所属年度 申报年度 自评年度 年份".split()}
PERSONAL = {key(w) for w in "项目负责人 联系电话 负责人 联系人 填表人 填报人 项目负责人及联系电话 单位负责人 电话 联系方式 经办人 审核人 "
            "项目负责人联系电话 负责人签字 签字 填报人签字 主要负责人 财务负责人 项目联系人 分管领导 手机 评价人员".split()}  # fmt: skip
LABELS = {key(w) for w in "项目类型 项目类别 项目属性 项目级次 项目性质 开始时间 完成时间 起始时间 终止时间 项目起止时间 实施周期 实施期限 实施可行性 "
          "项目实施内容 项目内容 实施内容及过程 实施内容 项目概况 项目基本情况 立项依据 立项必要性 项目立项依据 可行性 必要性 单位主要职能 主要职能 部门职能 "
          "机构设置及人员配置 机构设置 人员配置 中长期目标 年度目标 总体绩效目标 年度总体目标 总体目标 年度绩效目标 长期目标 中期目标 年度总体绩效目标 "
          "预期目标 实际完成情况 目标实际完成情况 完成情况 预期目标实际完成情况 年初设定目标 全年完成情况 年初目标 全年实际完成情况 填报日期 填表日期 自评日期 "
          "项目编码 项目代码 单位编码 部门编码 评价类型 评价结论 自评结论 存在问题 存在的问题 改进措施 下一步改进措施 问题和不足 原因分析 绩效改进措施 "
          "问题和不足原因分析 偏差原因 偏差大或目标未完成原因分析 改进措施及结果应用方案 改进措施及结果应用 备注 说明 其他需要说明的问题 有关建议 主要做法 经验做法 "
          "资金用途 支出方向 项目申请理由 职能 整体绩效目标 部门整体绩效目标 年度主要任务 年度工作任务 编制人数 在职人数 核定编制 实有人数 评价得分 "
          "评价等级 自评等级 等级 填报单位盖章 项目地点 项目所在地 政策依据 文件依据 资金性质 资金来源 监控期间 监控时间 自评结果 评价等次 审核意见 财政部门审核意见 "
          "主管部门审核意见 项目概述 年度目标完成情况 总体目标完成情况 项目实施进度计划 分管领导意见 整改措施 绩效自评综述 主要成效".split()}  # fmt: skip
MONEY_LABELS = {key(w) for w in "项目资金 部门整体资金 资金 资金情况 项目资金情况 预算执行情况 年度预算执行情况 预算整体情况 资金来源及使用情况 资金安排情况 "
                "项目资金安排 资金构成 项目总预算 项目预算 预算资金 资金投入情况 年度资金 部门预算情况 预算资金情况 资金总量 年度预算 资金预算 部门预算资金 整体资金 "
                "项目资金执行情况 年度项目资金 资金执行情况 部门整体支出情况 资金金额 年度部门预算 单位整体资金 实施期金额".split()}  # fmt: skip
TASK_LABELS = {key(w) for w in "年度重点工作任务 年度主要任务 重点工作任务 年度重点任务 年度主要工作任务 主要任务".split()}

AMOUNTS = {
    "half": "半年计划执行数 半年预算数 半年计划数 上半年计划数 半年计划 半年执行计划数",
    "full": "全年预算数 预算金额 金额 预算数 全年预算 年度预算数 调整后预算 调整后预算数 预算额 全年预算金额 年度预算 全年 本年预算数 预算安排数 调整预算数",
    "initial": "年初预算数 年初预算 年初批复数 年初安排数",
    "spent": "全年执行数 执行数 实际支出 支出数 实际执行数 全年支出数 全年实际支出数 预算执行数 决算数 实际支出数 全年执行 执行金额 全年实际执行数",
    "early": "1-7月执行数 1-6月执行数 1-8月执行数 1-9月执行数 半年执行数",
    "forecast": "全年预计执行数 全年预计支出数",
    "rate": "执行率 预算执行率 执行率%",
    "points": "分值 权重",
    "score": "得分 自评得分 自评分",
    "reason": "偏差原因 原因 未执行原因 说明 未完成原因分析 原因说明 备注 未执行完毕原因",
    "count": "序号",
}  # fmt: skip
AMOUNT_ROLES = {key(word): role for role, words in AMOUNTS.items() for word in words.split()}
LIST_HEADS = {key("收入来源"): ("income", ""), key("部门预算支出"): ("spend", ""), key("支出"): ("spend", ""), key("收入"): ("income", ""),
              key("预算收入"): ("income", ""), key("预算支出"): ("spend", ""), key("部门预算收入"): ("income", ""),
              key("资金来源"): ("income", ""), key("支出预算"): ("spend", ""), key("收入预算"): ("income", "")}  # fmt: skip
FISCAL = {key(w) for w in "一般公共预算资金 一般公共预算 政府性基金 政府性基金预算 政府性基金预算资金 财政专户管理资金 国有资本经营预算 一般公共预算拨款 "
          "一般公共预算财政拨款 政府性基金预算财政拨款 国有资本经营预算财政拨款 中央财政资金 省级财政资金 市级财政资金 区级财政资金 县级财政资金 本级财政资金".split()}  # fmt: skip
SUMS = {key(w) for w in "资金总额 年度资金总额 合计 总额 总计 资金合计 收入合计 支出合计 预算资金总额 资金总计 项目总额 实施期资金总额".split()}
FISCAL_SUM = {key(w) for w in "财政拨款 财政资金 当年财政拨款 财政拨款收入 财政性资金 本年财政拨款".split()}
INCOMES = FISCAL | FISCAL_SUM | {key(w) for w in "国有资本金 社保基金 上年结转资金 上年结转 其他资金 单位资金 事业收入 经营收入 其他收入 上级补助收入 自筹资金 "
           "社会资金 结转资金 上年结转和结余 财政专户管理资金 事业单位经营收入".split()}  # fmt: skip
ENDS = {key(w) for w in "注 说明 备注 填表说明 填报说明 单位负责人 填报人 填表人".split()}
