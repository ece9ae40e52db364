"""Resuming, seeking and damage: what comes out is the same as if the film were decoded from its start."""

from __future__ import annotations

import numpy as np
import pytest

from core.model import Step
from core.video import clip
from core.video.source import Source
from tests.support.cases import quick
from tests.support.films import CFR, KINDS, LONG, damaged, film, grainy, numbers, same, seen, sound, times, two_films

OPEN, REFRESHED = "open-gop=1:bframes=3:keyint=20", "intra-refresh=1:keyint=20"
"""How x264 makes groups of pictures that lean on the one before, and pictures that are renewed bit by bit."""


@pytest.mark.parametrize("step", quick([Step(200), Step(330), Step(3000), Step(7, "frames")], Step(330), Step(3000)))
@pytest.mark.parametrize(
    "name",
    quick(
        ["h264.mp4", "fragmented.mp4", "vp9.webm", "h264.avi", "h264.ts", "moving.gif"],
        "h264.mp4",
        "vp9.webm",
        "h264.avi",
        "h264.ts",
    ),
)
def test_resuming_after_any_moment_gives_exactly_the_rest(tmp_path, name, step):
    """After a sampled moment, after one between, before all and behind all; pixels and counts of drops included."""
    path = film(tmp_path / name, LONG, **KINDS[name])
    whole = seen(path, step, start_ms=300)

    for after_ms in (-1, 0, *times(whole)[::7], 2001, 6119, times(whole)[-1], 9000):
        rest = [frame for frame in whole if frame.t_ms > after_ms]

        assert same(seen(path, step, start_ms=300, after_ms=after_ms), rest), after_ms


@pytest.mark.parametrize("limits", [{"budget": 9}, {"end_ms": 5000}, {"start_ms": 2200, "end_ms": 6000, "budget": 5}])
@pytest.mark.parametrize("step", quick([Step(200), Step(4, "frames")], Step(200)))
def test_resuming_keeps_to_the_budget_and_the_stretch(tmp_path, step, limits):
    """What came before counts against the budget."""
    path = film(tmp_path / "a.mkv", LONG)
    whole = seen(path, step, **limits)

    for at, frame in enumerate(whole):
        assert same(seen(path, step, after_ms=frame.t_ms, **limits), whole[at + 1 :])


@pytest.mark.parametrize(
    "packets",
    quick([range(33, 36), range(40, 41), range(120, 160), range(4, 200, 9)], range(4, 200, 9)),
    ids=str,
)
def test_resuming_a_damaged_film_gives_exactly_the_rest(tmp_path, packets):
    """Damage within a group of pictures, in a keyframe, over several, and all over the place."""
    noise = np.random.default_rng(0)
    moving = film(tmp_path / "a.mp4", LONG, lambda number: noise.integers(0, 255, (48, 64, 3), dtype=np.uint8))
    path = damaged(moving, tmp_path / "bad.mp4", packets)
    whole = seen(path, Step(120))

    assert sum(frame.dropped for frame in seen(path)) > 0
    for after_ms in times(whole)[::9]:
        assert same(seen(path, Step(120), after_ms=after_ms), [frame for frame in whole if frame.t_ms > after_ms])


@pytest.mark.parametrize("how", quick([OPEN, REFRESHED, "interlaced=1:tff=1"], OPEN, REFRESHED))
@pytest.mark.parametrize("name", quick(["a.mp4", "a.mkv"], "a.mp4"))
def test_resuming_is_exact_where_a_film_has_no_clean_cuts(tmp_path, name, how):
    """Groups of pictures that lean on the one before, pictures that are renewed bit by bit, fields."""
    path = film(tmp_path / name, LONG, grainy, options={"x264-params": how})
    whole = seen(path, Step(120))

    for after_ms in times(whole)[11::24]:
        assert same(seen(path, Step(120), after_ms=after_ms), [frame for frame in whole if frame.t_ms > after_ms])


