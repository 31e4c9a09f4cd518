"""`django keep_log`: the process beside web server and worker that keeps the log (see `audit.keeping`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from doudi.audit.keeping import keep
from doudi.core.clock import now


class Command(BaseCommand):
    """Runs until it is stopped."""

    help = "Sequences audit entries, signs checkpoints, hands them to holders."

    def handle(self, *args: Any, **options: Any) -> None:
        """Without end."""
        keep(Path(settings.HOME) / "keys", now)
