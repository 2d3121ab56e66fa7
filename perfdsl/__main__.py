"""``python -m perfdsl``."""

from perfdsl.cli import main

main()
