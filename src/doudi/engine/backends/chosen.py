"""The backend that DOUDI_ENGINE names: `duckdb` (this process, the default) or a Spark master."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from doudi.engine.backends.duckdb import ScreenResult
from doudi.engine.backends.duckdb import screen as in_process
from doudi.engine.backends.spark_session import is_spark
from doudi.engine.errors import EngineError


def screening_by(engine: str) -> Callable[..., ScreenResult]:
    """`screen` of a backend for the command line; `threads` means those of one task on a cluster, here processes where
    that may be.
    """
    if engine in ("", "duckdb"):
        return partial(in_process, processes=True)
    if is_spark(engine):
        from doudi.engine.backends.spark import screen as on_cluster

        return partial(on_cluster, master=engine)
    raise EngineError("spark.engine_unknown", engine=engine)
