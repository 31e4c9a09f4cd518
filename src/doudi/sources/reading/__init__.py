"""Opening and reading a delivery: pure, run in a child process with limits; imports no Django."""
