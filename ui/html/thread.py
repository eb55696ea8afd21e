"""A conversation as HTML: each question, how it was understood, the answer, how well it is supported, and what can be done with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.prompts import is_sentence, refusal_reason
from rag.query.asked_of import as_understood
from rag.query.list_parts import BEGINNING, part_asked
from rag.types import Answer, Paper
from ui.conversations.comparison import table_of
from ui.conversations.types import Chip, Turn
from ui.export.markdown import answer_markdown
from ui.export.plain import in_line
from ui.html.answer import answer_html, support
from ui.html.icons import icon
from ui.html.shell import suggestions_html
from ui.html.table import table_html
from ui.html.text import attributes, button, plain, text_html
from ui.html.wording import Wording

SHOWN = 30
"""Turns on the page; earlier ones are a click away."""
NEAREST = 3
MOST_NAMED = 3
"""Papers that a question was limited to that are named; of more, only the number is shown."""
LONG_QUESTION = 140
"""Characters; a longer one is set as text, as a heading of many lines is not read."""
_SPACE = "\N{EM SPACE}"
"""Between what is said and what can be pressed: at the end of a line it leaves nothing at the beginning of the next."""
_TITLES = {"empty_library": "scope.all.none", "list_ended": "notfound.ended"}
_QUOTED = re.compile(r"[“„]([^“”„]{1,40})[”“]")


def thread_html(turns: Sequence[Turn], say: Wording, everything: bool = False) -> str:
    """The finished turns of a conversation, the last ones only where there are very many."""
    shown = turns if everything else turns[-SHOWN:]
    earlier = len(turns) - len(shown)
    more = button(say("thread.earlier", count=earlier), "earlier", class_="pc-earlier") if earlier else ""
    return more + "".join(turn_html(turn, say, last=turn is turns[-1]) for turn in shown)


def turn_html(turn: Turn, say: Wording, last: bool = False, shared: bool = False) -> str:
    """One question with its answer, or with what there is of it."""
    body = _answered(turn, turn.answer, say, last) if turn.answer is not None else _unfinished(turn, say)
    tools = "" if shared else _tools(turn, say)
    kind = "" if turn.answer is None else f" pc-{turn.answer.status}"
    return (
        f"<article{attributes(class_='pc-turn' + kind, id='t-' + turn.id, data_turn=turn.id, data_last=last)}>"
        f"{_question(turn, say, shared)}{_understood(turn, say, shared)}{body}{tools}</article>"
    )


def writing_html(turn: Turn, answer: Answer, notices: Sequence[str], say: Wording) -> str:
    """The turn that is being answered: what there is of the text, without anything to press yet."""
    notices_html = "".join(f'<p class="pc-notice">{plain(say.error(notice))}</p>' for notice in notices)
    text = answer_html(answer, turn.id, say)
    waiting = (
        f'<p class="pc-wait"><span class="pc-dots" aria-hidden="true"><i></i><i></i><i></i></span>{say("thread.reading")}</p>'
    )
    return (
        f"<article{attributes(class_='pc-turn pc-writing', id='t-' + turn.id, aria_busy='true')}>{_question(turn, say, True)}"
        f'{notices_html}<div class="{_voice(answer)}" dir="auto">{text or waiting}</div></article>'
    )


def _question(turn: Turn, say: Wording, bare: bool) -> str:
    """The question as the heading of what follows."""
    name = say("turn.edit.name", question=in_line(turn.question))
    edit = button(icon("edit"), "edit", class_="pc-edit", data_turn=turn.id, aria_label=name, title=say("turn.edit"))
    long = " pc-long" if len(turn.question) > LONG_QUESTION else ""
    return (
        f"<div{attributes(class_=f'pc-question{long}', data_question=turn.question)}>"
        f'<h2 dir="auto">{text_html(turn.question)}</h2>{"" if bare or turn.gathers else edit}{_within(turn.scope, say)}</div>'
    )


def _within(scope: Sequence[Chip], say: Wording) -> str:
    if not scope:
        return ""
    papers = [chip for chip in scope if chip.kind == "paper"]
    many = len(papers) > MOST_NAMED
    named = [in_line(chip.label or chip.value) for chip in scope if not (many and chip.kind == "paper")]
    papers_named = [*named, *([say("scope.papers", count=len(papers))] if many else [])]
    return f'<p class="pc-within">{say("turn.within")} {" · ".join(map(text_html, papers_named))}</p>'


def _understood(turn: Turn, say: Wording, bare: bool) -> str:
    """How a follow-up was understood, or which typing errors were corrected, to be changed or taken back."""
    meant = turn.corrected or (turn.answer.standalone_question if turn.answer else "")
    if not meant or in_line(meant).casefold() == in_line(turn.question).casefold():
        return ""
    typed = turn.answer is not None and bool(turn.answer.corrected)
    mend = button(say("turn.correct"), "correct", class_="pc-quiet", data_turn=turn.id, data_text=meant)
    keep = button(say("turn.literal"), "literal", class_="pc-quiet", data_turn=turn.id) if typed else ""
    label = say("turn.asked" if typed and turn.answer and meant == turn.answer.corrected else "turn.understood")
    said = _meant(turn.question, meant, label, say)
    presses = () if bare else filter(None, (keep, mend))
    return f'<p class="pc-understood">{_SPACE.join((said, *presses))}</p>'


def _meant(question: str, meant: str, label: str, say: Wording) -> str:
    asked, title = as_understood(question, meant)
    words_html = f'{label} <q dir="auto">{text_html(_within_quotation(asked))}</q>'
    if not title:
        return words_html
    before = f"{words_html} {say('turn.of')}" if asked else say("turn.understood_of")
    return f'{before} <q dir="auto">{text_html(_within_quotation(title))}</q>'


def _within_quotation(text: str) -> str:
    """The text with single quotation marks, as it stands between double ones."""
    return text.replace("„", "‚").replace("“", "‘").replace("”", "’")


def _answered(turn: Turn, answer: Answer, say: Wording, last: bool) -> str:
    notices_html = "".join(f'<p class="pc-notice">{plain(say.error(notice))}</p>' for notice in answer.notices)
    if (table := table_of(turn)) is not None:
        return f"{notices_html}{table_html(turn.id, table, say)}{_foot(answer, say)}"
    if answer.status == "not_found":
        return notices_html + _not_found(turn, answer, say)
    shown = replace(answer, text=_without(answer.text, answer.suggestions)) if answer.suggestions else answer
    tries = suggestions_html(answer.suggestions or (_parts(answer) if last else ()), say)
    return f'{notices_html}<div class="{_voice(answer)}" dir="auto">{answer_html(shown, turn.id, say)}{tries}</div>{_foot(answer, say)}'


def _without(text: str, questions: Sequence[str]) -> str:
    """The lines that quote none of the questions, which are there to be pressed."""
    return "\n".join(line for line in text.split("\n") if not any(question in line for question in questions))


def _parts(answer: Answer) -> Sequence[str]:
    """What asks for the rest of a list that was cut, as the line below it quotes them. They speak of the last answer alone."""
    line = answer.text.rpartition("\n")[2]
    if answer.writer != "quotes" or any(claim.citations and claim.text in line for claim in answer.claims):
        return ()
    return [quoted for quoted in _QUOTED.findall(line) if part_asked(quoted, BEGINNING)]


def _voice(answer: Answer) -> str:
    """Whose words an answer is in: those of the papers are set apart from those of a model and of the page."""
    return "pc-answer pc-quoted" if answer.writer == "quotes" else "pc-answer"


def _not_found(turn: Turn, answer: Answer, say: Wording) -> str:
    """Why there is no answer, set apart from one, with the nearest papers to go on with."""
    near = "".join(
        f"<li>{button(text_html(paper.title), 'card', class_='pc-near', data_turn=turn.id, data_id=paper.id)}</li>"
        for paper in _nearest(answer)
    )
    nearest = f'<div class="pc-nearest"><p>{say("notfound.nearest")}</p><ul>{near}</ul></div>' if near else ""
    return (
        f'<div class="pc-answer pc-refusal" dir="auto"><h3>{say(_title(answer))}</h3>'
        f"<p>{text_html(_reason(answer, say))}</p>{nearest}</div>"
    )


def _title(answer: Answer) -> str:
    """That the papers do not say it, unless the reason is another: that there are none, or what was asked cannot be read."""
    if answer.refusal is None or not is_sentence(answer.refusal):
        return "notfound.title"
    return _TITLES.get(answer.refusal.code, "notfound.other")


def _reason(answer: Answer, say: Wording) -> str:
    """In the page's language; of an answer kept before refusals had codes, its own text."""
    if answer.refusal is None:
        return answer.text
    reason = refusal_reason(answer.refusal, say.language)
    return reason if is_sentence(answer.refusal) else f"{reason[:1].upper()}{reason[1:]}."


