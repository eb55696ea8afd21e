"""Collections on the Papers tab as HTML: the filter, what can be done with one and with what is selected; and the question before going online."""

from __future__ import annotations

from collections.abc import Sequence

from rag.library.collections import LONGEST_NAME, Collection
from ui.html.text import attributes, button, plain
from ui.html.wording import Wording


def options_html(collections: Sequence[Collection], say: Wording) -> str:
    """The choices of the filter, all papers first."""
    named = ((one.name, say("papers.collection.has", title=one.name, count=one.papers)) for one in collections)
    return "".join(
        f"<option{attributes(value=value)}>{plain(text)}</option>" for value, text in (("", say("papers.collection.any")), *named)
    )


def names_html(collections: Sequence[Collection]) -> str:
    """The names that are offered while one types."""
    return "".join(f"<option{attributes(value=one.name)}></option>" for one in collections)


def filter_html(collections: Sequence[Collection], say: Wording) -> str:
    """The choice of a collection, and the button that saves the chosen one, or the whole library, as a file."""
    save = button(say("papers.collection.save"), "pp-save", title=say("papers.collection.save.about"))
    return f'<label>{say("papers.collection")}<select name="collection" id="pp-inside">{options_html(collections, say)}</select></label>{save}'


def menu_html(collections: Sequence[Collection], say: Wording) -> str:
    """What puts the selected papers into a collection, or takes them out."""
    field = attributes(id="pp-collection", list="pp-collections", maxlength=LONGEST_NAME, dir="auto", autocomplete="off")
    return (
        f'<details class="pc-menu"><summary>{say("papers.collection.menu")}</summary><div>'
        f'<label>{say("papers.collection.name")}<input{field}></label><datalist id="pp-collections">{names_html(collections)}</datalist>'
        f"{button(say('papers.collection.put'), 'pp-put', class_='pc-main')}{button(say('papers.collection.take'), 'pp-take')}</div></details>"
    )


def bar_html(say: Wording, may_write: bool) -> str:
    """What can be done with the collection that is shown; hidden while none is."""
    change = (
        f'<label class="pp-new">{say("papers.collection.new")}<input{attributes(id="pp-new-name", maxlength=LONGEST_NAME, dir="auto")}></label>'
        f"{button(say('papers.collection.rename'), 'pp-rename')}{button(say('papers.collection.remove'), 'pp-uncollect', class_='pp-danger')}"
    )
    return (
        f'<div id="pp-collection-bar" class="pp-selection" role="group" aria-label="{say("papers.collection.bar")}" hidden>'
        f"{button(say('papers.collection.ask'), 'pp-ask-inside', class_='pc-main')}{change if may_write else ''}</div>"
    )


def network_html(count: int, services: Sequence[str], say: Wording) -> str:
    """Says what would be sent to whom, and asks whether to."""
    text = say("papers.network", count=count, services=say("papers.network.and").join(services))
    return (
        f'<div class="pc-notice" role="alertdialog" aria-label="{say("papers.network.go")}"><p>{plain(text)}</p>'
        f"{button(say('papers.network.go'), 'pp-fetch', class_='pc-main')} {button(say('papers.network.no'), 'pp-offline')}</div>"
    )
