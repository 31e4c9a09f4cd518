"""my work, search, the household page frame."""
