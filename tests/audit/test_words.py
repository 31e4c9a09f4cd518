"""Every act and look that the code writes has words for people."""

from __future__ import annotations

import re

from doudi.audit.queries.words import KINDS, WORDS, act_said, word_of
from tests.architecture.project import modules

WRITTEN = re.compile(r'verb="([a-z_]+\.[a-z_]+)"|looked\(request, \w+, "([a-z_]+\.[a-z_]+)"\)')

ABOUT = re.compile(r'(?:subjects|about)\s*=\s*\[?\(?\*?\[?\("([a-z_]+)",')


def written() -> set[str]:
    """Verbs that stand in the code as they are."""
    found = set()
    for path in modules():
        found |= {first or second for first, second in WRITTEN.findall(path.read_text(encoding="utf-8"))}
    return found


def test_every_verb_has_words() -> None:
    verbs = written()
    assert len(verbs) > 60
    assert sorted(verbs - set(WORDS)) == []


def test_every_kind_of_subject_has_words() -> None:
    kinds = {kind for path in modules() for kind in ABOUT.findall(path.read_text(encoding="utf-8"))}
    assert len(kinds) > 20
    assert sorted(kinds - set(KINDS)) == []


def test_a_verb_without_words_is_shown_as_it_is() -> None:
    assert (
        word_of("desk.unheard_of") == "desk.unheard_of"
        and word_of("page.desk.search") == "打开了页面"
        and word_of("cases.propose_opinion") == "提出了拟办意见"
    )


def test_a_page_that_was_refused_has_words_too() -> None:
    assert act_said("accounts.list", "refused") == "打开了页面"
    assert act_said("cases.propose_opinion", "refused") == "提出了拟办意见"
    assert act_said("desk.unheard_of", "done") == "desk.unheard_of"
