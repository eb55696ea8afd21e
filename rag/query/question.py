"""What a question asks for: its kind, the points it wants, its sides and its topic. Rules only; nothing is looked up."""

from __future__ import annotations

import re
from html import unescape
from itertools import groupby

from rag.query import translation as translate
from rag.query.plan import Kind, QueryPlan, Want
from rag.query.worded import words_asked
from rag.text.cues import word_list
from rag.text.instructions import instructs
from rag.text.sentences import sentences
from rag.text.words import content_words, stem, words

GREETINGS = frozenset(
    "hello hi hey thanks thank ok okay good morning evening bye goodbye great nice cool test welcome sorry yes".split()
)
LONG_QUESTION = 60
"""Words; from here on a text is a story with a question in it."""


def understand(asked: str) -> QueryPlan:
    """The question's kind, sides, topic and wants, with no collection to look at; never fails, whatever the text."""
    return understood(*in_english(asked))


def in_english(asked: str) -> tuple[str, str]:
    """What is asked, without what surrounds it, in English as far as the glossary reaches, and the language that it was in."""
    own = essential(_without_orders(clean(asked)))
    text = translate.to_english(own)
    return text, (translate.language_of(own) or "en") if text != own else "en"


def understood(text: str, language: str) -> QueryPlan:
    """The same of a text that is in English."""
    lowered = f" {' '.join(words(text))} "
    wanted, excluded = without_excluded(_asking(text))
    sides = () if _PAPERS_FIRST.search(lowered) else _sides(text)
    sides = () if all(side in excluded for side in sides) else sides
    if group := _group(text):
        return QueryPlan(text, "compare", _wants(lowered), topic=group, language=language)
    worded = () if excluded or not _SOME_PAPERS.search(text) else words_asked(text)
    kind = (
        "list"
        if worded
        else "compare"
        if sides
        else "list"
        if excluded and not wanted and _SOME_PAPERS.search(text)
        else _kind(lowered)
    )
    return QueryPlan(
        text, kind, _wants(lowered), sides, wanted, excluded, language,
        unread=translate.unread(text, language) if language != "en" else (),
        worded=worded, of_one_paper=_ONE_PAPER.search(text) is not None, is_empty=all(word in GREETINGS for word in content_words(text)),
    )  # fmt: skip


def clean(asked: str) -> str:
    """Without control and format characters, with single spaces; markers such as `[7]`, tags and scripts are not part of a question."""
    unescaped = _ENTITY.sub(lambda found: unescape(found.group()), _MARKUP.sub(" ", asked))
    return " ".join("".join(char if char.isprintable() and char != "\ufffd" else " " for char in unescaped).split())


_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{1,7}|#x[0-9A-Fa-f]{1,6});")
_MARKUP = re.compile(r"(?i)<(script|style)\b[^<>]*+>.*?</\1\s*+>|\[\d+\]|</?[a-z][^<>]*+>")


def _without_orders(text: str) -> str:
    """The text without sentences that give orders to a model, where another one asks."""
    parts = [span.of(text) for span in sentences(text)]
    kept = [part for part in parts if not instructs(part)]
    asks = any(part.rstrip(")\"'” ").endswith("?") and content_words(part) for part in kept)
    return " ".join(kept) if asks and len(kept) < len(parts) else text


def essential(text: str) -> str:
    """The question inside a long text: its sentences that ask; where none asks, its last ones. A word that is said over and over counts once."""
    if len(text.split()) <= LONG_QUESTION:
        return text
    text = " ".join(word for word, _ in groupby(text.split()))
    parts = [span.of(text) for span in sentences(text)]
    asking = [part for part in parts if part.rstrip(")\"'” ").endswith("?")] or parts[-2:]
    return " ".join(" ".join(asking).split()[-LONG_QUESTION:])


