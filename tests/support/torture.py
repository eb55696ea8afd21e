"""A library under torture: `python tests/support/torture.py [--kills 300] [--seed 0] [--real]`.

A child process adds, changes, removes, merges, undoes, re-indexes and upgrades without end, and is killed at a random moment. Then the library is opened anew, where every paper
must be whole and every index equal to the records. Between kills, index files are damaged, the disk is full, the folder may not be written, and a second writer tries; the clock
jumps by days in both directions. `--real` takes the encoder that comes along.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import signal
import sqlite3
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]

import chromadb  # noqa: E402, F401  (each child is a fork, which so has it loaded)
import numpy as np  # noqa: E402
import tantivy  # noqa: E402, F401
from fakes import WordHashEncoder, some_papers  # noqa: E402

from rag.errors import LibraryBusy, LibraryError, PaperchatError, StorageFailed  # noqa: E402
from rag.identity import content_hash  # noqa: E402
from rag.library.chunking import SentenceWindows, passages  # noqa: E402
from rag.library.encoder import OnnxEncoder  # noqa: E402
from rag.library.library import RECORDS, Library  # noqa: E402
from rag.library.vectors import unpacked  # noqa: E402
from rag.library.word_states import WordStates  # noqa: E402
from rag.types import Paper  # noqa: E402

POOL = 120
LONGEST_LIFE = 0.8
"""Seconds after which a child is killed at the latest."""
PATIENCE = 120
"""Seconds within which a library must open."""
FULL = 150_000
"""Bytes that a file may have on a full disk."""
FARTHEST_JUMP = 400 * 86_400
"""Seconds that the clock may go wrong by."""
NOBODY = 65_534
"""The user that may write nothing: the administrator may write everything."""


@dataclass(frozen=True)
class Subject:
    """The library, and what it is opened with."""

    folder: Path
    encoder: WordHashEncoder | OnnxEncoder

    def open(self) -> Library:
        return Library.open(self.folder, self.encoder, SentenceWindows(), states=WordStates(self.encoder))


# --- what is done to it


def add(library: Library, draw: random.Random) -> None:
    library.add(draw.sample(some_papers(POOL), draw.randint(1, 50)))


def change(library: Library, draw: random.Random) -> None:
    known = library.papers()
    chosen = draw.sample(known, min(len(known), 10))
    library.add([replace(paper, abstract=f"{paper.abstract} Change {draw.randint(0, 99)}.") for paper in chosen])


def remove(library: Library, draw: random.Random) -> None:
    known = library.papers()
    removed = library.take_out([paper.id for paper in draw.sample(known, min(len(known), 10))])
    if draw.random() < 0.5:
        library.put_back(removed)


def merge(library: Library, draw: random.Random) -> None:
    known = library.papers()
    if len(known) > 2:
        library.merge([paper.id for paper in draw.sample(known, 2)])
    with suppress(PaperchatError):
        library.undo_import()


def reindex(library: Library, draw: random.Random) -> None:
    library.reindex()


STEPS: tuple[Callable[[Library, random.Random], None], ...] = (add, add, change, remove, merge, reindex)


def live(subject: Subject, draw: random.Random, started: Callable[[], None]) -> None:
    """Works until it is killed."""
    if draw.random() < 0.3:
        move_clock(draw)
    started()
    while True:
        with subject.open() as library:
            for _ in range(draw.randint(1, 4)):
                draw.choice(STEPS)(library, draw)
        if draw.random() < 0.3:
            set_back(subject.folder)


def set_back(folder: Path) -> None:
    """Makes the records those of layout 3, so that the next opening upgrades them."""
    with closing(sqlite3.connect(folder / RECORDS)) as file, file:
        file.create_function("as_floats", 1, lambda row: unpacked([row]).tobytes())
        file.execute("UPDATE passages SET vector = as_floats(vector)")
        file.execute("PRAGMA user_version = 3")
    for copy in folder.glob("*.layout-*"):
        copy.unlink()


def with_a_full_disk(subject: Subject, draw: random.Random) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (FULL, FULL))
    with suppress(LibraryError), subject.open() as library:
        for _ in range(3):
            draw.choice(STEPS)(library, draw)


def move_clock(draw: random.Random) -> None:
    """From now on, what asks this process for the time gets a wrong one, which jumps again and again."""
    true_time, true_nanoseconds, jump = time.time, time.time_ns, [0.0]

    def seconds() -> float:
        if draw.random() < 0.1:
            jump[0] = draw.uniform(-FARTHEST_JUMP, FARTHEST_JUMP)
        return true_time() + jump[0]

    time.time = seconds
    time.time_ns = lambda: true_nanoseconds() + int(1e9 * (seconds() - true_time()))


def date_files(folder: Path, draw: random.Random) -> None:
    """Gives files the times that a wrong clock would have left, some in the future."""
    for file in folder.rglob("*"):
        if file.is_file() and draw.random() < 0.5:
            when = time.time() + draw.uniform(-FARTHEST_JUMP, FARTHEST_JUMP)
            os.utime(file, (when, when))


@contextmanager
def unwritable(folder: Path) -> Iterator[None]:
    """The folder and all in it may be read, and not be written."""
    places = [folder, *folder.rglob("*")]
    modes = [(place, place.stat().st_mode) for place in places]
    for place in places:
        place.chmod(0o555 if place.is_dir() else 0o444)
    try:
        yield
    finally:
        for place, mode in modes:
            place.chmod(mode)


def without_rights(subject: Subject, draw: random.Random) -> None:
    """Reads what is there or is told why not; whatever would change it must be refused."""
    if os.geteuid() == 0:
        os.setuid(NOBODY)
    with suppress(StorageFailed), subject.open() as library:
        assert library.readonly, "a folder without rights was opened for writing"
        state, papers = library.records.state, library.papers()
        for paper in papers[:5]:
            assert paper.id in dict(library.words.best(paper.title.split(), POOL)), f"{paper.id} is not found by its title"
        for step in (add, reindex):
            with suppress(LibraryError):
                step(library, draw)
        assert (library.records.state, library.papers()) == (state, papers), "it was changed without rights"


def damage(folder: Path, draw: random.Random) -> None:
    """Overwrites part of one file of an index."""
    files = [
        file for name in ("chroma", "tantivy") for file in (folder / name).rglob("*") if file.is_file() and file.stat().st_size
    ]
    if files:
        file = draw.choice(files)
        with file.open("r+b") as opened:
            opened.seek(draw.randrange(file.stat().st_size))
            opened.write(draw.randbytes(64))


# --- what must hold


def check(subject: Subject) -> None:
    """Raises AssertionError where anything is torn."""
    with subject.open() as library:
        records, states = library.records, library.states
        papers = library.papers()
        hashes = records.content_hashes()
        stored = records.passages_of([paper.id for paper in papers])
        for paper in papers:
            assert content_hash(paper) == hashes[paper.id], f"{paper.id} is not what was stored"
            assert stored[paper.id] == passages(paper, library.chunker), f"{paper.id} has passages of another text"
            words = records.word_states(paper.id)
            assert words is None or states is None or states.unpacked(paper, words, records.vectors_of(paper.id)) is not None, (
                f"{paper.id} has words of another text"
            )
        count = sum(map(len, stored.values()))
        assert (records.passage_count(), library.meaning.count(), library.words.document_count()) == (count, count, len(papers))
        for ids, vectors in records.vectors():
            assert np.abs(np.linalg.norm(vectors, axis=1) - 1).max() < 1e-3, "a vector is torn"
            for id, vector in list(zip(ids, vectors, strict=True))[:5]:
                assert library.meaning.nearest(vector, 1)[0][1] > 0.99, f"{id} is not found"
        for paper in papers[:5]:
            assert paper.id in dict(library.words.best(paper.title.split(), POOL)), f"{paper.id} is not found by its title"


# --- processes


def forked(work: Callable[[], None]) -> int:
    """The id of a child that does this and ends; its exit status is 0 where nothing was raised."""
    child = os.fork()
    if child:
        return child
    try:
        work()
    except BaseException:  # noqa: BLE001  (a child must end here, whatever was raised)
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def ended(child: int) -> int:
    """The exit status of a child; it is killed when it takes too long."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


