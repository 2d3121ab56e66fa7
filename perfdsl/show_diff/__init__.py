"""A comparison of two rules as text, Markdown and JSON."""

from perfdsl.show_diff.json import diff_json
from perfdsl.show_diff.markdown import diff_markdown
from perfdsl.show_diff.text import diff_text

__all__ = ["diff_json", "diff_markdown", "diff_text"]
