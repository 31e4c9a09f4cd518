"""Releases as they were: a small database of each, its migrations by hash. `tests.upgrade.freeze` makes them."""
