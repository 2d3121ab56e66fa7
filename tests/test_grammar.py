"""The grammar of .perf files: free of conflicts, and in step with the actions and keywords written in Python."""

import pytest
from lark.grammar import Rule
from strategies import containing, productions

from perfdsl import lalr
from perfdsl.keywords import SOFT, SPELLINGS, WORDS
from perfdsl.parse import parse
from perfdsl.parse_actions import ACTIONS
from perfdsl.resources import data_dir
from perfdsl.text import Source

GRAMMAR = (data_dir("grammar") / "perf.lark").read_text(encoding="utf-8")
RULES = [rule for rules in productions().values() for rule in rules]


def test_the_grammar_has_no_conflict_of_any_sort() -> None:
    assert lalr.build(GRAMMAR).states  # built in strict mode, which refuses every conflict


def test_every_production_has_an_action_and_every_action_a_production() -> None:
    named = {rule.action for rule in lalr.build(GRAMMAR).rules if not rule.action.startswith("+")}
    assert named == set(ACTIONS)


def test_every_kind_of_word_is_a_terminal_of_the_grammar() -> None:
    terminals = {kind for row in lalr.build(GRAMMAR).states for kind in row if kind.isupper()}
    assert {word.kind for word in WORDS} <= terminals


def test_no_spelling_belongs_to_two_words() -> None:
    spellings = [spelling for word in WORDS for spelling in {word.meaning, word.zh, *word.aliases}]
    assert len(spellings) == len(SPELLINGS)


def test_a_kind_is_reserved_or_soft_and_never_both() -> None:
    assert not {word.kind for word in WORDS if word.reserved} & set(SOFT)


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_a_file_made_with_any_production_is_read_without_complaint(rule: Rule) -> None:
    for seed in range(3):
        text = containing(rule, seed)
        assert not [d for d in parse(Source("", text))[1] if d.code not in ("P119", "P122")], text