_LIST = re.compile(
    r"^ (?:so |and |ok |please |can you |could you |i want to know ){0,4}(?:which|wich|what) (?:other |of the |of these |different |recent |all ){0,4}"
    r"(?:papers|works|articles|studies|publications|abstracts|authors|methods in (?:the|this) collection)\b"
    r"|\b(?:list|find|show|give|name|get|recommend)(?: me)?(?: all| every| any| some| a few| the)*(?: of)?(?: the)? (?:\w+ ){0,2}?(?:papers|works|articles|studies|abstracts)\b"
    r"|^ (?:any|all|are there|is there|do you have|have you got)(?: any| some| a)?(?: \w+){0,2} (?:papers?|works?|articles?|studies) "
    r"|^ (?:and |so )?(?:which|what) of (?:these|them|those|the papers|the works)\b"
    r"|\bwhat (?:have (?:we|you)|do (?:we|you) have|is there|has (?:the|this) collection|does (?:the|this) collection have)(?: got)?(?: here)? (?:on|about)\b"
    r"|^ (?:so |and |please ){0,4}(?:in )?(?:how many|(?:the )?number of) (?:of (?:the|these|those|your) )?(?:papers|works|articles|studies|publications|abstracts)\b"
    r"|\bwhat have (?:you|we) got $|\bwho (?:works on|worked on|tackles|tackled|looks at|deals with|studies) (?:that|this|it) $"
    r"|\b(?:which|what) (?:ones|others)\b|\b(?:which|wich|what) papers\b"
    r"|^ (?:which|what) (?:methods|approaches|models|techniques|architectures|networks|frameworks|algorithms|systems) (?!does|do|did|is|are|was|were|has|have|had|can|could|will|would)\w+ "
)
"""What the fitted model of kinds does not find without it; it finds “who uses …?”, “papers on …” and “everything about …” itself."""
_COUNTED_WITHIN = re.compile(
    r"\bhow many (?:\w+ ){1,3}?(?:(?:do|does|did|have|has) (?:they|it|he|she|(?:the|this|that|these|those|its|their) (?:\w+ ){0,3}?(?:reviews?|surveys?|stud(?:y|ies)|"
    r"meta|papers?|authors?|article|overview|work|analysis|researchers)) |(?:were |are |was |is |have been )?\w+ (?:in|by|for) (?:the|this|that|their|its) (?:\w+ ){0,3}?(?:review|survey|study|meta|"
    r"paper|article|overview|analysis) )"
)
"""Papers that one paper counts: `How many articles does the review analyse?` asks it for a figure, and not for a list."""
_PAPERS_FIRST = re.compile(
    r"^ (?:so |and |ok |please |can you |could you |i want to know )*(?:(?:which|what) (?:other |of the |of these |different |recent |all )*|(?:list|find|name|recommend)(?: me)?(?: all| every| any| some| the)* |"
    r"(?:are|is) there (?:any |some |a )?)(?:papers?|works|articles?|studies|publications) (?:(?!or )\w+ )*$"
    r"|^ which other papers are about the same as "
)
"""A question for papers, which a comparison that they make does not turn into one of ours: `Which papers compare A with B?`"""
_SUMMARY = re.compile(
    r"\b(?:summari[sz]e|summary|sum(?:s|med|ming)? up|state of knowledge|across (?:the|all|these) papers|summari[sz]ing|overview|tl ?dr|gist|in a nutshell|in short|synopsis|digest|recap|round ?up|key (?:points|findings|takeaways|ideas))\b"
    r"|\bwhat (?:do|does|is|are) (?:the |these |this |our |your )?(?:papers?|collection|abstracts?|page|authors|corpus|library) (?:here )?(?:say|tell|know|report|hold|think)\b"
    r"|\btell me (?:all |everything |more |something )?(?:about|on)\b|\bwhat is (?:the |this )?(?:\w+ ){0,8}(?:paper|article|work|study|thesis|survey) about\b"
    r"|\bwhat is known about\b|^ (?:walk me|take me|guide me) through\b|\bwhat (?:is|was) .{3,80} about $"
)
_ONE_PAPER = re.compile(
    r"(?i)\b(?:the|that|this|a|one) (?:[\w'’-]+ ){0,4}?(?:(?:paper|article|study|thesis|survey|abstract)\b|work\b(?! (?:on|in|about|done|being)\b))"
)
_METHOD = re.compile(
    r"^ (?:and |but |so |please |can you |could you |i wonder )*(?:explain|describe|how (?!many|much|large|big|long|fast|often|far|well|good|accurate|high|small|few|old)|why|what is |what are |what s |what exactly|what does .{1,60} (?:mean|stand for|do) $|define|definition of)"
    r"|\b(?:how (?:does|do|is|are|can|did|was|were|would|could|to)|why (?:does|do|is|are|can|did|was|were|would)|by what mechanism|what mechanism|what makes)\b| (?:why|how) $"
)
_COMPARE = (
    re.compile(r"(?i)\b(?:compare|contrast)\b[^:]{0,60}: ?(?P<a>.{1,200}?),? (?:and|with|to|against|versus|vs\.?|or) (?P<b>.+)"),
    re.compile(
        r"(?i)\b(?:compare|contrast|comparison (?:of|between)|comparing) (?P<a>.{1,200}?) (?:and|with|to|against|versus|vs\.?) (?P<b>.+)"
    ),
    re.compile(r"(?i)\bdifferen(?:ces?|t)\b.{0,30}?\bbetween (?P<a>.{1,200}?) and (?P<b>.+)"),
    re.compile(
        r"(?i)\b(?:what|how)\b.{0,40}?\b(?:distinguish(?:es)?|separates?|sets?) (?P<a>.{1,200}?) (?:apart )?from (?P<b>.+)"
    ),
    re.compile(
        r"(?i)\b(?:how|where|in what|in which)\b.{0,24}?\b(?:do|does|did|is|are|would) (?P<a>.{1,200}?) "
        r"(?:differ|differs|different|similar|compare|compares|relate|stack up|fare) (?:\w+ )?(?:from|to|with|against) (?P<b>.+)"
    ),
    re.compile(
        r"(?i)\b(?:how|where|in what|in which)\b.{0,24}?\bdo(?:es)? (?P<a>.{1,200}?) and (?P<b>.{1,200}?) (?:differ|compare|relate)\b(?P<rest>.*)"
    ),
    re.compile(
        r"(?i)\b(?:do|does|are|is|did) (?:both )?(?P<a>.{1,200}?) and (?P<b>.{1,200}?) (?:agree|both|similar|the same|alike|have in common)\b(?P<rest>.*)"
    ),
    re.compile(
        r"(?i)\b(?:(?:relation|relations|relationship|connection|link|links|similarit(?:y|ies)|comparison|contrast|distinction|distinguish|in common|choose|choice|overlap) between)"
        r" (?P<a>.{1,200}?) and (?P<b>.+)"
    ),
    re.compile(
        r"(?i)\b(?:how|what|where|which)\b.{0,24}?\bdo(?:es)? (?P<a>.{1,200}?) and (?P<b>.{1,200}?) (?:each|respectively)\b(?P<rest>.*)"
    ),
    re.compile(
        r"(?i)^(?P<a>[^?:.]{1,200}?) (?:or|and) (?P<b>[^?:.]{1,200}?) ?[:.?] .*\b(?:differ\w*|compare|contrast|in common|each|(?:are|is) (?:these|they|those|it) the same)\b"
    ),
    re.compile(
        r"(?i)^(?P<a>[^?:.,]{1,200}?) (?:or|vs\.?|versus) (?P<b>[^?:.]{1,200}?) ?[:?–—-]\s*(?:so |and )?(?:which|what|who)\b.+"
    ),
    re.compile(r"(?i)^(?:which|who|what)\b.{3,90}?[,:]\s*(?P<a>.{1,200}?) or (?P<b>.+)"),
    re.compile(
        r"(?i)^(?!(?:so |and )?(?:how|what|why|which|where|when|who|do|does|did|is|are|can)\b)(?P<a>.{1,200}?) (?:vs\.?|versus|compared (?:to|with)|as opposed to|in contrast to|unlike) (?P<b>.+)"
    ),
)
_PAPER_MENTION = re.compile(
    r"(?i)\b(?:the|your) ((?:(?!(?:the|and|or|in|of|to|do|does|what|with|for|on|by)\b)[\w/+'’-]+ ){1,5})(?:paper|study|work|thesis|survey|article)\b( (?:on|about|of) [\w -]{3,40})?"
)
_NO_SIDE = re.compile(
    r"(?i)(?:(?:its|their|itself|themselves|his|her|one another|each other)\b|(?:all |any |most |the ){0,3}(?:others?|existing|previous|prior|earlier|past|competing|related|rivals?|"
    r"baselines?|state[- ]of[- ]the[- ]art|sota)\b)"
)
"""A second side that belongs to the first, or is whatever else there is, is no other paper: `comparing a scan with its mirror image`,
`different from other methods`."""
_POINT = re.compile(
    r"(?i)^(?P<side>.+?)(?: ?[,:;?(–—]| (?:in terms of|with respect to|regarding|when|by|on how|in how|in what|as to|concerning)\b).*"
)


