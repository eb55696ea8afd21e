"""What people think of answers, kept in the library's folder and nowhere else: one JSON line a vote, the last one of a turn counts."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from pathlib import Path

from rag.errors import StorageFailed
from ui.conversations.types import Turn

FILE = "feedback.jsonl"
_LOCK = threading.Lock()


def keep_feedback(folder: Path, turn: Turn) -> None:
    """Adds a line for a rated answer: question, answer, rating, comment, what it cites, when. Raises StorageFailed."""
    if turn.answer is None or turn.rating is None:
        return
    line = {
        "turn": turn.id,
        "question": turn.corrected or turn.answer.standalone_question,
        "answer": turn.answer.text,
        "rating": turn.rating,
        "comment": turn.comment,
        "citations": [{"paper": each.paper.id, "quote": each.quote} for each in turn.answer.citations],
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    path = folder / FILE
    try:
        with _LOCK, path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
    except OSError as error:
        raise StorageFailed(
            f"{path} cannot be written ({error.strerror}): check the free space and the permissions there."
        ) from error
