"""``perfdsl compile --sql``: what is written is recorded, and run on tables as people have them."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from agreement import PROFILES, told
from click.testing import CliRunner, Result
from hypothesis import given, settings
from scoring import compiled, inside, rows
from sql_hosts import Duck, Host, Sqlite, lacking, maria, postgres

from perfdsl import program as g
from perfdsl.actuals import Entry, Observed
from perfdsl.cli.main import perfdsl
from perfdsl.cli.score import read_plans
from perfdsl.evaluate import evaluate
from perfdsl.gridded import gridded
from perfdsl.observe import observe
from perfdsl.plan import Plan
from perfdsl.read_target import read_actual
from perfdsl.read_target.words import NOT_APPLICABLE as READ_SO
from perfdsl.sql import DIALECTS, STATUS_WORDS, DoesNotFit, Table, Wanted, to_table
from perfdsl.sql.door import Printed
from perfdsl.sql.names import Names, literal, remark
from perfdsl.sql.sources import DAY, FLAG, NOT_APPLICABLE, NOTHING, WORD, Field
from perfdsl.target import Missing, NotApplicable
from perfdsl.testing import actuals
from perfdsl.width import width

F = Fraction
CASES = Path(__file__).parent / "cases" / "sql"


@pytest.fixture(scope="module", params=("duckdb", "sqlite", "postgres", "mysql"))
def host(request: pytest.FixtureRequest) -> Iterator[Host]:
    """Each database in turn; a server is started once."""
    match request.param:
        case "duckdb":
            pytest.importorskip("duckdb")
            yield Duck()
        case "sqlite":
            yield Sqlite()
        case "postgres":
            pytest.importorskip("psycopg")
            if missing := lacking("initdb", "postgres"):
                pytest.skip(f"no PostgreSQL here ({missing})")
            with postgres() as one:
                yield one
        case "mysql":
            pytest.importorskip("pymysql")
            if missing := lacking("mariadbd", "mariadb-install-db"):
                pytest.skip(f"no MySQL or MariaDB here ({missing})")
            with maria() as one:
                yield one


# ---- observations as rows of a table


class NoColumnHolds(Exception):
    """An observation that no cell of the table can say."""


def row_of(fields: Sequence[Field], seen: dict[str, Any]) -> tuple[list[Any], set[str]]:
    """The cells of one object, the optional ones behind theirs, and the headings whose cells cannot be used."""
    cells: list[Any] = []
    wrong: set[str] = set()
    known = {x.column.name for x in fields}
    if any(
        x is g.ABSENT or (x is not None and name.startswith("override:"))
        for name, x in seen.items()
        if name not in known
    ):
        raise NoColumnHolds
    for field in fields:
        value = seen.get(field.column.name)
        absent = value is g.ABSENT
        match field.kind:
            case "word":
                cells.append("不适用" if absent else word(value))
            case "flag":
                cells.append(1 if absent else 0)
            case _:
                cell = None if absent or value is None else number(field, value)
                cells.append(cell)
                if cell is not None and not usable(field, value):
                    wrong.add(field.heading)
                if absent and not field.absent:
                    raise NoColumnHolds
        if field.absent:
            cells.append(1 if absent else None)
    return cells, wrong


def word(value: Any) -> str | None:
    if isinstance(value, Fraction) or value in (*NOT_APPLICABLE, *NOTHING):
        raise NoColumnHolds
    return value


def number(field: Field, value: Any) -> Any:
    """A number as it stands in the table."""
    if not isinstance(value, Fraction):
        raise NoColumnHolds
    if field.kind == DAY:
        return date.fromordinal(int(value)).isoformat()
    plain = value * field.column.per / field.times / 10**field.places
    if (plain * 10**10).denominator > 1 or abs(plain) >= 10**15:
        raise NoColumnHolds
    return Decimal(plain.numerator) / Decimal(plain.denominator)


def usable(field: Field, value: Fraction) -> bool:
    """Is it a whole number of the smallest there may be, and inside its limits?"""
    if field.kind == DAY:
        return True
    whole = value * field.column.per / field.times
    return whole.denominator == 1 and field.low <= whole <= field.high and whole % field.step == 0


def held(plan: Plan, seen: Sequence[Observed], period: str) -> list[dict[str, Any]]:
    """What every object has in the columns of a program."""
    grid, columns = gridded(plan, seen, period)
    found: list[dict[str, Any]] = [{} for _ in seen]
    for column in columns:
        strip = grid.columns[column.name]
        for i in range(len(seen)):
            match g.STATES[strip.states[i]]:
                case g.NUMBER:
                    found[i][column.name] = F(int(strip.numbers[i]), strip.per)
                case g.WORD:
                    found[i][column.name] = strip.words[strip.said[i]]
                case g.ABSENT:
                    found[i][column.name] = g.ABSENT
    return found


def columns_of(host: Any, table: Table) -> list[tuple[str, str]]:
    """The columns of the user's table, with their types."""
    columns = [(table.key, host.word)]
    for field in table.fields:
        columns.append((field.heading, {WORD: host.word, DAY: host.day, FLAG: host.whole}.get(field.kind, host.number)))
        if field.absent:
            columns.append((field.absent, host.whole))
    return columns