def _nearest(answer: Answer) -> Sequence[Paper]:
    """Papers to go on with; behind the end of a list there are none that it did not have."""
    if answer.refusal is not None and answer.refusal.code == "list_ended":
        return ()
    return answer.refusal.nearest if answer.refusal is not None else [hit.paper for hit in answer.hits[:NEAREST]]


def _unfinished(turn: Turn, say: Wording) -> str:
    kind = "error" if turn.error else "stopped"
    reason = plain(say.error(turn.error)) if turn.error else say("turn.stopped")
    text = f'<div class="pc-answer" dir="auto"><p>{text_html(turn.partial)}</p></div>' if turn.partial else ""
    return f'{text}<p class="pc-notice pc-{kind}">{reason}</p>'


def _foot(answer: Answer, say: Wording) -> str:
    """How well a model's sentences are supported, and the doubtful ones. What is quoted needs neither."""
    good, checked = support(answer.claims)
    doubts = _doubts(answer, say)
    if answer.writer in ("quotes", "help") or not checked:
        return doubts
    sign = "pc-good" if good == checked else "pc-doubt"
    return (
        f'<p class="pc-foot"><span class="pc-support {sign}">{say("foot.support", good=good, count=checked)}</span></p>{doubts}'
    )


def _facts(answer: Answer, say: Wording) -> str:
    """Who wrote it, how long that took and what it cost, for whoever asks."""
    parts = [plain(_writer(answer, say))]
    if "total" in answer.seconds:
        parts.append(_time(answer.seconds["total"]))
    if tokens := sum(answer.usage.get(name, 0) for name in ("prompt_tokens", "completion_tokens")):
        parts.append(say("foot.tokens", tokens=tokens))
    return f'<p class="pc-facts">{"".join(f"<span>{part}</span>" for part in parts)}</p>'


