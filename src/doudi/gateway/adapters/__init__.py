"""The wire between the zones, both ends of it."""
