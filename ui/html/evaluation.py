"""The Evaluation tab as HTML: figures with intervals, charts by kind, failing cases beside their evidence, two runs compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from eval.cases.reading import KINDS
from eval.compare.two_runs import Compared, Comparison
from eval.report.summary import ALL, Row
from eval.scores.labels import GLANCE, GROUPS, Unit, bounds, figure, label
from eval.types import AROUND, Header, Result
from ui.html.text import attributes, button, plain, text_html
from ui.html.wording import Wording

CHARTED = ("gold_sentence@3", "key_anywhere", *GLANCE)
"""Measures by how much they tell of one kind against another: the first that a run has is charted at once."""
_MARKS = {"supported": "✓", "partly": "◐", "unsupported": "✕", "not_checkable": "–"}
_ARROWS = {"better": "▲", "worse": "▼", "other": "◆", "": ""}


def frame_html(
    say: Wording, runs: Sequence[tuple[str, str]], own: int, writers: Sequence[str], folder: str, may_start: bool = True
) -> str:
    """What stays: which run is shown, what it is compared with, and how a new one is made by who may.

    The first `own` of the runs were made here.
    """
    options = "".join(f"<option{attributes(value=name)}>{plain(text)}</option>" for name, text in runs)
    choice = (
        f'<label>{say("evaluation.run")}<select id="pe-run">{options}</select></label>'
        f'<label>{say("evaluation.with")}<select id="pe-before"><option value="">{say("evaluation.nothing")}</option>{options}</select></label>'
    )
    chosen = "".join(f"<option{attributes(value=one)}>{say(f'evaluation.writer.{one}')}</option>" for one in writers)
    none = (
        f"<p>{say('evaluation.none')}</p><pre>paperchat eval run --out {plain(folder)}/dev-quotes.jsonl</pre>"
        if may_start
        else f"<p>{say('evaluation.none.viewer')}</p>"
    )
    start = (
        f'<form id="pe-start"><label>{say("evaluation.writer")}<select name="writer">{chosen}</select></label>'
        f'<button type="submit" class="pc-main">{say("evaluation.start")}</button></form>'
    )
    return f"""<h2 class="pc-hidden">{say("tab.evaluation")}</h2><div class="pe-top">{choice if runs else ""}
 {start if may_start else ""}</div>
 <p class="pe-about">{say("evaluation.about")}</p>
 <p id="pe-progress" role="status" hidden><progress></progress> <span></span></p>
 <div id="pe-comparison"></div>{"" if own else f'<div class="pe-none">{none}</div>'}<div id="pe-shown"></div><div id="pe-cases"></div>"""


def run_html(header: Header, rows: Sequence[Row], notices: Sequence[str], cases: int, failing: int, say: Wording) -> str:
    """Figures at a glance, all measures by group, a chart by kind, and what the run depended on."""
    overall = {row.measure: row for row in rows if row.kind == ALL}
    writer = say("evaluation.writer.quotes") if header.writer == "quotes" else header.writer
    about = say("evaluation.of", cases=cases, source=header.cases.name, papers=header.papers.count, writer=writer)
    card = header.card or say("evaluation.nocard")
    notes = "".join(f'<p class="pc-notice">{plain(notice)}</p>' for notice in notices)
    glance = "".join(_card(overall[name]) for name in GLANCE if name in overall)
    went_by = "".join(f"<dt>{plain(name)}</dt><dd>{plain(value)}</dd>" for name, value in _went_by(header))
    return (
        f'<p class="pe-what">{plain(about)}</p>{notes}<ul class="pe-cards">{glance}</ul>'
        f'<p class="pe-checker">{say("evaluation.checker")} {plain(header.checker)}: {plain(card.removeprefix("checker: "))}</p>'
        f"{_chart(rows, say)}<details><summary>{say('evaluation.all')}</summary>{_tables(overall)}</details>"
        f'<details><summary>{say("evaluation.wentby")}</summary><dl class="pe-facts">{went_by}</dl></details>'
        f"<h3>{say('evaluation.failing', count=failing, all=cases)}</h3>"
    )


def cases_html(failing: Sequence[tuple[Result, Sequence[str]]], offset: int, total: int, say: Wording) -> str:
    """Failing cases, folded; each with its answer, the verdicts and the evidence side by side."""
    left = total - offset - len(failing)
    more = (
        button(say("evaluation.more", count=left), "pe-more", class_="pe-more", data_offset=offset + len(failing))
        if left > 0
        else ""
    )
    return "".join(_case(result, why, say) for result, why in failing) + more


def comparison_html(found: Comparison, say: Wording) -> str:
    """Each measure before and after; what is more than chance comes first, shown by an arrow, a word and a colour."""
    notices = "".join(f'<p class="pc-notice">{plain(notice)}</p>' for notice in found.notices)
    order = {"worse": 0, "better": 1, "other": 2, "": 3}
    rows = "".join(_compared(one, say) for one in sorted(found.measures, key=lambda one: (order[one.verdict], one.measure)))
    heads = "".join(
        f"<th scope='col'>{say(f'evaluation.column.{name}')}</th>" for name in ("measure", "before", "after", "change", "verdict")
    )
    return (
        f"<section class='pe-compared'><h3>{say('evaluation.compared', count=found.cases)}</h3>{notices}"
        f"<div class='pe-scroll' tabindex='0'><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div></section>"
    )


def _card(row: Row) -> str:
    one = label(row.measure)
    value = row.interval.value if row.interval else None
    n = f"n = {row.interval.n}" if row.interval else ""
    return (
        f"<li><strong>{figure(value, one.unit)}</strong><span>{plain(one.text)}</span>"
        f"<small>{plain(bounds(row.interval, one.unit))}</small><small>{n}</small></li>"
    )


def _chart(rows: Sequence[Row], say: Wording) -> str:
    """For one measure that is chosen, a bar a kind with its interval as a line; every measure's chart is there, one is shown."""
    by_measure: dict[str, list[Row]] = {}
    for row in rows:
        if row.interval is not None and label(row.measure).unit in ("%", "0–1"):
            by_measure.setdefault(row.measure, []).append(row)
    if not by_measure:
        return ""
    first = next((name for name in CHARTED if name in by_measure), next(iter(by_measure)))
    options = "".join(
        f"<option{attributes(value=name, selected=name == first)}>{plain(label(name).text)}</option>" for name in by_measure
    )
    charts = "".join(
        f"<div{attributes(class_='pe-chart', data_measure=name, hidden=name != first)}>{''.join(_bar(row, say) for row in of)}</div>"
        for name, of in by_measure.items()
    )
    return f'<section class="pe-kinds"><h3>{say("evaluation.bykind")}</h3><label>{say("evaluation.measure")}<select id="pe-measure">{options}</select></label>{charts}</section>'


