"""A follow-up question made to stand alone, by rule: pronouns get their subject, a fragment gets the question that it continues."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from rag.query.asked_of import of_subject, without_title
from rag.query.cited_papers import OF_THOSE, at_place, is_about_another, of_compared, of_papers, resolved
from rag.query.ellipsis import asks_group, asks_reason, completed, reason_of
from rag.query.metadata_questions import asks_record
from rag.query.paper_names import by_author_among, names_author, quoted_name
from rag.query.question import only_excludes, understand
from rag.text.cues import word_list
from rag.text.names import coined
from rag.text.words import content_words, stem, stems, words
from rag.types import Paper

SubjectOf = Callable[[str], str | None]
"""What a question that stands alone is about: the name of a paper, or nothing."""

REMEMBERED_QUESTIONS = 6
"""Earlier questions that are examined; a conversation rarely points further back."""

_THING = (
    r"(?:paper|article|work|study|survey|thesis|method|approach|model|technique|network|networks|framework|architecture|system|algorithm|scheme|one|idea|"
    r"authors?|methods|papers|approaches|models|dataset|data set|operator|representation|analysis|strategy|solution|procedure|proposal)"
)
_POINTING = re.compile(
    rf"(?i)\b(?:(?:this|that|these|those|the same|said|the former|the latter|the) {_THING}\b(?! (?:that|which|who|of|on|about|for|with|where|from|by|to|in|behind|using)\b)|"
    r"(?:this|that)(?=\s*(?:[?.!,]|$|(?:is|was|does|do|did|has|can|work|help|mean|compare|differ|perform|different|better|similar|new|novel|useful|tested|"
    r"evaluated|used|trained|done|measured|achieved|proven|published|released|written|accepted|available)\b))|\bit\b(?!['’]s\b|\s+(?:rains|snows|takes? to|(?:(?:is|was|be|seems) )?(?:possible|true|known|clear|unclear|likely|important|easy|hard|"
    r"common|worth|the case))\b)|"
    r"\b(?:they|them|he|she)\b|\b(?:these|those)(?=\s*(?:[?.!,]|$)))"
)
_POSSESSIVE = re.compile(r"(?i)\b(?:its|their|his|her)\b")
_CONTINUES = re.compile(
    r"(?i)^\s*(?:and|but|or|also|so|then|ok(?:ay)?|what about|how about|what of|why(?: not| so)?\s*\?|how so|how come\s*\?|which ones?\b|any others?\b|anything else|who else|which others?|"
    r"what else|same (?:for|with|question)|instead|more (?:details?|on)|go on|tell me more|really\s*\?|for example|such as)"
)
_OTHERS = re.compile(
    r"(?i)\b(?:which|what|who|any|are there) (?:\w+ )?(?:others?|else)\b|\bother (?:papers?|works?|methods?|ones)\b"
)
_BOUND_AFTER = 6
"""A pronoun behind so many content words of its own question mostly points into that question."""
_NEW_CLAUSE = re.compile(
    r"(?i),|\b(?:when|whenever|while|if|unless|until|once|before|after|because|although|though|without|despite|since|so that|and (?:how|what|why|which|where|is|are|does|do|can))\b"
)
_BOUND_IN_CLAUSE = 3
"""The same where another clause has begun since: so many content words before it give the pronoun something to point to."""
_FRAGMENT = 2
"""A question that continues another and has at most so many content words of its own needs the other's as well."""
_POINTS = frozenset(
    """
    limitation limitations limits drawback drawbacks weakness weaknesses shortcomings advantage advantages benefit
    benefits strengths result results finding findings conclusion conclusions contribution contributions novelty code
    source github repository implementation available link url download data dataset datasets benchmark benchmarks
    baseline baselines experiment experiments evaluation evaluated tested metrics performance accuracy error speed fast
    slow cost costs complexity memory method methods approach approaches technique motivation reason reasons problem
    problems challenges assumption assumptions application applications example examples details year venue date
    published numbers gain gains improvement improvements comparison difference differences theory proof proofs future
    effect effects impact outcome outcomes significance
    sample samples size cohort took take part participate participated enrolled recruited
    """.split()
) | word_list("english.txt", "participants")
"""What any paper has: a question with no other content asks it of the paper spoken of."""
_SIZES = frozenset(
    "large larger big bigger small smaller great greater strong stronger weak weaker high higher low lower significant substantial".split()
)
"""What is asked of a thing by how much of it there is: it says nothing of which thing."""
_ENDS_RECORD = re.compile(r"(?i)\b(?:the|a|its) (?:link|url|doi|authors?|year|venue|arxiv (?:id|number|link))\W*$")
"""What a record holds is asked `of` a paper."""
_FIELD = re.compile(
    r"(?i)^\W*(?:(?:and|so) )?(?:(?:in |from )?(?:what|which) |the |its )?(?:(?P<link>link|url|doi)|(?P<year>year)|(?P<venue>venue|journal|conference)|(?P<authors>authors?))\W*"
)
"""Nothing but the name of what a record holds: `What year?`, `doi?`."""
_OTHER_FIELD = re.compile(
    r"(?i)^\W*(?:(?:and|so|but|ok(?:ay)?) )*(?:(?P<year>when|since when)|(?P<venue>where)|(?P<authors>who|by whom|by who))(?: exactly)?\W*"
)
"""The same after a question for another part of the record: `And when?`."""
_AND_BESIDE = re.compile(r"(?i) (?:with|to|and|or|versus|vs\.?|from|against) ")
"""Between what was spoken of and a paper that is set beside it: `Compare it with the glioma paper`."""
_FIELD_NAMES = {"link": "link", "year": "publication year", "venue": "venue", "authors": "authors"}
_BARE = re.compile(
    r"(?i)^\W*(?:(?:and|so|but) )?(?:why|how|when|where|who|(?:by |for |to )?(?:whom|how (?:much|many|often|long|far|big|large|small|fast))|since when|"
    r"to (?:what|which) (?:extent|degree)|(?:in|under) (?:what|which) (?:ways?|conditions?|circumstances))(?: (?:so|not|exactly|come|precisely))?\W*"
)
_SHORT = 7
"""Words up to which a question that begins like the end of another one is taken as such."""
_SHORT_POINT = 9
"""The same for one that asks about what the paper of the last answer is about."""
_CLAUSE = 3
"""Content words from which a question that names something new is one of its own, and no point such as `HumanEval?`."""
_NEW_TOPIC = re.compile(
    r"(?i)^\W*(?:(?:ok(?:ay)?|well|thanks|thank you|now|and|so)\W+)*(?:(?:a |on a )?(?:different|new|another|next|other) (?:thing|topic|question|subject|matter)|something (?:else|different)|ok(?:ay)? next)\b[\s:,.;–—-]*"
)
_LEADING = re.compile(r"(?i)^\W*(?:(?:ok(?:ay)?|well|thanks|thank you|now|and|so|but)\b\W*)+")
_TAIL = re.compile(
    r"(?i)(?:on|for|with|without|in|at|against|under|by|from|of|to) (?!what|which|whom|how|the (?:collection|library)|this (?:collection|library))"
)
_OF_PAPERS = re.compile(r"(?i)\b(?:papers|articles|works|publications|studies|abstracts|collection|library)\b")
_THE_PAPERS = re.compile(r"(?i)the papers")
_OF_ITS_OWN = re.compile(
    r"(?i)^\W*(?:(?:so|and|but|ok(?:ay)?) )*(?:(?:what|who|how|why|when|where) (?:is|are|was|were|does|do|did|can)|(?:is|are|was|were|does|do|did|can))\b(?!.*\b(?:the|an?|any|there)\b)"
)
"""A whole question that points to nothing that was spoken of: `What is apoptosis?`, but not `What is the dose?`."""
_OF_COLLECTION = re.compile(
    r"(?i)\b(?:how many|number of|list|show|count|newest|latest|oldest|earliest|most recent)\b(?: \w+){0,3} (?:papers?|articles?|works|publications|abstracts)\b|\b(?:collection|library)\b"
)


