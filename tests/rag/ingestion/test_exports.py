"""Every format as people bring it: how many papers of a file are right, and that no other text becomes papers."""

from __future__ import annotations

import gzip
import json
import re
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from rag.errors import ImportFailed
from rag.ingestion import read_papers, read_text
from rag.types import Paper, Refused

HERE = Path(__file__).parents[2] / "data"
MARKS = re.compile(
    r"</?[a-z]+[^<>]*>|&(?:amp|lt|gt|nbsp|#[0-9]+);|\\emph|\bjats:|\A(?:abstract|summary)[:.]|©|all rights reserved",
    re.IGNORECASE,
)

EXPECTED: dict[str, tuple[int, int, int]] = {
    # file: papers, of them without abstract, refused
    "acl.bib": (1, 0, 0), "arxiv-dump.json": (1, 0, 0), "arxiv-listing.txt": (2, 0, 0), "arxiv-page.txt": (1, 0, 0), "arxiv.atom": (1, 0, 0),
    "crossref.json": (2, 1, 0), "csl.json": (1, 0, 0), "daily.html": (1, 0, 0), "daily.json": (1, 0, 0), "daily.md": (2, 0, 0),
    "endnote.enw": (2, 1, 0), "endnote.xml": (1, 0, 0), "gbk.bib": (1, 0, 0), "greek.ris": (1, 0, 0), "library.bib": (2, 1, 0),
    "openalex.json": (1, 0, 0), "openreview.json": (1, 0, 0), "ovid-names.txt": (1, 0, 0), "ovid-tags.txt": (2, 1, 0),
    "packed.jsonl.gz": (1, 0, 0), "packed.jsonl.zst": (1, 0, 0), "packed.zip": (2, 0, 0), "paperlist.json": (1, 0, 0), "pubmed.nbib": (2, 1, 0),
    "pubmed.xml": (2, 0, 1), "refworks.txt": (2, 1, 0), "semantic-scholar.jsonl": (2, 1, 0), "table.xlsx": (2, 0, 0),
    "crossref.xml": (1, 0, 0), "dblp.xml": (1, 1, 0), "jats.xml": (1, 0, 0), "tei.xml": (1, 0, 0), "dimensions.csv": (1, 0, 0), "eric.nbib": (2, 1, 0), "lists-in-cells.csv": (1, 0, 0),
    "mods.xml": (1, 0, 0), "openalex.csv": (1, 1, 0), "ovid-first.txt": (2, 1, 0), "round.bib": (2, 1, 0), "springerlink.csv": (1, 1, 0),
    "type-late.enw": (2, 1, 0), "zotero.rdf": (1, 0, 0),
    "marc.xml": (2, 1, 0), "CITATION.cff": (1, 0, 0), "zotero-apart.rdf": (3, 1, 0), "acl.xml": (1, 0, 0), "arxiv-mail.txt": (3, 1, 0),
    "web-of-science-tab.txt": (2, 0, 0), "web-of-science.txt": (2, 1, 0), "zotero-cp1252.csv": (2, 1, 0), "zotero.ris": (2, 1, 0),
}  # fmt: skip
FIRST_AUTHOR = {
    "gbk.bib": "明 李",
    "greek.ris": "Νίκος Παπάς",
    "zotero-cp1252.csv": "Jörg Müller",
    "arxiv-dump.json": "Jörg Müller",
    "web-of-science-tab.txt": "E Muster",
}
WITHOUT_PEOPLE = {"daily.md", "packed.jsonl.gz", "packed.jsonl.zst", "packed.zip"}
WITHOUT_YEAR = WITHOUT_PEOPLE


def taken(path: Path) -> tuple[list[Paper], list[Refused]]:
    found = list(read_papers(path))
    return [one for one in found if isinstance(one, Paper)], [one for one in found if isinstance(one, Refused)]


