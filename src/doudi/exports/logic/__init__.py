"""What an export declares, what is drawn on it, when a second person is needed. No Django."""
