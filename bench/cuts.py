"""How many cuts are found, and how many of those found are none: python -m bench.cuts --shared ../shared [--write]

Judged clips are those of ``data/film`` with ``cuts_ms`` in their truth; in the others of that folder, except those
named by ``--unjudged``, there is none. With ``--write`` the table goes into RESULTS.md.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import av
import cv2
import numpy as np

from bench import results
from core.model import Image, Sample, Step
from core.reading import looks, tracks
from core.video import clip
from samples import make

STEPS_MS = (100, 250, 500, 1000)

FPS = 25
"""Pictures a second of the clips made here."""

LATE_MS = 60
"""A cut may be set by eye so much too early; it is found at the first moment behind it."""

SCENE_MS = (5160, 9840, 13_240, 15_160, 18_080, 21_080)
"""What ../shared/media/README.md says of scene.mp4."""

REPORTS = {"colour_cut_control": (1840,), "bw_cut": (1840,), "bars_9x16_cut": (1840,), "camera_flash": ()}
"""What ../shared/media/reports/README.md says."""

UNCUT = ("crying_to_laughing.mp4", "one_face.mp4", "no_face.mp4", "smiling_man.gif")
"""Of ../shared/media, without a cut."""


class Case(NamedTuple):
    """A clip and where its cuts are."""

    group: str
    path: Path
    cuts_ms: Sequence[int] = ()
    around_ms: int = LATE_MS
    """A cut may be found so much sooner or later."""


class Counts(NamedTuple):
    """Cuts that are there, those of them that were found, and what was found besides."""

    there: int
    found: int
    false: int


def count_cuts(case: Case, step_ms: int) -> Counts:
    """Read the clip's pictures with this step and count."""
    frames = clip.frames(case.path, Step(step_ms))
    seen = tracks.assign_tracks(Sample(each.t_ms, look=looks.look(each.image, each.jump)) for each in frames)
    begins = [now.t_ms for before, now in pairwise(seen) if now.shot != before.shot]
    hits = {
        t_ms: [cut for cut in case.cuts_ms if -case.around_ms <= t_ms - cut <= step_ms + case.around_ms]
        for t_ms in begins
    }
    found = {cut for cuts in hits.values() for cut in cuts}
    return Counts(len(case.cuts_ms), len(found), sum(not cuts for cuts in hits.values()))


def film_cases(shared: Path, unjudged: Sequence[str], folder: Path) -> Iterator[Case]:
    """Yield the real clips, and some of them without their colours."""
    film = shared / "data" / "film"
    for name, truth in json.loads((film / "truth.json").read_text("utf-8")).items():
        if name not in unjudged:
            group = "film, cuts judged" if "cuts_ms" in truth else "film without a cut"
            cuts_ms = truth.get("cuts_ms", ())
            path = film / "clips" / truth["clip"]
            yield Case(group, path, cuts_ms)
            if cuts_ms:
                yield Case(
                    "the same in grey", write_film(folder / f"{name}.mp4", map(in_grey, pictures(path))), cuts_ms
                )
    media = shared / "media"
    yield Case("`scene.mp4`", media / "scene.mp4", SCENE_MS)
    grey = write_film(folder / "scene.mp4", map(in_grey, pictures(media / "scene.mp4")))
    yield Case("`scene.mp4` in grey", grey, SCENE_MS)
    yield from (Case("flash, bars, grey", media / "reports" / f"{name}.mp4", cuts) for name, cuts in REPORTS.items())
    yield from (Case("media without a cut", media / name) for name in UNCUT)


