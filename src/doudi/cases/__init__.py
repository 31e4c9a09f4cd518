"""applications and their course."""
