"""Pure parts of publishing and showing rulebooks."""
