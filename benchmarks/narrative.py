"""Write the report in prose of one object of many indicators, beside a table of the same rows by python-docx used directly.

``python benchmarks/narrative.py [--rows 2000]``; every figure is the best of three rounds, in seconds.
"""

import argparse
import io
from collections.abc import Callable

import docx
from forms import rules, scored
from run import best

from perfdsl import narrative as n
from perfdsl.narrate import narrate
from perfdsl.publish import Look, members

ROUNDS = 3


def by_python_docx(told: n.Narrative) -> bytes:
    """Headings, paragraphs and the words of the tables; no widths, merges, fonts or pictures."""
    made = docx.Document()
    for block in told.blocks:
        match block:
            case n.Heading():
                made.add_heading(block.text, block.level)
            case n.Paragraph():
                made.add_paragraph(block.lead + block.text)
            case n.Table():
                _table(made, block)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def _table(made: object, block: n.Table) -> None:
    table = made.add_table(len(block.rows), len(block.columns))
    cells, wide = table._cells, len(block.columns)
    for number, row in enumerate(block.rows):
        for column, cell in enumerate(row):
            cells[number * wide + column].text = cell.text


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2000)
    engine = scored(rules(parser.parse_args().rows))
    card = engine.card()
    told = narrate([card], (), "zh")
    jobs: dict[str, Callable[[], object]] = {"card to prose": lambda: narrate([card], (), "zh")}
    for member in members():
        jobs[f"perfdsl {member.SUFFIX}"] = lambda member=member: member.write(told, Look())
    jobs["python-docx, texts only"] = lambda: by_python_docx(told)
    print("| job | seconds |\n| --- | ---: |")
    for name, seconds in best(jobs, ROUNDS).items():
        print(f"| {name} | {seconds:.2f} |")


if __name__ == "__main__":
    main()
