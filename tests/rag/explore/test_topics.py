"""Names of groups: the words that tell a group from the others, as its papers spell them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rag.explore.topics import TERMS, Name, names
from rag.types import Paper


def papers(*titles: str, abstract: str = "We show results.") -> list[Paper]:
    return [Paper(f"title:{title}", title, abstract) for title in titles]


def test_a_group_is_named_by_what_the_others_do_not_speak_of() -> None:
    graphs = papers("Message passing on graphs", "Graphs and message passing", "Graph networks")
    brains = papers("Brain MRI segmentation", "Segmentation of the brain", "Networks of a brain")
    found = names([graphs, brains])
    assert found[0].title == "Message passing"
    assert "brain" in " ".join(found[1].terms)
    assert "network" not in " ".join(found[0].terms + found[1].terms).lower()


def test_prose_names_nothing() -> None:
    assert names([papers("A novel method", "A novel method for tasks", "We show a novel method")]) == [Name("")]


def test_the_commonest_spelling_counts_and_abbreviations_keep_their_capitals() -> None:
    found = names([papers("LLM safety", "LLMs Safety", "LLMs and safety"), papers("Rivers", "River walks")])
    assert found[0].terms == ("LLM safety",) or found[0].terms[0] in ("LLMs", "LLMs safety")
    assert found[1].title in ("Rivers", "River")


def test_no_word_stands_in_two_terms_of_a_name() -> None:
    (found,) = names([papers("sparse graph kernels", "sparse graph kernels", "graph kernels sparse")])
    spoken = [word for term in found.terms for word in term.split()]
    assert len(spoken) == len(set(spoken))


def test_a_longer_phrase_stands_for_the_words_in_it() -> None:
    (found, _) = names(
        [
            papers("Neural radiance fields of rooms", "Neural radiance fields", "Sharper neural radiance fields"),
            papers("Rivers", "Rivers"),
        ]
    )
    assert found.title == "Neural radiance fields"
    assert "radiance" not in found.terms


def test_a_word_that_only_qualifies_is_named_with_what_it_qualifies() -> None:
    (found, _) = names([papers("Equivariant networks", "An equivariant network", "Equivariant maps"), papers("Rivers", "Rivers")])
    assert found.title.lower().startswith("equivariant network")


def test_what_stands_in_several_titles_names_a_group_rather_than_what_stands_in_none() -> None:
    groups = [
        papers("A hypergraph", "On the hypergraph", "Why the hypergraph?", abstract="The target hexagon is fed. The target hexagon sleeps."),
        papers("Rivers", "River walks", "Rivers and boats"),
    ]  # fmt: skip
    assert names(groups)[0].title == "Hypergraph"


def test_one_everyday_word_gives_way_to_a_word_of_the_field() -> None:
    groups = [papers("Supernet completion", "Completion of a supernet", "Supernet, completion"), papers("Rivers", "Rivers")]
    assert names(groups)[0].terms[0].startswith("supernet")


def test_a_single_word_is_a_plural_where_its_papers_write_one() -> None:
    groups = [papers("A hypergraph", "On the hypergraph", "Hypergraphs"), papers("Rivers", "Rivers")]
    assert names(groups)[0].title.startswith("Hypergraphs")
    segments = [papers("Segmentation of kidneys", "Kidney segmentation", "Segments, segmentation"), papers("Rivers", "Rivers")]
    assert "Segments" not in names(segments)[0].title


def test_an_abbreviation_does_not_repeat_what_it_stands_for() -> None:
    talks = papers("Large language models that talk", "LLMs, large language models", "Large language models: LLMs")
    (found, _) = names([talks, papers("Rivers", "Rivers")])
    assert len({"LLMs", "large language models"} & set(found.terms)) == 1


def test_words_on_two_sides_of_a_sign_make_no_phrase() -> None:
    (found, _) = names([papers("Tumors, kidneys", "Tumors. Kidneys", "Tumors; kidneys"), papers("Rivers", "Rivers")])
    assert found.terms == ("kidneys", "tumors")


def test_no_group_and_an_empty_group() -> None:
    assert names([]) == []
    assert names([[], papers("Brains", "Brains")])[0] == Name("")


@given(st.lists(st.lists(st.text(max_size=30), max_size=5), max_size=4))
def test_any_titles_give_short_names(groups: list[list[str]]) -> None:
    found = names([papers(*titles) for titles in groups])
    assert len(found) == len(groups)
    assert all(len(name.terms) <= TERMS for name in found)
    assert found == names([papers(*titles) for titles in groups])


def test_what_stands_like_a_verb_names_nothing() -> None:
    abstract = "We assess the quokka. To assess a quokka, we use maps, jointly optimizing the hive."
    groups = [
        papers("Quokka maps", "Maps of a quokka", "The quokka", abstract=abstract),
        papers("Rivers", "River walks", "A river"),
    ]
    spoken = " ".join(names(groups)[0].terms)
    assert "quokka" in spoken
    assert "assess" not in spoken
    assert "optimizing" not in spoken


def test_a_term_is_spelt_as_a_noun_where_its_papers_write_one() -> None:
    abstract = "Honey regulates the hive. Honey regulates a swarm. Of regulation little is known."
    groups = [papers("Hive regulation", "Regulation of hives", abstract=abstract), papers("Rivers", "River walks")]
    assert "regulates" not in names(groups)[0].terms
    assert any("regulation" in term for term in names(groups)[0].terms)


def test_a_name_keeps_its_capital_and_the_words_of_a_heading_do_not() -> None:
    abstract = "We study Gaussian hives and the Neural Tangent Hive, that is a neural tangent hive. All Gaussian hives hum."
    (found, _) = names([papers("Gaussian Hives", "On Gaussian Hives", abstract=abstract), papers("Rivers", "River walks")])
    assert "Gaussian" in found.title
    assert "Tangent" not in " ".join(found.terms)


def test_a_plural_that_one_paper_uses_in_passing_is_not_the_name() -> None:
    abstract = "We fight malaria. Malaria is bad, and so is malaria in rain. As to malaria, it spreads."
    groups = [papers("Malaria", "On malaria", "Malarias", abstract=abstract), papers("Rivers", "River walks")]
    assert names(groups)[0].title == "Malaria"


def test_a_word_before_another_keeps_the_form_that_it_has_there() -> None:
    abstract = "We study the robot control of hives. The robots hum. Of robots little is known, and robot control is hard."
    (found, _) = names(
        [papers("Robot control", "A robot control", "On robot control", abstract=abstract), papers("Rivers", "River walks")]
    )
    assert "robots control" not in [term.lower() for term in (found.title, *found.terms)]
