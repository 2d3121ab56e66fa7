"""The map is the territory: ARCHITECTURE.md names every room, and every import obeys its table."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "perfdsl"
SCORING = (
    "core",
    "evaluate",
    "quantity",
    "plan",
    "lower",
    "resolve",
    "prove",
    "bounds",
    "observe",
    "differ",
    "program",
    "extent",
    "integers",
)
FILES_ALLOWED = ("api", "cli", "lalr", "resources")
OUTSIDE_WORLD = {"http", "random", "secrets", "socket", "subprocess", "time", "urllib.request"}
FILE_METHODS = {"read_text", "read_bytes", "write_text", "write_bytes"}


class Room(NamedTuple):
    """One row of the table."""

    kind: str
    purpose: str
    doors: frozenset[str]
    imports: frozenset[str]
    libraries: frozenset[str]


class Import(NamedTuple):
    """One imported name: where, from which module (dotted, below ``perfdsl`` or a library's), and the name."""

    place: str
    module: str
    name: str
    own: bool


def words(cell: str) -> frozenset[str]:
    return frozenset(re.findall(r"[\w*]+", cell))


def table() -> dict[str, Room]:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \|(.*)\|$", text, re.M)
    cells = [(name, [cell.strip() for cell in rest.split(" |")]) for name, rest in rows]
    nouns = {name for name, (kind, *_) in cells if kind == "noun"}
    made = {}
    for name, (kind, purpose, doors, imports, libraries, *_) in cells:
        allowed = words(imports)
        made[name] = Room(
            kind, purpose, words(doors), allowed | nouns if "nouns" in allowed else allowed, words(libraries)
        )
    return made


ROOMS = table()


def files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def named(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[Import]:
    """Every import of a file, those inside functions included."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{named(path, node)}: a relative import"
            module = node.module or ""
            for alias in node.names:
                if module == "perfdsl":
                    yield Import(named(path, node), alias.name, "", True)
                else:
                    own = module.startswith("perfdsl.")
                    yield Import(named(path, node), module.removeprefix("perfdsl."), alias.name, own)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                own = alias.name.startswith("perfdsl.")
                yield Import(named(path, node), alias.name.removeprefix("perfdsl."), "", own)


def crossings() -> Iterator[tuple[str, str, Import]]:
    """(room, other room, import) for every import that leaves its room; ``__version__`` belongs to the package itself."""
    for path in files():
        for found in imports(path):
            other = found.module.split(".")[0]
            if found.own and other not in (room_of(path), "__version__"):
                yield room_of(path), other, found


def test_table_names_exactly_the_rooms_there_are() -> None:
    modules = {p.stem for p in PACKAGE.glob("*.py")} - {"__init__"}
    folders = {p.name for p in PACKAGE.iterdir() if p.is_dir() and not p.name.startswith("_")}
    assert set(ROOMS) == modules | folders


def test_imports_obey_the_table() -> None:
    broken = [f"{x.place}: {room} may not import {other}" for room, other, x in crossings() if room != "__init__"
              and other not in ROOMS[room].imports]  # fmt: skip
    assert broken == []


def test_libraries_and_the_outside_world_are_used_only_where_the_table_names_them() -> None:
    free = sys.stdlib_module_names | {"attrs"}
    broken = []
    for path in files():
        for found in imports(path):
            library, room = found.module.split(".")[0], room_of(path)
            strange = library not in free or {library, found.module} & OUTSIDE_WORLD
            if not found.own and strange and library not in ROOMS[room].libraries:
                broken.append(f"{found.place}: {library}")
    assert broken == []


def test_rooms_are_entered_by_their_doors() -> None:
    """A module by the names of its row; a package through its ``__init__`` alone."""
    broken = []
    for _, other, found in crossings():
        doors = ROOMS[other].doors
        if "." in found.module:
            broken.append(f"{found.place}: reaches into {found.module}")
        elif ROOMS[other].kind != "noun" and "*" not in doors and found.name and found.name not in doors:
            broken.append(f"{found.place}: {found.name} is no door of {other}")
    assert broken == []


@pytest.mark.parametrize("name", [name for name, room in ROOMS.items() if room.kind == "verb"])
def test_a_verb_has_one_door(name: str) -> None:
    """One function; more of them say why in the table ("two doors")."""
    functions = [door for door in ROOMS[name].doors if door[0].islower()]
    number = {"two": 2, "three": 3, "four": 4, "six": 6}
    assert len(functions) == next((n for word, n in number.items() if f"{word} doors" in ROOMS[name].purpose), 1)


@pytest.mark.parametrize("name", [name for name, room in ROOMS.items() if room.doors and "*" not in room.doors])
def test_doors_exist(name: str) -> None:
    path = PACKAGE / name / "__init__.py"
    source = tree(path if path.is_file() else PACKAGE / f"{name}.py")
    known = {n.name for n in source.body if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    known |= {t.id for n in source.body if isinstance(n, ast.Assign) for t in n.targets if isinstance(t, ast.Name)}
    known |= {a.asname or a.name for n in source.body if isinstance(n, ast.ImportFrom) for a in n.names}
    assert known >= ROOMS[name].doors


def test_rooms_do_not_import_in_circles() -> None:
    needs: dict[str, set[str]] = {}
    for room, other, _ in crossings():
        needs.setdefault(room, set()).add(other)
    done: set[str] = set()
    while ready := {room for room in ROOMS if room not in done and needs.get(room, set()) <= done}:
        done |= ready
    assert sorted(set(ROOMS) - done) == []


def test_package_itself_imports_nothing_but_the_api_when_it_is_asked_for() -> None:
    """Outside ``if TYPE_CHECKING`` and the function that is asked for a name."""
    source = tree(PACKAGE / "__init__.py")
    assert {(x.module, x.own) for x in imports(PACKAGE / "__init__.py")} == {("api", True)}
    later = [
        n
        for n in source.body
        if isinstance(n, ast.FunctionDef) or (isinstance(n, ast.If) and ast.unparse(n.test) == "TYPE_CHECKING")
    ]
    assert not any(
        isinstance(x, ast.Import | ast.ImportFrom) for n in source.body if n not in later for x in ast.walk(n)
    )


def test_scoring_knows_no_float() -> None:
    broken = []
    for path in files():
        if room_of(path) not in SCORING:
            continue
        for node in ast.walk(tree(path)):
            literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
            if literal or (isinstance(node, ast.Name) and node.id == "float"):
                broken.append(named(path, node))
    assert broken == []


def test_no_exception_is_swallowed_whole() -> None:
    """Who catches everything raises again what is not meant."""
    broken = []
    for path in files():
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.ExceptHandler):
                continue
            caught = [n.id for n in ast.walk(node.type) if isinstance(n, ast.Name)] if node.type else []
            again = any(isinstance(n, ast.Raise) and n.exc is None for n in ast.walk(node))
            if (node.type is None or {"Exception", "BaseException"} & set(caught)) and not again:
                broken.append(named(path, node))
    assert broken == []


def calls(path: Path) -> Iterator[tuple[str, str, ast.Call]]:
    """(object, function, node) of every call with a plain name."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield "", node.func.id, node
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield ast.unparse(node.func.value), node.func.attr, node


def test_nothing_prints() -> None:
    assert [named(p, node) for p in files() for owner, name, node in calls(p) if (owner, name) == ("", "print")] == []


def test_files_are_touched_only_in_the_shell() -> None:
    broken = []
    for path in files():
        if room_of(path) in FILES_ALLOWED:
            continue
        for owner, name, node in calls(path):
            if name in FILE_METHODS or (name == "open" and owner in ("", "io", "os")):
                broken.append(f"{named(path, node)}: {name}")
    assert broken == []