def fill(host: Any, table: Table, lines: list[list[Any]]) -> None:
    """The user's table."""
    host.fill(table.name, columns_of(host, table), [(f"对象{i}", *line) for i, line in enumerate(lines)])


def assert_statement_scores(plan: Plan, seen: Sequence[Observed], host: Any, wanted: Wanted) -> int:
    """Every row as in the exact engine, or no score and the names of the cells that cannot be used."""
    program, table = to_table(plan, wanted)
    lines, kept = [], []
    for one, values in zip(seen, held(plan, seen, wanted.period), strict=True):
        try:
            cells, wrong = row_of(table.fields, values)
        except NoColumnHolds:
            continue
        lines.append(cells)
        kept.append((one, wrong))
    fill(host, table, lines)
    printed = Printed(program, host.dialect, table)
    heads, found = host.run(printed.text())
    found = sorted(found, key=lambda x: int(x[0].removeprefix("对象")))
    assert len(found) == len(kept)
    for (one, wrong), line in zip(kept, found, strict=True):
        got = dict(zip(heads, line, strict=True))
        assert set((got["问题"] or "").split("；")) - {""} == wrong
        expected = told(evaluate(plan, one, wanted.period, wanted.as_of)[0], program.units)
        for key, name in printed.results.items():
            assert got[name] == (None if wrong else shown(key, expected, printed, host)), (key, one, got)
    return len(kept)


def shown(key: tuple[str, str], expected: dict[str, Any], printed: Printed, host: Any) -> Any:
    """A result of the exact engine as the statement shows it."""
    kind, path = key
    if not path:
        value = expected[{"score": "total"}.get(kind, kind)]
    elif kind == "score" or kind in ("status", "case", "award", "low", "high"):
        value = expected[f"{kind}:{path}"]
    match kind:
        case "status":
            return STATUS_WORDS[value]
        case "grade":
            return value or None
        case "complete" | "award":
            return None if value is None else int(value)
        case "case":
            return value
    if value is None or printed.places < 0:
        return value
    points = F(value) / printed.program.units
    return float(points) if host.dialect == "sqlite" else points


# ---- what is written


DIGITS = {"sqlite": 8}  # it has whole numbers of 64 bits only
GOLDEN = sorted(CASES.glob("*.perf"))


def plan_of(path: Path) -> Plan:
    (plan,), _ = read_plans(str(path))
    return plan


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("path", GOLDEN, ids=lambda x: x.stem)
def test_the_statement_is_the_recorded_one(path: Path, dialect: str, update: bool) -> None:
    program, table = to_table(plan_of(path), Wanted(digits=DIGITS.get(dialect, 14)))
    text = Printed(program, dialect, table).text()
    record = path.with_suffix(f".{dialect}.sql")
    if update:
        record.write_text(text, encoding="utf-8")
    assert record.read_text(encoding="utf-8") == text


def objects(plan: Plan) -> list[Observed]:
    """Objects on every edge of the plan: Hypothesis draws them, always the same ones."""
    found: list[Observed] = []

    @settings(max_examples=60, deadline=None, derandomize=True, database=None)
    @given(actuals(plan))
    def draw(given_rows) -> None:
        found.append(observe(plan, given_rows, "full")[0])

    draw()
    return found