def _kind(lowered: str) -> Kind:
    if _LIST.search(lowered) and not _COUNTED_WITHIN.search(lowered):
        return "list"
    if _SUMMARY.search(lowered):
        return "summary"
    return "method" if _METHOD.search(lowered) else "fact"


def _sides(text: str) -> tuple[str, ...]:
    """The two things compared, or nothing."""
    papers = [f"{found[1]} {found[2] or ''}".strip() for found in _PAPER_MENTION.finditer(text)]
    if len(papers) == 2 and all(content_words(paper) for paper in papers):
        return tuple(papers)
    for pattern in _COMPARE:
        found = pattern.search(text)
        if found is not None:
            sides = tuple(_side(found[name]) for name in ("a", "b"))
            if all(content_words(side) for side in sides) and not _NO_SIDE.match(sides[1]):
                return sides
    return ()


_PAPERS = r"(?:(?:all|both|these|those|the|two|three|four|five|different|main|various) ){0,4}(?:papers|studies|works|articles|methods|approaches|techniques|models)"
_WORD = r"(?!(?:and|or|with|against|versus|vs|to|differ|compare|disagree|agree|have|share)\b)[^\s,;:?.!]{1,40}"
_TOPIC = rf" (?:on|about|of|for|to|towards?|in|dealing with) (?P<topic>{_WORD}(?: {_WORD}){{0,13}})"
_GROUP = (
    re.compile(rf"(?i)\b(?:compare|contrast|comparison of|comparing) {_PAPERS}{_TOPIC}\W*$"),
    re.compile(
        rf"(?i)\b(?:how|where|in what|in which ways?)\b.{{0,20}}?\bdo {_PAPERS}{_TOPIC} (?:differ|compare|disagree|agree)\b"
    ),
    re.compile(rf"(?i)\bwhat do {_PAPERS}{_TOPIC} (?:have in common|agree on|disagree on|share)\b"),
    re.compile(rf"(?i)\b(?:differences?|similarit(?:y|ies)) (?:between|among) {_PAPERS}{_TOPIC}\W*$"),
)


