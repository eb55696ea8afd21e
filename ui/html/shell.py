"""The page around a conversation as HTML: heading, list of conversations, settings, the empty state, where to type."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.resources import files
from typing import Any

from ui.conversations.types import Conversation
from ui.export.papers import SUFFIXES
from ui.export.plain import for_people
from ui.html import parts
from ui.html.icons import icon
from ui.html.text import attributes, button, plain, text_html
from ui.html.wording import LANGUAGES, Wording

_HERE = files("ui.html")
TOKENS = (_HERE / "tokens.css").read_text(encoding="utf-8")
_FONTS = "".join(
    f'<link rel="preload" href="fonts/{name}-latin.woff2" as="font" type="font/woff2" crossorigin>' for name in ("sans", "serif")
)
HEAD = (
    f'<meta name="color-scheme" content="light dark"><meta name="referrer" content="same-origin">{_FONTS}'
    f'<style>{TOKENS}</style><link rel="stylesheet" href="{parts.address("page.css")}"><link rel="modulepreload" href="{parts.address("page.js")}">'
)


def side_html(conversations: Sequence[Conversation], open_id: str, words: str, now: datetime, say: Wording) -> str:
    """The conversations, those of today first, each with what can be done with it."""
    rows = {"side.today": "", "side.earlier": ""}
    for each in conversations:
        today = datetime.fromtimestamp(each.changed).date() == now.date()
        rows["side.today" if today else "side.earlier"] += _row(each, each.id == open_id, say)
    parts = [f'<h2>{say(name)}</h2><ul class="pc-list">{inside}</ul>' for name, inside in rows.items() if inside]
    return "".join(parts) or f'<p class="pc-none">{say("side.nothing" if words else "side.none")}</p>'


def _row(each: Conversation, current: bool, say: Wording) -> str:
    name = say("side.more", title=for_people(each.title))
    do = "".join(
        button(say(f"side.{what}"), f"{what}-conversation", data_id=each.id, data_title=each.title)
        for what in ("rename", "export", "delete")
    )
    opener = button(
        text_html(each.title),
        "open",
        class_="pc-open",
        data_id=each.id,
        title=for_people(each.title),
        aria_current="true" if current else None,
        dir="auto",
    )
    return f'<li>{opener}<details class="pc-menu"><summary{attributes(aria_label=name)}>⋯</summary><div>{do}</div></details></li>'


def empty_html(say: Wording, empty: bool) -> str:
    """Before the first question: what this is."""
    return f'<div class="pc-empty"><h2>{say("empty.title")}</h2><p>{say("empty.none" if empty else "empty.text")}</p></div>'


def suggestions_html(suggestions: Sequence[str], say: Wording) -> str:
    """Questions that a press asks; nothing if there are none."""
    rows = "".join(
        f"<li>{button(text_html(text), 'ask', class_='pc-suggestion', data_question=text, dir='auto')}</li>"
        for text in suggestions
    )
    return f'<ul class="pc-suggestions" aria-label="{say("empty.try")}">{rows}</ul>' if rows else ""


def composer_html(say: Wording) -> str:
    """Where a question is typed. It never changes while the page is open, so that nothing that is typed is lost."""
    kinds = "".join(
        f'<option value="{kind}">{say("scope." + kind)}</option>' for kind in ("year", "author", "venue", "text", "collection")
    )
    exports = "".join(
        button(name, "export-scope", data_how=how) for how, name in zip(SUFFIXES, ("BibTeX", "CSV", "Markdown"), strict=True)
    )
    return f"""
