"""What keeps a job from being done by Spark."""

from collections.abc import Sequence

from perfdsl.diagnostics import ERROR, Diagnostic, Kind, stated
from perfdsl.text import NOWHERE


class Halt(Exception):
    """The job is not done; ``found`` says why."""

    def __init__(self, found: Sequence[Diagnostic]) -> None:
        super().__init__()
        self.found = list(found)


def halt(kind: Kind, **facts: object) -> Halt:
    """The job is not done for this one reason."""
    return Halt([stated(kind, NOWHERE, facts)])


NO_SPARK = Kind(
    "B160", ERROR, "Spark 用不了（{master}）：{text}", "Spark cannot be used ({master}): {text}",
    "检查 --master 的地址、Java 17 和集群是不是在运行", "check the address of --master, Java 17, and whether the cluster is up",
)  # fmt: skip
NOT_BY_SPARK = Kind(
    "B161", ERROR, "Spark 评不了{rows}：{reason}", "Spark cannot score {rows}: {reason}",
    "用 --engine embedded 评，得分相同", "score with --engine embedded: the scores are the same",
)  # fmt: skip
TOO_MANY_TEXTS = Kind(
    "B162", ERROR, "“{column}”里不是纯数字的写法多于 {most} 种，例如“{text}”", "“{column}” has more than {most} different cells that are no plain number, such as “{text}”",
    "把单位写在表头或“单位”一列，数写成纯数字；也可以用 --engine embedded", "put the unit into the heading or the column 单位 and write plain numbers; or use --engine embedded",
)  # fmt: skip
NOT_READ_BY_SPARK = Kind(
    "B163", ERROR, "Spark 读不了这样的数据：{reason}", "Spark cannot read such data: {reason}",
    "转成 UTF-8 的规整 CSV 或 Parquet，或者用 --engine embedded", "turn them into regular CSV in UTF-8 or Parquet, or use --engine embedded",
)  # fmt: skip
NOT_ONE_FILE = Kind(
    "B164", ERROR, "“{name}”写不下：{count} 个对象，一个文件最多 {most} 个", "“{name}” is too small: {count} objects, one file holds {most}",
    "结果名不带后缀，就写成 Parquet 文件夹：-o 得分", "a name without suffix makes a folder of Parquet: -o scores",
)  # fmt: skip
SPARK_FAILED = Kind(
    "B165", ERROR, "Spark 中途停下：{text}", "Spark stopped: {text}",
    "没有写完的结果不算数；改好原因再运行一次", "what was not finished does not count; mend the cause and run again",
)  # fmt: skip
