"""Rules that ask how, why and what: by what means, for what reason, what fails, what a thing is, what was found."""

from __future__ import annotations

import re
from collections.abc import Sequence

from eval.drafting.rule_types import Keys, Rule, Sentence, actor
from eval.drafting.wording import base, be, do, phrase, within

_LEAD = re.compile(
    r"(?i)^(?:(?:however|moreover|furthermore|further|in addition|additionally|besides|specifically|in particular|concretely|finally|first|second|third|next|then|notably|importantly|to be specific|"
    r"in practice|in detail|in this (?:paper|work|study|article)|here|recently|currently|traditionally|meanwhile|nevertheless|unfortunately|yet|but|and|indeed|thus|therefore|hence|consequently|in general|generally|also),?\s)+"
)
_OWN = r"(?:we|this (?:paper|work|study|article)|our [\w-]+(?: [\w-]+)?|the proposed [\w-]+(?: [\w-]+)?|it)"
_TO_DO = re.compile(
    rf"(?i)^to\s(?P<goal>(?:\w+ly\s)?(?!the\b|our\b|a\b|an\b|this\b|that\b)[a-z]+\s[^,;:]+),\s(?P<who>{_OWN}|[\w-]+)\s(?!is\b|are\b|was\b)[a-z]+"
)
_BY_DOING = re.compile(
    r"(?<![\w-])(?P<who>(?:[Ww]e|[Ii]t|[Oo]ur [\w-]+(?: [\w-]+)?|[Tt]he proposed [\w-]+(?: [\w-]+)?)|[\w-]+)\s(?:(?:can|also|then|further|first)\s)?(?P<adverb>[a-z]+ly\s)?(?P<verb>[a-z]+)\s(?P<object>[^,;:.]{4,70}?)\s(?:by|through|via)\s(?:\w+ly\s)?[a-z-]+ing\b"
)
_POOR_VERBS = frozenset(
    "is are was were be has have had do does show shows demonstrate demonstrates find finds propose proposes introduce introduces present presents argue argues report reports prove proves "
    "address addresses tackle tackles overcome overcomes observe observes describe describes discuss discusses provide provides take takes go goes make makes note notes hope aim aims seek start begin use uses "
    "study conduct conducts verify validate confirm illustrate explore investigate evaluate assess test facilitate promote encourage offer see achieve achieves further contribute this can also then and to that which in of for with as".split()
)
"""Verbs that say what authors do, not what a method does: `how do they show …` asks for nothing that a sentence answers well."""


def how_to(sentence: Sentence) -> tuple[str, Keys] | None:
    """`To train X, we use Y`."""
    text = _LEAD.sub("", sentence.text)
    found = _TO_DO.match(text)
    if found is None or not _is_ours(found["who"], sentence):
        return None
    goal = phrase(found["goal"], 11)
    first = goal.split()[1 if goal.split()[:1] and goal.split()[0].endswith("ly") else 0] if len(goal.split()) > 1 else ""
    if not first or first in _POOR_VERBS or first in ("best", "date", "end") or first.endswith("ing"):
        return None
    return f"How does {sentence.subject.actor} {goal[0].lower() + goal[1:]}?", ()


def how_by(sentence: Sentence) -> tuple[str, Keys] | None:
    """`X improves Y by doing Z`."""
    for found in _BY_DOING.finditer(sentence.text):
        what = phrase(found["object"], 8)
        ours = found["who"].lower() == "we"
        third = re.search(r"[^s]s$", found["verb"]) is not None
        if (
            not what
            or found["verb"] in _POOR_VERBS
            or not _is_ours(found["who"], sentence)
            or ours == third
            or re.search(r"(?:ed|ing)$", found["verb"])
        ):
            continue
        verb = found["verb"] if ours else base(found["verb"])
        if verb not in _POOR_VERBS:
            return f"How does {sentence.subject.actor} {found['adverb'] or ''}{verb} {what}?", ()
    return None


_PASSIVE = re.compile(
    r"^(?P<what>[A-Z][^,;:()]{3,60}?)\s(?P<be>is|are)\s(?:then\s|also\s|further\s|first\s)?(?P<done>(?!based|used|followed|caused|motivated|supported|evaluated|demonstrated|shown|given|needed)\w+ed|built|learnt|found|chosen|solved|driven)\s"
    r"(?:\w+ly\s)?(?:by\s\w+ing|using|through|via|with the help of)\b"
)


def how_done(sentence: Sentence) -> tuple[str, Keys] | None:
    """`X is computed using Y`."""
    found = _PASSIVE.match(_cap(_LEAD.sub("", sentence.text)))
    what = phrase(found["what"], 7) if found else ""
    if found is None or not what or be(what) != found["be"]:
        return None
    return f"How {found['be']} {within(what)} {found['done']}{_inside(sentence, what)}?", ()


