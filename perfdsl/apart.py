"""Work on foreign bytes in a process of its own, which may be slow, greedy or die without harm to this one.

``run`` starts ``python -m module words…``, hands it the bytes and takes JSON back; the module calls ``confine`` before it
works and ``answer`` when it is done.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

SECONDS = 60
MEGABYTES = 1024
MOST_ANSWER = 256 << 20


class Stopped(Exception):
    """The other process gave no answer; ``reason`` is ``time`` (it took too long) or ``died``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def run(module: str, words: Sequence[str], data: bytes, seconds: int = SECONDS) -> object:
    """What ``module`` answers about ``data``; raises ``Stopped`` after ``seconds``, or when it ends without an answer."""
    path = os.pathsep.join([str(Path(__file__).resolve().parents[1]), os.environ.get("PYTHONPATH", "")])
    surroundings = {**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1", "RUST_BACKTRACE": "0"}
    command = [sys.executable, "-m", module, *words]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=seconds, env=surroundings)
        return json.loads(done.stdout)
    except subprocess.TimeoutExpired as problem:
        raise Stopped("time") from problem
    except (OSError, subprocess.SubprocessError, ValueError) as problem:
        raise Stopped("died") from problem


def confine(megabytes: int = MEGABYTES) -> None:
    """Let this process take no more memory than that, where the system can see to it; nor live on when nobody waits for it."""
    try:
        import resource  # absent on Windows, where only the time is limited
    except ImportError:
        return
    for limit, wanted in (
        (resource.RLIMIT_AS, megabytes << 20),
        (resource.RLIMIT_CPU, SECONDS + 5),
        (resource.RLIMIT_CORE, 0),
    ):
        _, most = resource.getrlimit(limit)
        resource.setrlimit(limit, (wanted if most < 0 else min(wanted, most), most))


def answer(said: object) -> None:
    """The answer of the other process; one that is too long is none."""
    words = json.dumps(said).encode()
    if len(words) <= MOST_ANSWER:
        sys.stdout.buffer.write(words)