_DESCRIBED = re.compile(
    r"(?i)(?<!, )\bthe ((?:(?!(?:the|an?|other|others|same|first|second|third|last|latter|former|next|main|only|new|whole|right|best|and|or|of|in|is|are|does|do|did|on|for|to|with)\b)[\w/+’'-]+ ){1,4}?)"
    r"(?:one|paper|article|study|survey|thesis)\b(?! (?:of|on|about|for|that|which)\b)"
)
"""A paper named by a description of its own: `the glioma one`, `the paper on …` needs no help."""


def standalone(question: str, history: Sequence[str], subject_of: SubjectOf, cited: Sequence[Sequence[Paper]] = ()) -> str:
    """The question as it would be asked with no conversation before it; unchanged if it needs none.

    `cited` holds, for each question of `history`, the papers that its answer cited, in the order of their numbers, where they are known.
    """
    earlier: list[str] = []
    known: dict[str, Sequence[Paper]] = {}
    papers = [*(cited or [()] * len(history)), ()]
    for asked, own in list(zip([*history, question], papers, strict=True))[-REMEMBERED_QUESTIONS - 1 :]:
        earlier.append(_resolved(asked, earlier, subject_of, known) if earlier else asked.strip())
        if own:
            known[earlier[-1]] = own
    return earlier[-1]


