"""The house's use of the gateway's key: reading what came in, sealing what goes out."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from doudi.core.errors import Unavailable
from doudi.core.vault import Vault, VaultError
from doudi.gateway.adapters.cell import answer_context, gateway_home, read_place, text_context
from doudi.gateway.models import Enquiry


def text_of(enquiry: Enquiry) -> str:
    """What was written."""
    return _opened(text_context(enquiry.id), bytes(enquiry.text_enc))


def answer_of(enquiry: Enquiry) -> str:
    """What was answered; empty while it was not."""
    return _opened(answer_context(enquiry.id), bytes(enquiry.answer_enc)) if enquiry.answer_enc else ""


def sealed_answer(enquiry: Enquiry, words: str) -> bytes:
    """An answer as it is kept."""
    return _cell().encrypt(answer_context(enquiry.id), words.encode())


def _opened(context: str, sealed: bytes) -> str:
    try:
        return _cell().decrypt(context, sealed).decode()
    except VaultError:
        raise Unavailable(
            "gateway.key", _("这封来信打不开：网关的密钥换过或不在。请联系系统管理员恢复 HOME/gateway。")
        ) from None


def _cell() -> Vault:
    try:
        return read_place(gateway_home(Path(settings.HOME))).cell()
    except (OSError, ValueError, TypeError):
        raise Unavailable("gateway.no_key", _("没有网关的密钥。请联系系统管理员。")) from None