_BECAUSE = re.compile(
    r"^(?P<what>[A-Z][^,;:()]{3,60}?)\s(?P<be>is|are|remains?)\s(?P<state>(?!due|caused|based|therefore|thus)(?:\w+ly\s)?[^,;:()]{4,50}?),?\s(?:because|due to|owing to|since|as it|as they)\b"
)


def why(sentence: Sentence) -> tuple[str, Keys] | None:
    """`X is hard because of Y`."""
    found = _BECAUSE.match(_cap(_LEAD.sub("", sentence.text)))
    if found is None:
        return None
    what, state = phrase(found["what"], 8), phrase(found["state"], 8)
    if not what or not state or (found["be"] in ("is", "are") and be(what) != found["be"]):
        return None
    if found["be"].startswith("remain"):
        return f"Why {do(what)} {within(what)} remain {state}?", ()
    return f"Why {found['be']} {within(what)} {state}?", ()


_EXISTING = re.compile(
    r"\b(?P<who>(?:[Mm]ost |[Mm]any )?(?:[Ee]xisting|[Cc]urrent|[Pp]revious|[Pp]rior|[Tt]raditional|[Cc]onventional|[Cc]lassical|[Ss]tandard)\s[^,;:()]{3,50}?)\s(?:often\s|typically\s|usually\s|generally\s|still\s|primarily\s|mainly\s|largely\s|commonly\s)?"
    r"(?P<verb>suffer from|suffers from|fail to|fails to|struggle to|struggle with|struggles with|lack|lacks|overlook|ignore|neglect|rely on|relies on|require|requires|focus on|depend on|assume)\b"
)
_ASK_FOR = {
    "suffer from": "What {do} {who} suffer from", "fail to": "What {do} {who} fail to do", "struggle to": "What {do} {who} struggle to do",
    "struggle with": "What {do} {who} struggle with", "lack": "What {do} {who} lack", "rely on": "What {do} {who} rely on", "depend on": "What {do} {who} depend on",
    "focus on": "What {do} {who} focus on",
}  # fmt: skip
_GENERAL = re.compile(
    r"(?i)^(?:most |many )?\w+ (?:methods?|approach(?:es)?|works?|models?|techniques?|solutions?|studies|research|algorithms?|systems?|literature|state-of-the-art methods|frameworks?)$"
)


def what_fails(sentence: Sentence) -> tuple[str, Keys] | None:
    """What is wrong with what there was before."""
    found = _EXISTING.search(sentence.text)
    who = phrase(found["who"], 7) if found else ""
    if found is None or not who or re.search(r"\b(?:is|are|have|has|can|were|was|to)\b", who):
        return None
    verb = (
        found["verb"]
        .replace("suffers", "suffer")
        .replace("fails", "fail")
        .replace("struggles", "struggle")
        .replace("relies", "rely")
    )
    verb = base(verb) if " " not in verb else verb
    asked = _ASK_FOR.get(verb, "What {do} {who} " + verb).format(do=do(who), who=_lower_first(who))
    return f"{asked}{_according(sentence) if _GENERAL.match(who) else ''}?", ()


def what_is(sentence: Sentence) -> tuple[str, Keys] | None:
    """The sentence that introduces a coined name says what it is."""
    name = sentence.subject.name
    if not name:
        return None
    tells = (
        rf"(?:\b{re.escape(name)}\)?(?:,|:|\s-)? (?:an? |the |which|that|as an? |utiliz|using|based on|is an? |is the |to |for ))"
    )
    introduced = rf"\b(?:propos|introduc|present|develop|releas|create|call|named|dubbed|termed|build|built)\w*\b[^.;]*?{tells}|^{re.escape(name)} is (?:an?|the)\b"
    return (f"What is {name}?", ()) if re.search(introduced, sentence.text) else None


def what_proposed(sentence: Sentence) -> tuple[str, Keys] | None:
    """Of a paper without a name of its own for it."""
    if sentence.subject.name or not _PROPOSES.search(sentence.text):
        return None
    return f"What does {sentence.subject.actor} propose?", ()


_PROPOSES = re.compile(
    r"\b(?:[Ww]e|[Tt]his (?:paper|work|article)) (?:\w+ly |therefore |hence |then |also )?(?:proposes?|introduces?|develops?|devises?)\b"
)


def which_problem(sentence: Sentence) -> tuple[str, Keys] | None:
    """A sentence that states the problem plainly, before the approach."""
    if sentence.role != "problem" or not _PROBLEM.search(sentence.text):
        return None
    return f"Which problem does {sentence.subject.actor} set out to solve?", ()


