"""looking at the whole: what a reform would do, where help falls off a cliff."""
