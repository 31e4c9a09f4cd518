"""How the times of checkpoints go: forwards, and back only where an entry says so."""

from __future__ import annotations

from datetime import timedelta

JITTER = timedelta(seconds=5)
"""How far clocks that are kept right may step back."""
CLOCKS = timedelta(seconds=10)
"""How far the house's clock and the database's may be apart."""
ACCEPTED = "audit.accept_clock"
"""The verb under which time went back on purpose."""