def test_every_file_is_expected_to_be_something() -> None:
    assert {path.name for path in (HERE / "exports").iterdir()} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_file_of_each_format_is_read_right(name: str) -> None:
    papers, refused = taken(HERE / "exports" / name)
    assert (len(papers), sum(paper.title_only for paper in papers), len(refused)) == EXPECTED[name]
    first = papers[0]
    assert not MARKS.search(f"{first.title} {first.abstract}")
    assert first.title_only or first.abstract.endswith((".", "。", "β."))
    if name not in WITHOUT_PEOPLE:
        assert first.authors[0] == FIRST_AUTHOR.get(name, "Eva Muster")
    if name not in WITHOUT_YEAR:
        assert first.year == 2021


def test_labels_of_parts_are_kept_as_names() -> None:
    papers, _ = taken(HERE / "exports" / "pubmed.xml")
    assert [(part.name, part.span.of(papers[0].abstract)) for part in papers[0].parts] == [
        ("Background", "Coastal gulls steal food."),
        ("Results", "Gulls attacked 3.2 times as often (p < 0.05)."),
    ]
    assert papers[0].title == "Watched Larus steal less"


def test_a_journal_that_stands_apart_is_named() -> None:
    papers, _ = taken(HERE / "exports" / "zotero-apart.rdf")
    assert [paper.venue for paper in papers] == ["Journal of Gulls", "Journal of Gulls", "Proceedings of Bird Days"]


def test_a_catalogue_and_a_citation_file_are_read_field_by_field() -> None:
    first, second = taken(HERE / "exports" / "marc.xml")[0]
    assert (first.id, first.title, first.authors) == (
        "doi:10.5555/g.1",
        "Watched gulls steal less: a study in four harbours",
        ("Eva Muster", "Bo Ek"),
    )
    assert (first.venue, first.abstract) == ("Journal of Gulls", "Coastal gulls steal food. Gulls attacked 3.2 times as often.")
    assert (second.title, second.year) == ("Moss on slate", 2020)
    cited = taken(HERE / "exports" / "CITATION.cff")[0][0]
    assert (cited.id, cited.authors, cited.venue) == ("doi:10.5555/g.1", ("Eva Muster", "Jo van den Berg"), "Journal of Gulls")


@pytest.mark.parametrize(
    "bad",
    [
        "title: [", "a: &a [*a]\ntitle: *a", "!!python/object/apply:os.system ['true']", "x", "- title: y",
        "title: !!bool maybe", "title: !!int ''", "title: !!float ''", "title: !!timestamp soon",
    ],
)  # fmt: skip
def test_a_citation_file_that_is_none_is_refused(tmp_path: Path, bad: str) -> None:
    (tmp_path / "CITATION.cff").write_text(f"cff-version: 1.2.0\n{bad}\n", encoding="utf-8")
    papers, refused = taken(tmp_path / "CITATION.cff")
    assert (papers, len(refused)) == ([], 1)


def test_lists_inside_lists_without_end_are_refused(tmp_path: Path) -> None:
    (tmp_path / "CITATION.cff").write_text(f"cff-version: 1.2.0\nauthors: {'[' * 5000}", encoding="utf-8")
    papers, refused = taken(tmp_path / "CITATION.cff")
    assert papers == []
    assert ["lists inside one another" in one.reason for one in refused] == [True]


def test_binary_marc_is_refused_with_what_to_export_instead(tmp_path: Path) -> None:
    record = b"00090nam a2200049   4500245003500000\x1e10\x1faWatched gulls steal less /\x1fcMuster.\x1e\x1d"
    (tmp_path / "catalogue.mrc").write_bytes(record)
    with pytest.raises(ImportFailed, match="MARCXML, RIS or BibTeX"):
        read_papers(tmp_path / "catalogue.mrc")


def test_an_abstract_of_several_paragraphs_is_taken_whole() -> None:
    first = taken(HERE / "exports" / "daily.md")[0][0]
    assert first.abstract.startswith("Coastal gulls steal food from visitors")
    assert first.abstract.endswith("Watching the birds is the cheapest protection.")


