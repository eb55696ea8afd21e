"""The report of a run: figures, escaping, what it says of errors, and, where a browser is installed, the page itself."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from eval.cases.reading import Case, GoldSentence, Kind
from eval.report.command import main
from eval.report.data import ABSENT, read_report
from eval.report.html import page
from eval.report.text import escaped, markdown, plain
from eval.runs.run_file import RunWriter
from eval.scores.labels import bounds, figure, label
from eval.stats.bootstrap import Interval
from eval.types import Hashed, Header, Result, Score, Timing
from rag.types import Judgement

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)> | `x` \u202e \x1b[2J &amp; \ud800"
ABSTRACT = "First we say little. Flows are fast by 21 %. Then we end."
QUOTE = "Flows are fast by 21 %."


def header(count: int, **fields: object) -> Header:
    one = Hashed("dev", "a" * 64, count)
    made = Header("quotes", one, Hashed("library", "b" * 64, 2), Hashed("enc", "c" * 64), Hashed("prompts", "d" * 64), "rules-1")
    return replace(made, card="balanced accuracy 0.71", versions={"paperchat": "0.1.0"}, **fields)  # type: ignore[arg-type]


def result(name: str, verdict: str = "supported", text: str = QUOTE, url: str = "https://arxiv.org/abs/1") -> Result:
    case = Case(name, "fact", "dev", f"How fast is {text}?", papers=("p",), sentences=(GoldSentence("p", QUOTE),), notes=text)
    start = ABSTRACT.index(QUOTE)
    answer = {
        "question": case.question, "standalone_question": case.question, "status": "answered", "text": f"{text} [1]", "writer": "quotes",
        "claims": [{"text": text, "citations": [1], "verdict": "supported", "score": 1.0, "reason": ""}],
        "citations": [{"number": 1, "paper": "p", "title": text, "byline": text, "url": url, "start": start, "end": start + len(QUOTE),
                       "before": ABSTRACT[:start], "quote": QUOTE, "after": ABSTRACT[start + len(QUOTE):]}],
        "hits": [{"paper": "p", "title": text, "score": 1.0, "found_by": "both"}], "notices": [text], "usage": {},
    }  # fmt: skip
    value = float(verdict == "supported")
    scores = (Score("supported", value, text), Score("key@1", None, "no key"), Score("papers.words.ndcg@10", 0.5, "second"))
    return Result(case, answer, (Judgement(verdict, value, f"“21 %” and {text}"),), {"words": ("p",)}, scores)  # type: ignore[arg-type]


def failed(name: str) -> Result:
    return Result(
        Case(name, "method", "dev", "Why?"), None, scores=(Score("supported", None, "asking failed"),), error="It broke off."
    )


def written(path: Path, *results: Result, promised: int | None = None) -> Path:
    with RunWriter(path, header(len(results) if promised is None else promised)) as file:
        for one in results:
            file.add(one, Timing(one.case.id, {"search": 0.25, "total": 0.5}))
    return path


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return written(tmp_path / "dev.jsonl", result("one"), result("two", "unsupported"), failed("three"))


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    return written(tmp_path / "bad.jsonl", result("one", "partly", HOSTILE, "javascript:alert(1)"))


class Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_what_cannot_be_scored_and_what_failed_are_counted(run: Path) -> None:
    report = read_report(run)
    assert (report.cases, report.failed, report.unscored) == (3, 1, 3)
    assert [(one.case, one.what) for one in report.findings] == [("two", "unsupported"), ("three", "failed")]
    row = next(row for row in report.rows if (row.kind, row.measure) == ("all", "supported"))
    assert row.interval is not None
    assert (row.interval.value, row.interval.n, row.unscored) == (0.5, 2, 1)


def refused(name: str, kind: Kind, code: str | None) -> Result:
    case = Case(name, kind, "dev", "How fast?", papers=() if kind == "unanswerable" else ("p",))
    return Result(case, {"status": "not_found", "text": "", "refusal": code})


def test_refusals_are_counted_by_code_the_commonest_first(tmp_path: Path) -> None:
    kinds: list[tuple[Kind, str | None]] = [("fact", None), ("unanswerable", "silent"), ("fact", "silent"), ("fact", "no_code")]
    results = [refused(f"case-{number}", kind, code) for number, (kind, code) in enumerate(kinds)]
    report = read_report(written(tmp_path / "dev.jsonl", result("one"), *results))
    assert {code: (own.count, own.wrong) for code, own in report.refusals.items()} == {
        "silent": (2, 1), "no code": (1, 1), "no_code": (1, 1),
    }  # fmt: skip
    assert next(iter(report.refusals)) == "silent"
    assert "Refused, silent: 2, of which 1 wrongly" in plain(report)
    assert "| silent | 2 | 1 |" in markdown(report)
    assert "refused, silent" in page(report)


def test_the_checkers_own_error_rate_is_said_in_every_form(run: Path) -> None:
    report = read_report(run)
    for text in (plain(report), markdown(report), page(report)):
        assert "balanced accuracy 0.71" in text


def test_without_a_card_it_is_said_that_nobody_knows(tmp_path: Path) -> None:
    path = tmp_path / "dev.jsonl"
    with RunWriter(path, header(1)) as file:
        file.add(result("one"), Timing("one", {}))
    path.write_text(path.read_text().replace("balanced accuracy 0.71", ""))
    assert "not known" in plain(read_report(path))


def test_the_page_holds_every_case_and_its_values(run: Path) -> None:
    report = read_report(run)
    assert [json.loads(line)["id"] for line in report.lines] == ["one", "two", "three"]
    names = [measure["name"] for measure in report.page["measures"]]
    values = [entry[3] for entry in report.page["index"]]
    assert all(len(own) == len(names) for own in values)
    assert [own[names.index("supported")] for own in values] == [1.0, 0.0, None]
    assert values[2][names.index("key@1")] == ABSENT
    number, paper, before, quote, after = json.loads(report.lines[0])["cited"][0]
    assert before + quote + after == ABSTRACT
    assert (number, report.page["papers"][paper][0]) == (1, "p")


def test_the_page_asks_for_nothing_and_its_policy_names_its_own_script(run: Path) -> None:
    text = page(read_report(run))
    elements = Elements()
    elements.feed(text)
    links = [value for _, attributes in elements.found for name, value in attributes.items() if name in ("src", "href", "action")]
    assert all(link and link.startswith(("#", "data:,")) for link in links)
    policy = next(own["content"] for tag, own in elements.found if tag == "meta" and own.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|fetch\(|XMLHttpRequest", text)


def test_hostile_texts_stay_texts(hostile: Path) -> None:
    report = read_report(hostile)
    text = page(report)
    text.encode("utf-8")
    elements = Elements()
    elements.feed(text)
    assert [tag for tag, _ in elements.found].count("script") == 3
    assert "img" not in [tag for tag, _ in elements.found]
    assert json.loads(report.lines[0])["claims"][0][0] == HOSTILE
    for shown in (plain(report), markdown(report)):
        shown.encode("utf-8")
        assert "\x1b" not in shown
        assert "\u202e" not in shown
    assert "<img" not in markdown(report).replace("\\<img", "")


def test_markdown_shows_signs_as_they_are() -> None:
    assert escaped("a|b *c* <d>\n# e [f](g)") == r"a\|b \*c\* \<d\> \# e \[f\](g)"


def test_the_command_writes_both_files_and_prints_the_table(
    run: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main([str(run), "--out", str(tmp_path / "there")]) == 0
    said = capsys.readouterr()
    assert "sentences supported" in said.out
    assert "1 of 3 cases failed" in said.out
    assert sorted(path.name for path in (tmp_path / "there").iterdir()) == ["dev.html", "dev.md"]
    assert main([str(run), "--only", "table"]) == 0
    assert not (tmp_path / "dev.html").exists()


def test_paperchat_eval_report_is_the_same(run: Path, command: Callable[..., Any]) -> None:
    ran = command("eval", "report", str(run), "--only", "table")
    assert ran.code == 0
    assert ran.out == plain(read_report(run)) + "\n"


def test_the_same_run_gives_the_same_page(run: Path) -> None:
    assert page(read_report(run)) == page(read_report(run))


def test_an_interrupted_run_is_reported_and_says_so(tmp_path: Path) -> None:
    path = written(tmp_path / "half.jsonl", result("one"), promised=4)
    report = read_report(path)
    assert report.cases == 1
    assert "interrupted" in markdown(report)
    assert "interrupted" in page(report)


@pytest.mark.parametrize("content", ["", "{}\n", "not json\n"])
def test_what_is_no_run_is_told_in_a_sentence(content: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(content)
    assert main([str(path)]) == 1
    said = capsys.readouterr().err
    assert said.startswith("Error: ")
    assert "x.jsonl" in said
    assert list(tmp_path.iterdir()) == [path]


def test_figures_are_written_in_their_unit() -> None:
    assert figure(0.9876, "%") == "98.8 %"
    assert figure(0.9876, "0–1") == "0.988"
    assert figure(None, "%") == "–"
    assert bounds(Interval(0.5, 0.25, 0.75, 4), "%") == "25.0–75.0 %"
    assert label("papers.both.ndcg@10").text == "papers by both: nDCG@10"
    assert label("of_a_later_version").group == "Other"


# ---- in a browser, where there is one

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[object]:
    """Opens a run's page on a phone's screen; what the page logs and asks for is collected, and must be nothing but itself."""
    playwright = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        context = browser.new_context(viewport={"width": 390, "height": 844}, offline=True)
        tab, said, asked = context.new_page(), [], []
        tab.on("console", lambda message: said.append(message.text))
        tab.on("pageerror", lambda error: said.append(str(error)))
        tab.on("dialog", lambda dialog: said.append("dialog"))
        tab.on("request", lambda request: asked.append(request.url))

        def open_page(run: Path) -> object:
            path = tmp_path / "page.html"
            path.write_text(page(read_report(run)), encoding="utf-8")
            tab.goto(path.as_uri())
            return tab

        yield open_page
        assert said == []
        assert len(asked) == 1
        browser.close()


def test_a_person_filters_searches_and_reads(run: Path, opened) -> None:  # type: ignore[no-untyped-def]
    from playwright.sync_api import expect

    tab = opened(run)
    expect(tab.locator(".case")).to_have_count(3)
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    tab.keyboard.press("/")
    tab.keyboard.type("broke off")
    expect(tab.locator(".case")).to_have_count(1)
    tab.get_by_role("button", name="Clear all filters").click()
    expect(tab.locator(".case")).to_have_count(3)
    tab.locator("#verdict-chips").get_by_text("unsupported", exact=True).click()
    expect(tab.locator(".case")).to_have_count(1)
    tab.locator(".case summary").first.focus()
    tab.keyboard.press("Enter")
    assert tab.locator(".case mark").inner_text() == QUOTE
    assert "21 %" in tab.locator(".case .claim").inner_text()


def test_hostile_texts_do_nothing_in_a_browser(hostile: Path, opened) -> None:  # type: ignore[no-untyped-def]
    from playwright.sync_api import expect

    tab = opened(hostile)
    tab.locator(".case summary").first.click()
    expect(tab.locator(".case .body")).to_have_count(1)
    assert tab.locator(".case img, .case script, .case a[href^=javascript]").count() == 0
