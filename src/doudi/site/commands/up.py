"""`doudi up` and `doudi run`: the house in service until Ctrl-C; `run` makes keys when missing and adds the demo."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Annotated

import typer

from doudi.site.places import home

if TYPE_CHECKING:
    from doudi.site.house import Say
    from doudi.site.postgres import Cluster

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(help="Port; the next free one when it is taken.", min=1, max=65535)]


Metrics = Annotated[int | None, typer.Option(help="Port for Prometheus; none is opened without it.", min=1, max=65535)]
MetricsHost = Annotated[str, typer.Option(help="Address for Prometheus; beyond loopback a bearer token is wanted.")]


def up(
    host: Host = "127.0.0.1", port: Port = 8000, metrics: Metrics = None, metrics_host: MetricsHost = "127.0.0.1"
) -> None:
    """Start database, web server and worker; Ctrl-C stops all of it. Beside a running one: print its address."""
    _serve(host, port, demo=False, metrics=(metrics_host, metrics) if metrics else None)


def run(host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Like `up`, with keys made when there are none and the demo county loaded (what `make run` calls)."""
    _serve(host, port, demo=True)


def register(app: typer.Typer) -> None:
    app.command()(up)
    app.command()(run)


def _serve(host: str, port: int, *, demo: bool, metrics: tuple[str, int] | None = None) -> None:
    from doudi.site.serving import Stop, only_one, running_address, stopping_on_signals

    with only_one(home()) as alone:
        if not alone:
            typer.echo(f"已在运行 · already running: {running_address(home()) or '(starting)'}")
            return
        try:
            with stopping_on_signals():
                _open(host, port, demo=demo, metrics=metrics)
        except Stop:
            typer.echo("已停止 · stopped")


def _open(host: str, port: int, *, demo: bool, metrics: tuple[str, int] | None) -> None:
    from doudi.core.key_adapters import store_of
    from doudi.core.vault import create_keys, open_vault
    from doudi.site.addresses import announced
    from doudi.site.profile import check_holder_outside, check_keys_fit, profile
    from doudi.site.serving import free_port, serving, watch

    say, keys = _progress(), home() / "keys"
    if demo:
        # a demo is signed in to by the printed passwords alone; every page says so
        os.environ.setdefault("DOUDI_SECOND_FACTOR", "optional")
    if demo and os.environ.get("DOUDI_KEYS", "folder") == "folder" and not (keys / "crypto").exists():
        say("密钥 · keys")
        create_keys(keys, profile().crypto)
    open_vault(store_of(home()))
    check_keys_fit(keys)
    if not demo:
        check_holder_outside()
    from doudi.site.django_setup import set_up
    from doudi.site.postgres import Cluster

    say("数据库 · database")
    was_running = Cluster(home()).is_running()
    cluster = set_up("work")
    try:
        lines = _made_ready(cluster, say, demo=demo)
        say("网页服务与后台任务 · web server and worker")
        port = free_port(host, port)
        with serving(home(), host, port, metrics) as children:
            typer.echo("\n".join(["", *announced(host, port), *lines, "Ctrl-C 停止 · stops everything"]))
            watch(children)
    finally:
        if not was_running:
            cluster.stop()


def _made_ready(cluster: Cluster, say: Say, *, demo: bool) -> list[str]:
    """Everything before the servers start, done by the machine itself; returns what the demo says."""
    from doudi.core.actor import Actor
    from doudi.core.row_context import acting
    from doudi.site.house import make_ready

    with acting(Actor.system()):
        make_ready(cluster, say)
        if not demo:
            return []
        from doudi.site.demo import lay_out

        return lay_out(say)


def _progress() -> Say:
    started = time.monotonic()

    def say(text: str) -> None:
        typer.echo(f"[{time.monotonic() - started:5.1f} s] {text}")

    return say
