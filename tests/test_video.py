"""Films of known pictures go in, their times and pictures come out; what is no film is refused in one sentence."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from core.adapters import video
from core.adapters.video_source import Source
from core.errors import SettingError, VideoError
from core.model import Frame, Image, Step
from tests.conftest import ROOT
from tests.films import CFR, damaged, film, grainy, grey, plain, sound, still, two_films

ALL = Step(1, "frames")
LONG = tuple(range(0, 8000, 40))


def seen(path: Path, step: Step = ALL, **limits: int | None) -> list[Frame]:
    """All frames at once: these films are short."""
    return list(video.frames(path, step, **limits))


def times(found: list[Frame]) -> list[int]:
    return [frame.t_ms for frame in found]


def same(these: list[Frame], those: list[Frame]) -> bool:
    """Equal in time, in what was dropped before, and in every pixel."""
    facts = [[(frame.t_ms, frame.dropped) for frame in found] for found in (these, those)]
    return facts[0] == facts[1] and all(np.array_equal(a.image, b.image) for a, b in zip(these, those, strict=True))


def numbers(found: list[Frame]) -> list[int]:
    """Which picture each frame shows, told by its grey, in turns of eleven."""
    return [round((float(frame.image.mean()) - grey(0)) / 20) for frame in found]


# times


VFR = (0, 40, 80, 1000, 1040, 3000, 3400)


@pytest.mark.parametrize("late_ms", [0, 3000, 100_000])
@pytest.mark.parametrize("name", ["a.mp4", "a.mkv"])
def test_times_are_the_streams_own_from_its_start(tmp_path, name, late_ms):
    """At a variable rate, in a stream that starts late, and each picture with its own time."""
    path = film(tmp_path / name, [late_ms + t for t in VFR])
    found = seen(path)

    assert times(found) == list(VFR)
    assert numbers(found) == list(range(len(VFR)))


GRAIN = {"bf": "2", "qmax": "2", "b": "8000000"}
KINDS = {
    "h264.mp4": {},
    "hevc.mp4": {"codec": "libx265", "options": {"x265-params": "log-level=none:keyint=10"}},
    "vp9.webm": {"codec": "libvpx-vp9", "options": {"g": "10"}},
    "av1.mkv": {"codec": "libsvtav1", "options": {"g": "10", "preset": "12"}},
    "fragmented.mp4": {"muxer": {"movflags": "frag_keyframe+empty_moov"}},
    "ten_bits.mkv": {"codec": "libx265", "pixels": "yuv420p10le", "options": {"x265-params": "log-level=none"}},
    "444.mp4": {"pixels": "yuv444p"},
    "422.mov": {"codec": "prores_ks", "pixels": "yuv422p10le"},
    "mpeg4.avi": {"codec": "mpeg4", "clock": Fraction(1, 25), "options": {"bf": "2", "qmax": "3"}},
    "h264.avi": {"clock": Fraction(1, 25)},
    "mpeg2.mpg": {"codec": "mpeg2video", "clock": Fraction(1, 25), "paint": grainy, "options": GRAIN},
    "h264.ts": {},
    "old.flv": {"codec": "flv"},
    "old.wmv": {"codec": "wmv2"},
    "moving.gif": {"codec": "gif", "pixels": "bgr8"},
}


@pytest.mark.parametrize("name", KINDS)
def test_every_known_container_and_codec_gives_the_same_times_and_pictures(tmp_path, name):
    """Two seconds at 25 pictures a second, however they are stored."""
    path = film(tmp_path / name, CFR, **KINDS[name])
    found, probed = seen(path), video.probe(path)

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

    assert video.probe(path).duration_ms == 3440


# sampling


def test_every_instant_is_answered_by_the_first_picture_at_or_after_it(tmp_path):
    """Gaps are not filled: 200 to 800 ms have the same answer, and it comes once."""
    path = film(tmp_path / "vfr.mp4", VFR)

    assert times(seen(path, Step(200))) == [0, 1000, 3000, 3400]
    assert times(seen(path, Step(1000))) == [0, 1000, 3000]


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
    assert len(found) == video.expected(video.probe(path), step, budget=budget)


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


# resuming and seeking


@pytest.mark.parametrize("step", [Step(200), Step(330), Step(3000), Step(7, "frames")])
@pytest.mark.parametrize("name", ["h264.mp4", "fragmented.mp4", "vp9.webm", "h264.avi", "h264.ts", "moving.gif"])
def test_resuming_after_any_moment_gives_exactly_the_rest(tmp_path, name, step):
    """After a sampled moment, after one between, before all and behind all; pixels and counts of drops included."""
    path = film(tmp_path / name, LONG, **KINDS[name])
    whole = seen(path, step, start_ms=300)

    for after_ms in (-1, 0, *times(whole)[::7], 2001, 6119, times(whole)[-1], 9000):
        rest = [frame for frame in whole if frame.t_ms > after_ms]

        assert same(seen(path, step, start_ms=300, after_ms=after_ms), rest), after_ms


@pytest.mark.parametrize("limits", [{"budget": 9}, {"end_ms": 5000}, {"start_ms": 2200, "end_ms": 6000, "budget": 5}])
@pytest.mark.parametrize("step", [Step(200), Step(4, "frames")])
def test_resuming_keeps_to_the_budget_and_the_stretch(tmp_path, step, limits):
    """What came before counts against the budget."""
    path = film(tmp_path / "a.mkv", LONG)
    whole = seen(path, step, **limits)

    for at, frame in enumerate(whole):
        assert same(seen(path, step, after_ms=frame.t_ms, **limits), whole[at + 1 :])


@pytest.mark.parametrize("packets", [range(33, 36), range(40, 41), range(120, 160), range(4, 200, 9)])
def test_resuming_a_damaged_film_gives_exactly_the_rest(tmp_path, packets):
    """Damage within a group of pictures, in a keyframe, over several, and all over the place."""
    noise = np.random.default_rng(0)
    moving = film(tmp_path / "a.mp4", LONG, lambda number: noise.integers(0, 255, (48, 64, 3), dtype=np.uint8))
    path = damaged(moving, tmp_path / "bad.mp4", packets)
    whole = seen(path, Step(120))

    assert sum(frame.dropped for frame in seen(path)) > 0
    for after_ms in times(whole)[::6]:
        assert same(seen(path, Step(120), after_ms=after_ms), [frame for frame in whole if frame.t_ms > after_ms])


@pytest.mark.parametrize("name", ["h264.mp4", "vp9.webm"])
def test_a_seek_lands_at_a_keyframe_just_before(tmp_path, name):
    """Resuming an hour costs no hour: the first picture decoded for 6 s is one of the second before it."""
    source = Source(film(tmp_path / name, LONG, **KINDS[name]))
    first = next(source.pictures(6000))
    source.close()

    assert 4500 <= first.t_ms <= 5000 and first.frame.key_frame


@pytest.mark.parametrize("name", ["h264.mp4", "vp9.webm", "h264.ts"])
def test_a_long_step_hops_to_the_same_pictures(tmp_path, name):
    """From keyframe to keyframe, or through everything: nobody can tell."""
    path = film(tmp_path / name, tuple(range(0, 20_000, 40)), **KINDS[name])
    wanted = [frame for frame in seen(path) if frame.t_ms % 4000 == 0]

    assert same(seen(path, Step(4000)), wanted)


# pictures


def quarters() -> Image:
    """Four greys, one in each quarter: 1 2 over 3 4."""
    image = np.zeros((32, 64, 3), np.uint8)
    image[:16, :32], image[:16, 32:], image[16:, :32], image[16:, 32:] = 40, 90, 140, 190
    return image


@pytest.mark.parametrize("upside_down", [False, True])
@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_turned_and_mirrored_films_are_shown_upright(tmp_path, degrees, mirrored, upside_down):
    """All that a phone writes: turned against the clock by its angle, and then mirrored."""
    path = film(tmp_path / "a.mp4", CFR[:3], still(quarters()), turn=(degrees, mirrored, upside_down))
    upright = np.rot90(quarters(), degrees // 90)
    upright = upright[:, ::-1] if mirrored else upright
    upright = upright[::-1] if upside_down else upright
    image, probed = seen(path)[0].image, video.probe(path)

    assert (probed.height, probed.width, 3) == image.shape == upright.shape
    assert np.abs(image.astype(int) - upright).mean() < 3


@pytest.mark.parametrize(
    ("aspect", "turn", "size"),
    [
        (Fraction(64, 45), None, (1024, 576)),
        (Fraction(8, 9), None, (640, 576)),
        (Fraction(64, 45), (90, False, False), (576, 1024)),
        (Fraction(5, 1), None, (1920, 307)),
    ],
)
def test_pixels_that_are_not_square_are_stretched(tmp_path, aspect, turn, size):
    """PAL wide screen, NTSC's narrow pixels, one on its side, and one that would be wider than is kept."""
    path = film(tmp_path / "a.mp4", CFR[:2], plain((720, 576)), aspect=aspect, turn=turn)
    probed = video.probe(path)

    assert (probed.width, probed.height) == size
    assert seen(path)[0].image.shape == (size[1], size[0], 3)


