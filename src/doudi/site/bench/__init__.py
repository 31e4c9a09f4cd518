"""One module a benchmark: `run(*, households: int | None, home: Path) -> Iterator[Measure]`."""
