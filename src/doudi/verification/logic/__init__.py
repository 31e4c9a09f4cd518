"""Pure parts of verification: what an answer is, what declared and found have to do with each other."""
