"""Names of groups: the words that tell a group from the others, as its papers spell them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rag.explore.topics import TERMS, names
from rag.types import Paper


def papers(*titles: str, abstract: str = "We show results.") -> list[Paper]:
    return [Paper(f"title:{title}", title, abstract) for title in titles]


def test_a_group_is_named_by_what_the_others_do_not_speak_of() -> None:
    graphs = papers("Message passing on graphs", "Graphs and message passing", "Graph networks")
    brains = papers("Brain MRI segmentation", "Segmentation of the brain", "Networks of a brain")
    found = names([graphs, brains])
    assert "message passing" in found[0]
    assert "brain" in " ".join(found[1])
    assert "network" not in " ".join(found[0] + found[1]).lower()


def test_prose_names_nothing() -> None:
    assert names([papers("A novel method", "A novel method for tasks", "We show a novel method")]) == [()]


def test_the_commonest_spelling_counts_and_abbreviations_keep_their_capitals() -> None:
    found = names([papers("LLM safety", "LLMs Safety", "LLMs and safety"), papers("Rivers", "River walks")])
    assert found[0] == ("LLMs", "safety")
    assert found[1][0] in ("rivers", "river")


def test_no_word_stands_in_two_terms_of_a_name() -> None:
    (found,) = names([papers("sparse graph kernels", "sparse graph kernels", "graph kernels sparse")])
    spoken = [word for term in found for word in term.split()]
    assert len(spoken) == len(set(spoken))


def test_no_group_and_an_empty_group() -> None:
    assert names([]) == []
    assert names([[], papers("Brains", "Brains")])[0] == ()


@given(st.lists(st.lists(st.text(max_size=30), max_size=5), max_size=4))
def test_any_titles_give_short_names(groups: list[list[str]]) -> None:
    found = names([papers(*titles) for titles in groups])
    assert len(found) == len(groups)
    assert all(len(terms) <= TERMS for terms in found)
    assert found == names([papers(*titles) for titles in groups])
