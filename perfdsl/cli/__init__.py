"""The command line: ``perfdsl``.  Only click is loaded here; each command is a module that is loaded when it runs."""

from perfdsl.cli.main import main

__all__ = ["main"]
