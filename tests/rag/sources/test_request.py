"""What a person may write to have papers fetched, and what is none of it."""

from __future__ import annotations

import pytest

from rag.errors import FetchFailed
from rag.sources.request import MOST_REFERENCES, Reference, Search, looks_like_references, reference, references, search


@pytest.mark.parametrize(
    ("text", "kind", "id"),
    [
        ("arxiv:2503.24322", "arxiv", "2503.24322"),
        ("2503.24322v2", "arxiv", "2503.24322"),
        ("arXiv:cs/0112017", "arxiv", "cs/0112017"),
        ("https://arxiv.org/abs/2503.24322v1", "arxiv", "2503.24322"),
        ("https://arxiv.org/pdf/2503.24322.pdf", "arxiv", "2503.24322"),
        ("https://huggingface.co/papers/2503.24322", "arxiv", "2503.24322"),
        ("https://huggingface.co/papers/2503.24322?utm=x", "arxiv", "2503.24322"),
        ("https://www.alphaxiv.org/abs/2503.24322", "arxiv", "2503.24322"),
        ("https://doi.org/10.48550/arXiv.2503.24322", "arxiv", "2503.24322"),
        ("doi:10.1000/182", "doi", "10.1000/182"),
        ("DOI:10.1000/ABC", "doi", "10.1000/abc"),
        ("10.1000/182", "doi", "10.1000/182"),
        ("https://doi.org/10.1000/182", "doi", "10.1000/182"),
        ("https://dl.acm.org/doi/abs/10.1145/3292500.3330701", "doi", "10.1145/3292500.3330701"),
        ("https://dl.acm.org/doi/pdf/10.1145/3292500.3330701?download=true", "doi", "10.1145/3292500.3330701"),
        ("https://link.springer.com/article/10.1007/s10994-021-05946-3", "doi", "10.1007/s10994-021-05946-3"),
        ("https://onlinelibrary.wiley.com/doi/10.1002/abc.123/full", "doi", "10.1002/abc.123"),
        ("https://www.biorxiv.org/content/10.1101/2020.01.02.123456v1.full.pdf", "doi", "10.1101/2020.01.02.123456"),
        ("https://www.biorxiv.org/content/10.1101/2020.01.02.123456v2", "doi", "10.1101/2020.01.02.123456"),
        ("https://aclanthology.org/2020.acl-main.1/", "doi", "10.18653/v1/2020.acl-main.1"),
        ("https://aclanthology.org/P19-1001.pdf", "doi", "10.18653/v1/p19-1001"),
        ("openalex:W2741809807", "openalex", "W2741809807"),
        ("https://openalex.org/works/w2741809807", "openalex", "W2741809807"),
        ("daily:2025-08-20", "daily", "2025-08-20"),
        ("https://huggingface.co/papers/date/2025-08-20", "daily", "2025-08-20"),
    ],
)
def test_ids_and_addresses(text: str, kind: str, id: str) -> None:
    found = reference(text)
    assert (found.kind, found.id) == (kind, id)


@pytest.mark.parametrize(
    "text",
    [
        "", "hello", "arxiv:", "doi:abc", "openalex:A123", "https://example.com/paper",
        "file:///etc/passwd", "javascript:alert(1)", "https://[::1", "http://169.254.169.254/latest", "9999.99999", "x" * 3000,
    ],
)  # fmt: skip
def test_what_is_none_is_refused_with_what_would_be_one(text: str) -> None:
    with pytest.raises(FetchFailed, match="arXiv id"):
        reference(text)


def test_several_in_one_text_each_once() -> None:
    text = "2503.24322, arXiv:2503.24322v3\n<https://doi.org/10.1000/182>; (arXiv: 2401.00001)"
    assert [str(one) for one in references(text)] == ["arxiv:2503.24322", "doi:10.1000/182", "arxiv:2401.00001"]


def test_too_many_at_once_are_refused() -> None:
    with pytest.raises(FetchFailed, match=str(MOST_REFERENCES)):
        references(" ".join(f"2401.{number:05d}" for number in range(MOST_REFERENCES + 1)))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("2503.24322", True),
        ("https://doi.org/10.1000/182 2503.24322", True),
        ("", False),
        ("A title\n\nAn abstract with 2503.24322 in it. It has two sentences.", False),
        ("@article{a, title={x}}", False),
    ],
)
def test_a_pasted_text_that_names_papers_is_told_from_one_that_holds_them(text: str, named: bool) -> None:
    assert looks_like_references(text) is named


def test_searches() -> None:
    assert search("arxiv", "  ti:graph AND\ncat:cs.LG ", 500) == Search("arxiv", "ti:graph AND cat:cs.LG", 500)
    for wrong in (("doi", "x", 5), ("arxiv", "", 5), ("arxiv", "x", 0), ("openalex", "x", 10_001), ("arxiv", "x" * 3000, 5)):
        with pytest.raises(FetchFailed):
            search(*wrong)


def test_references_are_values() -> None:
    assert Reference("doi", "10.1000/182") == reference("10.1000/182")


def test_a_day_may_follow_its_service() -> None:
    assert references("daily 2025-08-20") == references("daily:2025-08-20")
    for text in ("daily", "daily:2025-02-30", "daily:20250820"):
        with pytest.raises(FetchFailed, match="need a date"):
            references(text)
