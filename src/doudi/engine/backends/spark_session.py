"""A Spark session that stays where it is told: Java looked for, no web pages, nothing fetched, on loopback when local.

PySpark is the extra `spark`; without it, or without Java, the refusal says what to install. What Spark writes while it
runs (its logs, the folders of its workers) lies in one folder of its own that goes with the session.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from doudi.engine.errors import EngineError

if TYPE_CHECKING:
    from pyspark import SparkContext

LOCAL = "local-cluster[2,1,1024]"
"""Two workers of one core and 1024 MiB on this machine."""
LEAST_JAVA = 17
_QUICK = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1"
"""A JVM that only hands out tasks needs no better compiler, and starts sooner."""


def is_spark(engine: str) -> bool:
    """Whether DOUDI_ENGINE names a Spark master."""
    return engine.startswith(("spark://", "local[", "local-cluster[", "k8s://")) or engine in ("local", "yarn")


def java() -> Path:
    """The Java that Spark will use; refused when there is none or it is too old."""
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")
    if found is None:
        raise EngineError("spark.java_missing", least=LEAST_JAVA)
    said = subprocess.run([found, "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(?:1\.)?([0-9]+)', said)
    if version is None or int(version[1]) < LEAST_JAVA:
        raise EngineError("spark.java_too_old", found=version[1] if version else "?", least=LEAST_JAVA)
    return Path(found)


@contextmanager
def spark_session(master: str | None = None) -> Iterator[SparkContext]:
    """A running session on a master (default LOCAL), stopped at the end with all its processes and files."""
    java()
    if find_spec("pyspark") is None:
        raise EngineError("spark.not_installed")
    master = master or LOCAL
    with tempfile.TemporaryDirectory(prefix="doudi-spark-", ignore_cleanup_errors=True) as folder:
        context = _started(master, Path(folder))
        try:
            yield context
        finally:
            gateway: Any = context._gateway
            context.stop()
            gateway.shutdown()
            gateway.proc.stdin.close()
            gateway.proc.wait(timeout=60)


def _started(master: str, folder: Path) -> SparkContext:
    from pyspark import SparkConf, SparkContext
    from pyspark.java_gateway import launch_gateway

    conf = SparkConf(loadDefaults=False).setAll(list(settings(master, folder).items()))
    log = folder / "driver.log"
    before = dict(os.environ)
    os.environ.update(_environment(master, folder))
    try:
        with log.open("wb") as file:
            gateway: Any = launch_gateway(conf, popen_kwargs={"stdout": file, "stderr": file})  # type: ignore[no-untyped-call]
            return SparkContext(conf=conf, gateway=gateway)
    except Exception as error:
        problem = log.read_text(errors="replace").strip().splitlines()
        raise EngineError(
            "spark.not_started", master=master, problem=problem[-1] if problem else type(error).__name__
        ) from error
    finally:
        os.environ.clear()
        os.environ.update(before)


def settings(master: str, folder: Path) -> dict[str, str]:
    """What Spark is told. A local master listens on loopback only."""
    told = {
        "spark.master": master,
        "spark.app.name": "doudi",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        "spark.task.maxFailures": "4",
        "spark.local.dir": str(folder),
        "spark.driver.extraJavaOptions": _QUICK,
        "spark.executor.extraJavaOptions": _QUICK,
    }
    if master.startswith("local"):
        told |= {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}
    return told


def _environment(master: str, folder: Path) -> dict[str, str]:
    """Tasks run in this Python. A local cluster listens on loopback, and keeps its workers' folders in SPARK_HOME/work."""
    told = {"PYSPARK_PYTHON": os.environ.get("PYSPARK_PYTHON", sys.executable)}
    if not master.startswith("local"):
        return told
    shipped = find_spec("pyspark")
    assert shipped is not None and shipped.origin is not None
    home = folder / "home"
    home.mkdir()
    for name in ("bin", "jars"):
        (home / name).symlink_to(Path(shipped.origin).parent / name)
    return {
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LOCAL_HOSTNAME": "localhost",
    }