_PROBLEM = re.compile(
    r"^(?:However|Yet|Unfortunately|Nevertheless|But|Despite)\b.*\b(?:challeng|difficult|limit|suffer|fail|lack|hinder|hamper|cannot|struggl|expensive|costly|unclear|poorly|neglect|ignor|overlook|problem|bottleneck|prohibitive)"
)
_COMPARES = re.compile(
    r"(?P<verb>\boutperforms?|\bsurpass(?:es)?|\bis superior to|\bexceeds?|\bis comparable to|\bmatch(?:es)?|\bis competitive with)\s(?P<rival>[^,;:.()]{4,60}?)(?=[.,;]|\s(?:in|on|by|with|across|while|and|for|when|under|over|at|using|both|despite|without)\b)"
)


def how_compares(sentence: Sentence) -> tuple[str, Keys] | None:
    found = _COMPARES.search(sentence.text)
    if found is None or sentence.role != "result":
        return None
    who, rival = (
        actor(sentence.text[: found.start()], sentence.subject),
        phrase(re.sub(r"^all\s(?:the\s)?", "", found["rival"]), 6),
    )
    if not who or not _RIVALS.search(rival) or _GENERAL.match(rival) or _COUNTED.search(rival):
        return None
    return f"How {do(who)} {who} compare with {rival}?", ()


_RIVALS = re.compile(r"\w\w(?:s|[A-Z0-9]\w*)$")
_COUNTED = re.compile(r"\d|\b(?:performance|results?|accuracy|methods)$")


_IDEA = re.compile(
    r"(?i)\b(?:the|our|its|a)\s(?P<which>key|core|main|central|basic|crucial)\s(?P<what>idea|insight|observation|technique|novelty|innovation|ingredient|intuition|motivation)\b[^.,;]{0,50}?\b(?:is|are|lies|consists)\b"
)


def which_idea(sentence: Sentence) -> tuple[str, Keys] | None:
    found = _IDEA.search(sentence.text)
    return (
        (f"What is the {found['which'].lower()} {found['what'].lower()} behind {sentence.subject.actor}?", ()) if found else None
    )


_GOAL = re.compile(
    r"(?i)\b(?:goal|aim|objective|purpose) of (?:this|our)\b|\b(?:this|our) (?:paper|work|study|article|research) (?:aims|seeks)\b"
)


def which_goal(sentence: Sentence) -> tuple[str, Keys] | None:
    return (f"What is the goal of {sentence.subject.actor}?", ()) if _GOAL.search(sentence.text) else None


_FOUND = re.compile(
    r"(?i)\b(?:we|results|experiments|findings|analysis|work|study|paper)\s(?:also\s|then\s|further\s|empirically\s|theoretically\s|consistently\s|clearly\s)?(?P<how>show|find|prove|demonstrate|observe|reveal|discover|indicate|suggest)(?:s|ed)?,?\s"
    r"(?:theoretically |empirically )?that\s(?P<what>[^,;:()]{4,60}?)\s(?:can|cannot|is|are|has|have|tends?|leads?|improves?|increases?|reduces?|depends?|remains?|does|do|plays?|exhibits?|requires?|provides?|enables?|achieves?|outperforms?|performs?|becomes?|allows?|suffers?)\b"
)


def what_found(sentence: Sentence) -> tuple[str, Keys] | None:
    """`We find that X is …`."""
    found = _FOUND.search(sentence.text)
    what = phrase(found["what"], 7) if found else ""
    if (
        found is None
        or sentence.role == "background"
        or not what
        or re.search(
            r"(?i)^(?:there|when|if|in|for|by|with|under|at|on|even|after|while|using|even|all|only|no|a|an|one|some|many)\b",
            what,
        )
    ):
        return None
    if _is_ours(what, sentence):
        return None
    return f"What is found out about {within(what)}{_inside(sentence, what)}?", ()


def _is_ours(who: str, sentence: Sentence) -> bool:
    name = sentence.subject.name
    return re.fullmatch(rf"(?i){_OWN}", who) is not None or bool(name and (who == name or name in who.split()))


def _inside(sentence: Sentence, what: str) -> str:
    """Where the thing asked for is to be found; a name says enough already."""
    subject = sentence.subject
    if subject.name and subject.name in what.split():
        return ""
    return f" in {subject.actor}"


def _according(sentence: Sentence) -> str:
    return (
        f" according to the {sentence.subject.name} paper"
        if sentence.subject.name
        else f", according to {sentence.subject.actor}"
    )


def _cap(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


METHOD_RULES: Sequence[Rule] = (
    how_to,
    how_by,
    how_done,
    why,
    what_fails,
    which_idea,
    which_goal,
    what_found,
    what_is,
    how_compares,
    which_problem,
    what_proposed,
)
