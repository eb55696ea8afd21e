"""As a new user would: a Zotero library of 300 papers comes in, is asked, changes, is followed again, and goes out as BibTeX with the same keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from zotero_server import ZoteroLibrary

from rag.build import open_library
from rag.ingestion import read_papers
from rag.paperchat import Paperchat
from rag.settings import Settings
from rag.sources.client import Client
from rag.sources.zotero_api import ZoteroApi, zotero_service
from rag.sources.zotero_sync import Synced, ZoteroSync
from rag.types import AskOptions, Paper
from ui.export.papers import exported

COUNT = 300
WITHOUT_TEXT = 290
"""From this one on, items have no abstract."""
PLANTS = "moss lichen fern heather bramble willow alder birch juniper sedge".split()
PLACES = "slate roofs harbour walls|peat bogs|salt marshes|river banks|quarry floors|railway yards|orchard edges|mountain huts|church towers|mill ponds".split(
    "|"
)
TOOLS = "infrared cameras|soil probes|time lapse photographs|drones|weather balloons|hand lenses".split("|")


def text_of(number: int) -> str:
    plant, place, tool = PLANTS[number % 10], PLACES[number // 10 % 10], TOOLS[number // 50]
    return f"The {plant} of {place} is little known. We surveyed {100 + number} sites with {tool}. The {plant} covered {number} percent more ground than before."


def title_of(number: int) -> str:
    return f"Survey {number} of {PLANTS[number % 10]} on {PLACES[number // 10 % 10]}"


@pytest.fixture
def zotero() -> ZoteroLibrary:
    zotero = ZoteroLibrary()
    thesis = zotero.collection("Thesis")
    for number in range(COUNT):
        zotero.add(
            title=title_of(number), abstractNote=text_of(number) if number < WITHOUT_TEXT else "", date=str(1990 + number % 30), creators=["Eva Muster", f"Bo Ek{number}"],
            publicationTitle="Journal of Plants", DOI=f"10.5555/plant.{number}", extra=f"Citation Key: muster{number}", inside=[thesis] * (number < 40),
        )  # fmt: skip
    zotero.add("note", note="<p>not a paper</p>")
    return zotero


@pytest.fixture
def paperchat(tmp_path: Path) -> Iterator[Paperchat]:
    with open_library(
        tmp_path / "library", settings=Settings(home=tmp_path / "library", bundled=False, reader=False)
    ) as paperchat:
        yield paperchat


def synced(paperchat: Paperchat, zotero: ZoteroLibrary) -> Synced:
    with zotero.served() as server, Client(sleep=lambda _: None) as client:
        return ZoteroSync(paperchat.library, ZoteroApi(client, zotero_service(server.url))).run()


def test_a_library_of_zotero_in_asked_changed_followed_and_out(
    paperchat: Paperchat, zotero: ZoteroLibrary, tmp_path: Path
) -> None:
    first = synced(paperchat, zotero)
    assert (len(first.added.added), len(first.added.title_only), first.added.refused) == (COUNT, COUNT - WITHOUT_TEXT, ())
    assert paperchat.collections.named("Thesis").papers == 40

    answer = paperchat.ask("What does muster17 report?")
    assert {citation.paper.keys for citation in answer.citations} == {("muster17",)}
    inside = paperchat.ask("How many sites with heather were surveyed?", options=AskOptions(scope=paperchat.within(["Thesis"])))
    assert {int(citation.paper.keys[0].removeprefix("muster")) < 40 for citation in inside.citations} <= {True}

    keys = list(zotero.items)
    zotero.change(keys[3], abstractNote=text_of(3).replace("little known", "well known since 1900"))
    zotero.change(keys[5], title="A renamed survey of willow on harbour walls")
    added = zotero.add(
        title="Thistles by the sea",
        abstractNote="We counted 12 thistles.",
        extra="Citation Key: new1",
        creators=["Cem Lind"],
        date="2024",
        DOI="10.5555/thistle",
    )
    zotero.put_in(added, next(iter(zotero.collections)))
    second = synced(paperchat, zotero)
    assert len(second.added.added) == 1
    assert len(second.added.updated) == 2
    assert paperchat.collections.named("Thesis").papers == 41
    assert "since 1900" in paperchat.library.paper("doi:10.5555/plant.3").abstract
    assert synced(paperchat, zotero).added.changed is False

    out = tmp_path / "out.bib"
    out.write_text(exported(paperchat.papers(), "bibtex"), encoding="utf-8")
    wanted = [f"muster{number}" for number in range(COUNT)] + ["new1"]
    assert sorted(re.findall(r"^@\w+\{([^,]+),", out.read_text(encoding="utf-8"), re.MULTILINE)) == sorted(wanted)
    again = [one for one in read_papers(out) if isinstance(one, Paper)]
    assert {paper.keys[0] for paper in again} == set(wanted)
    for before, after in zip(paperchat.papers(), again, strict=True):
        assert (before.id, before.title, before.authors, before.year, before.venue) == (
            after.id,
            after.title,
            after.authors,
            after.year,
            after.venue,
        )
    dry = paperchat.library.preview(again)
    assert dry.added == ()
    assert dry.refused == ()
