"""Where a population runs: DuckDB inside the process."""
