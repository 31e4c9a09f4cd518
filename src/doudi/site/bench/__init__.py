"""Benchmarks: each of NAMES is a module with `run(*, households: int | None, home: Path) -> Iterator[Measure]`."""

NAMES = ("screen", "load", "decide", "snapshot", "spark", "twin", "simulate")
