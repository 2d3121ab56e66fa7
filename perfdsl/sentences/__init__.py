"""Sentences of official rubrics: ``read_sentence`` makes them rubrics, ``write_sentence`` prints rubrics as them."""

from perfdsl.sentences.door import read_sentence, write_sentence
from perfdsl.sentences.findings import KINDS, Choice, Reading

__all__ = ["KINDS", "Choice", "Reading", "read_sentence", "write_sentence"]
