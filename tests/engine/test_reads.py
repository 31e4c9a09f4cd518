"""What the chains are worked out from, and what other programmes ask beyond it."""

from __future__ import annotations

from doudi.engine.reads import read_by_chains
from tests.engine.small import BASIS, programme, rule, rulebook_of, said


def test_a_chain_reads_its_programmes_facts_and_what_decides_their_figures_but_not_those_of_other_programmes() -> None:
    book = rulebook_of(
        {"household.is_poor": rule("boolean", "household.x < 3")},
        programmes={"inside": programme("household.is_poor"), "outside": programme("household.q")},
        chains={"c": {"label": said("依次"), "programmes": ["inside"], "basis": BASIS}},
    )
    read = read_by_chains(book)
    assert {"household.inside__eligible", "household.is_poor", "household.x"} <= read
    assert not {"household.outside__outcome", "household.q"} & read
