"""As a new user would: a Zotero library of 300 papers in, asked, changed, synchronised again, written as BibTeX with the same keys."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

from zotero_server import ZoteroLibrary

from tests.conftest import Command

COUNT = 300
THINGS = "lanterns saddles kettles ladders anchors bellows chisels looms ploughs sundials barrels pulleys".split()
WAYS = "a magnet, a mirror, warm sand, two springs, a steel comb, slow rain, a candle, woven reeds, salt water, a spinning drum".split(
    ", "
)
PLACES = "Norway Malta Chile Nepal Ghana Japan Peru Kenya Cuba Laos".split()


def abstract(number: int) -> str:
    """Three sentences that no other paper has."""
    pick = random.Random(number)
    thing, way, place = pick.choice(THINGS), pick.choice(WAYS), pick.choice(PLACES)
    return (
        f"Repairing {thing} by hand is slow. We present Tool{number}, which repairs {thing} with {way}. "
        f"In a field study in {place}, Tool{number} repaired {number + 40} {thing} a week."
    )


def library() -> tuple[ZoteroLibrary, dict[str, str]]:
    """The library, and the citation key of each title: a third each from Zotero's field, from `extra`, and as Zotero exports it."""
    zotero, keys = ZoteroLibrary(), {}
    shelves = [zotero.collection("Tools")]
    shelves.append(zotero.collection("Field studies", shelves[0]))
    for number in range(COUNT):
        title = f"Tool{number}: Repairs Without Hands"
        own: dict[str, str] = {}
        if number % 3 == 0:
            keys[title] = own["citationKey"] = f"lind{number}Repairs"
        elif number % 3 == 1:
            keys[title] = f"lind:{number}_repairs"
            own["extra"] = f"tex.note: x\nCitation Key: {keys[title]}"
        else:
            keys[title] = f"lind_tool{number}:_{2000 + number % 25}"
        zotero.add(
            title=title, abstractNote=abstract(number), date=f"{2000 + number % 25}", creators=["Bo Lind", "Ada Ek"],
            publicationTitle="Journal of Tools", DOI=f"10.1000/tool.{number}", inside=[shelves[number % 2]] if number % 5 else [], **own,
        )  # fmt: skip
    return zotero, keys


def bibtex_keys(text: str) -> dict[str, str]:
    """Title to citation key of a BibTeX file."""
    return {title: key for key, title in re.findall(r"@\w+\{([^,]+),\s*title = \{\{(.*?)\}\}", text)}


def test_a_whole_zotero_library_in_and_kept_in_step(command: Command, tmp_path: Path, home: Path) -> None:
    zotero, keys = library()
    items = list(zotero.items)
    with zotero.served() as server:
        done = json.loads(command("sync", "zotero", "--server", server.url, "--json").out)
        assert (len(done["added"]), done["refused"], done["collections"]) == (COUNT, [], ["Tools", "Tools / Field studies"])

        asked = json.loads(
            command("ask", "What does Tool137 repair with?", "--json", "--collection", "Tools / Field studies").out
        )
        assert asked["citations"][0]["paper"]["id"] == "doi:10.1000/tool.137"
        assert asked["citations"][0]["quote"] in abstract(137)
        other = command("ask", "What does Tool137 repair with?", "--json", "--collection", "Tools")
        assert "doi:10.1000/tool.137" not in {hit["paper"]["id"] for hit in json.loads(other.out)["hits"]}

        zotero.change(items[137], abstractNote=abstract(137).replace("field study", "long winter"))
        zotero.change(items[10], title="Tool10: Repairs With Feet")
        keys["Tool10: Repairs With Feet"] = keys.pop("Tool10: Repairs Without Hands")
        zotero.put_in(items[0], next(iter(zotero.collections)))
        zotero.trash.update(items[20:22])
        new = {"citationKey": "ek2025new", "DOI": "10.1000/new", "date": "2025"}
        zotero.add(title="A New Tool", abstractNote=abstract(999), creators=["Ada Ek"], **new)
        keys["A New Tool"] = "ek2025new"
        server.asked.clear()
        done = json.loads(command("sync", "zotero", "--server", server.url, "--json").out)
        assert (done["added"], sorted(done["updated"])) == (["doi:10.1000/new"], ["doi:10.1000/tool.10", "doi:10.1000/tool.137"])
        assert {each["title"] for each in done["gone"]} == {f"Tool{number}: Repairs Without Hands" for number in (20, 21)}
        assert done["pruned"] == []
        pages = [request for request in server.asked if "include" in request.parameters]
        assert len(pages) == 1

    asked = json.loads(command("ask", "Where did Tool137 repair things in a long winter?", "--json").out)
    assert "long winter" in asked["citations"][0]["quote"]
    found = json.loads(command("papers", "--json").out)
    assert sum(paper["id"].startswith("doi:10.1000/") for paper in found) == COUNT + 1
    inside = {paper["id"] for paper in json.loads(command("collections", "show", "Tools", "--json").out)}
    assert "doi:10.1000/tool.0" in inside

    written = bibtex_keys(command("papers", "export").out)
    assert {title: key for title, key in written.items() if title in keys} == keys
    assert len(set(written.values())) == len(written) == COUNT + 1 + 58
