"""`doudi gateway` and `doudi outer`: the narrow way between the zones, and the internet zone's pages."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from doudi.site.places import home

Socket = Annotated[Path | None, typer.Option(help="Where the outer process reaches the gateway; HOME/gateway/socket.")]
Group = Annotated[str | None, typer.Option(help="Group that may open the socket (the outer process's).")]
Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(help="Port.", min=1, max=65535)]
Wire = Annotated[Path, typer.Option(help="The gateway's socket.")]
Area = Annotated[str, typer.Option(help="Code of the county whose townships may be written to.")]


def gateway(socket: Socket = None, group: Group = None) -> None:
    """Take enquiries in and hand answers out, for the outer process, until it is stopped. The database must run."""
    from doudi.gateway.adapters.cell import gateway_home, read_place
    from doudi.gateway.adapters.server import GatewayServer

    folder = gateway_home(home())
    if (home() / "keys" / "crypto").exists():  # on a machine of its own, its folder was copied there before
        from doudi.site.zones import prepare_gateway

        prepare_gateway(home())
    path = socket or folder / "socket"
    with GatewayServer(path, read_place(folder), 0o660 if group else 0o600) as server:
        if group:
            import shutil

            shutil.chown(path, group=group)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        typer.echo(f"网关 · gateway {path}")
        server.serve_forever()


def outer(socket: Wire, area: Area, host: Host = "127.0.0.1", port: Port = 8080) -> None:
    """Serve the residents' pages of the internet zone. This process has no database, no keys and no HOME."""
    keep = {"PATH", "HOME", "LANG", "LC_ALL", "TZ", "PYTHONPATH", "VIRTUAL_ENV", "DOUDI_HOSTS", "DOUDI_HTTPS"}
    keep |= {"DOUDI_POLICY", "DOUDI_LOG_LEVEL", "DOUDI_PROXY_SSL_HEADER", "DOUDI_PROXIES", "DOUDI_TRUSTED_ORIGINS"}
    given = {name: value for name, value in os.environ.items() if name in keep}
    given |= {"DOUDI_GATEWAY_SOCKET": str(socket.absolute()), "DOUDI_OUTER_AREA": area}
    given["DJANGO_SETTINGS_MODULE"] = "doudi.site.outer_settings"
    command = [sys.executable, "-m", "gunicorn", "doudi.site.outer_wsgi:application", "--bind", f"{host}:{port}"]
    command += ["--preload", "--workers", "2", "--threads", "4", "--worker-class", "gthread", "--no-control-socket"]
    os.execve(sys.executable, command, given)  # noqa: S606  (no shell is wanted)


def register(app: typer.Typer) -> None:
    app.command()(gateway)
    app.command()(outer)
