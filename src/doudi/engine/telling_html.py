"""A proposal as HTML, zh and en: every reason folded up under what it leads to, readable without a script.

Everything is escaped; there is no style in it, only the classes of the house's stylesheet. A step that several others
use is told once and linked to from the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from doudi.engine.alternatives import Alternatives
from doudi.engine.alternatives_told import offer_text, offered
from doudi.engine.proposal import Proposal, Step
from doudi.engine.telling import OUTCOMES, WORDS, basis_text, figure_text, missing_text, source_text

_TAGS = {"eligible": "ok", "not_eligible": "late", "undetermined": "wait"}
_LANG = {"zh": "zh-CN", "en": "en"}


def proposal_html(proposal: Proposal, lang: str) -> str:
    """The proposal as one <article>."""
    return "\n".join(_article(proposal, lang))


def alternatives_html(found: Alternatives, lang: str) -> str:
    """What else fits, as one <article>: a list for the chain, each package and the other programmes."""
    return "\n".join(_offers(found, lang))


def proposal_page(proposal: Proposal, lang: str, others: Alternatives | None = None) -> str:
    """The same as a page of its own, with what else fits below it."""
    title = escape(proposal.headline[lang])
    more = f"{alternatives_html(others, lang)}\n" if others is not None else ""
    return (
        f'<!doctype html>\n<html lang="{_LANG[lang]}">\n<head><meta charset="utf-8"><title>{title}</title></head>\n'
        f"<body>\n{proposal_html(proposal, lang)}\n{more}</body>\n</html>"
    )


def _offers(found: Alternatives, lang: str) -> Iterator[str]:
    yield f'<article lang="{_LANG[lang]}">'
    for heading, offers in offered(found, lang):
        yield f"<section>\n<h2>{escape(heading)}</h2>\n<ul>"
        yield from (f"<li>{escape(offer_text(offer, lang))}</li>" for offer in offers)
        yield "</ul>\n</section>"
    yield "</article>"


def _article(proposal: Proposal, lang: str) -> Iterator[str]:
    words = WORDS[lang]
    yield f'<article lang="{_LANG[lang]}">'
    yield f"<h1>{escape(proposal.headline[lang])}</h1>"
    day, rules = proposal.as_of.isoformat(), proposal.rulebook[:12]
    yield f"<p>{escape(words['as_of'].format(day=day, place=proposal.place, hash=rules))}</p>"
    yield '<ul class="tags">'
    for result in proposal.programmes:
        said = f"{result.label[lang]} {OUTCOMES[lang][result.outcome]}"
        yield f'<li><span class="tag {_TAGS[result.outcome]}">{escape(said)}</span></li>'
    yield "</ul>"
    if proposal.missing:
        yield f"<section>\n<h2>{escape(words['missing'].rstrip('：:'))}</h2>\n<ul>"
        yield from (f"<li>{escape(missing_text(item, lang))}</li>" for item in proposal.missing)
        yield "</ul>\n</section>"
    if proposal.steps:
        yield f'<section class="ledger">\n<h2>{escape(words["steps"].rstrip("：:"))}</h2>'
        yield from Steps(proposal, lang).told()
        yield "</section>"
    yield "</article>"


class Steps:
    """The steps of one proposal, each told where it is first needed."""

    def __init__(self, proposal: Proposal, lang: str) -> None:
        self._lang, self._household = lang, proposal.household
        self._steps = {step.id: step for step in proposal.steps}
        self._anchors = {step.id: f"step-{number}" for number, step in enumerate(proposal.steps, 1)}
        self._told: set[str] = set()

    def told(self) -> Iterator[str]:
        """Those that lead to no other first, the last worked out before the others."""
        used = {name for step in self._steps.values() for name in step.inputs}
        for step in reversed(self._steps.values()):
            if step.id not in used:
                yield from self._step(step)

    def _step(self, step: Step) -> Iterator[str]:
        self._told.add(step.id)
        words, lang = WORDS[self._lang], self._lang
        imputed = (
            f' <span class="tag info">{escape(words["imputed"].strip("〔〕[] "))}</span>' if step.is_imputed else ""
        )
        yield f'<details id="{self._anchors[step.id]}">'
        yield f"<summary><b>{self._name(step)}{imputed}</b><span>{escape(step.shown[lang])}</span></summary>"
        yield '<div class="in">'
        yield f"<p>{escape(step.sentence[lang])}</p>"
        yield f"<p>{escape(words['worked'])}: {escape(step.formula[lang])}</p>"
        yield f"<p>= {escape(step.worked[lang])}</p>"
        lines = [(words["figure"], figure_text(figure, lang), "") for figure in step.parameters]
        lines += [(words["source"], f"{one['label'][lang]}, {source_text(one, lang)}", "") for one in step.sources]
        lines += [(words["article"], basis_text(basis, lang), ' class="law"') for basis in step.basis]
        yield from (f"<p{attribute}>{escape(word)}: {escape(text)}</p>" for word, text, attribute in lines)
        for name in step.inputs:
            if name in self._steps:
                yield from self._used(self._steps[name])
        yield "</div>\n</details>"

    def _used(self, step: Step) -> Iterator[str]:
        if step.id not in self._told:
            yield from self._step(step)
            return
        link = f'<a href="#{self._anchors[step.id]}">{self._name(step)}</a>'
        yield f"<p>{link} {escape(step.shown[self._lang])}</p>"

    def _name(self, step: Step) -> str:
        whose = "" if step.subject == self._household else f"{step.subject} "
        return escape(f"{whose}{step.label[self._lang]}")
