"""One module a command, each with `register(app)`; nothing heavy is imported before a command runs."""
