"""What is said where something could not be worked out: in both languages, and nothing of a person."""

from __future__ import annotations

import logging

from django.utils.translation import override

from doudi.core.errors import DoudiError
from doudi.engine.errors import EngineError

LOG = logging.getLogger(__name__)
FAILED = {
    "zh": "测算时系统出错，没有算出。请重新测算；还是不行，请找管理员。",
    "en": "The system failed while working it out. Work it out again; if that fails too, ask the administrator.",
}


def problem_of(error: Exception) -> dict[str, str]:
    """What, why and what to do next. Of a fault that nobody foresaw only its kind is told, and to the log alone."""
    if isinstance(error, EngineError):
        return {lang: error.message(lang) for lang in ("zh", "en")}
    if not isinstance(error, DoudiError):
        LOG.error("it could not be worked out: %s", type(error).__name__)
        return dict(FAILED)
    said = {}
    for lang, tag in (("zh", "zh-hans"), ("en", "en")):
        with override(tag):
            said[lang] = str(error.message)
    return said