@pytest.mark.parametrize("also", [frozenset(), frozenset({"不适用", "复核分"})], ids=["plain", "all columns"])
@pytest.mark.parametrize("path", GOLDEN, ids=lambda x: x.stem)
def test_the_recorded_plans_score_as_in_the_exact_engine(path: Path, also: frozenset[str], host: Host) -> None:
    plan = plan_of(path)
    wanted = Wanted(also=also, digits=DIGITS.get(host.dialect, 14))
    assert assert_statement_scores(plan, objects(plan), host, wanted) > 10


def test_the_examples_score_as_in_the_exact_engine_on_their_edges(host: Host) -> None:
    @settings(max_examples=25, deadline=None)
    @given(st.sampled_from(PROFILES), st.data())
    def law(plan, data) -> None:
        drawn = data.draw(st.lists(actuals(plan), min_size=1, max_size=4))
        wanted = Wanted(also=data.draw(st.sampled_from([frozenset(), frozenset({"不适用"}), frozenset({"复核分"})])))
        try:
            assert_statement_scores(plan, [observe(plan, x, "full")[0] for x in drawn], host, wanted)
        except DoesNotFit:
            assert host.dialect == "sqlite"

    law()


@st.composite
def observations(draw, fields: Sequence[Field]) -> Observed:
    """An object with every number at a limit of its column, one unit beside it, or anywhere; with words and days likewise."""
    parts: dict[str, dict[str, Any]] = {}
    made = Observed({}, {}, {})
    for field in fields:
        kind, _, path = field.column.name.partition(":")
        size = 10**field.places
        near = [field.low - 1, field.low, field.high, field.high + 1, 0, size, -size, size - 1]
        match field.kind:
            case "word":
                value = draw(st.sampled_from([None, "甲", *(word for _, word in field.words)]))
            case "flag":
                value = None
            case _:
                whole = draw(st.one_of(st.none(), st.sampled_from(near), st.integers(field.low, field.high)))
                whole = max(1, min(field.high, whole)) if field.kind == DAY and whole is not None else whole
                value = None if whole is None else F(whole * field.times, field.column.per)
        if kind == "input":
            made.inputs[path] = value
        elif kind == "spent" and value is not None:
            made.spent[path] = value
        elif kind in ("value", "prior", "mark", "override"):
            parts.setdefault(path, {"value": None})[kind] = value
    made.entries.update({path: (Entry(text="", **fields),) for path, fields in parts.items()})
    return made


@pytest.mark.parametrize("path", GOLDEN, ids=lambda x: x.stem)
def test_numbers_at_the_limits_of_their_columns_score_as_in_the_exact_engine(path: Path, host: Host) -> None:
    plan = plan_of(path)
    wanted = Wanted(digits=DIGITS.get(host.dialect, 14))
    _, table = to_table(plan, wanted)

    @settings(max_examples=25, deadline=None)
    @given(st.lists(observations(table.fields), min_size=1, max_size=12))
    def law(seen) -> None:
        assert assert_statement_scores(plan, seen, host, wanted) > 0

    law()


WORDY = """
  input 类别 values "城区", "县区"
  not_applicable rescale
  达标率 full "≥90%" points 60 by 达标得满分
  评价 full "良好" points 40 by { "良好" -> 100%  "一般" -> 50%  otherwise -> 0 } applies 类别 = "城区"
"""


@pytest.mark.parametrize(
    "text", [None, "", "良好", " 一般 ", "一　般。", "良 好.", "一般般", "-", "—", "不适用", "/", "N/A", "MET", "met"]
)
def test_words_are_read_as_observe_reads_them(text: str | None, host: Host) -> None:
    (plan,) = compiled(inside(WORDY)).plans()
    program, table = to_table(plan, Wanted())
    lines = [
        [
            "城区"
            if x.heading == "类别"
            else text
            if x.heading == "评价"
            else Decimal(95)
            if x.heading == "达标率"
            else None
            for x in table.fields
        ]
    ]
    fill(host, table, lines)
    printed = Printed(program, host.dialect, table)
    heads, (line,) = host.run(printed.text())
    got = dict(zip(heads, line, strict=True))
    seen, _ = observe(plan, rows([("类别", "城区"), ("达标率", "95%"), *([("评价", text)] if text else [])]), "full")
    expected = told(evaluate(plan, seen)[0], program.units)
    assert got["问题"] is None
    assert {key: got[name] for key, name in printed.results.items()} == {
        key: shown(key, expected, printed, host) for key in printed.results
    }