def killed(subject: Subject, draw: random.Random) -> None:
    """Lets a child work, with a second writer beside it now and then, and kills it."""
    reading, writing = os.pipe()
    child = forked(lambda: live(subject, random.Random(draw.random()), lambda: os.close(writing)))
    os.close(writing)
    os.read(reading, 1)  # until the child has begun
    os.close(reading)
    time.sleep(draw.random() * LONGEST_LIFE)
    if draw.random() < 0.2:
        ended(forked(lambda: second_writer(subject)))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def second_writer(subject: Subject) -> None:
    """Must be refused while the first one has the library, or work as the first one."""
    with suppress(LibraryBusy), subject.open() as library:
        library.add([Paper("title:second", "The second writer", "It waits for its turn.")])


def torture(subject: Subject, kills: int, seed: int, tell: Callable[[str], None]) -> int:
    """How many times something was wrong."""
    draw, wrong = random.Random(seed), 0
    for number in range(1, kills + 1):
        killed(subject, draw)
        if draw.random() < 0.25:
            damage(subject.folder, draw)
        if draw.random() < 0.15:
            ended(forked(partial(with_a_full_disk, subject, random.Random(draw.random()))))
        if draw.random() < 0.2:
            date_files(subject.folder, draw)
        torn = False
        if draw.random() < 0.15:
            with unwritable(subject.folder):
                torn = ended(forked(partial(without_rights, subject, random.Random(draw.random())))) != 0
        if ended(forked(lambda: check(subject))) or torn:
            wrong += 1
            tell(f"kill {number} of seed {seed}: the library is not whole")
        elif number % 20 == 0:
            tell(f"{number} kills")
    return wrong


def tell(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--real", action="store_true", help="encode with the encoder that comes along")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)  # so that another user may reach the library in it
        subject = Subject(Path(folder) / "library", OnnxEncoder() if options.real else WordHashEncoder())
        wrong = torture(subject, options.kills, options.seed, tell)
        copies = len(list(subject.folder.glob("*.damaged-*")))
    tell(f"{options.kills} kills, {wrong} times not whole, {copies} damaged indexes kept aside")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