def _group(text: str) -> str:
    """What the papers have to do with that are to be compared with each other, where none is named: `compare the papers on bees`."""
    found = next((found for pattern in _GROUP if (found := pattern.search(text))), None)
    return found["topic"].strip() if found and content_words(found["topic"]) else ""


def _side(text: str) -> str:
    cut = _POINT.fullmatch(text)
    return re.sub(r"(?i)^(?:the|a|an|both|how|what|of)\s+", "", (cut["side"] if cut else text).strip(" .?!:,;\"'"))


_TOPIC_NOISE = re.compile(
    r"(?i)\b(?:please|can you|could you|would you|i (?:want|would like|need|wonder)(?: to know)?|give me|show me|tell me|let me know|write|provide|"
    r"(?:a |an |the )?(?:short |brief |quick |cited |concise ){0,4}(?:summary|overview|synopsis|gist|tl;?dr|digest|recap|round-?up)(?: of| on| about)?|summari[sz]e|"
    r"(?:in|with) (?:a few|some|one|two|three|four|five|\d+) (?:short |simple )?(?:sentences?|lines?|words)|according to (?:these|the|this|our|your) (?:papers|collection|page)|"
    r"list|find|which|what|who|(?:all|any|other|recent|different) papers|papers?|articles?|works?|studies|abstracts?|(?:in |of |from )?(?:this|the|your|our) "
    r"(?:collection|library|page|papers|corpus)|(?:do|does|say|says|said|deal|deals|dealing|treat|treats|discuss|discusses|mention|mentions|about|concerning|regarding|that|here))\b"
)


