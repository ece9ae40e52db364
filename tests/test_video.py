"""Films of known pictures go in; their times come out, sampled as was asked."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest

from core import sampling
from core.errors import SettingError
from core.model import Step
from core.video import clip
from tests.support.films import ALL, CFR, KINDS, LONG, VFR, film, numbers, plain, seen, times
from tests.support.project import ROOT


@pytest.mark.parametrize("late_ms", [0, 3000, 100_000])
@pytest.mark.parametrize("name", ["a.mp4", "a.mkv"])
def test_times_are_the_streams_own_from_its_start(tmp_path, name, late_ms):
    """At a variable rate, in a stream that starts late, and each picture with its own time."""
    path = film(tmp_path / name, [late_ms + t for t in VFR])
    found = seen(path)

    assert times(found) == list(VFR)
    assert numbers(found) == list(range(len(VFR)))


@pytest.mark.parametrize("name", KINDS)
def test_every_known_container_and_codec_gives_the_same_times_and_pictures(tmp_path, name):
    """Two seconds at 25 pictures a second, however they are stored."""
    path = film(tmp_path / name, CFR, **KINDS[name])
    found, probed = seen(path), clip.probe(path)

    assert times(found) == list(CFR)
    assert numbers(found) == [number % 11 for number in range(50)]
    assert probed.duration_ms == 2000
    assert (probed.height, probed.width, 3) == found[0].image.shape == KINDS[name].get("paint", plain())(0).shape
    assert probed.fps == pytest.approx(25)


def test_a_wrong_number_of_frames_and_a_missing_duration_are_counted_anew(tmp_path):
    """A live recording says nothing of its length; the packets do."""
    path = film(tmp_path / "live.mkv", VFR, muxer={"live": "1"})
    with av.open(str(path)) as container:
        assert container.duration is None and container.streams.video[0].frames == 0

    assert clip.probe(path).duration_ms == 3440


def test_every_instant_is_answered_by_the_first_picture_at_or_after_it(tmp_path):
    """Where none begins before the next instant, the one that is still shown answers."""
    path = film(tmp_path / "vfr.mp4", VFR)

    assert times(seen(path, Step(200))) == list(range(0, 3401, 200))
    assert numbers(seen(path, Step(200))) == [0, *[2] * 4, 3, *[4] * 9, 5, 5, 6]
    assert times(seen(path, Step(1000))) == [0, 1000, 2000, 3000]


def test_start_belongs_to_the_stretch_and_end_does_not(tmp_path):
    """The grid begins at the start."""
    path = film(tmp_path / "a.mp4", LONG)

    assert times(seen(path, Step(500), start_ms=1000, end_ms=3000)) == [1000, 1520, 2000, 2520]
    assert times(seen(path, Step(50, "frames"), start_ms=1010, end_ms=5040)) == [1040, 3040]
    assert times(seen(path, Step(500), start_ms=9000)) == []


def test_every_so_many_frames_counts_pictures_not_time(tmp_path):
    """The article's way."""
    assert times(seen(film(tmp_path / "vfr.mp4", VFR), Step(3, "frames"))) == [0, 1000, 3400]


@pytest.mark.parametrize("budget", [1, 2, 3, 7, 40, 41, 1000])
@pytest.mark.parametrize("step", [Step(200), Step(5, "frames")])
def test_a_budget_is_kept_and_spent_evenly(tmp_path, step, budget):
    """Never more moments than that, and the last part of the film has its share."""
    path = film(tmp_path / "a.mp4", LONG)
    found = times(seen(path, step, budget=budget))
    steps = np.diff([*found, 8000])

    assert len(found) <= budget and len(found) <= 40
    assert steps.max() - steps.min() <= max(80, steps.max() // budget)
    assert len(found) == sampling.expected_moments(clip.probe(path), step, budget=budget)


def test_a_budget_counts_the_real_pictures_of_an_uneven_film(tmp_path):
    """Many pictures early, few late: an average rate would have cut the end off."""
    path = film(tmp_path / "a.mp4", [*range(0, 1000, 20), *range(1000, 9000, 1000)])
    found = times(seen(path, ALL, start_ms=1000, budget=4))

    assert found == [1000, 3000, 5000, 7000]


@pytest.mark.parametrize("step", [Step(0), Step(-200)])
def test_a_step_of_nothing_is_refused(tmp_path, step):
    """It would never end."""
    with pytest.raises(SettingError, match="from 1 up"):
        seen(film(tmp_path / "a.mp4"), step)


def test_a_file_is_given_back_when_one_stops_asking(tmp_path):
    """Deleting it afterwards must work everywhere."""
    path = film(tmp_path / "a.mp4")
    frames = clip.frames(path)
    next(frames)
    frames.close()

    assert path not in [handle.resolve() for handle in Path("/proc/self/fd").iterdir()]


PEAK = """
import re, sys
from pathlib import Path
from core.video import clip
from core.model import Step
clip.probe(sys.argv[1])
for frame in clip.frames(sys.argv[1], Step(200)):
    pass
print(int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""


def peak_mb(path: Path) -> int:
    """Peak memory of a process that reads the whole film, in MB."""
    run = subprocess.run([sys.executable, "-c", PEAK, str(path)], cwd=ROOT, capture_output=True, check=True, text=True)
    return int(run.stdout)


@pytest.mark.slow
def test_memory_does_not_grow_with_the_length(tmp_path):
    """720p: ten times the length adds less than a tenth, and the decoder leaves room for the networks."""
    slope = np.broadcast_to(np.linspace(0, 255, 1280).astype(np.uint8)[None, :, None], (720, 1280, 3))
    walk = [np.ascontiguousarray(np.roll(slope, 8 * number, axis=1)) for number in range(9)]
    short, long = (
        film(
            tmp_path / f"{count}.mp4", range(0, 40 * count, 40), lambda n: walk[n % 9], options={"preset": "ultrafast"}
        )
        for count in (30, 300)
    )

    assert peak_mb(short) < 180
    assert peak_mb(long) < 1.1 * peak_mb(short)


def test_a_file_that_was_replaced_is_looked_into_again(tmp_path):
    path = film(tmp_path / "a.mp4", CFR)
    before = clip.probe(path)
    film(path, LONG)

    assert clip.probe(path).duration_ms > before.duration_ms