def pictures(path: Path) -> Iterator[Image]:
    """Yield all pictures of a clip, ``FPS`` a second."""
    return (frame.image for frame in clip.frames(path, Step(1000 // FPS)))


def in_grey(image: Image) -> Image:
    """Return the picture without its colours."""
    return np.repeat(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)[..., np.newaxis], 3, axis=2)


def write_film(path: Path, images: Iterator[Image]) -> Path:
    """Write a clip of ``FPS`` pictures a second."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS, options={"crf": "20", "preset": "veryfast"})
        for number, image in enumerate(images):
            if number == 0:
                stream.height, stream.width = (side // 2 * 2 for side in image.shape[:2])
                stream.pix_fmt = "yuv420p"
            even = np.ascontiguousarray(image[: stream.height, : stream.width])
            container.mux(stream.encode(av.VideoFrame.from_ndarray(even, "rgb24")))
        container.mux(stream.encode(None))
    return path


def made_cases(folder: Path) -> Iterator[Case]:
    """Yield clips made of the sample's three light shots, 3 s each: what a cut is, and what only looks like one."""
    spans = ((0, 3000), (6000, 9000), (10_000, 12_600))
    shots = [[f.image for f in clip.frames(make.CLIP, Step(40), start_ms=a, end_ms=b)] for a, b in spans]
    here = shots[0]
    nearer = [cv2.resize(each[each.shape[0] // 6 :, ::-1][:, each.shape[1] // 6 :], each.shape[1::-1]) for each in here]
    cut_ms = len(here) * 1000 // FPS
    one_set = [*here, *nearer]
    yield _made(folder, "made: two cameras in one set", "set", one_set, cut_ms)
    yield _made(folder, "made: two cameras in one set", "grey", [in_grey(each) for each in one_set], cut_ms)
    yield _made(folder, "made: two cameras in one set", "bars", [_barred(each) for each in one_set], cut_ms)
    for number, move in enumerate((_flash, _shake, _flicker, _pan, _zoom)):
        for letter, shot in zip("abc", shots, strict=True):
            yield _made(folder, "made: flashes, shaking, flicker, pans, zooms", f"{number}{letter}", move(shot))
    for number, (one, other) in enumerate(((0, 1), (1, 2), (2, 0))):
        made = _made(folder, "made: dissolves of a second", f"d{number}", _dissolve(shots[one], shots[other]), 1500)
        yield made._replace(around_ms=500)


def _made(folder: Path, group: str, name: str, images: Sequence[Image], *cuts_ms: int) -> Case:
    return Case(group, write_film(folder / f"made_{name}.mp4", iter(images)), cuts_ms)


def _barred(image: Image) -> Image:
    height = (image.shape[1] * 16 // 9 - image.shape[0]) // 2
    return cv2.copyMakeBorder(image, height, height, 0, 0, cv2.BORDER_CONSTANT)


def _flash(shot: Sequence[Image]) -> list[Image]:
    white = np.full_like(shot[0], 255)
    lit = {20: 1, 21: 1, 40: 1, 41: 1, 42: 1, 43: 1, 44: 1, 55: 0.6, 56: 0.4}
    return [cv2.addWeighted(each, 1 - lit.get(i, 0), white, lit.get(i, 0), 0) for i, each in enumerate(shot)]


def _shake(shot: Sequence[Image]) -> list[Image]:
    rng = np.random.default_rng(1)
    height, width = shot[0].shape[:2]
    places = rng.uniform(-0.04, 0.04, (len(shot), 2)) * (width, height)
    return [
        cv2.warpAffine(each, np.array([[1, 0, x], [0, 1, y]]), (width, height), borderMode=cv2.BORDER_REFLECT)
        for each, (x, y) in zip(shot, places, strict=True)
    ]


def _flicker(shot: Sequence[Image]) -> list[Image]:
    rng = np.random.default_rng(2)
    return [(each * rng.uniform(0.6, 1.0)).astype(np.uint8) for each in shot]


def _pan(shot: Sequence[Image]) -> list[Image]:
    wide = np.hstack([shot[0], shot[0][:, ::-1]])
    width = shot[0].shape[1]
    places = np.round(width * (0.5 - 0.5 * np.cos(np.linspace(0, np.pi, 2 * FPS)))).astype(int)
    return [wide[:, place : place + width] for place in places]


def _zoom(shot: Sequence[Image]) -> list[Image]:
    height, width = shot[0].shape[:2]
    seen = []
    for image, share in zip(shot, np.linspace(0, 0.35, len(shot)), strict=True):
        down, across = round(height * share), round(width * share)
        seen.append(cv2.resize(image[down : height - down, across : width - across], (width, height)))
    return seen


def _dissolve(one: Sequence[Image], other: Sequence[Image]) -> list[Image]:
    shares = np.clip(np.linspace(-1, 2, 3 * FPS), 0, 1)
    one, other = ([*shot, *shot[::-1]][: 3 * FPS] for shot in (one, other))
    return [cv2.addWeighted(a, 1 - s, b, float(s), 0) for a, b, s in zip(one, other, shares, strict=True)]


def report(shared: Path, unjudged: Sequence[str], steps_ms: Sequence[int]) -> Iterator[str]:
    """Yield the table, the worst row first."""
    with TemporaryDirectory() as folder:
        cases = [*film_cases(shared, unjudged, Path(folder)), *made_cases(Path(folder))]
        rows = {
            group: [_total([count_cuts(case, step) for case in cases if case.group == group]) for step in steps_ms]
            for group in dict.fromkeys(case.group for case in cases)
        }
    worst: Callable[[str], int] = lambda group: sum(one.found - one.there - one.false for one in rows[group])  # noqa: E731
    clips = {group: sum(case.group == group for case in cases) for group in rows}
    yield "## Cuts\n"
    yield "Cuts found of those that are there, and false ones besides, by the step; the worst row first. A dissolve is"
    yield "one cut, wherever in it. Made clips come from the sample's shots; the threshold was chosen on real ones.\n"
    yield f"| Clips | {' | '.join(f'{step} ms' for step in steps_ms)} |"
    yield f"|---|{'---|' * len(steps_ms)}"
    for group in sorted(rows, key=worst):
        cells = (f"{one.found} of {one.there}, {one.false} false" for one in rows[group])
        yield f"| {group} ({clips[group]}) | {' | '.join(cells)} |"
    real = [group for group in rows if not group.startswith("made")]
    for number, step in enumerate(steps_ms):
        there, found, false = _total([rows[group][number] for group in real])
        yield f"\nReal clips at {step} ms: recall {found / there:.2f}, precision {found / max(1, found + false):.2f}."


def _total(counts: Sequence[Counts]) -> Counts:
    return Counts(*map(sum, zip(*counts, strict=True)))


def main() -> None:
    """Print the table, and with ``--write`` put it into RESULTS.md."""
    parser = argparse.ArgumentParser(description="How many cuts are found, and how many of those found are none.")
    parser.add_argument(
        "--shared", type=Path, default=Path("../shared"), help="folder that holds media/ and data/film/"
    )
    parser.add_argument("--unjudged", nargs="*", default=["sports_montage"], help="film clips whose cuts nobody set")
    parser.add_argument("--steps", nargs="*", type=int, default=STEPS_MS, help="ms between moments")
    parser.add_argument("--write", action="store_true", help="put the table into RESULTS.md")
    asked = parser.parse_args()
    text = "\n".join(report(asked.shared, asked.unjudged, asked.steps))
    print(text)
    if asked.write:
        results.write("cuts", text)


if __name__ == "__main__":
    main()