@pytest.mark.parametrize(("shape", "size"), [((3840, 2160), (1920, 1080)), ((2160, 3840), (1080, 1920))])
def test_a_large_picture_is_shrunk_to_1920_px(tmp_path, shape, size):
    """On its longer side; the probe says so, and boxes are in that size."""
    path = film(tmp_path / "a.mp4", (0,), plain(shape), options={"preset": "ultrafast"})
    probed = video.probe(path)

    assert (probed.width, probed.height) == size
    assert seen(path)[0].image.shape == (size[1], size[0], 3)


RED = (200, 60, 40)


@pytest.mark.parametrize("pixels", ["yuv420p", "yuv422p", "yuv444p", "yuv420p10le", "yuvj420p"])
def test_colours_survive_every_pixel_format(tmp_path, pixels):
    """RGB, not BGR, and to within what the codec loses."""
    path = film(tmp_path / "a.mkv", CFR[:2], still(np.full((48, 64, 3), RED, np.uint8)), pixels=pixels)

    assert np.abs(seen(path)[0].image.reshape(-1, 3).mean(0) - RED).max() < 4


@pytest.mark.parametrize(("size", "red", "blue"), [((640, 480), 0.299, 0.114), ((1280, 720), 0.2126, 0.0722)])
def test_colours_of_a_stream_that_does_not_say_are_those_of_its_size(tmp_path, size, red, blue):
    """BT.601 below 720 lines and BT.709 from there, written by hand here."""
    luma = red * RED[0] + (1 - red - blue) * RED[1] + blue * RED[2]
    values = (
        16 + 219 / 255 * luma,
        128 + 112 / 255 * (RED[2] - luma) / (1 - blue),
        128 + 112 / 255 * (RED[0] - luma) / (1 - red),
    )
    with av.open(str(tmp_path / "a.mp4"), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        frame = av.VideoFrame(*size, "yuv420p")
        for plane, value in zip(frame.planes, values, strict=True):
            plane.update(bytes([round(value)]) * plane.buffer_size)
        frame.pts = 0
        container.mux([*stream.encode(frame), *stream.encode()])

    assert np.abs(seen(tmp_path / "a.mp4")[0].image.reshape(-1, 3).mean(0) - RED).max() < 4


def combs(image: Image) -> float:
    """How much neighbouring lines differ from the line between them."""
    lines = image.astype(int)
    return float(np.abs(lines[:-2] + lines[2:] - 2 * lines[1:-1]).mean())


def fields(number: int) -> Image:
    """A bar that walks to the right, half a step further in the odd lines: two fields in one picture."""
    across, down = np.arange(128)[None, :], np.arange(96)[:, None]
    bar = np.abs(across - 20 - 4 * number - 4 * (down % 2)) < 6
    return np.repeat((bar * 200 + 20).astype(np.uint8)[:, :, None], 3, axis=2)


def test_interlaced_pictures_lose_their_combs_and_keep_their_times(tmp_path):
    """And resume exactly, though each picture is made with its neighbours."""
    path = film(tmp_path / "a.mp4", LONG[:75], fields, options={"x264-params": "interlaced=1:tff=1", "g": "10"})
    whole = seen(path)

    assert times(whole) == list(LONG[:75])
    assert max(combs(frame.image) for frame in whole) < combs(fields(0)) / 2
    for after_ms in (0, 40, 1600, 2480, 2960):
        assert same(seen(path, after_ms=after_ms), [frame for frame in whole if frame.t_ms > after_ms])
        assert same(seen(path, Step(80), after_ms=after_ms), [f for f in seen(path, Step(80)) if f.t_ms > after_ms])


def test_a_single_interlaced_picture_comes_out(tmp_path):
    """The deinterlacer waits for a neighbour that never comes."""
    path = film(tmp_path / "a.mp4", (0,), fields, options={"x264-params": "interlaced=1:tff=1"})

    assert times(seen(path)) == [0]


# streams


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


# damage


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
    assert found[-1] < video.probe(path).duration_ms <= 1500


def test_damage_makes_no_noise(tmp_path, capfd):
    """FFmpeg's remarks stay off the terminal."""
    noise = np.random.default_rng(0)
    clean = film(tmp_path / "a.mp4", CFR, lambda number: noise.integers(0, 255, (48, 64, 3), dtype=np.uint8))
    capfd.readouterr()
    seen(damaged(clean, tmp_path / "bad.mp4", range(3, 40)))

    assert capfd.readouterr() == ("", "")


# refusals


def refusal(path: object) -> str:
    """The sentence; the same from a probe and from the first frame."""
    with pytest.raises(VideoError) as probed:
        video.probe(path)
    with pytest.raises(VideoError) as read:
        next(video.frames(path))
    assert str(probed.value) == str(read.value)
    return str(probed.value)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.mp4", b"", "“a.mp4” is empty"),
        ("a.mp4", b"hello\n", "“a.mp4” is text, not a video. Choose a video file."),
        ("a.mp4", b"#EXTM3U\nb.ts\n", "is a playlist"),
        ("a.html", b"<!doctype html><video src=b.mp4>", "is a web page"),
        ("a.mp4", b"\xff\xd8\xff\xe0\0\x10JFIF\0", "is a JPEG picture"),
        ("a.mp4", b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41" + bytes(4000), "its index or its end is missing"),
        ("a.mkv", b"\x1aE\xdf\xa3" + bytes(4000), "its index or its end is missing"),
        ("a.bin", bytes(range(128, 256)) * 9, "is not a video that Outtake knows"),
        ("a\n\x1b[31m.mp4", b"hello", "“a??[31m.mp4” is text"),
    ],
)
def test_a_file_that_is_no_video_is_refused_by_what_it_is(tmp_path, name, content, words):
    """One line, with the file's name and what to do."""
    path = tmp_path / name
    path.write_bytes(content)
    sentence = refusal(path)

    assert words in sentence
    assert re.fullmatch(r"“[^”\n]+” [^\n]+\. [A-Z][^\n]+\.", sentence)


