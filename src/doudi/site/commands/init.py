"""`doudi init`: the keys of a new house."""

from __future__ import annotations

from typing import Annotated

import typer

from doudi.site.places import home

Crypto = Annotated[str | None, typer.Option(help="intl (AES, SHA-256, Ed25519) or sm (SM4, SM3, SM2), for good. By "
                                                 "default as the profile says: sm for government.")]  # fmt: skip


def init(crypto: Crypto = None) -> None:
    """Make the keys in HOME/keys. They are never overwritten: keep a copy away from database and backup."""
    from doudi.audit.adapters.signing import make_log_key  # Django comes with it
    from doudi.core.vault import CRYPTOS, create_keys
    from doudi.site.profile import profile

    crypto = crypto or profile().crypto
    if crypto not in CRYPTOS:
        raise typer.BadParameter(f"must be one of {', '.join(CRYPTOS)}", param_hint="--crypto")
    create_keys(home() / "keys", crypto)
    make_log_key(home() / "keys", crypto)
    typer.echo(f"密钥已生成 · keys made: {home() / 'keys'}")


def register(app: typer.Typer) -> None:
    app.command()(init)