@pytest.mark.parametrize(
    ("text", "known"), [("城区", True), (" 县区", True), (None, True), ("", True), ("郊区", False), ("不适用", False)]
)
def test_a_word_an_input_does_not_list_cannot_be_used(text: str | None, known: bool, host: Host) -> None:
    (plan,) = compiled(inside(WORDY)).plans()
    program, table = to_table(plan, Wanted())
    fill(host, table, [[text if x.heading == "类别" else None for x in table.fields]])
    heads, (line,) = host.run(Printed(program, host.dialect, table).text())
    assert dict(zip(heads, line, strict=True))["问题"] == (None if known else "类别；")


DOUBLES = [95.04, 94.9999, 0.1 + 0.2, 89.99999999999999, 95.00001, 1e300, -1e300, 5e-324, 1e9 + 0.0001, 0.0]


def test_a_column_of_doubles_gives_no_wrong_score(host: Host) -> None:
    """A double stands for the decimal nearest to it, or it cannot be used."""
    (plan,) = compiled(inside('全 full "≥95%" points 100 by 比例得分')).plans()
    program, table = to_table(plan, Wanted())
    host.fill(table.name, [("对象", host.word), ("全", "DOUBLE PRECISION" if host.dialect != "duckdb" else "DOUBLE")], [
        (str(i), x) for i, x in enumerate(DOUBLES)
    ])  # fmt: skip
    heads, found = host.run(Printed(program, host.dialect, table).text())
    for line in found:
        got = dict(zip(heads, line, strict=True))
        value = F(repr(DOUBLES[int(got["对象"])]))
        usable_here = (value * 10**4).denominator == 1 and 0 <= value <= 10**10
        assert (got["问题"] is None) == usable_here, value
        score = min(F(100), value / 95 * 100) * 100
        assert got["总分"] is None if not usable_here else F(str(got["总分"])) * 100 == (2 * score + 1) // 2


TEXTS = [
    "95.04",
    "0.3",
    "95",
    "1.50",
    "-1",
    "abc",
    "",
    " ",
    "９５",
    "不适用",
    "1.0e+300",
    "1e2",
    "0x5F",
    "95%",
    "1,000",
    "NaN",
    "95abc",
    "--",
]


@pytest.mark.parametrize("kind", ["word", "BLOB"])
def test_words_where_numbers_are_due_give_no_wrong_score(kind: str, host: Host) -> None:
    """The database itself refuses the column, or the row is named; what is taken for a number is the number it says."""
    (plan,) = compiled(inside('全 full "≥95%" points 100 by 比例得分')).plans()
    program, table = to_table(plan, Wanted())
    if kind == "BLOB" and host.dialect not in ("sqlite", "duckdb"):
        pytest.skip("a type of its own")
    name = host.word if kind == "word" else kind
    host.fill(
        table.name,
        [("对象", host.word), ("全", name)],
        [(str(i), x if kind == "word" else x.encode()) for i, x in enumerate(TEXTS)],
    )
    statement = Printed(program, host.dialect, table).text()
    if host.dialect in ("duckdb", "postgres"):
        with pytest.raises(Exception, match=r"Binder Error|operator does not exist"):
            host.run(statement)
        if host.dialect == "postgres":
            host.connection.rollback()  # type: ignore[attr-defined]
        return
    heads, found = host.run(statement)
    for line in found:
        got = dict(zip(heads, line, strict=True))
        text = TEXTS[int(got["对象"])]
        if got["问题"] is None:
            score = min(F(100), F(text) / 95 * 100) * 100
            assert F(str(got["总分"])) * 100 == (2 * score + 1) // 2, text
        else:
            assert got["总分"] is None