def test_places_without_a_file_are_refused(tmp_path):
    """Missing files, folders, links, devices, and names that no system takes."""
    film(tmp_path / "a.mp4")
    os.mkfifo(tmp_path / "pipe.mp4")

    assert "“b.mp4” is not there" in refusal(tmp_path / "b.mp4")
    assert "“c.mp4” is not there" in refusal(tmp_path / "a.mp4" / "c.mp4")
    assert "is a folder" in refusal(tmp_path)
    assert "is not an ordinary file" in refusal(tmp_path / "pipe.mp4")
    assert "is not there" in refusal("a\0b.mp4")
    assert "is not there" in refusal(f"concat:{tmp_path.name}/a.mp4|b.mp4")
    for link in ("https://example.org/a.mp4?key=1", f"file://{tmp_path}/a.mp4", "rtsp://camera/1"):
        assert "is a link, not a file" in refusal(link)


def test_a_name_of_odd_bytes_reads_and_is_refused_like_any_other(tmp_path):
    """A name that is no UTF-8 neither stops the reading nor the sentence."""
    path = film(tmp_path / "a.mp4").rename(os.fsdecode(os.fsencode(tmp_path) + b"/\xff?#%20.mp4"))

    assert len(seen(path)) == 50
    path.write_bytes(b"hello")
    assert "�?#%20.mp4” is text" in refusal(path)


