"""A repository of rule files like those of a city's projects: names, targets, points and money vary from file to file.

The same content is also written as TOML, JSON, YAML and a beancount ledger of about the same number of bytes.
"""

import json
import random

NAMES = ["立项依据充分性", "立项程序规范性", "绩效目标合理性", "绩效指标明确性", "预算编制科学性", "资金分配合理性", "资金到位率", "预算执行率",
         "资金使用合规性", "管理制度健全性", "制度执行有效性", "培训人次", "工单办理量", "热线接通率", "系统维护个数", "宣传材料印数",
         "项目完成及时性", "验收合格率", "服务对象满意度", "市民满意率", "设备利用率", "检查次数", "成果数量", "问题整改率"]  # fmt: skip
WORDS = ["充分", "规范", "合理", "明确", "科学", "合规", "健全", "有效", "及时", "完善"]
UNITS = ["个", "人次", "件", "场", "次", "项", "套", "条"]


def rows(seed: int, count: int = 60) -> list[dict[str, str]]:
    """The indicators of one project."""
    r = random.Random(seed)
    made = []
    for i in range(count):
        kind = r.randrange(5)
        if kind == 0:
            half = full = r.choice(WORDS)
            by = "达标得满分"
        elif kind == 1:
            full = f"≥{r.randrange(50, 1000) / 10:g}%"
            half, by = full, "比例得分"
        elif kind == 2:
            number, unit = r.randrange(2, 5000), r.choice(UNITS)
            half, full, by = f"≥{number // 2}{unit}", f"≥{number}{unit}", "及格比例得分"
        elif kind == 3:
            full = f"不低于{r.randrange(60, 100)}%"
            half, by = full, f"扣分(step: 1%, each: {r.choice(['0.2', '0.5', '1'])})"
        else:
            number = r.randrange(2, 300)
            half, full, by = f"≤{number}人", f"≤{number}人", "比例得分"
        made.append(
            {
                "name": f"{r.choice(NAMES)}{i + 1}",
                "half": half,
                "full": full,
                "points": str(r.randrange(1, 9) / 2),
                "by": by,
            }
        )
    return made


def perf(seed: int, count: int = 60) -> str:
    """One project as a .perf file."""
    r = random.Random(seed)
    spend = [r.randrange(100, 90000) / 100 for _ in range(4)]
    lines = [
        "use 财预2020_10号",
        "",
        f'project "项目{seed}" {{',
        "  year 2024",
        f'  agency "第{seed}中心"',
        "  funds 万元 {",
    ]
    lines.append(f"    income 财政拨款 full {round(sum(spend), 2)}")
    lines += [f"    spend 支出项{i} half {round(x / 2, 2)} full {x}" for i, x in enumerate(spend)]
    lines.append("  }")
    made = rows(seed, count)
    for start in range(0, count, 15):
        lines.append(f"  一级指标{start // 15 + 1} {{")
        for row in made[start : start + 15]:
            lines.append(
                f'    {row["name"]} half "{row["half"]}" full "{row["full"]}" points {row["points"]} by {row["by"]}'
            )
        lines.append("  }")
    return "\n".join([*lines, "}", ""])


def toml(seed: int, size: int) -> str:
    """The same rows as TOML, cut or repeated to ``size`` bytes."""
    parts = [f'title = "项目{seed}"\nyear = 2024\n']
    parts += ["[[row]]\n" + "".join(f'{k} = "{v}"\n' for k, v in row.items()) for row in rows(seed)]
    return _sized(parts, size, lambda i: f'[[row]]\nname = "补足{i}"\nfull = "≥{i}件"\npoints = "2"\n')


def to_json(seed: int, size: int) -> str:
    """The same rows as JSON of about ``size`` bytes."""
    made = {"title": f"项目{seed}", "rows": rows(seed)}
    while len(json.dumps(made, ensure_ascii=False, indent=1).encode()) < size:
        made["rows"].append({"name": f"补足{len(made['rows'])}", "full": "≥3件", "points": "2"})
    return json.dumps(made, ensure_ascii=False, indent=1)


def yaml(seed: int, size: int) -> str:
    """The same rows as YAML of about ``size`` bytes."""
    parts = [f"title: 项目{seed}\nrows:\n"]
    parts += [
        "".join(f'{"- " if i == 0 else "  "}{k}: "{v}"\n' for i, (k, v) in enumerate(row.items())) for row in rows(seed)
    ]
    return _sized(parts, size, lambda i: f'- name: "补足{i}"\n  full: "≥{i}件"\n')


def beancount(seed: int, size: int) -> str:
    """A ledger of about ``size`` bytes."""
    parts = ["2024-01-01 open Assets:Bank CNY\n2024-01-01 open Expenses:Project CNY\n"]
    return _sized(parts, size, lambda i: f'2024-{i % 12 + 1:02}-{i % 28 + 1:02} * "项目{seed}" "支出{i}"\n'
                                         f"  Expenses:Project  {i + 1}.25 CNY\n  Assets:Bank\n")  # fmt: skip


def _sized(parts: list[str], size: int, more) -> str:
    have, i = sum(len(p.encode()) for p in parts), 0
    while have < size:
        i += 1
        parts.append(more(i))
        have += len(parts[-1].encode())
    return "".join(parts)
