"""Points of discretion as a form: for each a choice of its list and a reason. Nothing is decided here."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from doudi.cases.forms.saying import LONGEST_REASON
from doudi.cases.logic.discretion import Chosen
from doudi.engine.vocabulary import FactDefinition

Point = tuple[FactDefinition, uuid.UUID | None]


def field_of(fact: str, person: uuid.UUID | None) -> str:
    """The name of a point's field: of its fact and person, so that a page opened before others chose means the same."""
    return f"{fact}@{person or ''}"


def named_in(posted: Iterable[str]) -> list[tuple[str, uuid.UUID | None]]:
    """The points that a sent form names, well formed or left out."""
    found = []
    for name in posted:
        what, _, place = name.partition(":")
        fact, _, person = place.partition("@")
        try:
            if what == "choice":
                found.append((fact, uuid.UUID(person) if person else None))
        except ValueError:
            continue
    return found


class DiscretionForm(forms.Form):
    """One choice and one reason for every point; a point left empty stays as it is."""

    def __init__(
        self, *args: Any, points: Sequence[Point], names: Mapping[uuid.UUID, str], lang: str, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self._points = points
        for fact, person in points:
            place = field_of(fact.qualified, person)
            whose = names.get(person, "") if person is not None else ""
            label = f"{fact.label[lang]} · {whose}" if whose else fact.label[lang]
            self._pair(place, label, fact, lang)

    def _pair(self, place: str, label: str, fact: FactDefinition, lang: str) -> None:
        """The choice and its reason: both or neither, so that neither of them is called optional."""
        choice = forms.ChoiceField(
            label=label,
            help_text=fact.meaning[lang],
            required=False,
            choices=[(code, words[lang]) for code, words in fact.codes.items()],
            widget=forms.RadioSelect,
        )
        reason = forms.CharField(
            label=_("理由：%(what)s") % {"what": label},
            required=False,
            max_length=LONGEST_REASON,
            widget=forms.Textarea(attrs={"rows": 3}),
        )
        pair: dict[str, Any] = {f"choice:{place}": choice, f"reason:{place}": reason}
        for name, field in pair.items():
            field.needs_no_mark = True
            self.fields[name] = field

    def clean(self) -> dict[str, Any]:
        """A choice has a reason, a reason a choice."""
        given: dict[str, Any] = super().clean() or {}
        for fact, person in self._points:
            place = field_of(fact.qualified, person)
            choice, reason = given.get(f"choice:{place}"), (given.get(f"reason:{place}") or "").strip()
            if choice and not reason:
                self.add_error(f"reason:{place}", _("请写明理由。"))
            if reason and not choice:
                self.add_error(f"choice:{place}", _("写了理由，还没有选。请选一项。"))
        return given

    def chosen(self) -> list[Chosen]:
        """What was chosen anew: a choice left as it stood stays its maker's."""
        found = []
        for fact, person in self._points:
            place = field_of(fact.qualified, person)
            fields = (f"choice:{place}", f"reason:{place}")
            choice, reason = (str(self.cleaned_data.get(name) or "").strip() for name in fields)
            if choice and (choice, reason) != tuple(self.initial.get(name, "") for name in fields):
                found.append(Chosen(fact.qualified, person, choice, reason))
        return found
