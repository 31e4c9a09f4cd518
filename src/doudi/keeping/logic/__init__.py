"""Pure decisions of keeping."""
