"""Backups of a house and what they are good for: taking one, checking it, restoring it, to any instant since."""
