"""Pictures in the brightness and colours of HDR screens → those of ordinary ones, as the rest of Outtake knows them."""

from __future__ import annotations

from functools import cache
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from core.model import Image

WHITE_NITS = 203.0
"""Paper white of HDR pictures (ITU-R BT.2408): what is as bright becomes the white of an ordinary screen, about."""

PEAK_NITS = 1000.0
"""What is as bright or brighter becomes its full white; most films are graded for such a screen."""

KNEE = 0.7
"""Below this share of white nothing is pressed together: faces lie there."""

CURVES = {16: "PQ", 18: "HLG", 14: "BT.2020", 15: "BT.2020"}
"""FFmpeg's number of a transfer curve → what people call it."""

WIDE_PRIMARIES, PLAIN_CURVES = 9, (1, 2, 6)
"""FFmpeg's numbers of the primaries of BT.2020, and of the curves that ordinary screens have, or that nobody named."""

TO_BT709 = np.array([[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]], np.float32)
"""Linear light in the primaries of BT.2020 → in those of BT.709 (ITU-R BT.2087)."""

LUMA = np.array([[0.2627, 0.6780, 0.0593]], np.float32)
"""Share of each primary of BT.2020 in brightness."""

HLG_GAMMA = 1.2
"""Gamma of the whole of HLG on a screen of 1000 nits (ITU-R BT.2100)."""

SCREEN_GAMMA = 2.4
"""How an ordinary screen shows values (ITU-R BT.1886)."""

STEPS = 65_536
"""Steps of the last curve, from linear light to the values of an ordinary screen."""


def name_curve(transfer: int, primaries: int) -> str:
    """Returns what has to be brought to ordinary screens: ``"PQ"``, ``"HLG"``, ``"BT.2020"`` or nothing."""
    if transfer in PLAIN_CURVES:
        return "BT.2020" if primaries == WIDE_PRIMARIES else ""
    return CURVES.get(transfer, "")


def map_brightness(image: NDArray[np.uint16], curve: str) -> Image:
    """Returns the picture as an ordinary screen shows it, from (H, W, 3) uint16 RGB in BT.2020 with that curve."""
    linear = cv2.LUT(image, _decode_curve(curve))
    if curve == "HLG":
        gain = cv2.pow(np.maximum(cv2.transform(linear, LUMA), 1e-6), HLG_GAMMA - 1) * (PEAK_NITS / WHITE_NITS)
        linear = cv2.multiply(linear, cv2.merge([gain] * 3))
    linear = cv2.transform(linear, TO_BT709)
    if curve != "BT.2020":
        red, green, blue = cv2.split(linear)
        strongest = np.maximum(cv2.max(cv2.max(red, green), blue), 1e-6)
        linear = cv2.multiply(linear, cv2.merge([_press(strongest) / strongest] * 3))
    places = cv2.addWeighted(linear, STEPS - 1, linear, 0, 0, dtype=cv2.CV_16U)
    return cast(Image, cv2.LUT(places, _encode_curve()))


def _press(light: NDArray[np.float32]) -> NDArray[np.float32]:
    """Returns light with what is above the knee pressed together so that the peak becomes 1 (a Möbius curve)."""
    peak = PEAK_NITS / WHITE_NITS
    a = -KNEE * KNEE * (peak - 1) / (KNEE * KNEE - 2 * KNEE + peak)
    b = (KNEE * KNEE - 2 * KNEE * peak + peak) / (peak - 1)
    pressed = (b * b + 2 * b * KNEE + KNEE * KNEE) / (b - a) * (light + a) / (light + b)
    return np.where(light > KNEE, pressed, light).astype(np.float32)


@cache
def _decode_curve(curve: str) -> NDArray[np.float32]:
    """Returns the light of each of 65,536 values: shares of paper white for PQ, of the scene's brightest for HLG."""
    value = np.linspace(0, 1, 65_536)
    if curve == "PQ":
        m1, m2, c1, c2, c3 = 2610 / 16384, 2523 / 32, 3424 / 4096, 2413 / 128, 2392 / 128
        power = value ** (1 / m2)
        light = 10_000 / WHITE_NITS * (np.maximum(power - c1, 0) / (c2 - c3 * power)) ** (1 / m1)
    elif curve == "HLG":
        a, b, c = 0.17883277, 0.28466892, 0.55991073
        light = np.where(value <= 0.5, value**2 / 3, (np.exp((value - c) / a) + b) / 12)
    else:
        light = value**SCREEN_GAMMA
    return light.astype(np.float32)


@cache
def _encode_curve() -> NDArray[np.uint8]:
    """Returns the value of an ordinary screen for each step of linear light."""
    return np.round(255 * np.linspace(0, 1, STEPS) ** (1 / SCREEN_GAMMA)).astype(np.uint8)
