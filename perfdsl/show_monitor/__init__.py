"""A monitoring as text and JSON."""

from perfdsl.show_monitor.json import monitor_json
from perfdsl.show_monitor.text import monitor_text

__all__ = ["monitor_json", "monitor_text"]
