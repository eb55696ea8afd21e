from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openai_server import PATIENCE
from samples.run_header import header

from eval.cases.reading import Case, CaseError, bundled_cases
from eval.pytest_plugin import paperchat_eval  # noqa: F401  (the fixture, as the plugin gives it)
from eval.runs.answer_cache import AnswerCache
from eval.runs.ask import Asked, ask_case, in_order
from eval.runs.fingerprint import papers_hash, public_settings
from eval.runs.run_file import RunError, read_run, read_timings
from eval.runs.runner import Done, Options, run
from rag.build import open_library
from rag.errors import ModelFailed
from rag.ingestion.bundled import bundled_papers
from rag.llm.retry import waiting
from rag.paperchat import Paperchat
from rag.settings import Settings
from rag.types import Answer

KINDS = ("fact", "list", "unanswerable", "collection", "follow_up")


def case(id: str = "x") -> Case:
    return Case(id, "fact", "dev", f"Why {id}?")


def said(text: str = "", writer: str = "quotes", notices: tuple[str, ...] = ()) -> Answer:
    return Answer("Why?", "Why?", "not_found", text, writer, notices=notices)


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One case of each of some kinds."""
    path = tmp_path_factory.mktemp("cases") / "few.jsonl"
    lines = (Path(__file__).parents[3] / "eval" / "cases" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    first = {json.loads(line)["kind"]: line for line in reversed(lines)}
    path.write_text("\n".join(first[kind] for kind in KINDS), encoding="utf-8")
    return path


@pytest.fixture
def options(cases: Path, home: Path, tmp_path: Path) -> Any:
    def made(**changes: Any) -> Options:
        given = {"out": tmp_path / "run.jsonl", "home": home, "cache": tmp_path / "cache"} | changes
        return Options(str(cases), **given)

    return made


def test_a_run_holds_every_case_and_the_same_input_gives_the_same_bytes(options: Any, tmp_path: Path) -> None:
    done = run(options())
    assert done == Done(tmp_path / "run.jsonl", 5, asked=5)
    found = read_run(done.path)
    assert [result.case.kind for result in found.results] == list(KINDS)
    assert found.notices == ()
    for result in found.results:
        assert len(result.judgements) == len(result.answer["claims"])  # type: ignore[index]
    again = run(options(out=tmp_path / "again.jsonl", cached=False, parallel=3))
    assert again.path.read_bytes() == done.path.read_bytes()


def test_the_quoting_writer_is_verbatim_and_supported(options: Any) -> None:
    scores = [score for result in read_run(run(options()).path).results for score in result.scores]
    for name in ("supported", "quote_verbatim", "word_for_word", "marker_exists"):
        values = {score.value for score in scores if score.name == name}
        assert values <= {1.0, None}
        assert 1.0 in values


def test_an_interrupted_run_goes_on_and_asks_nothing_twice(options: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    whole = run(options(out=tmp_path / "whole.jsonl", cached=False)).path
    path = tmp_path / "run.jsonl"
    path.write_bytes(b"".join(whole.read_bytes().splitlines(keepends=True)[:4]) + b'{"half')
    seen: list[str] = []
    original = Paperchat.ask
    monkeypatch.setattr(
        Paperchat, "ask", lambda self, question, *rest: (seen.append(question), original(self, question, *rest))[1]
    )
    done = run(options(cached=False))
    assert (done.kept, done.asked, len(seen)) == (3, 2, 2)
    assert path.read_bytes() == whole.read_bytes()
    assert run(options(cached=False)) == Done(path, 5, kept=5)
    assert len(seen) == 2


def test_an_answer_is_kept_by_content_and_not_asked_for_again(options: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first = run(options())
    before = first.path.read_bytes()
    monkeypatch.setattr(Paperchat, "ask", None)
    done = run(options(overwrite=True))
    assert (done.asked, done.cached, done.failed) == (0, 5, 0)
    assert done.path.read_bytes() == before
    assert all(timing.cached and timing.seconds["total"] > 0 for timing in read_timings(done.path))


def test_a_damaged_answer_in_the_cache_is_asked_for_again(options: Any, tmp_path: Path) -> None:
    run(options())
    for path in (tmp_path / "cache").rglob("*.json"):
        path.write_text('{"question": "x"')
    assert run(options(overwrite=True)).asked == 5


def test_other_papers_or_another_writer_are_another_question(tmp_path: Path) -> None:
    head = header(1)
    cache = AnswerCache(tmp_path, head, {})
    cache.put(case(), said("kept"))
    assert cache.get(case()) == said("kept")
    assert cache.get(replace(case(), history=("Before?",))) is None
    for changed in (
        replace(head, writer="model"),
        replace(head, papers=replace(head.papers, sha256="0" * 64)),
        replace(head, settings={}),
    ):
        assert AnswerCache(tmp_path, changed, {}).get(case()) is None
    assert AnswerCache(tmp_path, replace(head, cases=head.papers), {}).get(case()) == said("kept")


def test_another_run_is_not_overwritten_unless_asked(options: Any, cases: Path, tmp_path: Path) -> None:
    run(options())
    fewer = tmp_path / "fewer.jsonl"
    fewer.write_text("\n".join(cases.read_text(encoding="utf-8").splitlines()[:2]), encoding="utf-8")
    other = Options(str(fewer), out=tmp_path / "run.jsonl", home=options().home, cache=tmp_path / "cache")
    with pytest.raises(RunError, match=r"holds another run \(other cases\)"):
        run(other)
    assert run(replace(other, overwrite=True)).cases == 2


def test_a_failing_case_is_counted_and_the_rest_go_on(options: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    original = Paperchat.ask

    def ask(self: Paperchat, question: str, *rest: Any) -> Answer:
        if question.startswith(bundled_cases("dev")[0].question[:20]):
            raise ValueError("broken")
        return original(self, question, *rest)

    monkeypatch.setattr(Paperchat, "ask", ask)
    done = run(options())
    assert (done.asked, done.failed) == (4, 1)
    first, *rest = read_run(done.path).results
    assert (first.answer, first.error) == (None, "ValueError: broken")
    assert first.score("errors").value == 1.0  # type: ignore[union-attr]
    assert all(result.score("errors").value == 0.0 for result in rest)  # type: ignore[union-attr]


def test_a_library_without_the_papers_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERCHAT_BUNDLED", "false")
    open_library(tmp_path / "empty").close()
    with pytest.raises(CaseError, match="of the papers asked about"):
        run(Options(home=tmp_path / "empty", out=tmp_path / "run.jsonl", cached=False))


def test_answers_come_in_order_however_many_are_under_way() -> None:
    gate = threading.Barrier(4)

    def ask(one: Case) -> Asked:
        gate.wait(timeout=20)  # needs four at once
        return Asked(one, None)

    ids = [str(number) for number in range(8)]
    assert [one.case.id for one in in_order(ask, map(case, ids), 4)] == ids


def test_an_interrupt_ends_every_request_that_is_under_way() -> None:
    ended = []

    def ask(one: Case) -> Asked:
        if one.id == "0":
            return Asked(one, None)
        try:
            for _ in waiting(PATIENCE):
                pass
        except KeyboardInterrupt:
            ended.append(one.id)
            raise
        return Asked(one, None)

    answers = in_order(ask, map(case, "0123"), 3)
    next(answers)
    with pytest.raises(KeyboardInterrupt):
        answers.throw(KeyboardInterrupt)  # type: ignore[attr-defined]
    assert set(ended) >= {"1", "2"}


def test_a_failed_model_is_an_error_and_not_an_answer_of_the_quoting_writer() -> None:
    def gone(one: Case) -> Answer:
        raise ModelFailed("The server is gone. Start it.")

    assert ask_case(case(), gone, "m").error == "The server is gone. Start it."
    fallen = said(writer="quotes", notices=("The model m did not answer: quotes instead.",))
    assert (
        ask_case(case(), lambda one: fallen, "m").error == "the model did not answer: The model m did not answer: quotes instead."
    )
    assert ask_case(case(), lambda one: fallen, "quotes").answer == fallen
    assert ask_case(case(), lambda one: said(), "m").answer == said()


def test_settings_are_kept_without_secrets() -> None:
    class Own(Settings):
        openai_api_key: str = "sk-secret"
        address: str = "https://me:pass@example.org/v1?key=secret"

    kept = public_settings(Own(home=Path("/somewhere/private")))
    assert kept["address"] == "https://example.org/v1"
    assert "secret" not in json.dumps(kept)
    assert "private" not in json.dumps(kept)
    assert kept["sources"] == 10


def test_papers_have_one_hash_whatever_their_order() -> None:
    papers = list(bundled_papers())
    assert papers_hash(papers) == papers_hash(papers[::-1])
    assert papers_hash(papers) != papers_hash(papers[1:])


def test_the_fixture_runs_cases_and_gives_the_scores(paperchat_eval: Any, cases: Path, home: Path, tmp_path: Path) -> None:  # noqa: F811
    found = paperchat_eval(cases, home=home, cache=tmp_path / "cache")
    assert found.mean("supported") == 1.0
    assert found.mean("refusal", kind="unanswerable") in (0.0, 1.0)
    assert found.gate(min=("supported=0.99",), max=("errors=0",)).failures == ()
    with pytest.raises(KeyError, match="no case of kind fact has a score list_f1"):
        found.mean("list_f1", kind="fact")


def test_what_cannot_be_run_is_told_before_any_paper_is_indexed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eval.cases.papers.open_library", None)
    wrong = tmp_path / "wrong.jsonl"
    wrong.write_text('{"id": "a"}', encoding="utf-8")
    with pytest.raises(CaseError, match=r"wrong\.jsonl:1"):
        run(Options(str(wrong), out=tmp_path / "run.jsonl"))
    with pytest.raises(ModelFailed, match="none is configured"):
        run(Options("sample", out=tmp_path / "run.jsonl", writer="model"))
    assert not (tmp_path / "run.jsonl").exists()


def test_a_run_that_ends_before_its_first_result_leaves_no_file(options: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Paperchat, "ask", stopped)
    with pytest.raises(KeyboardInterrupt):
        run(options(cached=False))
    assert list(options().path.parent.glob("run*")) == []
