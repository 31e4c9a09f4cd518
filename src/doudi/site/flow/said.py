"""Messages of errors in both languages, for files and the command line."""

from __future__ import annotations

from django.utils import translation

from doudi.core.errors import DoudiError

LANGUAGES = {"zh": "zh-hans", "en": "en"}


def message_of(error: DoudiError) -> dict[str, str]:
    """What an error says, zh and en."""
    said = {}
    for short, language in LANGUAGES.items():
        with translation.override(language):
            said[short] = str(error.message)
    return said
