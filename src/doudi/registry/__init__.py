"""persons, households, labels."""
