"""One obligor as a form, and the tick that somebody has none. Nothing is decided here."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from doudi.cases.forms.facts import FactsForm, initial_of
from doudi.cases.queries.obligors import RELATION_LABELS, Obliged
from doudi.engine.vocabulary import FactDefinition
from doudi.registry.logic.obligors import Obligor


class ObligorForm(FactsForm):
    """Who somebody is, what kin, where they live, and what the rulebook asks of them; each may be "not clear"."""

    obligor_name = forms.CharField(
        label=_("义务人姓名"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("请写义务人的姓名。")},
    )
    obligor_relation = forms.ChoiceField(
        label=_("是本人的什么人"),
        choices=list(RELATION_LABELS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一项。")},
    )
    obligor_residence = forms.CharField(
        label=_("住在哪里"),
        required=False,
        max_length=80,
        help_text=_("写到乡镇（街道）就可以，方便以后联系核实。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, facts: Sequence[FactDefinition], held: Obligor | None, **options: Any) -> None:
        self._held = held
        options["initial"] = _initial(held, facts) if held is not None else {}
        super().__init__(*args, facts=facts, **options)

    def obligor(self) -> Obligor:
        """The obligor as filled in; one changed keeps its id."""
        data = self.cleaned_data
        return Obligor(
            self._held.id if self._held is not None else uuid.uuid4(),
            data["obligor_name"].strip(),
            data["obligor_relation"],
            data["obligor_residence"].strip(),
            {name.partition(".")[2]: value for name, value in self.declared().items()},
        )


class NobodyForm(forms.Form):
    """Members of whom the family says that nobody is obliged to support them."""

    persons = forms.MultipleChoiceField(
        label=_("谁没有法定义务人"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("问过、确实没有的才勾；没问到的不要勾。"),
        error_messages={"required": _("请至少勾一个人。")},
    )

    def __init__(self, *args: Any, open_ones: Sequence[Obliged], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["persons"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(one.person), one.name) for one in open_ones]

    def chosen(self) -> list[uuid.UUID]:
        """Who was ticked."""
        return [uuid.UUID(key) for key in self.cleaned_data["persons"]]


def _initial(held: Obligor, facts: Sequence[FactDefinition]) -> dict[str, object]:
    said = {fact.qualified: held.facts[fact.name] for fact in facts if fact.name in held.facts}
    who = {"obligor_name": held.name, "obligor_relation": held.relation, "obligor_residence": held.residence}
    return initial_of(facts, said) | who
