"""How well readers do on faces that none of them learned from: film, FER2013's own labels, public persons in colour."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench import film_faces
from bench.film_faces import FilmFaces
from training import data, measure, pool

NEUTRAL, FEAR, HAPPY = (measure.SEVEN.index(name) for name in ("neutral", "fear", "happy"))

CLAIMED = 0.7
"""From this score on a face is said to show an emotion."""

LEAST_FACES = 5
"""An expression with fewer faces than these does not count for the macro recall."""

STRONG = ("acted_fright", "distress")
"""Clips of fear and despair, which a reader of film must not be silent on."""

Tell = Callable[[NDArray[np.uint8]], measure.Table]
"""A reader: grey crops (n, 48, 48) to the seven probabilities (n, 7)."""


@dataclass(frozen=True, slots=True)
class Film:
    """What a reader does with judged faces of film; all but counts are shares."""

    right: float
    macro: float
    false_happy: float
    ece: float
    speaking: float
    """Calm faces that speak and are not read as neutral."""
    silent: float
    """The same of calm faces that do not speak."""
    unreadable: float
    """Faces that both judges could not read, claimed as an emotion with CLAIMED or more."""
    fear: int
    """Faces of fear read as fear."""
    recall: dict[str, tuple[float, int]]
    """Of each expression that there is, with the number of its faces."""


@dataclass(frozen=True, slots=True)
class Sets:
    """The faces of all three, as a reader is given them."""

    film: FilmFaces
    film_grey: NDArray[np.uint8]
    others: dict[str, tuple[NDArray[np.uint8], NDArray[np.int64]]]


def load(ferplus: Path, film: Path, wild: Path) -> Sets:
    """Read all three; the parts for choosing of the last two."""
    faces = film_faces.load(film)
    others = {
        "FER2013’s labels, valid": data.second_opinion(ferplus, "valid"),
        "public persons, every fifth": pool.wild_for_choosing(wild),
    }
    return Sets(faces, np.stack([pool.grey(crop) for crop in faces.crops]), others)


def film(faces: FilmFaces, told: measure.Table) -> Film:
    """The figures, as the folder's own measure.py defines them."""
    top, calm = told.argmax(1), faces.labels == NEUTRAL
    known, lost = faces.labels >= 0, faces.labels < 0
    labels = faces.labels[known]
    recall = recalls(top[known], labels)
    happy = top[known] == HAPPY
    claimed = (told.max(1) >= CLAIMED) & (top != NEUTRAL)
    return Film(
        right=share(top[known] == labels),
        macro=macro(recall),
        false_happy=share(labels[happy] != HAPPY),
        ece=measure.calibration_error(told[known], labels, bins=10),
        speaking=share(top[calm & faces.speaking] != NEUTRAL),
        silent=share(top[calm & ~faces.speaking] != NEUTRAL),
        unreadable=share(claimed[lost]),
        fear=int((top[faces.labels == FEAR] == FEAR).sum()),
        recall=recall,
    )


def recalls(top: NDArray[np.int64], labels: NDArray[np.int64]) -> dict[str, tuple[float, int]]:
    """Recall of each expression that there is, and the number of its faces."""
    there = [(name, labels == place, place) for place, name in enumerate(measure.SEVEN)]
    return {name: (float((top[mask] == place).mean()), int(mask.sum())) for name, mask, place in there if mask.any()}


def macro(recall: dict[str, tuple[float, int]]) -> float:
    """The mean recall of the expressions with LEAST_FACES or more."""
    known = [found for found, count in recall.values() if count >= LEAST_FACES]
    return float(np.mean(known)) if known else math.nan


def share(chosen: NDArray[np.bool_]) -> float:
    """How many of them are, 0–1; nan of none."""
    return float(chosen.mean()) if len(chosen) else math.nan


def report(sets: Sets, readers: dict[str, Tell], crossed: measure.Table) -> Iterator[str]:
    """Markdown: film first, then the other two sets; ``crossed`` is the first reader's left-out reading of film."""
    told = {name: tell(sets.film_grey) for name, tell in readers.items()}
    first, *rest = told
    columns = {first: told[first], f"{first}, by others": crossed} | {name: told[name] for name in rest}
    yield from film_table(sets.film, {name: film(sets.film, each) for name, each in columns.items()})
    yield ""
    yield from strong_table(sets.film, columns)
    yield "\n| Set | Reader | Accuracy | Macro recall | False “happy” | ECE |"
    yield "|---|---|---|---|---|---|"
    for title, (images, labels) in sets.others.items():
        for name, tell in readers.items():
            yield other_row(f"{title} ({len(labels)})", name, tell(images), labels)


def film_table(faces: FilmFaces, found: dict[str, Film]) -> Iterator[str]:
    """One column for each reader."""
    known = int((faces.labels >= 0).sum())
    clips = len(set(faces.clips))
    yield f"{known} faces of {clips} clips on which two judges agree, as the product finds and cuts them:\n"
    yield row("Film and video", found.keys())
    yield row("---", ["---"] * len(found))
    lines: tuple[tuple[str, Callable[[Film], str]], ...] = (
        ("read right", lambda each: percent(each.right)),
        ("macro recall", lambda each: percent(each.macro)),
        ("false share of happy", lambda each: percent(each.false_happy)),
        ("ECE", lambda each: f"{each.ece:.3f}"),
        ("calm and speaking, not read as neutral", lambda each: percent(each.speaking)),
        ("calm and silent, not read as neutral", lambda each: percent(each.silent)),
        (f"unreadable, claimed with {CLAIMED} or more", lambda each: percent(each.unreadable)),
    )
    for title, say in lines:
        yield row(title, map(say, found.values()))
    for name, (_, count) in next(iter(found.values())).recall.items():
        yield row(f"recall of {name} ({count})", [percent(each.recall[name][0]) for each in found.values()])


def strong_table(faces: FilmFaces, columns: dict[str, measure.Table]) -> Iterator[str]:
    """In how many moments of STRONG the emotion that both judges name is the top one."""
    yield row("Top emotion is the judges’", columns.keys())
    yield row("---", ["---"] * len(columns))
    for clip in STRONG:
        here = (faces.clips == clip) & (faces.labels >= 0) & (faces.labels != NEUTRAL)
        for place in np.unique(faces.labels[here]):
            chosen = here & (faces.labels == place)
            found = [int((told[chosen].argmax(1) == place).sum()) for told in columns.values()]
            yield row(f"{clip}, {measure.SEVEN[place]}", (f"{count} of {chosen.sum()}" for count in found))
        if here.any():
            right = [share(told[here].argmax(1) == faces.labels[here]) for told in columns.values()]
            yield row(f"{clip}, all but neutral", map(percent, right))


def row(title: str, cells: Iterable[str]) -> str:
    """One line of a table."""
    return f"| {' | '.join([title, *cells])} |"


def percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def other_row(title: str, name: str, told: measure.Table, labels: NDArray[np.int64]) -> str:
    """One reader's line on one of the other sets."""
    top = told.argmax(1)
    happy = top == HAPPY
    figures = (share(top == labels), macro(recalls(top, labels)), share(labels[happy] != HAPPY))
    cells = [title, name, *map(percent, figures), f"{measure.calibration_error(told, labels):.3f}"]
    return f"| {' | '.join(cells)} |"