def _resolved(question: str, earlier: Sequence[str], subject_of: SubjectOf, known: Mapping[str, Sequence[Paper]]) -> str:
    """`earlier` holds questions that stand alone already, the latest last; `known` the papers that answered them."""
    question = question.strip()
    before = next((one for one in reversed(earlier) if content_words(one)), None)
    if before is None:
        return question
    cited = known.get(before, ())
    paper = cited[0] if cited else None
    if only_excludes(question) and understand(before).kind == "list":
        return f"{before.rstrip(' ?.!')}, {question}"
    if told := _of_record(question, before, paper, subject_of) or _of_cited(question, before, cited, known):
        return told
    pointing = _first_free(question)
    if pointing is None and (told := _ellipsis(question, before, paper)):
        return told
    continues = _CONTINUES.match(question) is not None
    if pointing is None and (not continues or asks_record(question)) and _names_its_own(question, subject_of):
        return _LEADING.sub("", question)
    if paper is not None and pointing is None and _asks_of(question, paper):
        if _ENDS_RECORD.search(question):
            return f"{question.rstrip(' ?.!')} of {quoted_name(paper)}?"
        return of_subject(question, quoted_name(paper))
    if (pointing is None or _THE_PAPERS.fullmatch(pointing.group())) and _stands_alone(question):
        return question
    if pointing is None and not (continues or _is_fragment(question)):
        return question
    if _OTHERS.search(question):
        return f"{question.rstrip(' ?.!')}: {before}"
    if OF_THOSE.search(question):
        return of_papers(question, before).rstrip(" ?.!") + f": {before}"
    subject = quoted_name(paper) if paper is not None else subject_of(before)
    described = _DESCRIBED.search(question)
    beside = pointing and described and _AND_BESIDE.fullmatch(question[pointing.end() : max(pointing.end(), described.start())])
    if described is not None and content_words(described[1]) and not beside:
        return _about_another(question, described, before, subject)
    if pointing is not None and subject is not None:
        return _with_subject(question, pointing, subject)
    if continues and subject is not None and len(content_words(question)) > _FRAGMENT:
        return of_subject(question, subject)
    return (
        f"{question.rstrip(' ?.!')} — {before}"
        if subject is None or _says(before, subject)
        else f"{question.rstrip(' ?.!')} ({subject}) — {before}"
    )


