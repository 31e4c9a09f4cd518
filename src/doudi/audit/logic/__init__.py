"""Pure parts of the log: an entry's bytes, signed notes, what a check finds."""
