"""Every clip of ../shared/media, the broken ones above all, reads with right times or is refused in one sentence."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from core.errors import VideoError
from core.model import Frame, Image, Step
from core.video import clip
from tests.support.cases import quick
from tests.support.traps import ALL, CLIPS, TRAPS, Reads, Refused

pytestmark = pytest.mark.clips

READS = {name: row for name, row in ALL.items() if isinstance(row, Reads)}
REFUSED = {name: row for name, row in ALL.items() if isinstance(row, Refused)}
SHORT = READS.keys() - {"long_room.mp4", "traps/corrupt_bytes.mp4"}
"""Those that take a moment: the long room lasts two minutes."""
EVERY = Step(200)


@cache
def seen(path: Path) -> tuple[Frame, ...]:
    """The clip's frames every 200 ms, kept small: a quarter of a million pixels would be too much for 30 clips."""
    return tuple(
        Frame(f.t_ms, cv2.resize(f.image, (64, 36), interpolation=cv2.INTER_AREA), f.dropped) for f in read(path)
    )


def read(path: Path) -> list[Frame]:
    """The clip's frames every 200 ms, full size."""
    return list(clip.frames(path, EVERY))


def test_every_file_has_a_row(media):
    """A new trap without an expectation fails here."""
    assert {path.name for path in (media / "traps").iterdir()} == set(TRAPS)
    assert {path.name for path in media.iterdir() if path.is_file() and path.suffix != ".md"} == set(CLIPS)


@pytest.mark.parametrize("name", quick(READS, *SHORT))
def test_it_reads_with_right_times_and_size(media, name):
    """First, last and number of moments, size as shown, length, and what was dropped."""
    row, found, probed = READS[name], seen(media / name), clip.probe(media / name)

    assert (found[0].t_ms, found[-1].t_ms, len(found)) == (0, row.last_ms, row.moments)
    assert (probed.width, probed.height) == (row.width, row.height)
    share = min(1, 1920 / max(row.width, row.height))
    looked_at = round(row.height * share), round(row.width * share), 3
    assert next(clip.frames(media / name)).image.shape == looked_at
    assert probed.duration_ms == pytest.approx(row.duration_ms, abs=1)
    assert sum(frame.dropped for frame in found) in row.dropped


def stamps(path: Path) -> list[int]:
    """The times of the packets that are shown, in ms from the first, by PyAV alone."""
    with av.open(str(path)) as container:
        stream = container.streams.best("video")
        shown = [packet.pts for packet in container.demux(stream) if packet.pts is not None and not packet.is_discard]
        return [round((stamp - min(shown)) * stream.time_base * 1000) for stamp in sorted(shown)]


@pytest.mark.parametrize("name", quick(sorted(READS.keys() - {"traps/corrupt_bytes.mp4"}), *SHORT))
def test_its_moments_are_the_first_packets_at_or_after_every_200_ms(media, name):
    """Counted here by hand, from the container's own timestamps."""
    every = stamps(media / name)
    answers = {min(stamp for stamp in every if stamp >= grid) for grid in range(0, every[-1] + 1, 200)}

    assert [frame.t_ms for frame in seen(media / name)] == sorted(answers)


@cache
def scene(path: Path) -> dict[int, NDArray[np.int16]]:
    """Every picture of the clip that the traps were made from, small, by its time."""
    return {frame.t_ms: small(frame.image) for frame in clip.frames(path, Step(1, "frames"))}


def small(image: Image) -> NDArray[np.int16]:
    return cv2.resize(image, (64, 36), interpolation=cv2.INTER_AREA).astype(np.int16)


@pytest.mark.parametrize("name", [name for name, row in READS.items() if row.like_scene and name != "scene.mp4"])
def test_it_shows_at_every_moment_what_the_scene_shows_then(media, name):
    """The traps were made from scene.mp4: the right picture, upright, at the right time, in the right colours."""
    truth = scene(media / "scene.mp4")

    assert max(np.abs(small(frame.image) - truth[frame.t_ms]).mean() for frame in seen(media / name)) < 4


@pytest.mark.parametrize(
    "name",
    ["one_face.mp4", "face_then_none.mov", "no_face.mp4", "smiling_man.gif"]
    + [f"traps/{name}" for name in ("rotate_90.mp4", "start_at_3s.mkv", "vfr.mp4", "hevc10.mkv")],
)
def test_its_pictures_are_those_of_another_decoder(media, name):
    """OpenCV knows the time of a picture once it has grabbed it, and turns it; these are clips that it reads."""
    wanted = {frame.t_ms: frame.image for frame in clip.frames(media / name, Step(1000))}
    capture, apart = cv2.VideoCapture(str(media / name)), {}
    while capture.grab():
        t_ms = round(capture.get(cv2.CAP_PROP_POS_MSEC))
        if t_ms in wanted:
            other = cv2.cvtColor(capture.retrieve()[1], cv2.COLOR_BGR2RGB)
            apart[t_ms] = np.abs(wanted[t_ms].astype(int) - other).mean()

    assert apart.keys() == wanted.keys()
    assert max(apart.values()) < 2


def combs(image: Image) -> float:
    """How much neighbouring lines differ from the line between them."""
    lines = image.astype(int)
    return float(np.abs(lines[:-2] + lines[2:] - 2 * lines[1:-1]).mean())


@pytest.mark.parametrize("name", ["traps/interlaced.mpg", "traps/interlaced_h264_720x576.mp4"])
def test_interlaced_clips_are_neither_black_nor_stale_nor_combed(media, name):
    """Other decoders return all three."""
    found = read(media / name)

    assert min(frame.image.mean() for frame in found) > 40
    assert all((one.image != other.image).any() for one, other in pairwise(found))
    assert max(combs(frame.image) for frame in found) < 4


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_one_plain_sentence(media, name):
    """What the file is, by its name, and what to do; from the probe and from the first frame alike."""
    with pytest.raises(VideoError) as probed:
        clip.probe(media / name)
    with pytest.raises(VideoError) as read:
        next(clip.frames(media / name))
    sentence = str(probed.value)

    assert sentence == str(read.value)
    assert REFUSED[name].words in sentence
    assert re.fullmatch(rf"“{re.escape(Path(name).name)}” [^\n]+\. [A-Z][^\n]+\.", sentence)


@pytest.mark.slow
@pytest.mark.parametrize("name", READS)
def test_reading_it_on_from_its_middle_gives_the_rest(media, name):
    """Times, pictures and drops, as if it had never stopped."""
    whole = seen(media / name)
    middle = len(whole) // 2
    rest = list(clip.frames(media / name, EVERY, after_ms=whole[middle].t_ms))

    assert [(f.t_ms, f.dropped) for f in rest] == [(f.t_ms, f.dropped) for f in whole[middle + 1 :]]
    for frame, before in zip(rest, whole[middle + 1 :], strict=True):
        assert np.array_equal(small(frame.image), before.image)
