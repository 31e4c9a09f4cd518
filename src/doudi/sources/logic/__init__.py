"""Pure parts of sources: permits, coverage, the sender's file with its errors."""
