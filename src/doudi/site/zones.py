"""How the gateway's role reaches the database: the embedded cluster, or DATABASE_URL_GATEWAY."""

from __future__ import annotations

import os
from pathlib import Path

from doudi.gateway.adapters.cell import gateway_home, write_place
from doudi.site.database import DATABASE, from_url, is_embedded
from doudi.site.postgres import Cluster

ROLE = "gateway"


def gateway_database(home: Path) -> dict[str, str]:
    """Name, host, port, role and password."""
    url = os.environ.get("DATABASE_URL_GATEWAY")
    if url:
        found = from_url(url)
        return {
            "database": found["NAME"], "host": found["HOST"], "port": found["PORT"], "user": found["USER"],
            "password": found["PASSWORD"],
        }  # fmt: skip
    if not is_embedded():
        return dict.fromkeys(("database", "host", "port", "user", "password"), "")
    cluster = Cluster(home)
    return {
        "database": DATABASE, "host": str(cluster.socket_folder()), "port": "", "user": ROLE,
        "password": cluster.password(ROLE),
    }  # fmt: skip


def prepare_gateway(home: Path) -> None:
    """The gateway's key, so that the house can read what comes in, whether or not a gateway runs already."""
    crypto = (home / "keys" / "crypto").read_text().strip()
    write_place(gateway_home(home), crypto=crypto, database=gateway_database(home))
