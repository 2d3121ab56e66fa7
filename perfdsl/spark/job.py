"""A table scored where it lies: Spark reads it, Spark scores it, Spark writes the scores; the driver sees sums and odd texts."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from perfdsl import plan as p
from perfdsl.batch import Shape, Tally
from perfdsl.diagnostics import Diagnostic
from perfdsl.integers import NotCovered, apart_of, looks_aside, to_integers
from perfdsl.spark.cells import Cells
from perfdsl.spark.doubts import counted_for_nothing, doubted, doubts
from perfdsl.spark.findings import NO_SPARK, NOT_BY_SPARK, NOT_ONE_FILE, SPARK_FAILED, halt
from perfdsl.spark.grid import Objects, by_column
from perfdsl.spark.output import FILE, LINE, Output, Rejected, refusals
from perfdsl.spark.places import put_in_places
from perfdsl.spark.rows import Table, table
from perfdsl.spark.scan import scan
from perfdsl.spark.source import raw
from perfdsl.spark.text import quoted
from perfdsl.spark_session import NotReached, first_line, opened, spark_errors
from perfdsl.sql import DoesNotFit, OverGrid, over_grid

MOST_IN_A_FILE = 1_000_000
REJECTS = ".rejects"
Job = tuple[p.Plan, str, date | None]


class Done(NamedTuple):
    """What came of a job: the sums, what there is to say of the data, where the rows left out are (None: there are none).

    ``scores`` and ``refused`` are tables of Arrow where one file was asked for, which whoever asked writes.
    """

    sums: Tally
    found: tuple[Diagnostic, ...]
    rejects: str | None
    scores: Any = None
    refused: Any = None


def refused(plan: p.Plan, period: str) -> None:
    """Raise ``Halt`` for rules Spark does not score: those of which no column of the table holds the value of a row."""
    aside = [path for path in apart_of(plan) if looks_aside(plan, path)]
    shape = Shape(plan, period, ("对象",))
    several = {
        "/".join(x.path)
        for x in plan.indicators
        if x.gather is not None or (x.scoring is not None and x.scoring.entries is not None)
    }
    apart = aside or sorted(several & shape.apart)
    if apart:
        raise halt(NOT_BY_SPARK, rows="、".join(apart), reason="逐条打分或由几行合成的行，一格放不下")


def score(master: str, job: Job, data: Sequence[str], output: str, replace: bool = False, lang: str = "zh") -> Done:
    """Score ``data`` into the folder ``output``, and what was left out into ``output`` + ``.rejects``; raises ``Halt``."""
    refused(job[0], job[1])
    session = session_of(master)
    try:
        return _Work(session, job, lang).done(data, output, replace)
    except spark_errors() as wrong:
        raise halt(SPARK_FAILED, text=first_line(wrong)) from None


def session_of(master: str) -> Any:
    """The session; raises ``Halt``."""
    try:
        return opened(master)
    except NotReached as wrong:
        raise halt(NO_SPARK, master=master or "local", text=str(wrong)) from None


class _Work:
    def __init__(self, session: Any, job: Job, lang: str) -> None:
        self.session = session
        self.plan, self.period, self.as_of = job
        self.lang = lang

    def done(self, data: Sequence[str], output: str, replace: bool) -> Done:
        """All of it."""
        rows = raw(self.session, data, self.plan)
        made = table(self.session, rows, self.plan, self.period)
        count = scan(self.session, made)
        one_file = output.lower().endswith((".parquet", ".csv"))
        if one_file and count > MOST_IN_A_FILE:
            raise halt(NOT_ONE_FILE, name=output, count=count, most=MOST_IN_A_FILE)
        objects, statement = self._statement(by_column(made.cells))
        shown = Output(self.plan, statement, objects.shown, self.period, self.as_of)
        mode = "overwrite" if replace else "error"
        scores = None
        frame = self.session.sql(shown.query())
        if one_file:
            frame = frame.orderBy(*(quoted(x) for x in shown.place)).cache()
            frame.createOrReplaceTempView("perfdsl_scores")
            scores = frame.toArrow().select(shown.schema.names).cast(shown.schema)
        else:
            _write(frame, output, mode)
            self.session.read.parquet(output).createOrReplaceTempView("perfdsl_scores")
        sums = shown.tally(self.session, "perfdsl_scores", made)
        if one_file:
            frame.unpersist()
        nothing = self._nothing(made, shown, objects, sums)
        return self._left_out(
            Done(sums, rows.found, None, scores), refusals(self.session, made, nothing, self.lang), output, mode
        )

    def _statement(self, found: dict[str, list[Cells]]) -> tuple[Objects, OverGrid]:
        """All objects, and the statement that scores them; raises ``Halt`` with the rows that have no room."""
        try:
            objects = Objects(self.session, found)
            put_in_places(objects, self.plan, self.period, self.as_of)
            program = to_integers(self.plan, objects.columns.values(), self.period, self.as_of)
            made = over_grid(program, "spark", objects.names)
        except DoesNotFit as wrong:
            said = f"整数要 {wrong.need} 位，Spark 只有 {wrong.most} 位"
            raise halt(NOT_BY_SPARK, rows=wrong.place or "总分", reason=said) from None
        except NotCovered as wrong:
            raise halt(NOT_BY_SPARK, rows="这份规则", reason=wrong.why.text(self.lang)) from None
        objects.over(made)
        return objects, made

    def _nothing(self, made: Table, shown: Output, objects: Objects, sums: Tally) -> list[Rejected]:
        """What was given, read, and counts for nothing."""
        tests = doubts(self.plan, shown, objects, sums)
        if not tests:
            return []
        asked = doubted(self.session, tests, shown, objects)
        return list(counted_for_nothing(self.session, asked, made, (self.plan, self.period, self.as_of)))

    def _left_out(self, done: Done, query: str | None, output: str, mode: str) -> Done:
        """What was left out, written beside the scores and counted."""
        if query is None:
            return done
        frame = self.session.sql(query).cache()
        frame.createOrReplaceTempView("perfdsl_refused")
        for one in self.session.sql(
            "SELECT `代码` AS code, COUNT(*) AS many FROM perfdsl_refused GROUP BY 1"
        ).collect():
            done.sums.rejects[one.code] = one.many
        count = sum(done.sums.rejects.values())
        if done.scores is not None:
            if count > MOST_IN_A_FILE:
                raise halt(NOT_ONE_FILE, name=output + REJECTS, count=count, most=MOST_IN_A_FILE)
            done = done._replace(refused=frame.orderBy(quoted(FILE), quoted(LINE)).toArrow())
        else:
            where = output.rstrip("/") + REJECTS
            _write(frame, where, mode)
            done = done._replace(rejects=where)
        frame.unpersist()
        return done


def _write(frame: Any, where: str, mode: str) -> None:
    """A folder of Parquet, whole or not there: a task that is done again leaves no rows twice."""
    frame.write.mode(mode).option("mapreduce.fileoutputcommitter.algorithm.version", "1").parquet(where)