def test_keys_and_ids_are_kept() -> None:
    first, second = taken(HERE / "exports" / "library.bib")[0]
    assert (first.id, first.keys, first.venue, first.title) == (
        "arxiv:2101.04321",
        ("muster2021",),
        None,
        "Watched Gulls änd Terns",
    )
    assert second.keys == ("bare",)
    scholar = taken(HERE / "exports" / "semantic-scholar.jsonl")[0][0]
    assert (scholar.id, scholar.links) == ("arxiv:2101.04321", ("doi:10.5555/g.1",))


@pytest.mark.parametrize("path", sorted((HERE / "not_papers").iterdir()), ids=lambda path: path.name)
def test_no_other_text_becomes_papers(path: Path) -> None:
    with pytest.raises(ImportFailed, match=r"looks like|not known|No paper") as failed:
        list(read_papers(path))
    assert "Supported formats" in str(failed.value)
    with pytest.raises(ImportFailed):
        list(read_text(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", sorted((HERE / "not_paper_records").iterdir()), ids=lambda path: path.name)
def test_no_table_or_list_of_other_things_becomes_papers(path: Path) -> None:
    for read in (lambda: read_papers(path), lambda: read_text(path.read_text(encoding="utf-8"))):
        found: list[Paper | Refused] = []
        with suppress(ImportFailed):
            found.extend(read())
        assert not [each for each in found if isinstance(each, Paper)]


@pytest.mark.parametrize("name", ["Name,Summary", "display_name,description", "title,summary"])
def test_a_table_with_loose_names_is_taken_where_its_texts_are_abstracts(tmp_path: Path, name: str) -> None:
    rows = [
        '"Watched gulls of Brest steal less","We propose a method that counts thefts of gulls, and show on two data sets that it outperforms previous approaches."',
        '"Moss on slate keeps roofs warm","We measured 61 roofs and present a model of their heat loss. Our results show that moss reduces it significantly."',
    ]
    (tmp_path / "table.csv").write_text("\n".join([name, *rows]), encoding="utf-8")
    assert len(taken(tmp_path / "table.csv")[0]) == 2


@pytest.mark.parametrize("short", ["Moss on slate", "xLoom", "A theory of moss"])
def test_a_pasted_paper_with_a_short_title_is_taken(short: str) -> None:
    abstract = (
        "We study how moss on slate roofs changes the loss of heat at night. We measured 61 roofs with infrared cameras and compare them with a model. "
        "Our results show that roofs with moss lost 18 percent less heat than bare ones, and that the effect depends on the thickness of the moss."
    )
    assert [paper.title for paper in read_text(f"{short}\n{abstract}\n") if isinstance(paper, Paper)] == [short]


def test_papers_of_one_title_with_other_texts_both_come_in(tmp_path: Path) -> None:
    texts = ["Coastal gulls steal food from visitors in harbours.", "Slate roofs in mountain villages lose heat at night."]
    lines = [json.dumps({"title": "Deep learning for images", "abstract": text}) for text in (*texts, texts[0])]
    (tmp_path / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    papers, refused = taken(tmp_path / "a.jsonl")
    assert ([paper.abstract for paper in papers], [one.kind for one in refused]) == (texts, ["repeat"])


def test_titles_with_a_name_and_a_colon_are_no_chat() -> None:
    text = "We propose a model of tides, train it on three data sets and show that it outperforms previous methods by 12 percent."
    names = ["LoomNet", "TideFormer", "GullBench", "MossRoof", "SlateNet"]
    page = "\n\n".join(f"{name}: Learning to predict the tides with networks\n{text} Run {n}." for n, name in enumerate(names))
    assert len([one for one in read_text(page) if isinstance(one, Paper)]) == 5


def test_titles_of_markdown_lose_their_marks() -> None:
    text = "We propose a model of tides, train it on three data sets and show that it outperforms previous methods by 12 percent."
    found = list(read_text(f"## Learning to predict the tides\n\n{text}\n\n## Learning to predict the winds\n\n{text} Really."))
    assert [one.title for one in found if isinstance(one, Paper)] == [
        "Learning to predict the tides",
        "Learning to predict the winds",
    ]


@pytest.mark.parametrize(("encoding", "name"), [
    ("cp1252", "García Núñez, José"), ("cp1252", "Sørensen, Åse"), ("cp1252", "Gonçalves, João"), ("cp1252", "Étienne, Zoë"), ("cp1250", "Dvořák, Jiří"),
    ("cp1250", "Wałęsa, Łukasz"), ("cp1254", "Yılmaz, Ayşe"), ("mac_roman", "Müller, Jörg"), ("mac_roman", "García Núñez, José"), ("cp1251", "Иванов, Пётр"), ("shift_jis", "山田太郎"), ("utf-16-le", "Müller, Jörg"), ("utf-16-be", "Müller, Jörg"),
])  # fmt: skip
def test_one_name_tells_the_encoding(tmp_path: Path, encoding: str, name: str) -> None:
    record = f"TY  - JOUR\nTI  - Watched gulls of the northern harbours steal less\nAU  - {name}\nPY  - 2021\nER  - \n"
    (tmp_path / "one.ris").write_bytes(record.encode(encoding))
    family, _, given = name.partition(", ")
    assert taken(tmp_path / "one.ris")[0][0].authors == (f"{given} {family}".strip(),)


def test_a_bibtex_entry_inherits_from_the_one_that_it_refers_to(tmp_path: Path) -> None:
    child = "@inproceedings{c%d, title={Watched Gulls Steal Less %d}, author={family=Berg, given=Jo, prefix=van den and Ek, Bo}, crossref={Icg21}}\n"
    parent = "@proceedings{icg21, title={Proceedings of Gulls}, year=2021}\n"
    text = (
        child % (1, 1) + "@misc{x, title={Moss on slate}}\n" + parent + child % (2, 2) + child.replace("Icg21", "none") % (3, 3)
    )
    (tmp_path / "a.bib").write_text(text, encoding="utf-8")
    papers, refused = taken(tmp_path / "a.bib")
    assert [(paper.keys[0], paper.venue, paper.year) for paper in papers] == [
        ("c1", "Proceedings of Gulls", 2021),
        ("x", None, None),
        ("icg21", None, 2021),
        ("c2", "Proceedings of Gulls", 2021),
        ("c3", None, None),
    ]
    assert (papers[0].authors, refused) == (("Jo van den Berg", "Bo Ek"), [])


def test_a_folder_is_read_and_a_bad_file_in_it_named(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("zotero.ris", "acl.bib"):
        (tmp_path / "sub" / name).write_bytes((HERE / "exports" / name).read_bytes())
    (tmp_path / "letter.txt").write_bytes((HERE / "not_papers" / "letter.txt").read_bytes())
    papers, refused = taken(tmp_path)
    assert len(papers) == 3
    assert [(one.where, one.kind) for one in refused] == [("letter.txt", "file")]


def test_a_cut_file_keeps_what_came_before_the_cut(tmp_path: Path) -> None:
    whole = (HERE / "exports" / "pubmed.xml").read_text(encoding="utf-8")
    (tmp_path / "cut.xml").write_text(whole[: whole.index("<PMID>2")], encoding="utf-8")
    papers, refused = taken(tmp_path / "cut.xml")
    assert (len(papers), len(refused)) == (1, 1)
    packed = gzip.compress(
        "".join(f'{{"title": "Paper {n} of {n * 7919}", "abstract": "We study {n * 104729}."}}\n' for n in range(5000)).encode()
    )
    (tmp_path / "cut.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    found = []
    with pytest.raises(ImportFailed, match="truncated"):
        found.extend(each for each in iter(read_papers(tmp_path / "cut.jsonl.gz")))
    assert isinstance(next(read_papers(tmp_path / "cut.jsonl.gz")), Paper)


def test_entities_of_a_document_are_never_expanded(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>\n<PubmedArticleSet>'
    record = "<PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>One &b; &c; more</ArticleTitle></Article></MedlineCitation></PubmedArticle>"
    (tmp_path / "bomb.xml").write_text(f"{bomb}{record}</PubmedArticleSet>", encoding="utf-8")
    papers, refused = taken(tmp_path / "bomb.xml")
    assert not any("lol" in paper.title or "root" in paper.title for paper in papers)
    assert len(papers) + len(refused) == 1


def test_an_archive_that_bursts_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("one.jsonl", b'{"title": "' + b"a" * 90_000_000 + b'"}')
    with pytest.raises(ImportFailed):
        list(read_papers(tmp_path / "bomb.zip"))


def test_macros_that_double_cost_only_the_entries_that_use_them(tmp_path: Path) -> None:
    macros = '@string{m0 = "lol lol lol"}\n' + "".join(f"@string{{m{n + 1} = m{n} # m{n}}}\n" for n in range(60))
    good = "@misc{b, title = {Moss on slate}, abstract = {We measured 61 roofs.}}\n"
    (tmp_path / "bomb.bib").write_text(f"{macros}@article{{a, title = m60, abstract = {{Text.}}}}\n{good}", encoding="utf-8")
    papers, refused = taken(tmp_path / "bomb.bib")
    assert ([paper.title for paper in papers], len(refused)) == (["Moss on slate"], 1)


@pytest.mark.parametrize(
    "bad", ['{"title":"b\0d","abstract":"x"}', "[" * 200_000, "[[[[", '{"a":' * 5000], ids=["nul", "brackets", "few", "nested"]
)
def test_one_bad_record_costs_only_itself(tmp_path: Path, bad: str) -> None:
    good = json.dumps({"title": "Moss on slate", "abstract": "We measured 61 roofs."})
    for name, lines in (("first", [bad, good]), ("last", [good, bad])):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
        papers, refused = taken(tmp_path / f"{name}.jsonl")
        assert ([paper.title for paper in papers], len(refused)) == (["Moss on slate"], 1)


def test_a_group_that_wrote_a_paper_of_pubmed_is_named_with_its_people() -> None:
    text = "PMID- 1\nTI  - On looms.\nFAU - Ek, Bo Jr\nAU  - Ek B Jr\nCN  - Loom Study Group\nAB  - Looms weave.\n"
    (paper,) = read_text(text)
    assert isinstance(paper, Paper)
    assert paper.authors == ("Bo Ek Jr", "Loom Study Group")


def _spreadsheet(path: Path, rows: str, before: str = "") -> Path:
    space = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text"))
    body = f'<office:body><office:spreadsheet><table:table table:name="One"/><table:table>{rows}</table:table></office:spreadsheet></office:body>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml", f'<?xml version="1.0"?>{before}<office:document-content {space}>{body}</office:document-content>'
        )
        archive.writestr("META-INF/manifest.xml", "<x/>")
    return path


def _row(*cells: str) -> str:
    inside = "".join(
        one if one.startswith("<") else f"<table:table-cell><text:p>{one}</text:p></table:table-cell>" for one in cells
    )
    return f"<table:table-row>{inside}<table:table-cell table:number-columns-repeated='16379'/></table:table-row>"


def test_an_opendocument_spreadsheet_is_read_with_lines_above_its_heading(tmp_path: Path) -> None:
    date = '<table:table-cell office:date-value="2021-05-03"><text:p>3.5.21</text:p></table:table-cell>'
    noted = "<table:table-cell><office:annotation><text:p>Read this!</text:p></office:annotation><text:p>It walks.</text:p><text:p>It stands.</text:p></table:table-cell>"
    gap = '<table:table-cell table:number-columns-repeated="2"/>'
    rows = _row("My papers") + _row() + _row("Title", "Date", "Authors", "Venue", "Abstract", "DOI")
    rows += _row("A walk &amp; more", date, gap, noted, "10.1000/182") + _row("", date) + _row("A stand", "2020")
    first, refused, second = read_papers(_spreadsheet(tmp_path / "mine.ods", rows))
    assert isinstance(first, Paper)
    assert isinstance(second, Paper)
    assert isinstance(refused, Refused)
    assert (first.id, first.title, first.abstract, first.year) == (
        "doi:10.1000/182",
        "A walk & more",
        "It walks. It stands.",
        2021,
    )
    assert (second.title, second.year) == ("A stand", 2020)
    assert refused.where.endswith("line 5")


def test_a_spreadsheet_that_declares_entities_or_is_damaged_or_has_no_papers_is_refused(tmp_path: Path) -> None:
    heading = _row("Title", "Abstract")
    bad = [
        _spreadsheet(tmp_path / "a.ods", heading + _row("&e;", "It walks."), '<!DOCTYPE x [<!ENTITY e "A">]>'),
        _spreadsheet(tmp_path / "b.ods", _row("Name", "Price")),
        _spreadsheet(tmp_path / "c.ods", "<table:table-row>"),
    ]
    for path in bad:
        with pytest.raises(ImportFailed, match=r"spreadsheet|workbook|no sheet"):
            list(read_papers(path))


def test_a_workbook_may_have_lines_above_its_heading(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (
        ["My papers"],
        [],
        ["Title", "Abstract", "DOI"],
        ["A walk", "It walks.", "10.1000/182"],
        [None, "It stands.", None],
    ):
        book.active.append(row)
    book.save(tmp_path / "mine.xlsx")
    paper, refused = read_papers(tmp_path / "mine.xlsx")
    assert isinstance(paper, Paper)
    assert isinstance(refused, Refused)
    assert (paper.id, paper.abstract) == ("doi:10.1000/182", "It walks.")
    assert refused.where.endswith("line 5")


def test_what_stands_before_the_text_of_an_article_is_read(tmp_path: Path) -> None:
    (jats,) = read_papers(HERE / "exports" / "jats.xml")
    assert isinstance(jats, Paper)
    assert (jats.id, jats.title) == ("doi:10.5555/ants.1", "Ants of Formica species: a count")
    assert (jats.authors, jats.year, jats.venue) == (("Eva Muster", "Bo Ek Jr", "Ant Study Group"), 2021, "Journal of Ants")
    assert jats.abstract == "Ants are small. We counted 103 ants, $x^2$ a nest."
    assert [part.name for part in jats.parts] == ["Background", "Results"]
    (tei,) = read_papers(HERE / "exports" / "tei.xml")
    assert isinstance(tei, Paper)
    assert (tei.id, tei.links, tei.title) == ("arxiv:2106.01234", ("doi:10.5555/looms",), "Looms read cloth")
    assert (tei.authors, tei.year, tei.venue) == (("Eva Muster", "Bo Ek"), 2021, "J. Looms")
    assert tei.abstract == "Looms read cloth. They write TEI."


def test_dublin_core_of_arxiv_keeps_its_id(tmp_path: Path) -> None:
    inner = "<dc><title>On looms</title><creator>Ek, Bo</creator><description>Looms weave.</description><date>2007-04-01</date><identifier>http://arxiv.org/abs/0704.0003</identifier></dc>"
    path = tmp_path / "oai.xml"
    path.write_text(
        f"<OAI-PMH><ListRecords><record><header><identifier>oai:arXiv.org:0704.0003</identifier></header><metadata>{inner}</metadata></record></ListRecords></OAI-PMH>"
    )
    (paper,) = read_papers(path)
    assert isinstance(paper, Paper)
    assert (paper.id, paper.url, paper.year) == ("arxiv:0704.0003", "http://arxiv.org/abs/0704.0003", 2007)


def test_an_entry_without_a_key_hands_nothing_down() -> None:
    first, second = read_text(
        "@book{, title={No key}, year={1992}, author={Ek, Bo}}\n@misc{b, title={On looms}, author={Ek, Bo}}\n"
    )
    assert isinstance(second, Paper)
    assert isinstance(first, Paper)
    assert (second.year, second.venue) == (None, None)


def test_an_abstract_of_endnote_may_have_paragraphs() -> None:
    text = "%0 Journal Article\n%A Ek, Bo\n%T On looms\n%X Looms weave.\n\nThey stop.\n%R 10.1000/182\n\n%0 Book\n%T On moss\n%A Ek, Bo\n"
    first, second = read_text(text)
    assert isinstance(first, Paper)
    assert isinstance(second, Paper)
    assert (first.id, first.abstract, second.title) == ("doi:10.1000/182", "Looms weave. They stop.", "On moss")