def test_a_link_in_the_file_system_is_followed(tmp_path):
    """People keep films elsewhere."""
    (tmp_path / "b.mp4").symlink_to(film(tmp_path / "a.mp4"))

    assert len(seen(tmp_path / "b.mp4")) == 50


def test_sound_alone_is_refused(tmp_path):
    """Also where a sleeve comes with it."""
    for cover in (False, True):
        path = sound(tmp_path / "a.mp4", cover=cover)

        assert refusal(path) == "“a.mp4” holds sound but no picture. Choose another file."


def test_a_film_without_one_good_picture_is_refused(tmp_path):
    """Its index is whole, its pictures are zeros."""
    path = film(tmp_path / "a.mp4", CFR, muxer={"movflags": "faststart"})
    data = path.read_bytes()
    at = data.index(b"mdat") + 4
    path.write_bytes(data[:at] + bytes(len(data) - at))

    with pytest.raises(VideoError, match=r"holds no picture that can be decoded\. Copy or download"):
        video.probe(path)
    assert seen(path) == []


def test_a_picture_too_large_is_refused_before_it_is_decoded(tmp_path):
    """With its size and the limit."""
    path = film(tmp_path / "a.mkv", (0,), plain((4128, 2320)), codec="mjpeg", pixels="yuvj420p")

    assert "has 4128x2320 pixels, more than 4096x2304" in refusal(path)


