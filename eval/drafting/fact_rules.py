"""Rules that ask for one point of a sentence: a margin, a score, a count, the data sets or rivals that it names, a coined name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from eval.drafting.rule_types import Keys, Rule, Sentence, actor
from eval.drafting.wording import APPROXIMATELY, COUNT, NUMBER, UNIT, base, be, do, is_plural, number_key, phrase
from rag.text.words import content_words

_CHANGES = {
    form: verb
    for verb, forms in (
        ("outperform", "outperform outperforms outperformed outperforming"),
        ("surpass", "surpass surpasses surpassed surpassing"),
        ("exceed", "exceed exceeds exceeded exceeding"),
        ("reduce", "reduce reduces reduced reducing"),
        ("decrease", "decrease decreases decreased decreasing"),
        ("lower", "lower lowers lowered lowering"),
        ("cut", "cut cuts cutting"),
        ("increase", "increase increases increased increasing"),
        ("improve", "improve improves improved improving"),
        ("accelerate", "accelerate accelerates accelerated accelerating"),
        ("boost", "boost boosts boosted boosting"),
        ("enhance", "enhance enhances enhanced enhancing"),
    )
    for form in forms.split()
} | {"speed up": "speed up", "speeds up": "speed up", "speeding up": "speed up"}
_CHANGE = "(?P<verb>" + "|".join(sorted(_CHANGES, key=len, reverse=True)) + ")"
_BY = re.compile(
    rf"\b{_CHANGE}\b(?P<on> on| upon| over)?(?P<object>(?:(?!\bby\b)[^.;:]){{3,90}}?)\s+by\s+(?:a factor of\s+)?{APPROXIMATELY}{NUMBER}{UNIT}(?=[\s,.;)]|$)"
)
_FROM_TO = re.compile(
    rf"\b{_CHANGE}\b(?P<object>[^.;:]{{3,70}}?)\s+from\s+{NUMBER}{UNIT}\s+to\s+(?P<last>\d[\d,]*(?:\.\d+)?(?:[KMBkx×X]\b)?)(?!\.?\d)(?P<last_unit>\s?%)?(?=[\s,.;)]|$)"
)


def by_how_much(sentence: Sentence) -> tuple[str, Keys] | None:
    found = _BY.search(sentence.text)
    if found is None:
        return None
    what, who = phrase(found["object"]), actor(sentence.text[: found.start()], sentence.subject)
    verb = _CHANGES[found["verb"]] + (" on" if found["on"] else "")
    return (f"By how much {do(who)} {who} {verb} {what}?", (_key(found),)) if what and who else None


def how_far(sentence: Sentence) -> tuple[str, Keys] | None:
    found = _FROM_TO.search(sentence.text)
    if found is None:
        return None
    what, who = phrase(found["object"], 6), actor(sentence.text[: found.start()], sentence.subject)
    keys = (_key(found), number_key(found["last"], found["last_unit"] or ""))
    return (f"From what to what value {do(who)} {who} {_CHANGES[found['verb']]} {what}?", keys) if what and who else None


_METRIC = (
    r"(?P<metric>(?:(?!of\b|and\b|the\b|with\b|in\b|on\b|an?\b|to\b|for\b)[\w@+-]+ ){0,3}?(?:accuracy|F1(?:[- ]score)?|F-score|[Ss]core|AUC|AUROC|AUPRC|BLEU|ROUGE(?:-L)?|WER|mAP|mIoU|IoU|PSNR|SSIM|FID|"
    r"[Dd]ice|precision|recall|sensitivity|specificity|success rate|error rate|hit rate|win rate|correlation|perplexity|speed-?up|throughput|compression ratio|latency))"
)
_ENDS = r"(?=\s?[,.;:()]|\s(?:and|while|with|using|when|which|by|compared|without|under|after|where|as|but|outperforming|surpassing|only|respectively)\b|$)"
_ON = rf"(?:\s+(?P<on>(?:on|for|in|over|across)\s[^,.;:()]{{2,60}}?))?{_ENDS}"
_ACHIEVES = r"\b(?:achiev\w+|attain\w*|obtain\w*|reach\w*|yield\w*|deliver\w*)\s+"
_METRIC_OF = re.compile(rf"{_ACHIEVES}(?:an?\s|the\s)?{_METRIC}\s+of\s+{APPROXIMATELY}{NUMBER}{UNIT}{_ON}")
_NUMBER_METRIC = re.compile(rf"{_ACHIEVES}(?:an?\s)?{APPROXIMATELY}{NUMBER}{UNIT}\s+{_METRIC}{_ON}")
_PRAISE = re.compile(
    r"(?i)^(?:(?:state-of-the-art|remarkable|impressive|high|competitive|new|good|strong|superior|promising|excellent|outstanding|notable|significant)\s)+"
)


def which_score(sentence: Sentence) -> tuple[str, Keys] | None:
    found = _METRIC_OF.search(sentence.text) or _NUMBER_METRIC.search(sentence.text)
    if found is None:
        return None
    who, metric = actor(sentence.text[: found.start()], sentence.subject), phrase(_PRAISE.sub("", found["metric"]))
    where = " " + phrase(found["on"]) if found["on"] else ""
    return (f"What {metric} {do(who)} {who} reach{where}?", (_key(found),)) if who and metric and where != " " else None


_TIMES = re.compile(
    rf"{APPROXIMATELY}{NUMBER}{UNIT}\s+(?P<how>faster|slower|smaller|larger|cheaper|more efficient|(?:fewer|less|more) (?P<thing>[a-z-]+))\s+"
    rf"than\s(?P<than>[^.,;:()]{{3,60}}?)(?=[.,;:()]|\s(?:and|while|with|on|for|in|when|at|by)\b|$)"
)
_BEFORE_DEGREE = re.compile(
    r"(?i)\s(?:is|are|be|runs?|being|requires?|uses?|needs?|with|using|requiring|while|offers?|has|have|having|consum\w+|at|can be|of)$"
)


def how_much_more(sentence: Sentence) -> tuple[str, Keys] | None:
    found = _TIMES.search(sentence.text)
    if found is None:
        return None
    than, who = phrase(found["than"], 7), actor(_BEFORE_DEGREE.sub("", sentence.text[: found.start()].rstrip()), sentence.subject)
    if not than or who != sentence.subject.actor:
        return None
    if found["thing"]:
        degree, _, thing = found["how"].partition(" ")
        many = "many" if is_plural(thing) else "much"
        return f"How {many} {degree} {thing} {do(who)} {who} need than {than}?", (_key(found),)
    return f"How much {found['how']} {be(who)} {who} than {than}?", (_key(found),)


_CONTAINS = re.compile(
    rf"\b(?P<verb>consist(?:s|ing)? of|compris(?:es|e|ing)|contain(?:s|ing)?|cover(?:s|ing)?|includ(?:es|e|ing)|featur(?:es|e|ing)|span(?:s|ning)?|(?:is )?composed of)\s+"
    rf"(?:a total of\s)?{APPROXIMATELY}{COUNT}\s(?P<thing>(?:[\w-]+ ){{0,3}}?[a-z-]+s)(?=[,.;:()]|\s(?:from|in|of|with|across|for|and|that|to|on|by|spanning|covering|collected|drawn|annotated|paired|where|which|over)\b|$)"
)
_HOLDS = {
    "consis": "consist of",
    "compri": "comprise",
    "contai": "contain",
    "cover": "cover",
    "includ": "include",
    "featur": "feature",
    "span": "span",
}


def how_many_inside(sentence: Sentence) -> tuple[str, Keys] | None:
    found = _CONTAINS.search(sentence.text)
    if found is None:
        return None
    who, thing = actor(sentence.text[: found.start()], sentence.subject), _countable(found["thing"])
    verb = next((holds for start, holds in _HOLDS.items() if found["verb"].startswith(start)), "consist of")
    return (f"How many {thing} {do(who)} {who} {verb}?", (number_key(found["number"]),)) if who and thing else None


_TESTED_ON = re.compile(
    rf"\b(?:[Ee]xperiment\w*|[Rr]esults|evaluat\w+|test(?:s|ed|ing)?|validat\w+|results|benchmark(?:ed|ing)|outperform\w*|demonstrat\w+|assess\w*)\b[^.;]{{0,90}}?\b(?:on|across|over|with)\s+(?:a total of\s)?{COUNT}\s(?!out of)"
    r"(?P<thing>(?:[\w-]+ ){0,3}?(?:datasets|data sets|benchmarks|tasks|languages|domains|environments|problems|models|corpora|games|subjects|patients|scenarios))\b"
)


def how_many_tested(sentence: Sentence) -> tuple[str, Keys] | None:
    found = _TESTED_ON.search(sentence.text)
    if found is None or sentence.role not in ("result", "approach"):
        return None
    thing = _countable(found["thing"])
    return (f"On how many {thing} {_is_tested(sentence)}?", (number_key(found["number"]),)) if thing else None


_TRAINED_ON = re.compile(
    rf"\b(?:pre-?)?trained\s+(?:\w+ly\s)?on\s+(?:a total of\s)?{APPROXIMATELY}{COUNT}\s(?P<thing>(?:[\w-]+ ){{0,3}}?[a-z-]+s)(?=[,.;:()]|\s(?:from|in|of|with|across|for|and|that|to|by|using)\b|$)"
)


def how_many_trained_on(sentence: Sentence) -> tuple[str, Keys] | None:
    found = _TRAINED_ON.search(sentence.text)
    if found is None:
        return None
    who, thing = actor(sentence.text[: found.start()], sentence.subject), _countable(found["thing"])
    return (f"How many {thing} {be(who)} {who} trained on?", (number_key(found["number"]),)) if who and thing else None


_PARTS = re.compile(
    r"\b(?P<verb>has|have|consists? of|compris(?:es|e)|involves?|offers?|provides?|brings?|includes?)\s(?P<number>two|three|four|five|six)\s"
    r"(?P<of>(?:key |main |core |major |novel |distinct |new |different |complementary |essential |sequential )?)"
    r"(?P<thing>components|modules|stages|steps|parts|phases|contributions|benefits|advantages|challenges|difficulties|limitations|strategies|principles|mechanisms|objectives|branches|properties)\b"
)


def which_parts(sentence: Sentence) -> tuple[str, Keys] | None:
    """Asked for where the sentence goes on to name them."""
    found = _PARTS.search(sentence.text)
    if found is None or not re.search(r":|\(1\)|\(i\)|\bnamely\b|, and\b", sentence.text[found.end() :]):
        return None
    who = actor(sentence.text[: found.start()], sentence.subject)
    return (
        (
            f"Which {found['number']} {found['of']}{found['thing']} {do(who)} {who} {base(found['verb'].split()[0])}{' of' if ' of' in found['verb'] else ''}?",
            (),
        )
        if who
        else None
    )


_NAME = r"[A-Z][\w@/+-]*(?: [A-Z0-9][\w@/+-]*){0,2}"
_NAMES = rf"(?P<names>{_NAME}(?:, (?:and )?{_NAME})*(?:,? and {_NAME})?)"
_ON_DATA = re.compile(
    rf"\b(?:[Ee]xperiment\w*|[Rr]esults|evaluat\w+|test(?:s|ed)?|validat\w+|results|benchmarked|performance|accuracy)\b[^.;]{{0,80}}?\bon\s+(?:the\s)?(?:[a-z-]+ ){{0,4}}?{_NAMES}\s(?:[a-z-]+ ){{0,1}}?(?P<what>datasets?|benchmarks?|data sets?|corpus|corpora)\b"
)
_COMPARED = re.compile(
    rf"\b(?:compare|compared|outperform|outperforms|outperforming|surpass|surpasses|beat|beats)\s(?:\w+ ){{0,2}}?(?:with |to |against |over )?(?:(?!on |in |for |across |by )[a-z-]+ ){{0,6}}?(?:such as |like |including |with )?{_NAMES}(?=[,.;]|$)"
)


def which_data(sentence: Sentence) -> tuple[str, Keys] | None:
    found = _ON_DATA.search(sentence.text)
    if found is None or not _plain_names(found["names"]):
        return None
    names = _split(found["names"])
    if len(names) == 1 and found["what"].endswith("s") and found["what"] != "corpus":
        return None  # a kind of benchmarks, not the name of one
    what = {"data": "data set", "corpo": "corpora", "corpu": "corpus"}.get(found["what"][:5], found["what"].rstrip("s"))
    what = what + "s" if len(names) > 1 and what != "corpora" else what
    return f"On which {what} {_is_tested(sentence)}?", tuple((name,) for name in names)


def which_rivals(sentence: Sentence) -> tuple[str, Keys] | None:
    found = _COMPARED.search(sentence.text)
    if found is None or sentence.role != "result" or not _plain_names(found["names"]):
        return None
    names = [name for name in _split(found["names"]) if name != sentence.subject.name]
    return (
        (f"With which other methods is {sentence.subject.actor} compared?", tuple((name,) for name in names))
        if len(names) > 1
        else None
    )


_CALLED = re.compile(
    r"\b(?:propos\w+|introduc\w+|present\w*|develop\w*|design\w*|describ\w+)\s(?:an?|the)\s(?:(?:new|novel|simple|innovative|efficient|effective|unified|general)(?: and |, )?\s?)*(?P<what>[^,.;:()]{8,90}?),?\s"
    r"(?:(?:which|that) we\s)?(?:call|called|named|term|termed|dubbed|coined|name)\s(?:the\s)?(?P<name>[A-Z][\w+-]+)(?=[,.;:()]|\s(?:that|which|to|for|and|by)\b)"
)


def what_called(sentence: Sentence) -> tuple[str, Keys] | None:
    found = _CALLED.search(sentence.text)
    what = phrase(found["what"], 9) if found else ""
    if found is None or found["name"] in what or len(content_words(_GENERIC.sub(" ", what))) < 2:
        return None
    return f"What is the name of the {what}?", ((found["name"],),)


_GENERIC = re.compile(
    r"(?i)\b(?:learning|training|neural|networks?|deep|methods?|approach|framework|model|algorithm|architecture|system|strategy|technique|module|machine|data|dataset|benchmark|large|language)\b"
)


def _is_tested(sentence: Sentence) -> str:
    subject = sentence.subject
    return f"is {subject.name} tested" if subject.name else f"are results given in {subject.actor}"


def _key(found: re.Match[str]) -> tuple[str, ...]:
    return number_key(found["number"], found["unit"] or "")


def _countable(thing: str) -> str:
    """The things counted, without praise; empty if the words do not say what they are."""
    bare = re.sub(
        r"(?i)^(?:(?:diverse|different|popular|challenging|standard|public|publicly available|various|widely used|widely-used|well-known|real-world|distinct|key|main|major) )+",
        "",
        thing,
    )
    return (
        ""
        if bare in ("times", "points", "percentage points", "ways", "aspects", "cases", "orders", "settings", "sets", "groups")
        else phrase(bare, 4)
    )


def _split(names: str) -> list[str]:
    return [name for name in re.split(r",? and |, ", names) if name]


_NO_NAME = frozenset("We Our The This These In On It Experiments Results Both Also Moreover Further Furthermore A An I".split())


def _plain_names(names: str) -> bool:
    return not any(name.split()[0] in _NO_NAME for name in _split(names))


FACT_RULES: Sequence[Rule] = (
    by_how_much, how_far, which_score, how_much_more, how_many_inside, how_many_trained_on, how_many_tested, which_data, which_rivals, which_parts, what_called,
)  # fmt: skip
