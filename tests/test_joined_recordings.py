"""Recordings joined end to end: where the clock begins again or jumps the film is read on, and nobody is followed."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.model import Recipe, Step
from core.shelf import read_file
from core.video import clip, remarks
from tests.support import clips
from tests.support.films import CFR, film, grainy, numbers, seen, times

TWICE = [t_ms + late_ms for late_ms in (0, 2000) for t_ms in CFR]

KINDS = {
    "ts": {"options": {"g": "10", "sc_threshold": "0", "bf": "0"}},
    "mpg": {"codec": "mpeg2video", "options": {"bf": "0", "qmax": "2", "b": "8000000"}},
}


def joined(folder: Path, suffix: str, late_ms: int) -> Path:
    """Two recordings of two seconds, one behind the other; the clock of the second begins at ``late_ms``."""
    from fractions import Fraction

    whole = folder / f"joined.{suffix}"
    clock = Fraction(1, 25) if suffix == "mpg" else Fraction(1, 1000)
    for start_ms in (0, late_ms):
        shown = [start_ms + t_ms for t_ms in CFR]
        part = film(folder / f"part.{suffix}", shown, grainy, clock=clock, **KINDS[suffix])
        with whole.open("ab") as file:
            file.write(part.read_bytes())
    return whole


@pytest.mark.parametrize("late_ms", [0, 30_000, 10_000_000])
@pytest.mark.parametrize("suffix", KINDS)
def test_a_clock_that_begins_again_or_jumps_is_read_on(tmp_path, suffix, late_ms):
    """No picture is left out, no gap of hours is believed."""
    path = joined(tmp_path, suffix, late_ms)
    found, probed = seen(path), clip.probe(path)

    assert len(found) == 100
    assert probed.duration_ms == pytest.approx(4000, abs=80)
    assert times(found) == pytest.approx(TWICE, abs=80)
    assert numbers(found) == [number % 11 for number in range(50)] * 2
    assert [round(t_ms, -2) for t_ms in probed.joins_ms] == [2000]


def test_a_pause_of_seconds_stays_one(tmp_path):
    """A recorder that was stopped for less than ten seconds, as FFmpeg has it."""
    path = joined(tmp_path, "ts", 8000)

    assert clip.probe(path).duration_ms == pytest.approx(10_000, abs=80)
    assert clip.probe(path).joins_ms == ()


def test_a_shot_begins_where_recordings_meet(tmp_path):
    """Even where both show the same, whoever goes on from the middle of them says so too."""
    path = joined(tmp_path, "ts", 0)
    whole = seen(path, Step(200))

    assert [frame.t_ms for frame in whole if frame.joined] == [2000]
    for after_ms in times(whole):
        rest = [(frame.t_ms, frame.joined) for frame in whole if frame.t_ms > after_ms]
        assert [(frame.t_ms, frame.joined) for frame in seen(path, Step(200), after_ms=after_ms)] == rest
    table = read_file.read_recipe(Recipe(str(path)), equip=clips.equip)
    assert table.groupby("t_ms")["shot"].first().diff().fillna(0).loc[2000] == 1
    (said,) = table.attrs["remarks"]
    assert said == "Its clock begins again or jumps at 0:02.0: it was read on there, and nobody is followed across."


def test_what_a_probe_said_comes_back_from_json():
    """Of a film without such places nothing is written that older versions do not know."""
    import json

    from core.model import Video

    plain, rich = Video("a.mp4", 1, 2, 3, 4.0), Video("a.ts", 1, 2, 3, 4.0, "h264", (7,), ((8, 9, 10),), "PQ")

    assert "joins_ms" not in remarks.write_video(plain)
    for video in (plain, rich):
        assert remarks.parse_video(json.loads(json.dumps(remarks.write_video(video)))) == video


@pytest.mark.clips
@pytest.mark.parametrize("name", ["ts_begins_again.ts", "ts_jumps_10000s.ts"])
def test_two_takes_of_one_man_are_read_whole(media, name):
    """4.8 s, a face in all 24 moments, and two tracks."""
    table = read_file.read(media / "reports" / name, finder="mtcnn", readers="builtin")
    tracks = table.groupby("track")["t_ms"].agg(["min", "max", "size"]).to_numpy().tolist()

    assert table.attrs["video"]["duration_ms"] == 4800
    assert tracks == [[0, 2200, 12], [2400, 4600, 12]]