def _bar(row: Row, say: Wording) -> str:
    one, found = label(row.measure), row.interval
    if found is None:
        return ""
    low, value, high = (100 * max(0.0, min(1.0, each)) for each in (found.low, found.value, found.high))
    kind = say("evaluation.allkinds") if row.kind == ALL else row.kind.replace("_", " ")
    return (
        f"<div class='pe-bar'><span class='pe-kind'>{plain(kind)}</span><span class='pe-track' aria-hidden='true'>"
        f"<i style='width:{value:.2f}%'></i><b style='left:{low:.2f}%;width:{max(high - low, 0.3):.2f}%'></b></span>"
        f"<span class='pe-value'><strong>{figure(found.value, one.unit)}</strong> <small>{bounds(found, one.unit)}, n = {found.n}</small></span></div>"
    )


def _tables(overall: Mapping[str, Row]) -> str:
    groups: dict[str, list[Row]] = {group: [] for group in GROUPS}
    for name, row in overall.items():
        groups[label(name).group].append(row)
    parts = []
    for group, rows in groups.items():
        if rows:
            lines = "".join(_line(row) for row in rows)
            parts.append(f"<table class='pe-table'><caption>{plain(group)}</caption><tbody>{lines}</tbody></table>")
    return f"<div class='pe-tables'>{''.join(parts)}</div>"


def _line(row: Row) -> str:
    one = label(row.measure)
    value = row.interval.value if row.interval else None
    unscored = f" ({row.unscored} of {row.cases} unscored)" if row.unscored else ""
    return (
        f"<tr><th scope='row'>{plain(one.text)}</th><td><strong>{figure(value, one.unit)}</strong></td>"
        f"<td>{plain(bounds(row.interval, one.unit))}{plain(unscored)}</td></tr>"
    )


def _went_by(header: Header) -> Iterable[tuple[str, str]]:
    for name in ("cases", "papers", "encoder", "prompts"):
        one = getattr(header, name)
        yield name, f"{one.name} ({one.count}), sha256 {one.sha256[:16]}…"
    yield "versions", ", ".join(f"{name} {version}" for name, version in header.versions.items())
    yield "settings", ", ".join(f"{name} = {value}" for name, value in header.settings.items())