def test_a_stream_that_grows_beyond_the_limit_loses_those_pictures(tmp_path):
    """The header is small, the second picture is not: the decoder itself refuses it."""
    small = film(tmp_path / "a.mkv", CFR[:2], plain((64, 48)), codec="mjpeg", pixels="yuvj420p")
    large = film(tmp_path / "b.mkv", (0,), plain((4960, 3600)), codec="mjpeg", pixels="yuvj420p")
    path = tmp_path / "grown.mkv"
    with av.open(str(small)) as first, av.open(str(large)) as second, av.open(str(path), "w") as target:
        stream = target.add_stream_from_template(first.streams.video[0])
        for packet in (*first.demux(video=0), *second.demux(video=0)):
            if packet.size:
                packet.pts = packet.dts = packet.pts + (80 if packet.size > 10_000 else 0)
                packet.stream = stream
                target.mux(packet)

    assert times(seen(path)) == [0, 40]


def test_a_film_longer_than_six_hours_is_refused(tmp_path):
    """Two pictures are enough to be too long."""
    with pytest.raises(VideoError, match=r"is longer than 6 hours\. Cut"):
        video.probe(film(tmp_path / "a.mkv", (0, 7 * 3_600_000)))


# means


def test_a_file_is_given_back_when_one_stops_asking(tmp_path):
    """Deleting it afterwards must work everywhere."""
    path = film(tmp_path / "a.mp4")
    frames = video.frames(path)
    next(frames)
    frames.close()

    assert path not in [handle.resolve() for handle in Path("/proc/self/fd").iterdir()]


PEAK = """
import re, sys
from pathlib import Path
from core.adapters import video
from core.model import Step
video.probe(sys.argv[1])
for frame in video.frames(sys.argv[1], Step(200)):
    pass
print(int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""


def peak_mb(path: Path) -> int:
    """Peak memory of a process that reads the whole film, in MB."""
    run = subprocess.run([sys.executable, "-c", PEAK, str(path)], cwd=ROOT, capture_output=True, check=True, text=True)
    return int(run.stdout)


def test_memory_does_not_grow_with_the_length(tmp_path):
    """720p: ten times the length adds less than a tenth, and the decoder leaves room for the networks."""
    walk = [
        still(np.roll(np.kron(quarters(), np.ones((23, 20, 1), np.uint8))[:720], 8 * n, axis=1))(0) for n in range(9)
    ]
    short, long = (
        film(
            tmp_path / f"{count}.mp4", range(0, 40 * count, 40), lambda n: walk[n % 9], options={"preset": "ultrafast"}
        )
        for count in (30, 300)
    )

    assert peak_mb(short) < 180
    assert peak_mb(long) < 1.1 * peak_mb(short)
