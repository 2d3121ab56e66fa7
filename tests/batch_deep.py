"""Ten million observations in bounded memory: ``make batch-deep`` measures it and fails where the memory grows with the data.

``make batch-deep OBJECTS=3333334`` measures a hundred million, in order only where ``ORDER=in-order`` is given too.

``measured(objects)`` is what the small version in tests/test_batch_memory.py runs too.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
INDICATORS = 30
MOST_MB = {False: 600, True: 600}
RULES = "\n".join([
    "use 财预2020_10号", 'project "大" {',
    *(f'  数{i:02} full "≥{50 + i}件" points 3 by 比例得分' for i in range(20)),
    *(f'  质{i:02} full "≤{5 + i}万元" points 4 by 比例得分' for i in range(10)), "}", "",
])  # fmt: skip
CHILD = """
import resource, sys
sys.argv = ["perfdsl", "batch", "规则.perf", "--actuals", "表.csv", "-o", "得分.parquet", "--force"]
from perfdsl.cli.main import main
try:
    main()
finally:
    print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


class Measured(NamedTuple):
    """What one job took."""

    rows: int
    seconds: float
    megabytes: int
    printed: str


def measured(folder: Path, objects: int, scattered: bool = False) -> Measured:
    """Score so many objects from a long table; ``scattered``: the rows of an object stand far apart."""
    (folder / "规则.perf").write_text(RULES, encoding="utf-8")
    names = [f"数{i:02}" for i in range(20)] + [f"质{i:02}" for i in range(10)]
    with open(folder / "表.csv", "w", encoding="utf-8") as file:
        file.write("对象,指标,实际值\n")
        outer, inner = (names, range(objects)) if scattered else (range(objects), names)
        for a in outer:
            for b in inner:
                i, name = (b, a) if scattered else (a, b)
                at = (i * 7919 + int(name[1:]) * 104729) % 12000
                file.write(f"项目{i:07},{name},{at // 100}.{at % 100:02}\n")
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", CHILD],
        cwd=folder,
        stdout=subprocess.PIPE,
        env={"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        check=False,
    )
    printed, _, peak = done.stdout.decode().rpartition("peak ")
    assert done.returncode == 0, printed
    return Measured(objects * INDICATORS, time.monotonic() - began, int(peak) // 1024, printed)


def main(objects: int, orders: tuple[bool, ...]) -> None:
    """Contiguous and scattered."""
    for scattered in orders:
        with tempfile.TemporaryDirectory() as folder:
            found = measured(Path(folder), objects, scattered)
            sys.stdout.write(
                f"{'scattered' if scattered else 'in order'}: {found.rows} rows, {found.seconds:.1f} s, peak {found.megabytes} MB\n"
            )
            assert found.megabytes < MOST_MB[scattered], found


if __name__ == "__main__":
    main(int(sys.argv[1]), (False,) if "in-order" in sys.argv[2:] else (False, True))
