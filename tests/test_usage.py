"""What a wrong command line is answered: one sentence in the language of the run, whatever the command and the option."""

import re
import sys
from collections.abc import Iterator
from importlib import import_module

import click
import pytest

from perfdsl.cli.main import COMMANDS, MODULES, main

COMMAND_OBJECTS: dict[str, click.Command] = {
    name: import_module(f"perfdsl.cli.{MODULES.get(name, name)}").command for name in COMMANDS
}
STRANGE = "乱写"


def wrong_lines() -> Iterator[tuple[str, ...]]:
    """Every sort of mistake click itself finds, for every option of every command."""
    yield ("--乱写",)
    yield ("--",)
    for name, command in COMMAND_OBJECTS.items():
        needed = [x.name or "" for x in command.params if isinstance(x, click.Argument) and x.required]
        yield (name, *needed, "--乱写选项")
        if needed:
            yield (name,)
        if not any(x.nargs == -1 for x in command.params):
            yield (name, *needed, "多", "余")
        for option in command.params:
            if not isinstance(option, click.Option):
                continue
            word = option.opts[-1]
            if option.is_flag:
                yield (name, f"{word}={STRANGE}")
                continue
            yield (name, *needed, word)
            if isinstance(option.type, click.Choice):
                yield (name, *needed, word, STRANGE)
            elif isinstance(option.type, click.IntRange):
                yield (name, *needed, word, STRANGE)
                yield (name, *needed, word, "999999999999999999999")
                yield (name, *needed, word, "-1")


def said(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[int, str]:
    """The exit code and what stands on standard error, as a user sees them."""
    monkeypatch.setattr(sys, "argv", ["perfdsl", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    out = capsys.readouterr()
    assert out.out == ""
    code = ended.value.code
    assert isinstance(code, int)
    return code, out.err


def own_words(words: tuple[str, ...]) -> set[str]:
    """The Latin words a sentence about this line may hold: names of commands, options and choices."""
    known = {"perfdsl", "help"}
    for command in COMMAND_OBJECTS.values() if words[0] not in COMMANDS else [COMMAND_OBJECTS[words[0]]]:
        known.add(words[0])
        for one in command.params:
            known |= {
                piece for x in (*one.opts, one.metavar or "", one.name or "") for piece in re.findall("[A-Za-z]+", x)
            }
            if isinstance(one.type, click.Choice):
                known |= {piece for x in one.type.choices for piece in re.findall("[A-Za-z]+", str(x))}
    return known | {x.upper() for x in known}


@pytest.mark.parametrize("words", list(wrong_lines()), ids=" ".join)
def test_a_wrong_command_line_is_answered_in_chinese(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, err = said(words, monkeypatch, capsys)
    assert code == 2
    assert err.startswith("用法错误：")
    assert set(re.findall("[A-Za-z]+", err)) <= own_words(words), err
    command = f"perfdsl {words[0]}" if words[0] in COMMANDS else "perfdsl"
    assert err.endswith(f"看用法：{command} --help\n")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("batch", "a", "--part", "0"), "--part：“0”不行，要从1到16777216的整数"),
        (("batch", "a", "--top", "三"), "--top：“三”不行，要从0到1000的整数"),
        (("batch", "a", "--format", "it is not"), "--format：没有“it is not”；可以写 text、json"),
        (("batch", "a", "--force=1"), "选项 --force 后面不写值"),
        (("batch", "a", "-o"), "选项 -o 后面要有值"),
        (("diff", "a", "b", "c d"), "多出了“c d”；文件名里有空格的要加引号"),
        (("--",), "没有写命令"),
    ],
)
def test_the_sentence_says_what_would_do(
    words: tuple[str, ...], sentence: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _, err = said(words, monkeypatch, capsys)
    assert err.splitlines()[0] == f"用法错误：{sentence}"


def test_no_command_at_all_shows_the_commands(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, err = said((), monkeypatch, capsys)
    assert code == 2
    assert err.startswith("用法: perfdsl")
    assert err.count("用法") == 2  # the title, and the line that says where to begin
