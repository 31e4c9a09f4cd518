"""`doudi bootstrap`: the first three administrators of a house, once; `doudi let-in`: a way back for one of them."""

from __future__ import annotations

import secrets
import string
from pathlib import Path
from typing import Annotated

import typer

ROLES = (
    ("system_administrator", "系统管理员 system administrator"),
    ("security_administrator", "安全管理员 security administrator"),
    ("audit_administrator", "审计管理员 audit administrator"),
)
Area = Annotated[str, typer.Option(help="Area of the house, e.g. 990101.")]
From = Annotated[
    Path | None,
    typer.Option(
        "--from",
        help="A file with three lines `username,name,identity number` (system, security, audit) instead of questions.",
        exists=True,
        dir_okay=False,
    ),
]


def bootstrap(area: Area, file: From = None) -> None:
    """Make the three administrators: three persons, one-time passwords, second factors set up at the first sign-in.

    Works once, in a house without accounts. Identity numbers are asked for (not given as arguments, which stay in the
    history of a shell); only a keyed digest is kept.
    """
    people = _from_file(file) if file else [_asked(said) for _role, said in ROLES]
    from doudi.site.django_setup import opened

    with opened("work"):
        from doudi.accounts.actions import NewAdministrator
        from doudi.accounts.actions import bootstrap as make
        from doudi.accounts.logic import recovery_codes
        from doudi.core.actor import Actor
        from doudi.core.clock import now, today

        three = [
            NewAdministrator(role, *person, one_time_password(), secrets.token_bytes(recovery_codes.BYTES))
            for (role, _said), person in zip(ROLES, people, strict=True)
        ]
        make(actor=Actor.system(), at=now(), administrators=three, area=area, today=today())
    typer.echo(
        "三个管理员已建好。一次性密码和开通码当面交给本人，七天内有效；第一次登录时凭开通码设置第二种验证并改密码。"
    )
    typer.echo("Made. Hand one-time password and enrolment code over in person; they hold seven days.")
    for one, (_role, said) in zip(three, ROLES, strict=True):
        typer.echo(f"  {one.username:<24} {one.password}  {recovery_codes.written(one.random)}  {one.name} · {said}")


def let_in(username: str, reason: Annotated[str, typer.Option(help="Why; it goes on record.")]) -> None:
    """Let an administrator who lost everything in again: one-time password, enrolment code, no second factors."""
    from doudi.site.django_setup import opened

    with opened("work"):
        from doudi.accounts.actions import give_entry
        from doudi.accounts.logic import recovery_codes
        from doudi.accounts.models import Account
        from doudi.core.actor import Actor
        from doudi.core.clock import now, today

        account = Account.objects.filter(username__iexact=username).first()
        if account is None:
            typer.echo(f"doudi: 没有这个账号 · no such account: {username}", err=True)
            raise typer.Exit(1)
        password = one_time_password()
        code = give_entry(
            actor=Actor.system(), at=now(), account=account, password=password,
            random=secrets.token_bytes(recovery_codes.BYTES), reason=reason, today=today(),
        )  # fmt: skip
    typer.echo(f"一次性密码 · one-time password: {password}")
    typer.echo(f"开通码 · enrolment code: {code}")


def register(app: typer.Typer) -> None:
    app.command()(bootstrap)
    app.command("let-in")(let_in)


def one_time_password() -> str:
    """20 characters of all four classes, from the operating system's random source."""
    letters = string.ascii_letters + string.digits
    middle = "".join(secrets.choice(letters) for _ in range(16))
    return f"{middle[:8]}-{middle[8:]}Aa7"


def _asked(said: str) -> tuple[str, str, str]:
    typer.echo(said)
    return (
        typer.prompt("  用户名 username"),
        typer.prompt("  姓名 name"),
        typer.prompt("  身份证号 identity number", hide_input=True),
    )


def _from_file(file: Path) -> list[tuple[str, str, str]]:
    lines = [line.strip() for line in file.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
    rows = [tuple(part.strip() for part in line.replace("，", ",").split(",")) for line in lines]
    if len(rows) != len(ROLES) or any(len(row) != 3 for row in rows):
        raise typer.BadParameter("three lines of `username,name,identity number` are wanted", param_hint="--from")
    return [(row[0], row[1], row[2]) for row in rows]
