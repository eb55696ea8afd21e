"""A conversation as HTML: each question, how it was understood, the answer, how well it is supported, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence

from rag.prompts import is_sentence, refusal_reason
from rag.types import Answer, Paper
from ui.conversations.comparison import table_of
from ui.conversations.types import Chip, Turn
from ui.export.markdown import answer_markdown
from ui.export.plain import in_line
from ui.html.answer import answer_html, support
from ui.html.table import table_html
from ui.html.text import attributes, button, plain, text_html
from ui.html.wording import Wording

SHOWN = 30
"""Turns on the page; earlier ones are a click away."""
NEAREST = 3
_THUMB = (
    '<svg viewBox="0 0 24 24" width="17" height="17" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2" '
    'stroke-linejoin="round"><g{turned}><path d="M7 10v11H3V10zM7 10l4-8c1.7 0 3 1.3 3 3l-.6 4H20a2 2 0 0 1 2 2.3l-1.3 7.9A2 2 0 0 1 18.7 21H7"/></g></svg>'
)


def thread_html(turns: Sequence[Turn], say: Wording, everything: bool = False) -> str:
    """The finished turns of a conversation, the last ones only where there are very many."""
    shown = turns if everything else turns[-SHOWN:]
    earlier = len(turns) - len(shown)
    more = button(say("thread.earlier", count=earlier), "earlier", class_="pc-earlier") if earlier else ""
    return more + "".join(turn_html(turn, say, last=turn is turns[-1]) for turn in shown)


def turn_html(turn: Turn, say: Wording, last: bool = False, shared: bool = False) -> str:
    """One question with its answer, or with what there is of it."""
    body = _answered(turn, turn.answer, say) if turn.answer is not None else _unfinished(turn, say)
    tools = "" if shared else _tools(turn, say)
    kind = "" if turn.answer is None else f" pc-{turn.answer.status}"
    return (
        f"<article{attributes(class_='pc-turn' + kind, id='t-' + turn.id, data_turn=turn.id, data_last=last)}>"
        f"{_question(turn, say, shared)}{_understood(turn, say, shared)}{body}{tools}</article>"
    )


def writing_html(turn: Turn, answer: Answer, notices: Sequence[str], say: Wording) -> str:
    """The turn that is being answered: what there is of the text, without anything to press yet."""
    told = "".join(f'<p class="pc-notice">{plain(notice)}</p>' for notice in notices)
    text = answer_html(answer, turn.id, say)
    waiting = (
        f'<p class="pc-wait"><span class="pc-dots" aria-hidden="true"><i></i><i></i><i></i></span>{say("thread.reading")}</p>'
    )
    return (
        f"<article{attributes(class_='pc-turn pc-writing', id='t-' + turn.id, aria_busy='true')}>{_question(turn, say, True)}"
        f'{told}<div class="pc-answer" dir="auto">{text or waiting}</div></article>'
    )


def _question(turn: Turn, say: Wording, bare: bool) -> str:
    edit = button(
        say("turn.edit"),
        "edit",
        class_="pc-quiet",
        data_turn=turn.id,
        aria_label=say("turn.edit.name", question=in_line(turn.question)),
    )
    within = _within(turn.scope, say)
    return (
        f"<div{attributes(class_='pc-question', data_question=turn.question)}>"
        f'<h3 class="pc-hidden">{say("turn.question")}</h3><p dir="auto">{text_html(turn.question)}</p>'
        f"{within}{'' if bare or turn.gathers else edit}</div>"
    )


def _within(scope: Sequence[Chip], say: Wording) -> str:
    if not scope:
        return ""
    return (
        f'<p class="pc-within">{say("turn.within")} {plain(" · ".join(in_line(chip.label or chip.value) for chip in scope))}</p>'
    )


def _understood(turn: Turn, say: Wording, bare: bool) -> str:
    """How a follow-up was understood, or which typing errors were put right, to be changed or taken back."""
    meant = turn.corrected or (turn.answer.standalone_question if turn.answer else "")
    if not meant or in_line(meant).casefold() == in_line(turn.question).casefold():
        return ""
    typed = turn.answer is not None and bool(turn.answer.corrected)
    mend = button(say("turn.correct"), "correct", class_="pc-quiet", data_turn=turn.id, data_text=meant)
    keep = button(say("turn.literal"), "literal", class_="pc-quiet", data_turn=turn.id) if typed else ""
    told = say("turn.asked" if typed and turn.answer and meant == turn.answer.corrected else "turn.understood")
    return f'<p class="pc-understood">{told} <q dir="auto">{text_html(meant)}</q> {"" if bare else keep + mend}</p>'


def _answered(turn: Turn, answer: Answer, say: Wording) -> str:
    told = "".join(f'<p class="pc-notice">{plain(notice)}</p>' for notice in answer.notices)
    if (table := table_of(turn)) is not None:
        return f"{told}{table_html(turn.id, table, say)}{_foot(answer, say)}"
    if answer.status == "not_found":
        return told + _not_found(turn, answer, say)
    return f'{told}<div class="pc-answer" dir="auto">{answer_html(answer, turn.id, say)}</div>{_foot(answer, say)}'


def _not_found(turn: Turn, answer: Answer, say: Wording) -> str:
    """Why there is no answer, set apart from one, with the nearest papers to go on with."""
    near = "".join(
        f"<li>{button(text_html(paper.title), 'card', class_='pc-near', data_turn=turn.id, data_id=paper.id)}</li>"
        for paper in _nearest(answer)
    )
    nearest = f"<p>{say('notfound.nearest')}</p><ul>{near}</ul>" if near else ""
    return (
        f'<div class="pc-answer pc-refusal" dir="auto"><h4><span aria-hidden="true">∅</span> {say("notfound.title")}</h4>'
        f"<p>{text_html(_reason(answer, say))}</p>{nearest}</div>"
    )


def _reason(answer: Answer, say: Wording) -> str:
    """In the page's language; of an answer kept before refusals had codes, its own text."""
    if answer.refusal is None:
        return answer.text
    reason = refusal_reason(answer.refusal, say.language)
    return reason if is_sentence(answer.refusal) else f"{reason[:1].upper()}{reason[1:]}."


