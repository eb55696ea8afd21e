"""A question that is asked of one paper: the words that ask, and its title behind them in brackets, `How large was it (“A Trial of Lamps”)?`."""

from __future__ import annotations

_OPENS, _CLOSES = " (“", "”)"


def of_subject(question: str, subject: str) -> str:
    """The question with what it is asked of behind it: the name of a paper, or its title in quotation marks."""
    return f"{question.rstrip(' ?.!')} ({subject})?"


def without_title(question: str) -> tuple[str, str]:
    """The words that ask, and the title of the paper that they are asked of; an empty title where there is none."""
    start, end = question.find(_OPENS), question.rfind(_CLOSES)
    if start <= 0 or end <= start:
        return question, ""
    return question[:start] + question[end + len(_CLOSES) :], question[start + len(_OPENS) : end]


def as_understood(question: str, meant: str) -> tuple[str, str]:
    """The words that `meant` asks, empty where they are those of the question, and the title of the paper that they are asked of."""
    asked, title = without_title(meant)
    typed = title and asked.casefold().rstrip(" ?.!") == question.strip().casefold().rstrip(" ?.!")
    return "" if typed else asked, title
