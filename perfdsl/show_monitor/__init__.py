"""A monitoring as text, JSON, and what its official form is filled from."""

from perfdsl.show_monitor.form import monitor_form
from perfdsl.show_monitor.json import monitor_json
from perfdsl.show_monitor.text import monitor_text

__all__ = ["monitor_form", "monitor_json", "monitor_text"]
