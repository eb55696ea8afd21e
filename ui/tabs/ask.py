"""What happens when somebody does something on the Ask tab: payload in, changed panels out. Knows the page's HTML and no Gradio.

A payload comes from a browser and is not trusted; the conversation it names must belong to whoever sends it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from rag.errors import PaperchatError
from rag.explore.listing import Filter
from rag.query.paper_names import short_name
from ui.conversations.comparison import table_of
from ui.conversations.feedback import keep_feedback
from ui.export.markdown import conversation_markdown
from ui.export.papers import SUFFIXES as PAPER_SUFFIXES
from ui.export.papers import exported as exported_papers
from ui.export.plain import for_people
from ui.export.table_files import SUFFIXES, exported
from ui.html import shell
from ui.html.cards import paper_html, similar_html, sources_html
from ui.html.thread import thread_html, turn_html
from ui.html.wording import Wording, wording
from ui.server.service import Service
from ui.tabs import answering, preferences
from ui.tabs.home import Home
from ui.tabs.next_questions import next_questions
from ui.tabs.panels import Account, Panels, Visit, script_message
from ui.tabs.scope import chips_from

SIMILAR = 8
NAMES = 6
"""Papers offered after an `@`."""
MOVES = ("start", "open", "new", "branch")
"""What leads to another conversation: the page holds back a question until it receives `moved`."""


class AskTab:
    """Answers the two events of the tab."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._chats = service.chats
        self._home = Home(service)
        self._acts: dict[str, Callable[[Visit], Panels]] = {
            name.removeprefix("_act_").replace("_", "-"): getattr(self, name) for name in dir(self) if name.startswith("_act_")
        }

    # --- asking

    def ask(self, owner: str | None, language: str, payload: dict[str, Any]) -> Iterator[Panels]:
        """The panels as the answer comes: the sources before the first word, the whole conversation at the end."""
        if owner is None:
            return
        yield from answering.panels(self._service, self._visit(owner, language, payload))

    # --- everything else

    def act(self, owner: str | None, language: str, payload: dict[str, Any], account: Account | None = None) -> Panels:
        """What one press of a button changes; what makes no sense changes nothing."""
        if owner is None:
            return Panels()
        visit = self._visit(owner, language, payload, account)
        does = self._acts.get(visit.text("do"))
        try:
            panels = does(visit) if does else Panels()
        except PaperchatError as error:
            panels = Panels(bridge=script_message(toast=visit.say.error(error)))
        if panels.bridge is None and panels != Panels():
            panels = replace(panels, bridge=script_message())  # the page's script looks after what is redrawn
        if visit.text("do") in MOVES:
            panels = replace(panels, bridge=script_message(**{**json.loads(panels.bridge or "{}"), "moved": True}))
        return panels

    def start_panels(self, say: Wording) -> Panels:
        """The page before anybody is known: usable at once."""
        papers = self._service.paperchat.papers()
        return Panels(
            shell.header_html(say),
            shell.side_frame_html(say),
            shell.side_html([], "", "", datetime.now(), say),
            shell.settings_html(preferences.DEFAULTS, self._service.model_name, say),
            shell.empty_html(say, not papers),
            "",
            shell.composer_html(say),
            self._home.at_once(say),
            "",
            json.dumps({"words": json.loads(shell.script_words(say)), "all": len(papers), "count": len(papers)}),
        )

    def _act_start(self, visit: Visit) -> Panels:
        """The page as this person left it: language, settings, the conversation that the address names, or a shared answer."""
        self._service.warm()  # somebody looks at the page: a question is near
        say, chosen = visit.say, answering.chosen(self._service, visit)
        first = self.start_panels(say)
        settled = {
            "language": say.language,
            "theme": chosen["theme"],
            "values": self._values(),
            "words": json.loads(shell.script_words(say)),
        }
        panels = replace(first, settings=shell.settings_html(chosen, self._service.model_name, say), composer=None)
        if visit.account:
            account = shell.account_html(visit.account.name, visit.account.role, say)
            panels = replace(panels, head=shell.header_html(say, account), settings=account + (panels.settings or ""))
        if say.language != "en":
            panels = replace(panels, composer=first.composer)
        token = visit.text("share")
        opened = self._shared(visit, token) if token else self._opened(visit, visit.text("conversation"))
        papers = len(self._service.paperchat.papers())
        merged = {**settled, "all": papers, "count": papers, **json.loads(opened.bridge or "{}")}
        return replace(
            panels,
            **_given(opened),
            side=answering.side(self._service, visit, visit.text("conversation")),
            bridge=json.dumps(merged),
        )

    def _act_open(self, visit: Visit) -> Panels:
        id = visit.text("id")
        return replace(self._opened(visit, id), side=answering.side(self._service, visit, id))

    def _act_new(self, visit: Visit) -> Panels:
        return replace(self._opened(visit, ""), side=answering.side(self._service, visit, ""))

    def _act_home(self, visit: Visit) -> Panels:
        """The collection with its map, which may have to be drawn first."""
        may_write = visit.account is None or visit.account.role == "editor"
        return Panels(home=self._home.whole(visit.say, may_write))

    def _act_read(self, visit: Visit) -> Panels:
        """One paper beside the conversation, to be read."""
        papers = {paper.id: paper for paper in self._service.paperchat.papers()}
        paper = papers.get(visit.text("id"))
        return Panels(sources=paper_html(paper, visit.say), bridge=script_message(read=True)) if paper else Panels()

    def _act_names(self, visit: Visit) -> Panels:
        """Papers that somebody may mean who types `@` and the beginning of a word, by what a question calls them."""
        text = visit.text("text", 60)
        found = self._service.paperchat.browse(Filter(text=text))[:NAMES] if text.strip() else []
        papers = [{"name": short_name(each), "title": for_people(each.title), "byline": each.byline} for each in found]
        return Panels(bridge=script_message(names={"text": text, "papers": papers}))

    def _act_next(self, visit: Visit) -> Panels:
        """What might be asked after an answer, as far as the papers answer it."""
        turn = self._chats.turn(visit.owner, visit.text("turn"))
        if turn is None or turn.answer is None:
            return Panels()
        return Panels(
            bridge=script_message(next={"turn": turn.id, "questions": next_questions(self._service, turn, visit.say.language)})
        )

    def _act_list(self, visit: Visit) -> Panels:
        return Panels(side=answering.side(self._service, visit, visit.text("conversation")))

    def _act_rename(self, visit: Visit) -> Panels:
        self._chats.rename(visit.owner, visit.text("id"), visit.text("title"))
        return self._act_list(visit)

    def _act_delete(self, visit: Visit) -> Panels:
        id, current = visit.text("id"), visit.text("conversation")
        self._chats.delete(visit.owner, id)
        panels = self._opened(visit, "") if id == current else Panels(bridge=script_message())
        news = {**json.loads(panels.bridge or "{}"), "toast": visit.say("said.deleted")}
        return replace(
            panels, side=answering.side(self._service, visit, "" if id == current else current), bridge=json.dumps(news)
        )

    def _act_export(self, visit: Visit) -> Panels:
        conversation = self._chats.get(visit.owner, visit.text("id"))
        if conversation is None:
            return Panels()
        name = "".join(char if char.isalnum() else "-" for char in conversation.title)[:60].strip("-") or "conversation"
        return Panels(bridge=script_message(download={"name": f"{name}.md", "text": conversation_markdown(conversation)}))

    def _act_branch(self, visit: Visit) -> Panels:
        new = self._chats.branch(visit.owner, visit.text("conversation"), visit.text("turn"))
        if new is None:
            return Panels()
        panels = self._opened(visit, new)
        return replace(
            panels,
            side=answering.side(self._service, visit, new),
            bridge=script_message(conversation=new, branch=True, toast=visit.say("said.branch")),
        )

    def _act_share(self, visit: Visit) -> Panels:
        token = self._chats.share(visit.owner, visit.text("turn"))
        return Panels(bridge=script_message(share=token, toast=visit.say("said.link"))) if token else Panels()

    def _act_rate(self, visit: Visit) -> Panels:
        rating = visit.payload.get("rating")
        return self._rated(visit, rating=rating if rating in ("up", "down") else None)

    def _act_comment(self, visit: Visit) -> Panels:
        return self._rated(visit, comment=visit.text("comment", 1000), toast=visit.say("said.thanks"))

    def _rated(self, visit: Visit, toast: str | None = None, **changed: Any) -> Panels:
        turn = self._chats.turn(visit.owner, visit.text("turn"))
        if turn is None:
            return Panels()
        conversation = visit.text("conversation")
        turn = replace(turn, **changed)
        self._chats.put(visit.owner, conversation, turn)
        keep_feedback(self._service.folder, turn)
        known = self._chats.get(visit.owner, conversation)
        return Panels(thread=thread_html(known.turns, visit.say) if known else None, bridge=script_message(toast=toast))

    def _act_sources(self, visit: Visit) -> Panels:
        turn = self._chats.turn(visit.owner, visit.text("turn")) or self._chats.shared(visit.text("share"))
        if turn is None or turn.answer is None:
            return Panels()
        return Panels(sources=sources_html(turn.id, turn.answer, visit.say), bridge=script_message(shown=turn.id))

    def _act_table(self, visit: Visit) -> Panels:
        turn, how = self._chats.turn(visit.owner, visit.text("turn")), visit.text("how")
        table = table_of(turn) if turn else None
        if table is None or how not in SUFFIXES:
            return Panels()
        return Panels(bridge=script_message(download={"name": f"comparison.{SUFFIXES[how]}", "text": exported(table, how)}))

    def _act_similar(self, visit: Visit) -> Panels:
        self._service.ready()
        hits = self._service.paperchat.similar(visit.text("id"), SIMILAR)
        known = {paper.id: paper for paper in self._service.paperchat.papers()}
        paper = known.get(visit.text("id"))
        return Panels(sources=similar_html(paper, hits, visit.text("shown"), visit.say)) if paper else Panels()

    def _act_scope(self, visit: Visit) -> Panels:
        ids = self._service.within(chips_from(visit.payload.get("scope")))
        known = {paper.id for paper in self._service.paperchat.papers()}
        return Panels(bridge=script_message(all=len(known), count=len(known if ids is None else known & ids)))

    def _act_collection(self, visit: Visit) -> Panels:
        """How many papers there are, within the limits and at all, and what there is to limit by, after papers were added or removed."""
        counted = json.loads(self._act_scope(visit).bridge or "{}")
        return Panels(bridge=json.dumps({**counted, "values": self._values()}))

    def _act_export_scope(self, visit: Visit) -> Panels:
        """The papers within the limits as a file."""
        ids = self._service.within(chips_from(visit.payload.get("scope")))
        how = next((each for each in PAPER_SUFFIXES if each == visit.text("how")), None)
        if how is None or ids is None:
            return Panels()
        chosen = [paper for paper in self._service.paperchat.papers() if paper.id in ids]
        file = {"name": f"papers{PAPER_SUFFIXES[how]}", "text": exported_papers(chosen, how)}
        return Panels(bridge=script_message(download=file))

    def _act_settings(self, visit: Visit) -> Panels:
        given = visit.payload.get("settings")
        chosen = preferences.cleaned(given if isinstance(given, dict) else {})
        self._chats.prefer(visit.owner, chosen)
        if chosen["language"] in ("", visit.say.language):
            return Panels()
        again = self._visit(visit.owner, visit.say.language, visit.payload, visit.account)
        return replace(self._act_start(again), composer=shell.composer_html(again.say))

    def _act_leave(self, visit: Visit) -> Panels:
        self._service.jobs.leave(visit.owner, visit.text("job"))
        return Panels()

    def _act_listen(self, visit: Visit) -> Panels:
        """Nothing changes: the event only makes the browser open the stream in which news waits."""
        return Panels()

    def _act_stop(self, visit: Visit) -> Panels:
        self._service.jobs.stop(visit.owner, visit.text("job"))
        return Panels()

    # --- parts

    def _visit(self, owner: str, language: str, payload: dict[str, Any], account: Account | None = None) -> Visit:
        chosen = self._chats.preferences(owner).get("language") or language
        # Half a character, which JSON can name and nothing can keep, becomes a question mark.
        whole = json.dumps(payload, ensure_ascii=False).encode("utf-8", "replace")
        return Visit(owner, wording(chosen), json.loads(whole), account)

    def _opened(self, visit: Visit, id: str) -> Panels:
        conversation = self._chats.get(visit.owner, id) if id else None
        if conversation is None or not conversation.turns:
            empty = shell.empty_html(visit.say, not self._service.paper_count)
            return Panels(thread=empty, live="", sources="", bridge=script_message(conversation="", shown=""))
        last = conversation.turns[-1]
        everything = visit.payload.get("everything") is True
        return Panels(
            thread=thread_html(conversation.turns, visit.say, everything),
            live="",
            sources=sources_html(last.id, last.answer, visit.say) if last.answer else "",
            bridge=script_message(conversation=conversation.id, shown=last.id),
        )

    def _shared(self, visit: Visit, token: str) -> Panels:
        turn = self._chats.shared(token)
        if turn is None or turn.answer is None:
            return replace(self._opened(visit, ""), bridge=script_message(toast=visit.say("said.unknown")))
        note = f'<p class="pc-notice">{visit.say("turn.shared")}</p>'
        return Panels(
            thread=note + turn_html(turn, visit.say, shared=True),
            live="",
            sources=sources_html(turn.id, turn.answer, visit.say),
            bridge=script_message(shown=turn.id),
        )

    def _values(self) -> dict[str, list[str]]:
        """What years, venues and authors there are to limit by."""
        papers = self._service.paperchat.papers()
        return {
            "year": sorted({str(paper.year) for paper in papers if paper.year}, reverse=True),
            "venue": sorted({paper.venue for paper in papers if paper.venue}),
            "author": sorted({author for paper in papers for author in paper.authors})[:500],
            "collection": [one.name for one in self._service.paperchat.collections.all()],
        }


def _given(panels: Panels) -> dict[str, str]:
    found = {name: getattr(panels, name) for name in Panels.__slots__}
    return {name: value for name, value in found.items() if value is not None and name != "bridge"}
