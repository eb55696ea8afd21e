"""A map of the collection: papers as points by meaning in two dimensions, in named groups. The only file that knows scikit-learn."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.explore.topics import names
from rag.library.chunking import paper_id_of
from rag.types import Paper, Progress

if TYPE_CHECKING:
    from rag.library.records import Records
    from rag.protocols import Vectors


FILE = "atlas.json"
LAYOUT = 3
"""Changes with the way in which maps are drawn and their groups named: one of another layout is redrawn."""
MOST_GROUPS = 10
"""As many colours and shapes as can be distinguished."""
OTHER = "Other papers"
"""The name of a group whose papers share no words."""
FEW = 10
"""Papers: below this there are no neighbourhoods to keep, and the two main directions are enough."""
DIMENSIONS = 50
"""Main directions that the distances are taken in, as is the habit for t-SNE: the rest is mostly noise."""
LANDMARKS = 3000
"""Papers that are laid out among themselves; every further one is put between the nearest of them."""
NEAREST = 5
"""Landmarks by which a paper that is not one is placed. Chosen."""
SEED = 0
"""The same papers give the same map."""


@dataclass(frozen=True, slots=True)
class Point:
    """Where a paper stands: `x` and `y` in 0…1, and the place of its group on the map."""

    paper: str
    x: float
    y: float
    group: int


@dataclass(frozen=True, slots=True)
class Group:
    """Papers that belong together: what they are called, the terms that tell them from the others, and how many there are."""

    name: str
    terms: tuple[str, ...]
    size: int


@dataclass(frozen=True, slots=True)
class PaperMap:
    """Points in the library's order; groups with the largest first."""

    points: tuple[Point, ...]
    groups: tuple[Group, ...]


def paper_map(records: Records, folder: Path, papers: Sequence[Paper], progress: Progress | None = None) -> PaperMap:
    """The map of the present state, read from `folder` or drawn and kept there; the same papers always give the same map."""
    path, state = folder / FILE, records.state
    kept = _read(path, state)
    if kept is not None:
        return kept
    tell = progress or (lambda done, total, what: None)
    tell(0, 3, "drawing the map")
    drawn = draw(papers, paper_vectors(records, papers), tell)
    if not records.readonly:
        with suppress(OSError):  # a full disk costs the next visitor the same seconds again, nothing else
            _write(path, state, drawn)
    return drawn


def paper_vectors(records: Records, papers: Sequence[Paper]) -> Vectors:
    """One row a paper, in order: the mean of its passages' vectors, of unit length (zeros for a paper that has none)."""
    import numpy as np

    place = {paper.id: number for number, paper in enumerate(papers)}
    sums: Vectors | None = None
    for ids, rows in records.vectors():
        if sums is None:
            sums = np.zeros((len(papers), rows.shape[1]), np.float32)
        inside = [(number, place[paper]) for number, paper in enumerate(map(paper_id_of, ids)) if paper in place]
        if inside:
            own, target = zip(*inside, strict=True)
            np.add.at(sums, list(target), rows[list(own)])
    if sums is None:
        return np.zeros((len(papers), 1), np.float32)
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    return (sums / np.where(lengths == 0, 1, lengths)).astype(np.float32)


def draw(papers: Sequence[Paper], vectors: Vectors, tell: Progress = lambda done, total, what: None) -> PaperMap:
    """Points and groups of these papers, whose vectors are the rows."""
    if not papers:
        return PaperMap((), ())
    # Before scikit-learn is loaded: threads that spin while they wait would hold the cores against the answers of others.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    laid_out = _laid_out(_main_directions(vectors))
    tell(1, 3, "drawing the map")
    groups = _groups(laid_out)
    tell(2, 3, "naming the groups")
    members = [
        [paper for paper, group in zip(papers, groups, strict=True) if group == number] for number in range(max(groups) + 1)
    ]
    named = tuple(
        Group(found.title or OTHER, found.terms, len(inside)) for found, inside in zip(names(members), members, strict=True)
    )
    places = _in_unit_square(laid_out)
    points = (Point(paper.id, x, y, group) for paper, (x, y), group in zip(papers, places, groups, strict=True))
    return PaperMap(tuple(points), named)


def group_count(papers: int) -> int:
    """Somewhat more than the square root of the papers, from 1 to `MOST_GROUPS`: groups of a size that one name fits (Mardia's rule of
    thumb, the root of half the papers, puts what no name fits together: read over the bundled papers)."""
    return max(1, min(MOST_GROUPS, round(1.2 * math.sqrt(papers)))) if papers > 3 else 1


