"""Kinds of errors that people see: a stable code (`cases.already_decided`), a safe context, a translated message.

What an error means in HTTP is the middleware's affair; batch work returns a row per input instead of raising per row.
"""

from __future__ import annotations

from django.utils.functional import Promise


class DoudiError(Exception):
    """Base: `message` says what, why, and what to do next; `context` holds no personal data."""

    def __init__(self, code: str, message: str | Promise, **context: object) -> None:
        self.code, self.message, self.context = code, message, context
        super().__init__(code)


class Refused(DoudiError):
    """The rule says no."""


class Forbidden(DoudiError):
    """The actor may not do or see this."""


class Missing(DoudiError):
    """There is no such thing, or not for this actor."""


class Stale(DoudiError):
    """Somebody else changed it meanwhile."""


class Malformed(DoudiError):
    """The input cannot be read."""


class Unavailable(DoudiError):
    """A part that is needed does not answer."""
