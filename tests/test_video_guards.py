"""Files that open well enough to do harm further in: odd codecs, no size, nothing but damage, odd tags."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from core.errors import VideoError
from core.video import clip
from tests.support.films import CFR, damaged, film, refusal, seen, times

TS_BYTES = 188


def replaced(path: Path, old: bytes, new: bytes) -> Path:
    """Change the bytes wherever they are, of which there is at least one place."""
    data = path.read_bytes()
    assert old in data and len(old) == len(new)
    path.write_bytes(data.replace(old, new))
    return path


def test_a_codec_that_nobody_knows_is_refused(tmp_path):
    """The container is whole; what is in it has a name that no decoder answers to."""
    path = replaced(film(tmp_path / "a.mp4"), b"avc1", b"zz9z")

    assert "“a.mp4” holds a kind of video that cannot be decoded here. Convert it" in refusal(path)


def test_a_stream_that_never_tells_its_size_is_refused(tmp_path):
    """A transport stream says its size in the pictures alone; in these there are none."""
    data = bytearray(film(tmp_path / "a.ts").read_bytes())
    for at in range(0, len(data) - TS_BYTES + 1, TS_BYTES):
        if (data[at + 1] & 0x1F, data[at + 2]) == (1, 0):  # the film's packets, 0x100
            keep = at + (60 if data[at + 1] & 0x40 else 4)
            data[keep : at + TS_BYTES] = bytes(at + TS_BYTES - keep)
    path = tmp_path / "empty.ts"
    path.write_bytes(data)

    assert "“empty.ts” holds no picture that can be decoded" in refusal(path)


def test_a_film_of_damaged_pictures_alone_is_refused(tmp_path):
    """The decoder hands pictures out, and calls each of them corrupt."""
    noise = np.random.default_rng(0)
    clean = film(tmp_path / "a.mp4", CFR, lambda number: noise.integers(0, 255, (48, 64, 3), dtype=np.uint8))
    path = damaged(clean, tmp_path / "bad.mp4", range(len(CFR)))

    for look in (clip.probe, seen):
        with pytest.raises(VideoError, match="holds no picture that can be decoded"):
            look(path)


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv"])
def test_tags_that_are_no_text_do_no_harm(tmp_path, name):
    """Old cameras write titles in their own alphabet."""
    path = replaced(film(tmp_path / name), b"Lavf", b"\xff\xfe\xc3\x28")

    assert times(seen(path)) == list(CFR)
    assert clip.probe(path).duration_ms == 2000


def test_a_file_that_the_system_will_not_open_is_refused_with_its_reason(tmp_path):
    """A name longer than any file system takes; it is repeated in part."""
    sentence = refusal(tmp_path / f"{'a' * 300}.mp4")

    assert re.fullmatch(r"“a{120}” cannot be read \(File name too long\)\. Check [^\n]+\.", sentence)