def _nearest(answer: Answer) -> Sequence[Paper]:
    return answer.refusal.nearest if answer.refusal is not None else [hit.paper for hit in answer.hits[:NEAREST]]


def _unfinished(turn: Turn, say: Wording) -> str:
    kind = "error" if turn.error else "stopped"
    told = plain(turn.error) if turn.error else say("turn.stopped")
    text = f'<div class="pc-answer" dir="auto"><p>{text_html(turn.partial)}</p></div>' if turn.partial else ""
    return f'{text}<p class="pc-notice pc-{kind}">{told}</p>'


def _foot(answer: Answer, say: Wording) -> str:
    good, checked = support(answer.claims)
    parts = []
    if checked:
        sign = "pc-good" if good == checked else "pc-doubt"
        parts.append(f'<span class="pc-support {sign}">{say("foot.support", good=good, count=checked)}</span>')
    parts.append(f"<span>{plain(_writer(answer, say))}</span>")
    if "total" in answer.seconds:
        parts.append(f"<span>{_time(answer.seconds['total'])}</span>")
    if tokens := sum(answer.usage.get(name, 0) for name in ("prompt_tokens", "completion_tokens")):
        parts.append(f"<span>{say('foot.tokens', tokens=tokens)}</span>")
    return f'<p class="pc-foot">{"".join(parts)}</p>{_doubts(answer, say)}'


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
    again = button(say("tool.again"), "regenerate", data_turn=turn.id)
    if turn.answer is None:
        return f'<div class="pc-tools">{again}</div>'
    cited = len(turn.answer.citations)
    sources = button(say("tool.sources", count=cited), "sources", class_="pc-phone", data_turn=turn.id)
    parts = [
        *([] if turn.answer.writer == "help" else [sources]),
        button(say("tool.copy"), "copy", data_copy=answer_markdown(turn)),
        button(say("tool.share"), "share", data_turn=turn.id),
        again,
        button(say("tool.branch"), "branch", data_turn=turn.id),
        *(_thumb(turn, rating, say) for rating in ("up", "down")),
    ]
    return f'<div class="pc-tools" role="group" aria-label="{say("tool.group")}">{"".join(parts)}</div>{_comment(turn, say)}'


def _thumb(turn: Turn, rating: str, say: Wording) -> str:
    return button(
        _THUMB.format(turned="" if rating == "up" else ' transform="rotate(180 12 12)"'), "rate", class_="pc-thumb", data_turn=turn.id, data_rating=rating,
        aria_label=say(f"tool.{rating}"), aria_pressed="true" if turn.rating == rating else "false",
    )  # fmt: skip


def _comment(turn: Turn, say: Wording) -> str:
    if turn.rating is None:
        return ""
    label = say("comment.label")
    box = f"<input{attributes(type='text', name='comment', value=turn.comment, placeholder=label, aria_label=label, maxlength='1000')}>"
    return f'<form class="pc-comment" data-do="comment" data-turn="{plain(turn.id)}">{box}<button type="submit">{say("comment.send")}</button></form>'