def _ellipsis(question: str, before: str, paper: Paper | None) -> str:
    """A question that leaves out what the one before it said, with that; of the paper cited, where it is not called by name there. Else empty."""
    if _OTHERS.search(question) or OF_THOSE.search(question) or _DESCRIBED.search(question):
        return ""
    asked, title = without_title(before)
    if paper is not None:
        title = quoted_name(paper)
        asked = asked.replace(of_subject("", title).rstrip("?"), "")
    told = reason_of(asked) if asks_reason(question) else completed(question, asked)
    if not told or not title or _says(told, title) or (paper is not None and _turns_away(question, paper)):
        return told
    return of_subject(told, title)


def _turns_away(question: str, paper: Paper) -> bool:
    """Whether it says at least two words, all new to the paper, and no mere group: `And after stoma surgery?`"""
    own = content_words(question)
    return len(own) > 1 and not asks_group(question) and {*map(stem, own)}.isdisjoint(stems(f"{paper.title} {paper.abstract}"))


def _of_record(question: str, before: str, paper: Paper | None, subject_of: SubjectOf) -> str:
    """What is asked of a paper's record by the name of its field alone, or after another field by `when?`; else empty."""
    after_another = asks_record(before)
    field = _FIELD.fullmatch(question) or (_OTHER_FIELD.fullmatch(question) if after_another else None)
    if field is None or not (paper is not None or after_another):
        return ""
    subject = quoted_name(paper) if paper is not None else subject_of(before)
    return f"the {_FIELD_NAMES[str(field.lastgroup)]} of {subject}?" if subject else ""


def _says(text: str, subject: str) -> bool:
    """Whether the text has the subject, with or without its quotation marks."""
    return subject.strip("“”").casefold() in text.casefold()


def _names_its_own(question: str, subject_of: SubjectOf) -> bool:
    """Whether it names the paper that it is about."""
    subject = subject_of(question) if coined(question) or asks_record(question) else None
    return subject is not None and all(_says(question, name) for name in subject.split(" and "))


def _of_cited(question: str, before: str, cited: Sequence[Paper], known: Mapping[str, Sequence[Paper]]) -> str:
    """What a question asks of the papers cited last, of those of the last answer that cited several, or of another subject; empty where
    it is yet to be told."""
    listing, many = next(((asked, own) for asked, own in reversed([*known.items()]) if len(own) > 1), ("", ()))
    last = many or cited or next(reversed([*known.values()]), ())  # a refusal cites nothing
    if told := at_place(question, last):
        return told
    if names_author(question):
        return by_author_among(question, last)
    if told := resolved(question, before, cited) if cited else of_compared(question, listing, many):
        return told
    if many and (told := of_papers(question, before)) != question:
        return told
    if not cited:
        return ""
    if told := _turned(question, cited[0]):
        return told
    if is_about_another(question, cited[0]) and not asks_group(question):
        return f"{question.rstrip(' ?.!')} — {before}"
    return ""


def _turned(question: str, paper: Paper) -> str:
    """The question without its first words, where it turns to another subject: it says so, names what the paper does not, or says much."""
    if announced := _NEW_TOPIC.match(question):
        return question[announced.end() :] or question
    content = content_words(question)
    pointing = _first_free(question)
    paper_words = frozenset(words(f"{paper.title} {paper.abstract}"))
    places = (question.find(name) for name in coined(question) if not paper_words.issuperset(words(name)))
    first = next(places, -1)
    names_another = first >= 0 and len(content) >= _CLAUSE and (pointing is None or first < pointing.start())
    before = content_words(question[: pointing.start()]) if pointing is not None else content
    own_subject = len(before) >= _CLAUSE and paper_words.isdisjoint(before) if pointing is not None else True
    says_much = own_subject and len(content) >= _BOUND_AFTER and _CONTINUES.match(question) is not None
    if not (names_another or says_much):
        return ""
    return _LEADING.sub("", question) or question


