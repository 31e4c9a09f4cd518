"""Figures for Prometheus: requests by view, and the states of the house. No label ever holds a person's or a case's id.

The web server's processes count into files of a shared folder (PROMETHEUS_MULTIPROC_DIR); the process that answers
Prometheus (`site.metrics`) adds them up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from prometheus_client import Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from doudi.core.health import PartState
from doudi.operations.logic.levels import ORDER

SECONDS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3.0, 10.0)
requests = Counter("doudi_requests", "Requests answered, by view, method and status.", ["view", "method", "status"])
request_seconds = Histogram("doudi_request_seconds", "Seconds a request took, by view.", ["view"], buckets=SECONDS)


def count_request(view: str, method: str, status: int, seconds: float) -> None:
    """One answered request."""
    requests.labels(view, method, str(status)).inc()
    request_seconds.labels(view).observe(seconds)


class States(Collector):
    """The states of the house as gauges: level (0 ok, 1 warn, 2 bad) and figure of each part."""

    def __init__(self, parts: Iterable[PartState]) -> None:
        self._parts = list(parts)

    def collect(self) -> Iterator[Metric]:
        level = GaugeMetricFamily("doudi_part_level", "0 well, 1 to be looked at, 2 broken.", labels=["part"])
        figure = GaugeMetricFamily("doudi_part_figure", "The part's own figure; see the page.", labels=["part"])
        for part in self._parts:
            level.add_metric([part.name], ORDER.index(part.level))
            if part.figure is not None:
                figure.add_metric([part.name], part.figure)
        yield level
        yield figure
