"""A small Spark cluster of our own on loopback, from the package of pip: a master, workers, a Connect server; all are killed at the end."""

import ctypes
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

PR_SET_PDEATHSIG = 1
READY = r"Spark Connect server started at: \S*:(\d+)"
SHORT = (
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
)  # for programs that live a minute: half the time of what Java does for long ones
NO_PYTHON = "/nowhere/python"  # the machines of a cluster need none
START = 120  # seconds a server may take on a busy machine


def absent() -> str:
    """Why Spark cannot run here; empty where it can."""
    if find_spec("pyspark") is None:
        return "pyspark is not installed (make test-spark installs it)"
    return "" if shutil.which("java") else "there is no Java"


def home() -> Path:
    """The folder of the package."""
    found = find_spec("pyspark")
    assert found is not None and found.origin is not None
    return Path(found.origin).parent


def _ends_with_us() -> None:
    """The server is killed when the tests are, even when they cannot say goodbye; executors follow their worker."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Server:
    """One Java process in a group of its own, its words in a file."""

    def __init__(self, folder: Path, name: str, command: list[str], memory: str) -> None:
        self.log = folder / f"{name}.log"
        jars = str(home() / "jars" / "*")
        opens = [f"--add-opens=java.base/{x}=ALL-UNNAMED" for x in OPENED]
        env = {
            **os.environ,
            "SPARK_HOME": str(home()),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_LOCAL_DIRS": str(folder / "scratch"),
        }
        env |= {"PYSPARK_PYTHON": NO_PYTHON, "SPARK_SCALA_VERSION": "2.13"}
        with open(self.log, "wb") as out:
            self.process = subprocess.Popen(
                ["java", f"-Xmx{memory}", *SHORT, *opens, "-cp", jars, *command],
                stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=env, cwd=folder, start_new_session=True, preexec_fn=_ends_with_us,
            )  # fmt: skip

    def words(self) -> str:
        """What it has said."""
        return self.log.read_text("utf-8", "replace")

    def wait(self, pattern: str) -> re.Match[str]:
        """What it says when it is ready."""
        end = time.monotonic() + START
        while time.monotonic() < end:
            found = re.search(pattern, self.words())
            if found is not None:
                return found
            if self.process.poll() is not None:
                break
            time.sleep(0.2)
        raise AssertionError(f"{self.log.name}: {self.words()[-3000:]}")

    @property
    def children(self) -> list[int]:
        """The processes it has started: of a worker, its executors."""
        return _children(self.process.pid)

    def kill(self) -> None:
        """End it and all it started, at once."""
        for one in [self.process.pid, *self.children]:
            try:
                os.kill(one, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.process.wait()


def _children(parent: int) -> list[int]:
    """Every process below one: executors are in groups of their own."""
    below: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = path.read_text()
        except OSError:
            continue
        below.setdefault(int(text.rpartition(")")[2].split()[1]), []).append(int(path.parent.name))
    found, stack = [], [parent]
    while stack:
        stack += below.get(stack.pop(), [])
        found += [x for x in stack if x not in found]
    return found


OPENED = (
    "java.lang", "java.lang.invoke", "java.lang.reflect", "java.io", "java.net", "java.nio", "java.util", "java.util.concurrent",
    "java.util.concurrent.atomic", "jdk.internal.ref", "sun.nio.ch", "sun.nio.cs", "sun.security.action", "sun.util.calendar",
)  # fmt: skip


class Cluster:
    """A master with its workers."""

    def __init__(self, master: str, workers: list[Server], settings: Path) -> None:
        self.master = master
        self.workers = workers
        self.settings = settings

    def env(self) -> dict[str, str]:
        """What a program that uses it is started with: small executors, all on loopback, and no Python for them."""
        return {
            **os.environ,
            "SPARK_CONF_DIR": str(self.settings),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "PYSPARK_PYTHON": NO_PYTHON,
        }


@contextmanager
def cluster(workers: int = 2, memory: str = "700m", more: Sequence[tuple[str, str]] = ()) -> Iterator[Cluster]:
    """A standalone master and workers with a processor each, on ports the system gives."""
    with _folder() as folder, _servers() as started:
        where = ["--host", "127.0.0.1", "--port", "0", "--webui-port", "0"]
        master = Server(
            folder,
            "master",
            ["-Dspark.master.rest.enabled=false", "org.apache.spark.deploy.master.Master", *where],
            "256m",
        )
        started.append(master)
        address = master.wait(r"(spark://127\.0\.0\.1:\d+)")[1]
        found = []
        for i in range(workers):
            own = ["--cores", "1", "--memory", memory, "--work-dir", str(folder / f"work{i}")]
            worker = Server(
                folder, f"worker{i}", ["org.apache.spark.deploy.worker.Worker", *where, *own, address], "256m"
            )
            started.append(worker)
            found.append(worker)
        for worker in found:
            worker.wait("Successfully registered with master")
        settings = folder / "conf"
        settings.mkdir()
        options = {
            "spark.executor.memory": "512m", "spark.driver.memory": "700m", "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1",
            "spark.sql.shuffle.partitions": "8", "spark.local.dir": str(folder / "scratch"), "spark.sql.warehouse.dir": str(folder / "warehouse"),
            "spark.driver.extraJavaOptions": " ".join(SHORT), "spark.executor.extraJavaOptions": " ".join(SHORT), **dict(more),
        }  # fmt: skip
        (settings / "spark-defaults.conf").write_text("".join(f"{k} {v}\n" for k, v in options.items()))
        yield Cluster(address, found, settings)


@contextmanager
def connect_server(memory: str = "1g") -> Iterator[str]:
    """A Spark Connect server with Spark inside it; its address."""
    with _folder() as folder, _servers() as started:
        options = {
            "spark.master": "local[2]", "spark.connect.grpc.binding.address": "127.0.0.1", "spark.connect.grpc.binding.port": "0",
            "spark.ui.enabled": "false", "spark.driver.host": "127.0.0.1", "spark.app.name": "perfdsl-connect",
            "spark.sql.warehouse.dir": str(folder / "warehouse"), "spark.local.dir": str(folder / "scratch"),
        }  # fmt: skip
        given = [f"-D{name}={value}" for name, value in options.items()]
        server = Server(folder, "connect", [*given, "org.apache.spark.sql.connect.service.SparkConnectServer"], memory)
        started.append(server)
        yield "sc://127.0.0.1:" + server.wait(READY)[1]


@contextmanager
def _folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="perfdsl-spark-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _servers() -> Iterator[list[Server]]:
    started: list[Server] = []
    try:
        yield started
    finally:
        for one in reversed(started):
            one.kill()
