"""The sentence a report opens with."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from doudi.verification.logic.report import SourceLine

STATES = ("answered", "nothing_found")


def opening(sources: Sequence[SourceLine], lang: str) -> str:
    """How many sources have answered, how many need a look and which, which have not answered or may not be asked."""
    answered = [line for line in sources if line.state in STATES]
    striking = [line for line in sources if line.striking]
    parts = []
    if len(answered) == len(sources):
        parts.append(_("%(all)d 个来源都已回") % {"all": len(sources)})
    else:
        parts.append(_("%(all)d 个来源，%(answered)d 个已回全") % {"all": len(sources), "answered": len(answered)})
    unclear = [line for line in answered if line.unclear and not line.striking]
    settled = [line for line in answered if not line.striking and not line.unclear]
    parts.append(_("%(count)d 个无异常") % {"count": len(settled)})
    if striking:
        parts.append(_("%(count)d 个要留意：%(which)s") % {"count": len(striking), "which": _listed(striking, lang)})
    if unclear:
        parts.append(_("%(count)d 个还不清楚：%(which)s") % {"count": len(unclear), "which": _listed(unclear, lang)})
    silent = [line for line in sources if line.state == "not_answered"]
    if silent:
        parts.append(_("%(count)d 个没有回全：%(which)s") % {"count": len(silent), "which": _listed(silent, lang)})
    barred = [line for line in sources if line.state == "not_permitted"]
    if barred:
        parts.append(_("%(count)d 个有人没授权：%(which)s") % {"count": len(barred), "which": _listed(barred, lang)})
    return {"zh": "；", "en": "; "}[lang].join(parts) + {"zh": "。", "en": "."}[lang]


def _listed(lines: Sequence[SourceLine], lang: str) -> str:
    return {"zh": "、", "en": ", "}[lang].join(line.label for line in lines)