def _time(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 1 else f"{1000 * seconds:.0f} ms"


def _writer(answer: Answer, say: Wording) -> str:
    if answer.writer in ("quotes", "help"):
        return say(f"foot.{answer.writer}")
    return say("foot.model", model=in_line(answer.writer))


def _doubts(answer: Answer, say: Wording) -> str:
    """The sentences that are not supported, with the reason, for whoever asks."""
    doubted = [claim for claim in answer.claims if claim.verdict in ("partly", "unsupported")]
    if not doubted:
        return ""
    rows = "".join(
        f'<li><b>{say("verdict." + claim.verdict)}</b> <span dir="auto">{text_html(claim.text)}</span><br>{plain(claim.reason)}</li>'
        for claim in doubted
    )
    return f'<details class="pc-doubts"><summary>{say("foot.why", count=len(doubted))}</summary><ul>{rows}</ul></details>'


def _tools(turn: Turn, say: Wording) -> str:
    """What is often done with an answer; the rest is behind ⋯."""
    again = button(say("tool.again"), "regenerate", data_turn=turn.id)
    if turn.answer is None:
        return f'<div class="pc-tools">{again}</div>'
    keep = button(say("note.keep"), "keep-answer", data_turn=turn.id, title="k") if turn.answer.claims else ""
    cited = len({citation.paper.id for citation in turn.answer.citations})
    sources = button(say("tool.sources", count=cited), "sources", class_="pc-phone", data_turn=turn.id)
    parts = [
        *([sources] if cited and turn.answer.writer != "help" else []),
        button(say("tool.copy"), "copy", data_copy=answer_markdown(turn)),
        button(say("tool.share"), "share", data_turn=turn.id),
        *(_thumb(turn, rating, say) for rating in ("up", "down")),
        _further(keep + again + button(say("tool.branch"), "branch", data_turn=turn.id) + _facts(turn.answer, say), say),
    ]
    return f'<div class="pc-tools" role="group" aria-label="{say("tool.group")}">{"".join(parts)}</div>{_comment(turn, say)}'


def _further(inside: str, say: Wording) -> str:
    name = attributes(aria_label=say("tool.more"), title=say("tool.more"))
    return f'<details class="pc-menu pc-start pc-further"><summary{name}>{icon("more")}</summary><div>{inside}</div></details>'


def _thumb(turn: Turn, rating: str, say: Wording) -> str:
    return button(
        icon(rating), "rate", class_="pc-thumb", data_turn=turn.id, data_rating=rating, aria_label=say(f"tool.{rating}"),
        aria_pressed="true" if turn.rating == rating else "false",
    )  # fmt: skip


def _comment(turn: Turn, say: Wording) -> str:
    if turn.rating is None:
        return ""
    label = say("comment.label")
    box = f"<input{attributes(type='text', name='comment', value=turn.comment, placeholder=label, aria_label=label, maxlength='1000')}>"
    return f'<form class="pc-comment" data-do="comment" data-turn="{plain(turn.id)}">{box}<button type="submit">{say("comment.send")}</button></form>'
