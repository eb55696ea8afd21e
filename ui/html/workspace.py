"""The Workspace tab as HTML: its parts, and the frame that holds them."""

from __future__ import annotations

from ui.html.text import button
from ui.html.wording import Wording

PARTS = ("tables", "draft", "notebook", "projects")
WORDS = ("table.said.", "table.count", "table.given", "work.link", "papers.said.", "note.offer", "project.said.")


def frame_html(say: Wording) -> str:
    """The parts side by side, of which one is shown at a time."""
    parts = "".join(
        button(say(f"work.{part}"), "pw-part", class_="pw-part", data_part=part, aria_pressed="false") for part in PARTS
    )
    return f"""<h2 class="pc-hidden">{say("tab.workspace")}</h2>
<div class="pw-parts" role="group" aria-label="{say("tab.workspace")}">{parts}</div>
<section data-view="tables" aria-label="{say("work.tables")}">
 <div class="pw-start"><div id="pw-tables"></div><div id="pw-form"></div></div>
 <div class="pw-reading">{button(f"← {say('table.back')}", "pw-back", class_="pw-back")}<div id="pw-table"></div></div>
</section>
<section data-view="draft" aria-label="{say("work.draft")}" hidden><div id="pw-draft-view"></div></section>
<section data-view="notebook" aria-label="{say("work.notebook")}" hidden><div id="pw-notebook"></div></section>
<section data-view="projects" aria-label="{say("work.projects")}" hidden><div id="pw-projects"></div></section>
<aside id="pw-paper" class="pw-drawer" aria-label="{say("papers.one")}" hidden></aside>"""


def words(say: Wording) -> dict[str, str]:
    """What the tab's script says itself."""
    return {name: text for name, text in say.texts.items() if name.startswith(WORDS)}
