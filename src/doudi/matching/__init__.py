"""who is who; the snapshot."""