def test_words_that_are_no_value_are_those_observe_knows() -> None:
    assert set(NOT_APPLICABLE) == READ_SO
    assert all(isinstance(read_actual(x)[0].meaning, NotApplicable) for x in NOT_APPLICABLE)
    assert all(isinstance(read_actual(x)[0].meaning, Missing) for x in NOTHING)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("path", GOLDEN, ids=lambda x: x.stem)
def test_a_parser_of_the_dialect_reads_the_statement(path: Path, dialect: str) -> None:
    """Of Oracle and Spark there is no more than that here: their parser's word that it is their SQL."""
    sqlglot = pytest.importorskip("sqlglot")
    text = path.with_suffix(f".{dialect}.sql").read_text(encoding="utf-8")
    (tree,) = [x for x in sqlglot.parse(text, read=dialect, error_level=sqlglot.ErrorLevel.RAISE) if x is not None]
    program, table = to_table(plan_of(path), Wanted(digits=DIGITS.get(dialect, 14)))
    printed = Printed(program, dialect, table)
    printed.text()
    assert [x.alias_or_name for x in tree.expressions] == [table.key, "问题", *printed.results.values()]


NASTY = [
    "'; DROP TABLE 完成值; --",
    'a"b`c',
    "反斜\\杠\\'",
    "第一行\n第二行",
    "100%",
    "/* 注 */",
    "𠮷野家",
    "？:x &y ${z} #",
]


@pytest.mark.parametrize("word", NASTY)
def test_words_of_the_rules_are_words_in_the_statement(word: str, host: Host) -> None:
    text = literal(word, DIALECTS[host.dialect])
    assert host.run(f"SELECT {text} AS x") == (["x"], [(word,)])


@pytest.mark.parametrize("word", NASTY)
def test_what_is_said_in_a_remark_does_not_end_it(word: str, host: Host) -> None:
    assert host.run(f"SELECT 1 AS x  {remark(word)}\n, 2 AS y") == (["x", "y"], [(1, 2)])


@pytest.mark.parametrize("name", NASTY)
def test_a_name_of_the_rules_is_a_name_of_its_own(name: str, host: Host) -> None:
    names = Names(DIALECTS[host.dialect])
    made = [names.give(x, "_得分") for x in (name, name, name.upper(), name * 40, name * 40 + "尾")]
    assert len({x.casefold() for x in made}) == len(made)
    heads, found = host.run("SELECT " + ", ".join(f"{i} AS {x}" for i, x in enumerate(made)))
    assert ([f'"{x}"' for x in heads], found) == ([x.replace("`", '"') for x in made], [tuple(range(len(made)))])


def test_tables_and_columns_may_be_called_anything(host: Host) -> None:
    (plan,) = compiled(inside("""
      回复率 full "≥90%" points 40 by 达标得满分
      甲 { 接通率 full "≥90%" points 30 by 达标得满分 }
      乙 { 接通率 full "≥80%" points 30 by 达标得满分 }
    """)).plans()  # fmt: skip
    seen = [observe(plan, rows([("回复率", "95%"), ("甲/接通率", "89.9999%"), ("乙/接通率", "80%")]), "full")[0]]
    assert assert_statement_scores(plan, seen, host, Wanted(table="2024年·完成 值", key="单位（名称）")) == 1


@pytest.mark.parametrize("gone", ["对象", "率", "词", "率.不适用", "词.复核分"])
def test_a_column_the_table_does_not_have_is_an_error_and_no_string(gone: str, host: Host) -> None:
    """SQLite takes a quoted name that no column has for a string, and would score every row by it."""
    (plan,) = compiled(inside("""
      率 full "≥95%" points 10 by 比例得分
      词 full "健全" points 10 by { "健全" -> 100%  otherwise -> 40% }
    """)).plans()  # fmt: skip
    program, table = to_table(plan, Wanted(also=frozenset({"不适用", "复核分"})))
    text, every = Printed(program, host.dialect, table).text(), columns_of(host, table)
    assert gone in dict(every)
    host.fill(table.name, every, [])
    assert host.run(text)[1] == []
    host.fill(table.name, [x for x in every if x[0] != gone], [])
    with pytest.raises(Exception, match=re.escape(gone)):
        host.run(text)


# ---- the command


RULES = 'use 财预2020_10号\nproject "热线" {\n  接通率 full "≥90%" points 100 by 比例得分\n}\n'


