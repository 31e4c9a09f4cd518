"""means verification."""
