"""What can be wrong with a policy file, a case or a run: a code, a place, a safe context, a sentence.

Sentences are in zh and en (`message(lang)`); each says what is wrong, where, and what to do.
Templates live in `engine/messages.py`, one per code.
"""

from __future__ import annotations

from dataclasses import dataclass

from doudi.engine.messages import sentence


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a file; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class EngineError(Exception):
    """Base of the engine's errors: `code` is stable, `context` holds no personal data."""

    def __init__(
        self, code: str, where: Where | None = None, *, suggestion: str | None = None, **context: object
    ) -> None:
        self.code, self.where, self.suggestion, self.context = code, where, suggestion, context
        super().__init__(self.message("en"))

    def message(self, lang: str) -> str:
        """One or two sentences in `zh` or `en`, with the place first when there is one."""
        text = sentence(self.code, self.context, self.suggestion, lang)
        return f"{self.where}: {text}" if self.where else text


class PolicyError(EngineError):
    """A policy file is not acceptable."""


MAX_FAULTS = 30
"""So many faults of one file, or of the rules of one place, are told at once."""


class PolicyErrors(EngineError):
    """Several PolicyError at once (`.errors`), so that a writer sees all of them."""

    def __init__(self, errors: list[PolicyError]) -> None:
        self.errors = errors
        super().__init__("policy.several", None, count=len(errors))

    def message(self, lang: str) -> str:
        """How many there are, then each on a line of its own."""
        return "\n".join([super().message(lang), *(error.message(lang) for error in self.errors)])


class CaseError(EngineError):
    """A CASE.json or a stored case does not fit the vocabulary."""
