"""What is no film, or none to read safely, is refused in one sentence."""

from __future__ import annotations

import os
import re

import av
import pytest

from core.errors import VideoError
from core.video import clip
from tests.support.films import CFR, film, plain, refusal, seen, sound, times


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

    for look in (clip.probe, seen):
        with pytest.raises(VideoError, match=r"holds no picture that can be decoded\. Copy or download"):
            look(path)


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
        clip.probe(film(tmp_path / "a.mkv", (0, 7 * 3_600_000)))
