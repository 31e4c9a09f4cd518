"""`python -m tests.audit.writer DATABASE SECONDS`: writes entries as fast as it can, each in a transaction of its own,
and prints how many. The environment names the house (tests.bars.test_audit starts several).
"""

from __future__ import annotations

import os
import sys
import time

import django


def main(database: str, seconds: float) -> int:
    """How many entries were written."""
    os.environ["DOUDI_ROLE"] = "web"
    django.setup()
    from django.db import connections, transaction

    from doudi.audit.actions import record_act, record_look
    from doudi.core.actor import Actor
    from doudi.core.clock import now

    for alias in ("default", "audit"):
        connections.databases[alias]["NAME"] = database
    actor = Actor("account-1", "周敏", "handler", "990101003", "civil_affairs", "basic_living", "grant-1")
    count, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        if count % 2:
            record_look(actor=actor, verb="desk.open_household", subjects=[("household", f"h{count}")], at=now())
        else:
            with transaction.atomic():
                record_act(actor=actor, verb="cases.propose", subjects=[("application", f"a{count}")], at=now())
        count += 1
    return count


if __name__ == "__main__":
    print(main(sys.argv[1], float(sys.argv[2])))