def _case(result: Result, why: Sequence[str], say: Wording) -> str:
    case, answer = result.case, result.answer or {}
    kind = case.kind if case.kind in KINDS else ""
    reasons = "".join(f"<li>{plain(each)}</li>" for each in why)
    history = "".join(f"<p class='pe-earlier'>{plain(each)}</p>" for each in case.history)
    left = f"<h4>{say('evaluation.answer')}</h4>{_answer(result, answer, say)}"
    right = f"<h4>{say('evaluation.evidence')}</h4>{_evidence(answer, say)}{_gold(result, say)}"
    return (
        f"<details class='pe-case'><summary><span class='pe-tag'>{plain(kind.replace('_', ' '))}</span> "
        f"<span dir='auto'>{plain(case.question)}</span></summary><ul class='pe-why'>{reasons}</ul>{history}"
        f"<div class='pe-sides'><div>{left}</div><div>{right}</div></div><p class='pe-id'>{plain(case.id)}</p></details>"
    )


def _answer(result: Result, answer: Mapping[str, Any], say: Wording) -> str:
    if result.answer is None:
        return f'<p class="pc-notice pc-error">{plain(result.error)}</p>'
    claims = answer.get("claims", ())
    if not claims:
        return f"<p dir='auto'>{text_html(str(answer.get('text', '')))}</p>"
    judged = [*result.judgements, *[None] * (len(claims) - len(result.judgements))]
    rows = []
    for claim, judgement in zip(claims, judged, strict=False):
        verdict = judgement.verdict if judgement else claim.get("verdict", "not_checkable")
        reason = judgement.reason if judgement else claim.get("reason", "")
        reason_html = f"<small>{plain(reason)}</small>" if verdict in ("partly", "unsupported") and reason else ""
        numbers = "".join(f" [{number}]" for number in claim.get("citations", ()))
        name = say(f"evaluation.verdict.{verdict}")
        rows.append(
            f"<li class='pe-{plain(verdict)}'><span{attributes(class_='pe-verdict', title=name)}>{_MARKS.get(verdict, '–')}<span class='pc-hidden'>{name}</span></span>"
            f"<span dir='auto'>{text_html(str(claim.get('text', '')))}{numbers}{reason_html}</span></li>"
        )
    return f"<ul class='pe-claims'>{''.join(rows)}</ul>"


def _evidence(answer: Mapping[str, Any], say: Wording) -> str:
    cited = answer.get("citations", ())
    rows = "".join(
        f"<li><b>[{one['number']}] <span dir='auto'>{text_html(one['title'])}</span></b><p dir='auto'>"
        f"{text_html(_before(one))}<mark>{text_html(one['quote'])}</mark>{text_html(_after(one))}</p></li>"
        for one in cited
    )
    return f"<ul class='pe-evidence'>{rows}</ul>" if rows else f"<p class='pc-none'>{say('evaluation.nocitation')}</p>"


def _before(one: Mapping[str, Any]) -> str:
    """What stands before a quote; the word that was cut off goes."""
    text = str(one["before"])
    return f"… {text.partition(' ')[2]}" if len(text) < one["start"] else text


def _after(one: Mapping[str, Any]) -> str:
    text = str(one["after"])
    return f"{text.rpartition(' ')[0]} …" if len(text) >= AROUND else text


def _gold(result: Result, say: Wording) -> str:
    rows = "".join(
        f"<li><p dir='auto'>{text_html(one.text)}</p><small>{plain(one.paper)}</small></li>" for one in result.case.sentences
    )
    return f"<h4>{say('evaluation.gold')}</h4><ul class='pe-evidence pe-gold'>{rows}</ul>" if rows else ""


def _compared(one: Compared, say: Wording) -> str:
    named, found = label(one.measure), one.found
    unit: Unit = named.unit
    signed = f"{100 * found.change:+.1f}" if unit == "%" else f"{found.change:+.3f}"
    low, high = (f"{100 * each:+.1f}" if unit == "%" else f"{each:+.3f}" for each in (found.low, found.high))
    verdict = say(f"evaluation.moved.{one.verdict or 'chance'}")
    moved = say("evaluation.moved.cases", better=len(one.better), worse=len(one.worse))
    return (
        f"<tr class='pe-{one.verdict or 'chance'}'><th scope='row'>{plain(named.text)}</th><td>{figure(found.before, unit)}</td><td>{figure(found.after, unit)}</td>"
        f"<td><strong>{signed}</strong> <small>({low} … {high})</small></td><td>{_ARROWS[one.verdict]} {verdict} <small>{moved}</small></td></tr>"
    )
