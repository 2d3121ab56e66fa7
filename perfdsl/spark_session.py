"""The Spark session of this process: on a cluster by its address, on a Spark Connect server, or inside this machine."""

import logging
import os
import socket
import warnings
from typing import Any

LOCAL = "local[*]"
REMOTE, STANDALONE = "sc://", "spark://"
SETTINGS = {
    "spark.sql.ansi.enabled": "true",  # a number that does not fit stops the job instead of becoming another one
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "true",
    "spark.sql.codegen.wholeStage": "false",  # hundreds of columns make methods Java does not compile: measured at half the speed
}
SECONDS = 8  # in which whoever listens at an address answers
TRIES = 6  # again when a Connect server does not answer: about a minute, where pyspark waits for ten
OWN = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.log.level": "ERROR"}


class NotReached(Exception):
    """Spark did not start, or did not answer."""


def opened(master: str = "") -> Any:
    """The session at ``master``: ``spark://…``, ``yarn``, ``local[2]``, ``sc://…``; raises ``NotReached`` with Spark's words.

    Empty: the session there is, the one ``spark-submit`` prepared or ``SPARK_REMOTE`` names, else Spark inside this machine.
    """
    warnings.filterwarnings("ignore", category=FutureWarning, module="pyspark")  # on pandas, which nothing here uses
    from pyspark.sql import SparkSession

    there = SparkSession.getActiveSession()
    if there is not None and (not master or there.conf.get("spark.perfdsl.master", "") == master):
        return there
    _there(master or os.environ.get("SPARK_REMOTE", ""))
    builder = SparkSession.builder.appName("perfdsl")
    if master.startswith(REMOTE):
        builder = builder.remote(master)
    else:
        prepared = any(x in os.environ for x in ("PYSPARK_GATEWAY_PORT", "SPARK_REMOTE"))
        if master or not prepared:
            builder = builder.master(master or LOCAL)
            for name, value in OWN.items():
                builder = builder.config(name, value)
    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)  # what is wrong is raised, and told once
    try:
        session = builder.getOrCreate()
        _bounded(session)
        for name, value in SETTINGS.items():
            session.conf.set(name, value)
        session.conf.set("spark.perfdsl.master", master)
        session.sql("SELECT 1").collect()
    except spark_errors() as wrong:
        raise NotReached(first_line(wrong)) from None
    return session


def _there(address: str) -> None:
    """Raise ``NotReached`` unless somebody listens at the address: Spark itself would ask again for minutes."""
    if address.startswith(REMOTE):
        _channel(address)
    elif address.startswith(STANDALONE):
        wrong: OSError | None = None
        for one in address.removeprefix(STANDALONE).split(","):
            host, _, port = one.rpartition(":")
            try:
                socket.create_connection((host.strip("[]"), int(port)), SECONDS).close()
            except OSError as found:
                wrong = found
            except ValueError:
                raise NotReached(f"{one}: spark://HOST:PORT") from None
            else:
                return
        raise NotReached(str(wrong)) from None


def _channel(address: str) -> None:
    """The same of a Connect server, by the way its client goes: with its proxies, and TLS where the address says so."""
    import grpc
    from pyspark.errors import PySparkException
    from pyspark.sql.connect.client import DefaultChannelBuilder

    try:
        channel = DefaultChannelBuilder(address).toChannel()
    except (PySparkException, ValueError) as wrong:
        raise NotReached(first_line(wrong)) from None
    try:
        grpc.channel_ready_future(channel).result(SECONDS)
    except grpc.FutureTimeoutError:
        raise NotReached(f"{address.removeprefix(REMOTE).partition('/')[0]}: no answer in {SECONDS} s") from None
    finally:
        channel.close()


def _bounded(session: Any) -> None:
    """A Connect server that goes away is asked for a while, not for ever."""
    if ".connect." not in type(session).__module__:
        return
    from pyspark.sql.connect.client.retries import DefaultPolicy

    session.client.set_retry_policies([DefaultPolicy(max_retries=TRIES)])


def spark_errors() -> tuple[type[Exception], ...]:
    """What Spark raises, and the way to it."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        from grpc import RpcError
    except ImportError:
        return PySparkException, Py4JError, OSError
    return PySparkException, Py4JError, OSError, RpcError


def first_line(wrong: BaseException) -> str:
    """The words of an error without the lines of a program that follow them."""
    lines = [x.strip() for x in str(wrong).splitlines() if x.strip()]
    found = (x.removeprefix(": ") for x in lines if not x.startswith("An error occurred"))
    return next(found, type(wrong).__name__)