def _asks_of(question: str, paper: Paper) -> bool:
    """Whether a short question asks about what the paper is about, or about a single point, and so about this paper."""
    content = content_words(question)
    if len(words(question)) > _SHORT_POINT or not content or _stands_alone(question) or _OTHERS.search(question):
        return False
    paper_words = stems(f"{paper.title} {paper.abstract}")
    own = [word for word in content if word not in _SIZES] or content
    met = sum(word in _POINTS or stem(word) in paper_words for word in own)
    return (
        OF_THOSE.search(question) is None
        and _DESCRIBED.search(question) is None
        and (2 * met >= len(own) or (len(content) == 1 and not _OF_ITS_OWN.match(question)))
    )


def _about_another(question: str, described: re.Match[str], before: str, subject: str | None) -> str:
    """A question that turns to another paper, named by a description: it asks itself, or the earlier question of that paper."""
    own = content_words(f"{question[: described.start()]} {question[described.end() :]}")
    paper = re.sub(r"(?i)\bone$", "paper", described.group())
    if own:
        return question[: described.start()] + paper + question[described.end() :]
    if subject is not None and _says(before, subject):
        return re.sub(f"“?{re.escape(subject.strip('“”'))}”?", lambda _: paper, before, flags=re.IGNORECASE)
    return f"{paper[0].upper()}{paper[1:]} — {before}"


def _first_free(question: str) -> re.Match[str] | None:
    """The first pronoun that nothing in its own question explains."""
    found = [match for pattern in (_POINTING, _POSSESSIVE) if (match := pattern.search(question)) is not None]
    first = min(found, key=lambda match: match.start(), default=None)
    return None if first is None or _is_bound(question[: first.start()]) else first


def _is_bound(before: str) -> bool:
    """Whether a pronoun has something to point to in what its own question says before it."""
    clauses = [match.start() for match in _NEW_CLAUSE.finditer(before)]
    earlier_clauses = before[: clauses[-1]] if clauses else ""
    return len(content_words(before)) >= _BOUND_AFTER or len(content_words(earlier_clauses)) >= _BOUND_IN_CLAUSE


def _stands_alone(question: str) -> bool:
    """Whether it asks about the collection, or which papers treat a subject that it names."""
    if _OTHERS.search(question):
        return len(content_words(question)) > _FRAGMENT
    return _OF_COLLECTION.search(question) is not None or (
        _OF_PAPERS.search(question) is not None and bool(content_words(question))
    )


def _is_fragment(question: str) -> bool:
    """Whether it has no subject of its own: a bare `Why?`, a point that any paper has, a mere tail such as `On graphs?`."""
    if _BARE.fullmatch(question):
        return True
    content = content_words(question)
    asks_a_point = bool(content) and all(word in _POINTS for word in content)
    return len(words(question)) <= _SHORT and (asks_a_point or _TAIL.match(question) is not None)


def _with_subject(question: str, pointing: re.Match[str], subject: str) -> str:
    """The pronoun replaced by the subject; later ones may stay, as the subject is now before them.

    A whole title stands behind what is asked of its paper: `it` may be the drug or the patients.
    """
    if _says(question, subject):
        return question
    if subject.startswith("“") and not asks_record(question) and understand(question).kind in ("fact", "method"):
        return of_subject(question, subject)
    return _replaced(question, pointing, subject)


def title_within(question: str, title: str) -> str:
    """The question with the title in place of its pronoun, or behind it where it has none."""
    pointing = _first_free(question)
    return of_subject(question, f"“{title}”") if pointing is None else _replaced(question, pointing, f"“{title}”")


def _replaced(question: str, pointing: re.Match[str], subject: str) -> str:
    if pointing.group().casefold().endswith(("author", "authors")):
        return f"{question[: pointing.start()]}the authors of {subject}{question[pointing.end() :]}"
    possessive = _POSSESSIVE.fullmatch(pointing.group()) is not None
    name = f"{subject}'s" if possessive else subject
    return question[: pointing.start()] + name + question[pointing.end() :]
