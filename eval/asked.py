"""Asks cases of the product, several at a time where that helps, and gives the answers in the order of the cases."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

from eval.cases import Case
from rag.errors import PaperchatError
from rag.types import Answer

QUOTES = "quotes"


@dataclass(frozen=True, slots=True)
class Asked:
    """A case and the answer it got, or why it got none; `cached` where it was not asked for now."""

    case: Case
    answer: Answer | None
    error: str = ""
    cached: bool = False


def in_order(ask: Callable[[Case], Asked], cases: Iterable[Case], parallel: int) -> Iterator[Asked]:
    """What `ask` gives for each case, in their order, with up to `parallel` of them under way at once."""
    waiting = iter(cases)
    if parallel <= 1:
        yield from map(ask, waiting)
        return
    with ThreadPoolExecutor(parallel) as pool:
        under_way: deque[Future[Asked]] = deque(pool.submit(ask, case) for case in islice(waiting, parallel))
        try:
            while under_way:
                done = under_way.popleft().result()
                under_way.extend(pool.submit(ask, case) for case in islice(waiting, 1))
                yield done
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def asked(case: Case, ask: Callable[[Case], Answer], writer: str) -> Asked:
    """The case with its answer; whatever goes wrong is that case's error, and the others go on."""
    try:
        answer = ask(case)
    except PaperchatError as error:
        return Asked(case, None, str(error))
    except Exception as error:  # noqa: BLE001 (one case must not cost the others; it is counted and told)
        return Asked(case, None, f"{type(error).__name__}: {error}"[:300])
    if writer != QUOTES and answer.writer == QUOTES and answer.notices:
        return Asked(case, None, f"the model did not answer: {answer.notices[0]}")
    return Asked(case, answer)