def _asking(text: str) -> str:
    """The sentences that ask; all where none does."""
    parts = [span.of(text) for span in sentences(text)]
    return " ".join(part for part in parts if part.endswith("?") and len(content_words(part)) > 1) or text


def _without_noise(text: str) -> str:
    """What is left without the words of asking."""
    return " ".join(_TOPIC_NOISE.sub(" ", text).split()).strip(" ?.!:,;-")


_DEAL = (
    r"(?:deal(?:ing)? with|treat(?:ing)?|discuss(?:ing)?|concern|mention(?:ing)?|address(?:ing)?|cover(?:ing)?|tackl(?:e|ing)|touch(?:ing)?(?: on)?|look(?:ing)? at|"
    r"talk(?:ing)? about|speak(?:ing)? of|consider(?:ing)?|study(?:ing)?|investigat(?:e|ing)|focus(?:ing)? on|relate to|have (?:anything|something) to do with)"
)
_NOT_ABOUT = (
    r"(?:(?:that|which|who) )?(?:(?:(?:is|are|was|were)(?: not|n['’]?t)|not) (?:(?:really|mainly|directly) )?"
    r"(?:about|on|for|concerning|concerned with|related to|focused on)|"
    rf"(?:(?:do|does|did)(?: not|n['’]?t)|not) (?:(?:really|mainly|directly) )?{_DEAL}(?: not)?(?: (?:of|from))?|deal with not (?:of|from)|"
    r"(?:have|has|having|with) nothing to do with)|unrelated to|nothing (?:on|about)"
)
"""With `not` where other languages put it, word by word: `deal with not of graphs`."""
_NAMED = r"(?:those|the ones|ones|anything|everything|(?:the |any )?(?:papers?|works|articles?|studies))"
_MATTER = rf"(?:{_NAMED}\b ?)?(?:(?:that|which|who) )?(?:(?:is|are) )?(?:(?:on|about|of|for|with|us(?:es?|ing)|(?:built|based) on|{_DEAL})\b ?)?(?:the )?"
"""What stands before the thing that is left out: `those on graphs`."""
_GOES_ON = (
    r" (?:but|and (?:that |which )?(?:is|are|was|were|has|have|appeared|published)|(?:are|is) there|(?:do|have) (?:we|you)|exists?|use|deal with|treat|"
    r"study|propose|discuss|mention|address|consider|look at|focus on|cover|tackle|work on|talk about|(?:from|since|in|of|before|after|until|published in) (?=(?:19|20)\d\d\b))\b"
)
"""What stands behind it where the question goes on: `other than MgNO use multigrid`."""
_WHAT = rf"(?P<what>(?:(?!{_GOES_ON})[^(,;:?.!]){{3,100}}(?:(?:, [\w -]{{2,40}}){{1,6}}?,? (?:or|nor|and) [^(,;:?.!]{{2,60}})?)"
_EXCLUDES = re.compile(
    rf"(?i)[,;]?\s?\b(?:(?:but |and )?(?:{_NOT_ABOUT})|(?:(?<=, )|(?<=; )|but |and |^)not|(?:but )?(?:leav(?:e|ing) (?:out|aside)|exclud(?:e|ing))|apart from|aside from|other than|"
    rf"besides(?= {_NAMED}\b)|rather than|instead of|except(?: for)?|with the exception of|(?P<does_without>but no|do(?:es)? without|with no))\b:? {_MATTER}"
    rf"{_WHAT}"
)
"""`without labels` and `no labels` are no such words: papers say so of themselves, and the words find them."""
_BESIDES = re.compile(rf"(?i)\bbesides {_MATTER}{_WHAT}")
"""Leaves out where nothing else is wanted, `papers besides maps`; else it may say `in addition to`."""
_SMALL = re.compile(r"(?i)^(?:(?:to|of|on|at|by|from|in|for|about|the|an?|these|those|is|are) )+")
_NOT_ALONE = re.compile(r"(?i)(?:to |by |for )?(?:only|just|merely|simply)\b")
"""`not only text`, `rather than just text` leave out nothing."""
_ANY_PAPERS = frozenset(
    "paper work study article publication abstract method approach model technique system anything everything thing rest".split()
)
"""Words that leave open what is wanted."""


