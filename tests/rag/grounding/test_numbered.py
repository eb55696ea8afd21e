"""Phases, types, centuries and ranks by their number, whatever its form."""

from __future__ import annotations

import pytest

from rag.grounding.numbered import other_number


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("It was a phase II trial.", "It was a phase 3 trial."),
        ("Type 1 diabetes is rare.", "Type II diabetes is common."),
        ("It fell in the 18th century.", "It fell in the XIX century."),
        ("They came in third place.", "They came in second place."),
        ("World War I began.", "World War II began."),
        ("World War I began.", "The Second World War began."),
        ("World War I began.", "WW2 began."),
        ("It was built before WWII.", "It was built before World War I."),
        ("Sales rose in the third quarter.", "Sales rose in the fourth quarter."),
        ("A stage IV tumour was found.", "Stage I–III tumours were found."),
    ],
)
def test_another_number_of_the_thing_is_told(claim: str, source: str) -> None:
    found = other_number(claim, [source])
    assert found is not None
    assert found[0] in claim
    assert found[1] in source


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("It was a phase III trial.", "It was a phase 3 trial."),
        ("It was a phase two trial.", "Phases I and II were run."),
        ("Stage II tumours were found.", "Stage I–III tumours were found."),
        ("Stage III tumours were found.", "Stage IIIa tumours were found."),
        ("It fell in the nineteenth century.", "It fell in the XIX century."),
        ("It was in the twenty-first century.", "It was in the 21st century."),
        ("The Second World War ended.", "World War II ended."),
        ("World War I ended.", "After the WW1 memorial, World War Two has its own."),
        ("It was built before WW II.", "It was built before the First and the Second World War."),
        ("It was a phase 3 trial.", "It was a trial."),
        ("It is a class of its own.", "Class 2 is the largest."),
    ],
)
def test_the_same_number_or_none_is_no_contrast(claim: str, source: str) -> None:
    assert other_number(claim, [source]) is None
