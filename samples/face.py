"""The portrait's face, bent into other expressions; every bend is smooth and local."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage.data import astronaut

Map = NDArray[np.float32]
"""(H, W) float32: for every pixel of a picture, one coordinate of its place in the portrait, px."""


@dataclass(frozen=True, slots=True)
class Expression:
    """How far the portrait's own smile is bent: 0 leaves it, 1 is as far as stays believable."""

    calm: float = 0.0
    """Lips close over the teeth, corners come down."""
    down: float = 0.0
    """Corners further down."""
    agape: float = 0.0
    """The jaw drops."""
    raised: float = 0.0
    """Brows and upper lids up."""
    frown: float = 0.0
    """Inner brows down and together, lids narrower."""
    grief: float = 0.0
    """Inner brows up."""


SMILE = Expression()
CALM = Expression(calm=1, down=0.45)
SURPRISE = Expression(calm=1, agape=1, raised=1)
SAD = Expression(calm=1, down=1, grief=1)
ANGRY = Expression(calm=1, down=0.75, frown=1)
BARED = Expression(calm=0.5, down=0.45, frown=1)
"""Clenched teeth under a frown."""


def mixed(first: Expression, second: Expression, share: float) -> Expression:
    """``share`` of the way from one expression to another."""
    ends = [(getattr(first, f.name), getattr(second, f.name)) for f in fields(Expression)]
    return Expression(*(a + (b - a) * share for a, b in ends))


def hill(x: Map, y: Map, at: tuple[float, float], size: tuple[float, float]) -> Map:
    """1 at ``at``, falling off to the sides like a bell of ``size``, portrait px."""
    return np.exp(-0.5 * (((x - at[0]) / size[0]) ** 2 + ((y - at[1]) / size[1]) ** 2))


# Where things are in the portrait, px. Left and right are the picture's.
LIPS_X, LIPS_Y, HALF_MOUTH = 224.0, 146.0, 21.0
BROWS = ((202.0, 89.0), (247.0, 92.0))
INNER_BROWS = ((210.0, 91.5), (239.0, 93.5))
EYES = ((203.0, 101.0), (247.0, 103.0))
CORNERS = ((203.0, 140.5), (245.0, 141.0))
FOLDS = ((197.0, 131.0), (202.0, 127.0), (198.0, 139.0), (246.0, 128.0), (250.0, 136.0), (248.0, 143.0))
LIP, THROAT = (172, 100, 92), (52, 18, 18)


@cache
def portrait() -> NDArray[np.float32]:
    """Eileen Collins, (512, 512, 3) float32 RGB."""
    return astronaut().astype(np.float32)


@cache
def unsmiling() -> NDArray[np.float32]:
    """The portrait with lips where its teeth are and softer folds beside its mouth: what a calm face is drawn from."""
    image = portrait()
    y, x = np.mgrid[0:512, 0:512].astype(np.float32)
    grain = np.random.default_rng(1).normal(0, 1.5, image.shape[:2])[..., None].astype(np.float32)
    soft = cv2.GaussianBlur(image, (0, 0), 5) + grain
    folds = np.clip(sum(hill(x, y, fold, (4.5, 4.5)) for fold in FOLDS), 0, 1)[..., None]
    image = image + (soft - image) * folds
    below, above = 149.5 - 9 * ((x - 223) / 20) ** 2, 141.0 - 0.5 * ((x - 223) / 20) ** 2
    teeth = np.clip((y - above) / 1.5, 0, 1) * np.clip((below - y) / 1.5, 0, 1) * (abs(x - 223) < 22)
    image = image + (np.array(LIP, np.float32) - image) * cv2.GaussianBlur(teeth, (0, 0), 0.8)[..., None]
    line = np.exp(-(((y - LIPS_Y + 5.5 * ((x - LIPS_X) / HALF_MOUTH) ** 2) / 1.6) ** 2)) * (abs(x - 223) < 21)
    return image + (np.array(THROAT, np.float32) - image) * 0.7 * cv2.GaussianBlur(line, (0, 0), 0.6)[..., None]


