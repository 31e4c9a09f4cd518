"""Gunicorn's own words in our form: one JSON object a line, like everything else in HOME/log/web.log."""

from __future__ import annotations

import os
from typing import Any

from prometheus_client import multiprocess

from doudi.site.logs import logging_settings

logconfig_dict = logging_settings(os.environ.get("DOUDI_LOG_LEVEL", "INFO"))


def child_exit(_server: Any, worker: Any) -> None:
    """What a web process that ended had counted stays counted."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
