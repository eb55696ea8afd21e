"""A checked draft as HTML: where it is pasted, each sentence with what was found, how many of which kind. Nothing of it is trusted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rag.library.collections import Collection
from rag.review.draft import LONGEST, DraftSentence, Finding
from ui.export.plain import link
from ui.html.text import attributes, button, plain, text_html
from ui.html.wording import Wording

SHOWN = ("supported", "contradicted", "nothing", "not_checked")


def form_html(collections: Sequence[Collection], papers: int, say: Wording) -> str:
    everywhere = f"<option value=''>{say('table.by.all', count=papers)}</option>"
    named = "".join(f"<option{attributes(value=each.name)}>{plain(each.name)} ({each.papers})</option>" for each in collections)
    within = (
        f'<label class="pw-within">{say("draft.within")}<select name="collection">{everywhere}{named}</select></label>'
        if collections
        else ""
    )
    return f"""<form id="pw-draft-form" class="pw-form" autocomplete="off"><h3>{say("draft.title")}</h3><p class="pw-hint">{say("draft.about")}</p>
 <label class="pw-wide" for="pw-draft-text">{say("draft.text")}</label><textarea id="pw-draft-text" name="text" rows="7" dir="auto" maxlength="{LONGEST}" placeholder="{say("draft.hint")}"></textarea>
 <div class="pw-fields">{within}<button type="submit" class="pc-main">{say("draft.go")}</button></div></form>
<p id="pw-checking" class="pw-filling" role="status" hidden><progress></progress><span></span></p>
<div id="pw-draft-summary"></div><ol id="pw-draft" class="pw-draft" aria-label="{say("draft.title")}"></ol>"""


def sentence_html(sentence: DraftSentence, say: Wording) -> str:
    """The sentence, its outcome in words, and the quotes."""
    found = "".join(_finding(each, say) for each in sentence.findings)
    findings = f'<ul class="pw-findings">{found}</ul>' if found else ""
    return (
        f'<li class="pw-{sentence.outcome}"><p class="pw-said" dir="auto">{text_html(sentence.text)}</p>'
        f'<p class="pw-outcome">{say("draft.language" if sentence.why == "language" else f"draft.{sentence.outcome}")}</p>{findings}</li>'
    )


def summary_html(sentences: Sequence[DraftSentence], say: Wording) -> str:
    """How many sentences of each kind, each a button that shows those alone."""
    counts = Counter[str](sentence.outcome for sentence in sentences)
    parts = "".join(
        button(
            f"<b>{counts[name]}</b> {say(f'draft.{name}')}",
            "pw-only",
            class_=f"pw-only pw-{name}",
            data_only=name,
            aria_pressed="false",
        )
        for name in SHOWN
        if counts[name]
    )
    return f'<div class="pw-summary" role="group" aria-label="{say("draft.show")}">{parts}{button(say("table.export"), "pw-export-draft", class_="pw-export")}</div>'


def _finding(finding: Finding, say: Wording) -> str:
    paper, address = finding.evidence.paper, link(finding.evidence.paper)
    title = text_html(paper.title)
    named = f"<a{attributes(href=address, target='_blank', rel='noopener noreferrer')}>{title}</a>" if address else title
    doubt = f' <span class="pw-doubt">{say("table.doubtful.mark")}</span>' if finding.doubtful else ""
    span = finding.evidence.span
    place = {"data_paper": paper.id, "data_start": span.start, "data_end": span.end}
    keep = button(say("note.keep"), "pw-keep-quote", class_="pw-keep", **place)
    return (
        f'<li class="pw-{finding.stance}"><p class="pw-stance">{say(f"draft.{finding.stance}")}{doubt}</p>'
        f'<blockquote dir="auto">{text_html(finding.evidence.text)}</blockquote>'
        f'<p class="pw-by"><span dir="auto">{named}</span>{f" · {plain(paper.byline)}" if paper.byline else ""}</p>{keep}</li>'
    )