def bend(x: Map, y: Map, act: Expression) -> tuple[Map, Map, Map]:
    """Where to look instead so that the face makes ``act``, and each pixel's share of the open mouth's inside."""
    x, y, inside = drop_jaw(x, y, act.agape)
    x, y = lower_corners(x, y, 10.5 * act.calm + 7.8 * act.down, 6.5 * act.calm + 1.0 * act.agape)
    y = y - hill(x, y, (LIPS_X, LIPS_Y), (24, 9)) * 2.0 * act.calm
    y = press_lips(x, y, act.calm)
    for (cx, cy), (ix, iy), (ex, ey), inward in zip(BROWS, INNER_BROWS, EYES, (1, -1), strict=True):
        y = y + hill(x, y, (cx, cy), (15, 6)) * 4.2 * act.raised
        inner = hill(x, y, (ix, iy), (9, 6.5))
        y = y + inner * (5.0 * act.grief - 7.2 * act.frown)
        x = x - inner * inward * 3.0 * act.frown
        y = y - (y - ey) * hill(x, y, (ex, ey), (13, 6)) * (0.06 * act.raised - 0.36 * act.frown - 0.25 * act.grief)
    return x, y, inside


def drop_jaw(x: Map, y: Map, agape: float) -> tuple[Map, Map, Map]:
    """Chin and lower lip ``agape`` lower, the upper lip arched; what opens between them is the inside."""
    from_lips = y - LIPS_Y - 0.8 * agape
    lens = np.clip(1 - ((x - LIPS_X) / 14.5) ** 2, 0, 1) ** 0.7
    chin = np.clip(from_lips / 24, 0, 1) * np.exp(-0.5 * ((x - LIPS_X) / 24) ** 2)
    lip, arch = 11.5 * agape * lens, 3.5 * agape * lens
    inside = np.clip((from_lips + arch) / 1.5, 0, 1) * np.clip((lip - from_lips) / 1.5, 0, 1)
    jaw = np.maximum(lip, 11 * agape * chin)
    lower = np.minimum(jaw, np.maximum(from_lips, 0)) * np.exp(-0.5 * (np.maximum(from_lips - 26, 0) / 14) ** 2)
    upper = np.minimum(arch, np.maximum(-from_lips, 0)) * np.exp(-0.5 * (np.maximum(-from_lips - 4, 0) / 5) ** 2)
    return x, y - lower + upper, inside


def lower_corners(x: Map, y: Map, down_px: float, inward_px: float) -> tuple[Map, Map]:
    """The mouth's corners lower and closer together; its middle stays."""
    out = (x - LIPS_X) / HALF_MOUTH
    bow = np.minimum(out**2, 1) * np.exp(-0.5 * (np.maximum(abs(out) - 1, 0) / 0.4) ** 2)
    y = y - down_px * bow * np.exp(-0.5 * ((y - LIPS_Y) / 9) ** 2)
    for at, inward in zip(CORNERS, (1, -1), strict=True):
        x = x - hill(x, y, at, (10, 10)) * inward * inward_px
    return x, y


def press_lips(x: Map, y: Map, calm: float) -> Map:
    """The lips drawn together over the teeth."""
    line = LIPS_Y - 5.5 * ((x - LIPS_X) / HALF_MOUTH) ** 2
    from_line = (y - line) / 6
    across = np.exp(-(((x - LIPS_X) / 22) ** 4))
    return y + calm * 1.8 * np.tanh(from_line / 0.3) * np.exp(-0.5 * from_line**2) * across


def drawn(x: Map, y: Map, act: Expression) -> NDArray[np.float32]:
    """What lies at these places of the portrait when it makes ``act``, float32 RGB."""
    x, y, inside = bend(x, y, act)
    source = portrait() + (unsmiling() - portrait()) * act.calm
    image = cv2.remap(source, np.float32(x), np.float32(y), cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    return image + (np.array(THROAT, np.float32) - image) * inside[..., None]