@pytest.mark.parametrize("name", ["h264.mp4", "vp9.webm"])
def test_a_seek_lands_at_a_keyframe_just_before(tmp_path, name):
    """Resuming an hour costs no hour: the first picture decoded for 6 s is a keyframe of the moment before it."""
    source = Source(film(tmp_path / name, LONG, **KINDS[name]))
    first = next(source.pictures(6000))
    source.close()

    assert 5200 < first.t_ms <= 6000 and first.frame.key_frame


@pytest.mark.parametrize("name", ["h264.mp4", "vp9.webm", "h264.ts"])
def test_a_long_step_hops_to_the_same_pictures(tmp_path, name):
    """From keyframe to keyframe, or through everything: nobody can tell."""
    path = film(tmp_path / name, tuple(range(0, 20_000, 40)), **KINDS[name])
    wanted = [frame for frame in seen(path) if frame.t_ms % 4000 == 0]

    assert same(seen(path, Step(4000)), wanted)


def test_a_cover_is_not_the_film(tmp_path):
    """Songs and films carry a picture of their sleeve as a video stream of one picture."""
    path = sound(tmp_path / "a.mp4", cover=True, film_ms=CFR)

    assert times(seen(path)) == list(CFR)


@pytest.mark.parametrize("name", ["a.mkv", "a.mp4"])
@pytest.mark.parametrize("default", [0, 1])
def test_the_default_video_stream_is_chosen(tmp_path, name, default):
    """The other one is darker."""
    found = seen(two_films(tmp_path / name, default), Step(500))

    assert numbers(found) == [5 * default] * 4


def test_corrupt_pictures_are_dropped_and_counted(tmp_path):
    """The next good picture says how many were left out before it."""
    clean = film(tmp_path / "a.mp4", LONG, grainy)
    found = seen(damaged(clean, tmp_path / "bad.mp4", range(103, 107)))
    dropped = {frame.t_ms: frame.dropped for frame in found if frame.dropped}

    assert not any(frame.dropped for frame in seen(clean))
    assert len(found) + sum(dropped.values()) == len(LONG)
    assert 2 <= sum(dropped.values()) <= 7
    assert all(4000 < t_ms < 4500 for t_ms in dropped)


def test_what_follows_a_damaged_keyframe_is_left_out_up_to_the_next(tmp_path):
    """The decoder calls those pictures good, but they are smeared, or show what was there before the cut."""
    clean = film(tmp_path / "a.mp4", LONG, grainy)
    found = seen(damaged(clean, tmp_path / "bad.mp4", range(40, 41)))

    assert times(found) == [t for t in LONG if not 1600 <= t < 2000]
    assert found[40].dropped == 10
    assert all(
        np.array_equal(frame.image, truth.image) for frame, truth in zip(found[40:], seen(clean)[50:], strict=True)
    )


@pytest.mark.parametrize(("name", "muxer"), [("a.mp4", {"movflags": "faststart"}), ("a.mkv", {}), ("a.ts", {})])
def test_a_film_cut_off_reads_as_far_as_it_goes(tmp_path, name, muxer):
    """Whatever its header still says."""
    noise = np.random.default_rng(0)
    whole = film(tmp_path / name, CFR, lambda number: noise.integers(0, 255, (96, 128, 3), dtype=np.uint8), muxer=muxer)
    path = tmp_path / f"half_{name}"
    path.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    found = times(seen(path))

    assert found[:-2] == list(CFR)[: len(found) - 2]  # the last ones may have lost a neighbour
    assert 15 <= len(found) <= 35
    assert found[-1] < clip.probe(path).duration_ms <= 1500


def test_damage_makes_no_noise(tmp_path, capfd):
    """FFmpeg's remarks stay off the terminal."""
    noise = np.random.default_rng(0)
    clean = film(tmp_path / "a.mp4", CFR, lambda number: noise.integers(0, 255, (48, 64, 3), dtype=np.uint8))
    capfd.readouterr()
    seen(damaged(clean, tmp_path / "bad.mp4", range(3, 40)))

    assert capfd.readouterr() == ("", "")
