"""Animated WebP and APNG are read as GIFs are; the page offers what the command line reads; recordings cut anywhere."""

from __future__ import annotations

import struct
from pathlib import Path

import cv2
import numpy as np
import pytest

from core.errors import VideoError
from core.model import Step
from core.shelf import read_file
from core.video import clip, containers
from tests.support.films import KINDS, film, grey, numbers, plain, refusal, seen, times

LENGTHS = (100, 300, 1000, 200)
"""How long the pictures are shown, ms."""


def chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def whole(number: int) -> bytes:
    return number.to_bytes(3, "little")


def webp(path: Path, size: tuple[int, int] = (64, 48)) -> Path:
    """Write an animated WebP by hand: each picture a grey of its own, the third only its left half, without alpha."""
    width, height = size
    parts = b""
    for number, length_ms in enumerate(LENGTHS):
        wide = width // 2 if number == 2 else width
        image = np.full((height, wide, 3), grey(number), np.uint8)
        still = cv2.imencode(".webp", image, [cv2.IMWRITE_WEBP_QUALITY, 101])[1].tobytes()
        head = whole(0) + whole(0) + whole(wide - 1) + whole(height - 1) + whole(length_ms) + b"\x02"
        parts += chunk(b"ANMF", head + still[12:])
    top = chunk(b"VP8X", b"\x02\0\0\0" + whole(width - 1) + whole(height - 1)) + chunk(b"ANIM", b"\0" * 6)
    body = b"WEBP" + top + parts
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    return path


def test_an_animated_webp_is_read_with_its_own_lengths(tmp_path):
    """The last picture as long as it is shown, a part drawn over what was there."""
    path = webp(tmp_path / "a.webp")
    found, probed = seen(path, Step(100)), clip.probe(path)

    assert (probed.duration_ms, probed.width, probed.height, probed.codec) == (1600, 64, 48, "webp")
    assert times(seen(path)) == [0, 100, 400, 1400]
    assert times(found)[:3] == [0, 100, 400] and times(found)[-2:] == [1300, 1400]
    third = found[times(found).index(400)].image
    assert third[:, :32].mean() == pytest.approx(grey(2), abs=2)
    assert third[:, 32:].mean() == pytest.approx(grey(1), abs=2)


def test_a_webp_that_stands_still_is_a_picture(tmp_path):
    path = tmp_path / "still.webp"
    path.write_bytes(cv2.imencode(".webp", plain()(0))[1].tobytes())

    assert "is a WebP picture, not a video" in refusal(path)


def test_a_webp_cut_off_reads_as_far_as_it_goes(tmp_path):
    path = webp(tmp_path / "a.webp")
    path.write_bytes(path.read_bytes()[:-40])

    assert times(seen(path))[:3] == [0, 100, 400]
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(VideoError, match="no picture that can be decoded"):
        clip.probe(path)


def test_an_apng_is_read_and_a_png_is_a_picture(tmp_path):
    path = film(tmp_path / "a.apng", range(0, 1000, 100), codec="apng", pixels="rgb24", options={})

    assert numbers(seen(path)) == list(range(10))
    still = tmp_path / "a.png"
    still.write_bytes(cv2.imencode(".png", plain()(0))[1].tobytes())
    assert "is a PNG picture, not a video" in refusal(still)


@pytest.mark.parametrize("before", [1, 100, 188, 1000])
def test_a_recording_that_begins_in_the_middle_of_a_packet_is_read(tmp_path, before):
    whole_film = film(tmp_path / "a.ts", range(0, 2000, 40), options={"g": "10", "bf": "0"})
    path = tmp_path / "cut.ts"
    path.write_bytes(bytes(range(1, 256))[:before].ljust(before, b"\x80") + whole_film.read_bytes())

    assert len(seen(path)) == 50


def test_every_kind_that_the_tests_write_is_on_the_list_of_what_is_read():
    """The page takes any file: what cannot be read is said in a sentence."""
    assert {Path(name).suffix[1:] for name in KINDS} <= set(containers.ENDINGS)
    assert {"wmv", "vob", "ogg", "asf", "f4v", "webp", "apng"} <= set(containers.ENDINGS)


@pytest.mark.clips
@pytest.mark.parametrize("name", ["animated.webp", "clip.wmv", "ts_100_bytes_before.ts"])
def test_one_man_is_found_in_all_of_2_4_seconds(media, name):
    table = read_file.read(media / "reports" / name, finder="mtcnn", readers="builtin")

    assert table["t_ms"].nunique() == 12 and table["track"].notna().sum() == 12