def run(*arguments: str) -> Result:
    return CliRunner().invoke(perfdsl, ["compile", *arguments])


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "规则.perf").write_text(RULES, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("path", GOLDEN, ids=lambda x: x.stem)
def test_the_command_prints_the_recorded_statement(path: Path) -> None:
    made = run(str(path), "--sql", "postgres")
    assert made.exit_code == 0
    assert made.stdout == path.with_suffix(".postgres.sql").read_text(encoding="utf-8")


def test_a_compiled_plan_gives_the_same_statement(here: Path) -> None:
    assert run("规则.perf", "-o", "方案.json").exit_code == 0
    assert run("方案.json", "--sql", "mysql").stdout == run("规则.perf", "--sql", "mysql").stdout


def test_names_digits_and_further_columns_are_the_users(here: Path) -> None:
    words = (
        "--sql",
        "duckdb",
        "--table",
        "t2024",
        "--key",
        "编号",
        "--decimals",
        "2",
        "--digits",
        "6",
        "--with",
        "不适用",
    )
    made = run("规则.perf", *words, "-o", "打分.sql")
    assert (made.exit_code, made.stdout) == (0, "")
    text = (here / "打分.sql").read_text(encoding="utf-8")
    assert '"编号" AS "编号"' in text and 'FROM "t2024"' in text and '"接通率.不适用" AS' in text
    assert "NOT BETWEEN 0.00 AND 10000.00" in text


def test_what_does_not_fit_writes_nothing(here: Path) -> None:
    made = run(str(CASES / "人均.perf"), "--sql", "sqlite", "-o", "打分.sql")
    assert made.exit_code == 1 and "[B140] “人均培训费”" in made.stderr and not (here / "打分.sql").exists()


@pytest.mark.parametrize(
    ("text", "code", "under"),
    [
        ('project "培训" {\n  input 费 : 元 values 0元 ..\n  input 人 : 人 values whole 1 ..\n  人均 = 费 / 人 full "≤550元/人" points 20 by 比例得分\n}', "B140", "人均"),
        ('project "培训" {\n  input 费 : 元 values 0元 ..\n  input 人 : 人 values whole 1 ..\n  产出 points 20 { "人 均" = 费 / 人 full "≤550元/人" points 20 by 比例得分 }\n}', "B140", "人 均"),
        ('department "窗口" {\n  input 类 values "甲", "乙"\n  办结 full "≥20件" points 20 by 比例得分\n  award 先进 when rank(总分, 类) <= 1\n}', "B141", "窗口"),
    ],
)  # fmt: skip
def test_what_is_refused_is_underlined(text: str, code: str, under: str, here: Path) -> None:
    Path("大.perf").write_text("use 财预2020_10号\n\n" + text, encoding="utf-8")
    said = run("大.perf", "--sql", "sqlite").stderr
    shown = said[said.index(f"错误[{code}]") :].splitlines()
    line, caret = shown[3].partition("| ")[2], shown[4].partition("| ")[2]
    before = line[: line.index(under)]
    assert caret == " " * width(before) + "^" * width(under)


def test_one_of_several_objects_is_asked_for(here: Path) -> None:
    Path("两个.perf").write_text(RULES + RULES.replace("热线", "大厅").partition("\n")[2], encoding="utf-8")
    assert "--object" in run("两个.perf", "--sql", "duckdb").stderr
    assert "是不是“大厅”" in run("两个.perf", "--sql", "duckdb", "--object", "大亭").stderr
    made = run("两个.perf", "--sql", "duckdb", "--object", "大厅")
    assert made.exit_code == 0 and made.stdout.startswith("-- 大厅：")


def test_digits_a_database_never_holds_are_refused(here: Path) -> None:
    made = run("规则.perf", "--sql", "sqlite", "--digits", "16")
    assert made.exit_code == 2 and "最多15位" in made.stderr


def test_rules_with_errors_give_no_statement(here: Path) -> None:
    Path("坏.perf").write_text(RULES.replace("比例得分", "没有这个"), encoding="utf-8")
    made = run("坏.perf", "--sql", "duckdb")
    assert (made.exit_code, made.stdout) == (1, "") and "没有这个" in made.stderr