def without_excluded(asked: str) -> tuple[str, str]:
    """The topic of what is asked without what it leaves out, and that, several things with `; ` between them; no topic where nothing else is
    wanted: `Which papers are not about maps?`"""
    wanted, left_out, last = asked, list[str](), None
    while found := _EXCLUDES.search(wanted):
        wanted, last = f"{wanted[: found.start()]} {wanted[found.end() :]}", found
        if not _NOT_ALONE.match(found["what"]):
            left_out.append(_thing(found["what"]))
    if (
        last is None
        and (beside := _BESIDES.search(asked))
        and not _is_wanted(f"{asked[: beside.start()]} {asked[beside.end() :]}")
    ):
        return "", _thing(beside["what"])
    if last is None or _is_wanted(wanted):
        return _without_noise(wanted), "; ".join(left_out)
    return (_without_noise(asked), "") if last["does_without"] else ("", "; ".join(left_out))


def _thing(text: str) -> str:
    """What is left out, without the small words before it."""
    return _SMALL.sub("", _without_noise(text))


def _is_wanted(text: str) -> bool:
    """Whether it names anything, beside papers of any kind."""
    return bool({stem(word) for word in content_words(_without_noise(text))} - {stem(word) for word in _ANY_PAPERS})


def only_excludes(asked: str) -> bool:
    """Whether it says nothing but what to leave out, of what was asked before: `and not about maps?`"""
    wanted, excluded = without_excluded(asked)
    return bool(excluded) and not wanted and _SOME_PAPERS.search(asked) is None


_SOME_PAPERS = re.compile(
    r"(?i)(?<!\bthe )(?<!\bthis )(?<!\bthat )\b(?:paper|article|study|work|publication|abstract)\b|\b(?:papers|articles|studies|works|publications|abstracts|which one)\b"
)