<form id="pc-form" autocomplete="off">
 <div id="pc-scope" role="group" aria-label="{say("scope.label")}"><span id="pc-chips"></span>
  <details class="pc-menu pc-up" id="pc-limit"><summary>{say("scope.add")}</summary><div>
   <label>{say("scope.kind")}<select id="pc-kind">{kinds}</select></label>
   <label>{say("scope.value")}<input id="pc-value" maxlength="200" placeholder="{say("scope.hint")}" list="pc-values"></label>
   <datalist id="pc-values"></datalist><button type="button" data-do="add-chip" class="pc-main">{say("scope.ok")}</button></div></details>
 </div>
 <p id="pc-editing" hidden>{say("ask.editing")} <button type="button" data-do="cancel-edit" class="pc-quiet">{say("ask.cancel")}</button></p>
 <div class="pc-box"><label class="pc-hidden" for="pc-input">{say("ask.label")}</label>
  <textarea id="pc-input" rows="1" placeholder="{say("ask.placeholder")}" dir="auto" enterkeyhint="send"></textarea>
  <button type="submit" id="pc-send" class="pc-main">{say("ask.send")}</button><button type="button" id="pc-stop" data-do="stop" hidden>{say("ask.stop")}</button></div>
 <div class="pc-under"><button type="button" data-do="summarise" class="pc-quiet">{say("ask.summarise")}</button>
  <button type="button" data-do="compare" class="pc-quiet">{say("ask.compare")}</button>
  <details class="pc-menu pc-up" id="pc-export" hidden><summary class="pc-quiet">{say("papers.export")}</summary><div>{exports}</div></details>
  <button type="button" data-do="keys" class="pc-quiet pc-keys-button" aria-label="{say("said.keys")}" title="{say("said.keys")}">?</button></div>
</form>"""


def header_html(say: Wording, account: str = "") -> str:
    side = button(
        f'{icon("panel")}<span class="pc-hidden">{say("side.show")}</span>',
        "toggle-side",
        id="pc-side-button",
        class_="pc-icon",
        aria_expanded="false",
    )
    return f'<header id="pc-header">{side}<h1>Paperchat</h1>{account}</header>'


def account_html(name: str, role: str, say: Wording) -> str:
    """Who is signed in, as what, and the way out."""
    out = f'<form method="post" action="logout"><button type="submit">{say("account.out")}</button></form>'
    about = attributes(class_="pc-account", title=say(f"account.about.{role}"))
    who = say("account.as", who=name)
    return f"<div{about}><span>{plain(who)} · {say(f'account.{role}')}</span>{out}</div>"


def side_frame_html(say: Wording) -> str:
    """What stays of the left side while its list changes: new, search."""
    return (
        f'<div class="pc-side-top">{button(icon("new") + say("side.new"), "new", class_="pc-new")}'
        f'<input type="search" id="pc-search"{attributes(placeholder=say("side.search"), aria_label=say("side.search"), maxlength="200")}></div>'
    )


def settings_html(preferences: Mapping[str, Any], model: str | None, say: Wording) -> str:
    """The settings panel. It knows a model by its name; keys never come here."""
    writers = [("quotes", say("settings.quotes"))] + ([("model", say("settings.model", model=model))] if model else [])
    writer = _select("writer", say("settings.writer"), writers, preferences["writer"])
    warmth = _range("temperature", say("settings.temperature"), 0, 1.5, 0.1, preferences["temperature"]) if model else ""
    many = _range("sources", say("settings.sources"), 5, 30, 1, preferences["sources"])
    strict = f'<label class="pc-check"><input{attributes(type="checkbox", name="strict", checked=bool(preferences["strict"]))}> {say("settings.strict")}</label>'
    language = _select("language", say("settings.language"), list(LANGUAGES.items()), say.language)
    theme = _select(
        "theme",
        say("settings.theme"),
        [(name, say(f"settings.theme.{name}")) for name in ("system", "light", "dark")],
        preferences["theme"],
    )
    none = "" if model else f'<p class="pc-none">{say("settings.nomodel")}</p>'
    return f'<details id="pc-settings"><summary>{say("settings.title")}</summary><form data-do="settings">{writer}{none}{warmth}{many}{strict if model else ""}{language}{theme}</form></details>'


def script_words(say: Wording) -> str:
    """The words that the page's script says itself, as JSON."""
    wanted = ("said.", "scope.", "tab.", "sources.close", "thread.reading", "thread.label", "turn.question", "ask.nothing")
    return json.dumps({name: text for name, text in say.texts.items() if name.startswith(wanted)})


def _select(name: str, label: str, options: Sequence[tuple[str, str]], chosen: str) -> str:
    rows = "".join(
        f"<option{attributes(value=value, selected=value == chosen)}>{plain(text)}</option>" for value, text in options
    )
    return f'<label>{label}<select name="{name}">{rows}</select></label>'


def _range(name: str, label: str, low: float, high: float, step: float, value: float) -> str:
    number = attributes(type="range", name=name, aria_label=label, min=low, max=high, step=step, value=value)
    # A label names the first field inside, which is the output here: so the slider has its name twice.
    return f"<label>{label} <output>{value:g}</output><input{number}></label>"
