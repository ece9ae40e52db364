"""The clip that the project carries is what its README and its truth say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest

from core.faces.find_mtcnn import open_mtcnn
from core.model import Frame, Sample, Step, Video
from core.reading import looks
from core.reading.tracks import assign_tracks
from core.video import clip
from samples import make

TRUTH = json.loads(make.TRUTH.read_text(encoding="utf-8"))
STEP_MS = 200


@pytest.fixture(scope="module")
def probed() -> Video:
    return clip.probe(str(make.CLIP))


@pytest.fixture(scope="module")
def frames() -> list[Frame]:
    return list(clip.frames(str(make.CLIP), Step(STEP_MS)))


def within(t_ms: int, span: dict[str, int]) -> bool:
    return span["from_ms"] <= t_ms < span["to_ms"]


def test_the_clip_is_small_enough_to_be_in_a_repository() -> None:
    assert make.CLIP.stat().st_size <= 1_000_000


def test_a_browser_can_play_it(probed: Video) -> None:
    assert probed.codec == "h264"
    assert make.CLIP.read_bytes().find(b"moov") < make.CLIP.read_bytes().find(b"mdat")


def test_it_is_as_long_and_as_large_as_its_truth_says(probed: Video) -> None:
    said = (TRUTH["duration_ms"], TRUTH["width"], TRUTH["height"], TRUTH["fps"])

    assert said == (probed.duration_ms, probed.width, probed.height, probed.fps)


def test_every_moment_of_it_decodes(frames: list[Frame]) -> None:
    assert [frame.t_ms for frame in frames] == list(range(0, TRUTH["duration_ms"], STEP_MS))


def test_the_cuts_are_where_its_truth_says_and_nowhere_else(frames: list[Frame]) -> None:
    samples = list(assign_tracks(Sample(frame.t_ms, look=looks.look(frame.image, frame.jump)) for frame in frames))

    cuts = [now.t_ms for before, now in pairwise(samples) if now.shot != before.shot]

    assert cuts == TRUTH["cuts_ms"]


def test_a_face_is_found_in_the_light_and_none_where_nobody_is(frames: list[Frame]) -> None:
    find = open_mtcnn()
    counts = {frame.t_ms: len(find(frame.image)) for frame in frames if frame.t_ms <= TRUTH["dark_from_ms"]}

    empty = [t_ms for t_ms in counts if any(within(t_ms, span) for span in TRUTH["nobody"])]

    assert [counts[t_ms] for t_ms in empty] == [0] * len(empty)
    assert {count for t_ms, count in counts.items() if t_ms not in empty} == {1}


def test_the_truth_is_what_the_script_draws() -> None:
    assert make.truth() == TRUTH


def drawn_and_decoded() -> Iterator[tuple[np.ndarray, np.ndarray]]:
    for frame in clip.frames(str(make.CLIP), Step(1900)):
        yield make.picture(frame.t_ms * make.FPS // 1000), frame.image


def test_the_clip_is_what_the_script_draws() -> None:
    """A change of the script that was not rendered again is caught: frames differ by no more than coding costs."""
    apart = [np.abs(drawn.astype(int) - seen).mean() for drawn, seen in drawn_and_decoded()]

    assert len(apart) == 10
    assert max(apart) < 3