_PARTICIPANTS = "|".join(sorted(word_list("english.txt", "participants")))
_WANTS: tuple[tuple[Want, re.Pattern[str]], ...] = (
    (
        "number",
        re.compile(
            r" (?:how (?:many|much|large|big|long|fast|often|far|high|small|few|close|accurate)|what (?:percentage|percent|proportion|share|fraction|number|"
            r"factor|speed ?up|margin|score|dice|accuracy|f1|error|rate|correlation|dimension|size)|by (?:what|which) (?:margin|factor|amount)|by how much|up to (?:what|which)|"
            r"(?:what|which) (?:\w+ ){0,4}(?:sizes?|cost|values?|budget|level|accuracy|score|percentage|margin|factor|speed ?up|rate|error|correlation|ratio|degree|dice|distance|auc|bleu|fid|psnr)|"
            r"(?:number|percentage|share|amount|count) of|exact|(?:accuracy|dice|auc|fid|psnr|bleu|f1|score|error) (?:number|value|figure|percentage)s?) "
        ),
    ),
    (
        "participants",
        re.compile(
            rf" (?:sample|cohort|study|population|group) sizes? | sizes? of (?:\w+ ){{0,3}}(?:sample|cohort|study|population|group) |"
            rf"(?:large|big|small) (?:is|are|was|were) (?:\w+ ){{0,3}}(?:sample|cohort|population|group) | number of (?:{_PARTICIPANTS}) |"
            rf" how many (?:\w+ ){{0,2}}(?:{_PARTICIPANTS}) (?:\w+ ){{0,3}}(?:took part|take part|participated?|includ\w+|enrol\w*|recruited|randomi[sz]ed|"
            rf"studied|examined|tested|analy[sz]ed|reviewed|in (?:\w+ ){{1,9}}(?:study|trial|cohort|sample|review)) "
        ),
    ),
    ("data", re.compile(r" (?:what|which|on) (?:\w+ ){0,3}(?:data ?sets?|benchmarks?|corpora|corpus|data) ")),
    (
        "evaluation",
        re.compile(
            r" (?:test(?:ed|s|ing)?|tried|try|evaluat\w+|validat\w+|demonstrat\w+|assess\w*|experiment\w*|benchmark\w*|data ?sets?|data sets?|applied|"
            r"shown on|measured|image collections|(?:what|which) (?:data|domains?|applications?|tasks?|problems?|modalities)) "
        ),
    ),
    (
        "manner",
        re.compile(
            r"^ (?:and |so |but |then )*how (?!many|much|large|big|long|fast|often|far|high|low|small|few|close|accurate|well|good|old|deep|wide|strong|likely|expensive|about|come)"
        ),
    ),
    ("reason", re.compile(r" (?:why|reasons?|cause[sd]?|because|how come|what makes|due) ")),
    (
        "difficulty",
        re.compile(
            r" (?:hard|difficult\w*|problems?|struggl\w*|fail\w*|limit\w*|drawbacks?|weak\w*|shortcomings?|challeng\w*|hinder\w*|obstacles?|suffer\w*|"
            r"wrong|issues?|bottlenecks?|gaps?|downsides?) "
        ),
    ),
    (
        "definition",
        re.compile(
            r"^ (?:so |and |please |can you )*(?:what (?:is|are|s|exactly is|exactly are) (?!the (?:\w+ )?(?:of|in|for)\b)|what does .{1,60} (?:mean|stand)|define|definition|explain (?:the )?(?:term|notion|concept|idea))| meaning | meant by | stand for "
        ),
    ),
    (
        "approach",
        re.compile(
            r" (?:(?:main|key|core|basic|central|general|underlying|big) (?:idea|ideas|contribution|contributions|insight|insights|point|concept|principle|trick)|idea (?:behind|of)|"
            r"in (?:simple|plain) (?:terms|words)|in a nutshell|in short|explain|how (?:does|do) (?:\w+ ){1,6}works?|(?:what|which) (?:\w+ ){0,2}(?:does|do|did) (?:\w+ ){1,6}propose|contributes?) "
        ),
    ),
    (
        "code",
        re.compile(
            r" (?:code|github|repository|repo|implementation|source|software|notebook|download|url|link|website|open source|pretrained) "
        ),
    ),
    (
        "result",
        re.compile(
            r" (?:results?|gains?|outperform\w*|better|improv\w*|beat\w*|advantage\w*|benefit\w*|faster|performance|findings?|conclu\w*|outcome|achiev\w*|"
            r"compare[sd]?|superior|competitive|margin|win|wins) "
        ),
    ),
)


def _wants(lowered: str) -> frozenset[Want]:
    return frozenset(want for want, pattern in _WANTS if pattern.search(lowered))