def _main_directions(vectors: Vectors) -> Vectors:
    if (vectors == vectors[0]).all():
        return vectors[:, :1] * 0
    from sklearn.decomposition import PCA

    kept = min(DIMENSIONS, *vectors.shape)
    solver = "full" if len(vectors) <= 1000 else "covariance_eigh"
    reduced: Vectors = PCA(kept, svd_solver=solver, random_state=SEED).fit_transform(vectors)
    return reduced


def _groups(places: Vectors) -> list[int]:
    """The group of each paper, the largest group first, by k-means over the map: what has one colour lies together on it."""
    import numpy as np
    from sklearn.cluster import KMeans

    wanted = min(group_count(len(places)), len(np.unique(places, axis=0)))
    labels = KMeans(wanted, n_init=10, random_state=SEED).fit_predict(places)
    sizes = np.bincount(labels)
    first = {int(label): int(np.argmax(labels == label)) for label in np.unique(labels)}
    order = sorted(first, key=lambda label: (-int(sizes[label]), first[label]))
    rank = {label: place for place, label in enumerate(order)}
    return [rank[int(label)] for label in labels]


def _laid_out(reduced: Vectors) -> Vectors:
    """Two numbers a paper; papers that say the same stand in one place."""
    import numpy as np

    # t-SNE ends the process (SIGSEGV) where all rows are the same.
    distinct, place = np.unique(np.round(reduced, 5), axis=0, return_inverse=True)
    laid_out: Vectors = _apart(distinct)[place.reshape(-1)]
    return laid_out


def _apart(reduced: Vectors) -> Vectors:
    """t-SNE, which keeps neighbours together, over at most `LANDMARKS` of the rows, and the rest among those."""
    import numpy as np

    if len(reduced) < FEW:
        return np.pad(reduced[:, :2], ((0, 0), (0, max(0, 2 - reduced.shape[1]))))
    if len(reduced) <= LANDMARKS:
        return _tsne(reduced)
    chosen = np.sort(np.random.default_rng(SEED).choice(len(reduced), LANDMARKS, replace=False))
    return _between(reduced, chosen, _tsne(reduced[chosen]))


def _tsne(reduced: Vectors) -> Vectors:
    from sklearn.manifold import TSNE

    perplexity = min(30.0, (len(reduced) - 1) / 3)
    # One thread: with more, the order of the sums, and with it the map, is not the same in every run.
    places: Vectors = TSNE(2, perplexity=perplexity, init="pca", random_state=SEED, max_iter=500, n_jobs=1).fit_transform(reduced)
    return places


def _between(reduced: Vectors, landmarks: Any, places: Vectors) -> Vectors:
    """Each paper at the mean of its nearest landmarks' places, the nearer the heavier; a landmark stays where it is."""
    import numpy as np
    from sklearn.neighbors import NearestNeighbors

    distances, near = NearestNeighbors(n_neighbors=NEAREST, algorithm="brute").fit(reduced[landmarks]).kneighbors(reduced)
    weights = 1.0 / np.maximum(distances, 1e-6) ** 4
    weights /= weights.sum(axis=1, keepdims=True)
    mixed: Vectors = (places[near] * weights[:, :, None]).sum(axis=1)
    mixed[landmarks] = places
    return mixed


def _in_unit_square(places: Vectors) -> list[tuple[float, float]]:
    """The same picture, its longer side from 0 to 1 and the other in the middle; four digits are more than a screen shows."""
    low, high = places.min(axis=0), places.max(axis=0)
    size = float((high - low).max()) or 1.0
    moved = (places - (low + high) / 2) / size + 0.5
    return [(round(float(x), 4), round(float(y), 4)) for x, y in moved]


def _read(path: Path, state: str) -> PaperMap | None:
    """The map in the file, if it is of this state and whole."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if (found["layout"], found["state"]) != (LAYOUT, state):
            return None
        groups = tuple(Group(each["name"], tuple(each["terms"]), each["size"]) for each in found["groups"])
        return PaperMap(tuple(Point(*each) for each in found["points"]), groups)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(path: Path, state: str, drawn: PaperMap) -> None:
    points = [[point.paper, point.x, point.y, point.group] for point in drawn.points]
    text = json.dumps({"layout": LAYOUT, "state": state, "groups": [asdict(group) for group in drawn.groups], "points": points})
    new = path.with_name(f"{path.name}.new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)
