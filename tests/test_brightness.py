"""HDR films, PQ and HLG, and those in the colours of BT.2020 look as they do on an ordinary screen, and say so."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from av.video.reformatter import Colorspace

from core.model import Recipe
from core.shelf import read_file
from core.video import brightness, clip
from tests.support import clips
from tests.support.films import film, seen, still

TO_2020 = np.linalg.inv(brightness.TO_BT709.astype(float))
TRANSFERS = {"PQ": 16, "HLG": 18, "BT.2020": 14}

PATCHES = np.zeros((96, 160, 3), np.uint8)
PATCHES[:, :40], PATCHES[:, 40:80], PATCHES[:, 80:120], PATCHES[:, 120:] = (
    (128, 128, 128),
    (170, 120, 95),
    (60, 90, 150),
    (90, 55, 40),
)
"""A grey, a light and a dark skin, a blue."""


def encode_curve(light: np.ndarray, curve: str) -> np.ndarray:
    """Shares of paper white → values of a film, by the formulas of BT.2100, written down a second time."""
    if curve == "PQ":
        power = (light * 203 / 10_000) ** (2610 / 16384)
        return ((3424 / 4096 + 2413 / 128 * power) / (1 + 2392 / 128 * power)) ** (2523 / 32)
    if curve == "HLG":
        shown = light * 203 / 1000
        bright = (shown @ [0.2627, 0.678, 0.0593])[..., None]
        scene = shown * np.maximum(bright, 1e-9) ** (1 / 1.2 - 1)
        logarithm = 0.17883277 * np.log(np.maximum(12 * scene - 0.28466892, 1e-9)) + 0.55991073
        return np.where(scene <= 1 / 12, np.sqrt(3 * scene), logarithm)
    return light ** (1 / 2.4)


def wide_film(path: Path, curve: str, picture: np.ndarray = PATCHES) -> Path:
    """Write an ordinary picture as a film of ten pictures in BT.2020 with that curve."""
    light = (picture / 255.0) ** 2.4 @ TO_2020.T
    values = np.round(65535 * encode_curve(np.clip(light, 0, 1), curve)).astype(np.uint16)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx265", rate=5)
        stream.height, stream.width, stream.pix_fmt = *picture.shape[:2], "yuv420p10le"
        numbers = f"colorprim=9:transfer={TRANSFERS[curve]}:colormatrix=9:log-level=none:lossless=1"
        stream.options = {"x265-params": numbers}
        stream.codec_context.color_primaries = 9
        stream.codec_context.color_trc, stream.codec_context.colorspace = TRANSFERS[curve], 9
        for number in range(10):
            frame = av.VideoFrame.from_ndarray(values, format="rgb48le")
            frame = frame.reformat(format="yuv420p10le", dst_colorspace=Colorspace.BT2020)
            frame.pts, frame.color_trc, frame.color_primaries = number, TRANSFERS[curve], 9
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def middles(image: np.ndarray) -> np.ndarray:
    """The colour of each patch."""
    return np.array([image[20:76, left : left + 24].reshape(-1, 3).mean(axis=0) for left in (8, 48, 88, 128)])


@pytest.mark.parametrize("curve", TRANSFERS)
def test_a_wide_film_has_the_colours_of_the_ordinary_one(tmp_path, curve):
    """Greys, skins and a blue; shown as BT.709 PQ and HLG would be grey and flat."""
    path = wide_film(tmp_path / "wide.mp4", curve)
    (frame, *_), probed = seen(path), clip.probe(path)

    assert probed.brightness == curve
    assert np.abs(middles(frame.image) - middles(PATCHES)).max() < 4
    table = read_file.read_recipe(Recipe(str(path)), equip=clips.equip)
    assert table.attrs["remarks"] == [
        f"Its pictures are {curve}: their brightness and colours were brought to ordinary ones."
    ]


def test_what_is_brighter_than_paper_white_keeps_its_order_and_is_not_torn_off():
    """Highlights of 1,000 nits are white, those of 500 a little less."""
    steps = np.array([[[nits / 203] * 3 for nits in (100, 203, 500, 1000, 4000)]])
    values = np.round(65535 * encode_curve(steps, "PQ")).astype(np.uint16)
    shown = brightness.map_brightness(values, "PQ")[0, :, 0]

    assert list(shown) == sorted(shown)
    assert shown[1] < shown[2] < 255 and shown[3] == shown[4] == 255


def test_an_ordinary_film_is_left_as_it_is(tmp_path):
    path = film(tmp_path / "a.mp4", paint=still(PATCHES))

    assert clip.probe(path).brightness == ""
    assert brightness.name_curve(1, 1) == brightness.name_curve(2, 2) == brightness.name_curve(13, 1) == ""


@pytest.mark.clips
def test_faces_of_an_hdr_film_are_found_and_read_as_in_its_ordinary_twin(media):
    """45 faces in the ordinary one; FFmpeg's own tone mapping gives 40, one who turns away is at the finder's edge."""
    hdr, ordinary = (
        read_file.read(media / "reports" / name, finder="mtcnn", readers="builtin")
        for name in ("hdr10_pq.mp4", "sdr_control.mp4")
    )
    together = hdr.merge(ordinary, on=["t_ms", "track"], suffixes=("", "_ordinary"))

    assert ordinary["track"].notna().sum() == 45
    assert hdr["track"].notna().sum() >= 40 and hdr["track"].nunique() == 3
    for emotion in ("happy", "neutral", "sad"):
        assert np.abs(hdr[emotion].mean() - ordinary[emotion].mean()) < 0.03, emotion
    assert len(together) >= 40
