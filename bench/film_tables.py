"""What the doubt is worth on moving film: its figures on the judged peaks of clips, each clip left out of the fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench import film_peaks, sticky
from bench.doubt_figures import auroc, calibration_error
from bench.film_peaks import FilmPeak, ReadClip
from core.doubt.limits import LIMITS
from core.doubt.model import Model
from training import fit_film

Floats = NDArray[np.float64]


def film(folder: Path, model: Model) -> Iterator[str]:
    """Yields the part "film": who tells false peaks best, by emotion, and what each evidence is worth."""
    clips = film_peaks.read_clips(folder)
    shipped = film_peaks.judged_peaks(folder, clips, model)
    left_out, doubts = judge_left_out(folder, clips, shipped, model)
    scenes = Model(model.weights)
    alone = film_peaks.judged_peaks(folder, clips, scenes)
    yield from _introduction(shipped, clips)
    yield "| Film | AUROC | Suspects right | True doubted | False among the believed | ECE |"
    yield "|---|---|---|---|---|---|"
    yield _row("doubt, each clip left out of the fit", left_out, doubts)
    yield _row("doubt as shipped, fitted to these clips too", shipped, _doubts(shipped, model))
    yield _row("doubt by scenes of pictures alone", alone, _doubts(alone, scenes))
    yield f"| the reader's own score | {_auroc(shipped, _by(shipped, _height)):.3f} | – | – | – | – |"
    best = max(_auroc(shipped, sticky.doubts(shipped, clips, stay)) for stay in sticky.STAYS)
    yield f"| a track as sticky states (the best of {len(sticky.STAYS)}) | {best:.3f} | – | – | – | – |"
    yield ""
    yield from _by_emotion(left_out, doubts)
    yield from _without_each(folder, clips, shipped, model, _auroc(left_out, doubts), _believed(left_out, doubts))
    yield from _asked(left_out, doubts)


def judge_left_out(
    folder: Path, clips: Sequence[ReadClip], shipped: Sequence[FilmPeak], model: Model, without: str = ""
) -> tuple[list[FilmPeak], Floats]:
    """Returns the peaks and their doubts, each by weights of film that its own clip had no part in."""
    found: list[FilmPeak] = []
    doubts: list[float] = []
    for clip in clips:
        others = [one for one in shipped if one.clip != clip.name]
        fitted = Model(model.weights, fit_film.fit_film(others, model, without))
        mine = film_peaks.judged_peaks(folder, [clip], fitted)
        found += mine
        doubts += [fitted.doubt(one.evidence) for one in mine]
    return found, np.array(doubts)


def _introduction(found: Sequence[FilmPeak], clips: Sequence[ReadClip]) -> Iterator[str]:
    judged = [one for one in found if one.judged]
    false = sum(one.false for one in judged)
    yield f"Film: {len(judged)} peaks of {len(clips)} clips of film and video, judged by eye ({false} false), read"
    yield "every 200 ms by MTCNN and the built-in reader alone. The weights of moving film are fitted without the clip"
    yield "whose peaks they judge, also to peaks of which only the faces were judged. Which evidence there is, and"
    yield "where its weights begin, was chosen on the same clips: on others it does worse.\n"


def _row(title: str, found: Sequence[FilmPeak], doubts: Floats) -> str:
    keep = np.array([one.judged for one in found])
    false, said = np.array([one.false for one in found])[keep], doubts[keep]
    suspect = said >= LIMITS.suspect
    shares = false[suspect].mean(), suspect[~false].mean(), false[~suspect].mean()
    cells = " | ".join(f"{share:.0%}" for share in shares)
    return f"| {title} | {_auroc(found, doubts):.3f} | {cells} | {calibration_error(false, said):.3f} |"


def _auroc(found: Sequence[FilmPeak], said: Floats) -> float:
    keep = np.array([one.judged for one in found])
    return auroc(np.array([one.false for one in found])[keep], said[keep])


def _by(found: Sequence[FilmPeak], figure: Callable[[FilmPeak], float]) -> Floats:
    return np.array([figure(one) for one in found])


def _height(one: FilmPeak) -> float:
    return -one.evidence.peak.height


def _doubts(found: Sequence[FilmPeak], model: Model) -> Floats:
    return _by(found, lambda one: model.doubt(one.evidence))


def _believed(found: Sequence[FilmPeak], doubts: Floats) -> float:
    """The share of false peaks among the believed."""
    false = [one.false for one, doubt in zip(found, doubts, strict=True) if one.judged and doubt < LIMITS.suspect]
    return float(np.mean(false))


def _by_emotion(found: Sequence[FilmPeak], doubts: Floats) -> Iterator[str]:
    yield "| Film, left out | Peaks | False | Suspects | Of these false | Believed | Of these false | True doubted |"
    yield "|---|---|---|---|---|---|---|---|"
    pairs = [(one, bool(doubt >= LIMITS.suspect)) for one, doubt in zip(found, doubts, strict=True) if one.judged]
    for emotion in dict.fromkeys(["happy", "surprise", *sorted({one.evidence.peak.emotion for one, _ in pairs})]):
        mine = [(one.false, suspect) for one, suspect in pairs if one.evidence.peak.emotion == emotion]
        doubted, believed = ([false for false, suspect in mine if suspect is wanted] for wanted in (True, False))
        true = [suspect for false, suspect in mine if not false]
        cells = [emotion, len(mine), sum(f for f, _ in mine), len(doubted), sum(doubted), len(believed), sum(believed)]
        yield f"| {' | '.join(str(cell) for cell in cells)} | {sum(true)} of {len(true)} |"
    yield ""


def _without_each(
    folder: Path, clips: Sequence[ReadClip], shipped: Sequence[FilmPeak], model: Model, area: float, believed: float
) -> Iterator[str]:
    yield "What is lost when one evidence of moving film is left out and the others are fitted again, clips left out:\n"
    yield "| Without | Weight | AUROC | False among the believed |"
    yield "|---|---|---|---|"
    for name, weight in model.film.items():
        found, doubts = judge_left_out(folder, clips, shipped, model, without=name)
        now, share = _auroc(found, doubts), _believed(found, doubts)
        yield f"| {name} | {weight:.2f} | {now - area:+.3f} | {100 * (share - believed):+.0f} points |"
    yield ""


def _asked(found: Sequence[FilmPeak], doubts: Floats) -> Iterator[str]:
    """Yields how many false peaks over speaking, lowered and absent faces are believed."""
    kinds: dict[str, Callable[[FilmPeak], bool]] = {
        "faces that both judges call speaking": lambda one: one.speaking,
        "faces that look down": lambda one: one.looking_down,
        "what is no face": lambda one: one.no_face,
    }
    parts = []
    for title, belongs in kinds.items():
        false = [doubt for one, doubt in zip(found, doubts, strict=True) if one.false and belongs(one)]
        parts.append(f"over {title} {sum(doubt < LIMITS.suspect for doubt in false)} of {len(false)}")
    yield f"False peaks that are believed, clips left out: {'; '.join(parts)}.\n"
