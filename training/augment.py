"""What a film does to a face, as operations on a whole batch: tilt, blur, darkness, hands, subtitles."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

Random = torch.Generator
Spoil = Callable[[Tensor, Random], Tensor]
"""Crops (n, 1, px, px) in 0..255 to spoiled crops of the same shape."""

LUMA = torch.tensor(
    [
        [16, 11, 10, 16, 24, 40, 51, 61],
        [12, 12, 14, 19, 26, 58, 60, 55],
        [14, 13, 16, 24, 40, 57, 69, 56],
        [14, 17, 22, 29, 51, 87, 80, 62],
        [18, 22, 37, 56, 68, 109, 103, 77],
        [24, 35, 55, 64, 81, 104, 113, 92],
        [49, 64, 78, 87, 103, 121, 120, 101],
        [72, 92, 95, 98, 112, 100, 103, 99],
    ],
    dtype=torch.float32,
)
"""Step of each cosine's amplitude in a JPEG of quality 50 (the standard's own example table)."""


FAR = 0.3
"""Share of the faces seen from afar: without it, small faces in compressed film read as happy."""

ROLL, ZOOM, SHIFT = 13.0, 0.18, 0.09
"""How far crops are turned (degrees), scaled (logarithm) and shifted (share of the side) at most."""


def film(
    crops: Tensor, random: Random, px: int = 48, often: float = 1.0, far: float = FAR, moves: float = 1.0
) -> Tensor:
    """Moved, lit and spoiled copies (n, 1, px, px) of grey crops (n, 48, 48).

    ``far`` is the share of faces seen from afar; ``often`` scales how often all other spoils happen, ``moves`` how
    far a crop is turned, scaled and shifted.
    """
    placed = moved(crops[:, None].float(), random, px, moves * ROLL, moves * ZOOM, moves * SHIFT)
    return spoiled(placed, random, often, far)


def spoiled(placed: Tensor, random: Random, often: float = 1.0, far: float = FAR) -> Tensor:
    """Lit and spoiled copies of crops (n, 1, px, px) that are placed already; see :func:`film`."""
    faces = lit(placed, random)
    for spoil, chance in SPOILS:
        share = far if spoil is coarse else chance * often
        chosen = torch.nonzero(uniform(len(faces), random) < share)[:, 0]
        if len(chosen):
            faces[chosen] = spoil(faces[chosen], random)
    return faces.clamp_(0, 255)


def uniform(count: int, random: Random, low: float = 0.0, high: float = 1.0) -> Tensor:
    return torch.rand(count, generator=random) * (high - low) + low


def moved(
    crops: Tensor, random: Random, px: int = 48, roll: float = ROLL, zoom: float = ZOOM, shift: float = SHIFT
) -> Tensor:
    """Turned, scaled, shifted and mirrored, in one resampling to px."""
    count = len(crops)
    angle = uniform(count, random, -roll, roll) * math.pi / 180
    scale = torch.exp(uniform(count, random, -zoom, zoom))
    mirror = torch.where(uniform(count, random) < 0.5, -1.0, 1.0)
    cos, sin = torch.cos(angle) * scale, torch.sin(angle) * scale
    across, down = (uniform(count, random, -2 * shift, 2 * shift) for _ in range(2))
    rows = [torch.stack([cos * mirror, -sin, across], 1), torch.stack([sin * mirror, cos, down], 1)]
    grid = functional.affine_grid(torch.stack(rows, 1), [count, 1, px, px], align_corners=False)
    return functional.grid_sample(crops, grid, padding_mode="border", align_corners=False)


def lit(crops: Tensor, random: Random) -> Tensor:
    """Other contrast, gamma and brightness; from a bright day to a night scene."""
    shape = (-1, 1, 1, 1)
    gamma = torch.exp(uniform(len(crops), random, -0.4, 0.4)).view(shape)
    contrast = torch.exp(uniform(len(crops), random, -0.5, 0.2)).view(shape)
    middle = crops.mean((2, 3), keepdim=True)
    bright = uniform(len(crops), random, -25, 20).view(shape)
    crops = (crops - middle) * contrast + middle + bright
    return 255 * (crops.clamp(0, 255) / 255) ** gamma


def blurred(crops: Tensor, random: Random) -> Tensor:
    """Out of focus, or moved along one axis while the shutter was open."""
    sigma = float(uniform(1, random, 0.6, 1.6))
    line = torch.exp(-(torch.arange(-3.0, 4.0) ** 2) / (2 * sigma**2))
    line = line / line.sum()
    axis = int(uniform(1, random, 0, 3))
    crops = functional.pad(crops, (3, 3, 3, 3), mode="replicate")
    across = crops if axis == 1 else functional.conv2d(crops, line.view(1, 1, 1, 7))
    down = across if axis == 2 else functional.conv2d(across, line.view(1, 1, 7, 1))
    rim = (down.shape[2] - crops.shape[2] + 6) // 2, (down.shape[3] - crops.shape[3] + 6) // 2
    px = crops.shape[2] - 6
    return down[:, :, rim[0] : rim[0] + px, rim[1] : rim[1] + px]


def coarse(crops: Tensor, random: Random) -> Tensor:
    """As if the face had been 12 to 36 px in the frame, and often encoded at that size as film is."""
    px = int(uniform(1, random, 12, 37))
    small = functional.interpolate(crops, size=(px, px), mode="bilinear", antialias=True)
    if float(uniform(1, random)) < ENCODED:
        rim = -px % 8
        small = compressed(functional.pad(small, (0, rim, 0, rim), mode="replicate"), random)[:, :, :px, :px]
    return functional.interpolate(small, size=crops.shape[2:], mode="bilinear")


def compressed(crops: Tensor, random: Random) -> Tensor:
    """Through the cosine transform of 8x8 blocks with coarse steps, like JPEG and most video."""
    count, _, px, _ = crops.shape
    steps = LUMA * float(torch.exp(uniform(1, random, -0.4, 1.2)))
    blocks = crops.reshape(count, px // 8, 8, px // 8, 8).transpose(2, 3) - 128
    waves = COSINES @ blocks @ COSINES.T
    blocks = COSINES.T @ ((waves / steps).round() * steps) @ COSINES
    return (blocks + 128).transpose(2, 3).reshape(crops.shape)


def shaded(crops: Tensor, random: Random) -> Tensor:
    """Light from one side: the other lies in the dark."""
    count, _, px, _ = crops.shape
    steps = (torch.arange(px) + 0.5) / px * 2 - 1
    angle = uniform(count, random, 0, 2 * math.pi).view(-1, 1, 1)
    side = torch.cos(angle) * steps[None, None, :] + torch.sin(angle) * steps[None, :, None]
    light = torch.exp(uniform(count, random, 0.3, 1.3).view(-1, 1, 1) * side)
    return crops * (light * uniform(count, random, 0.5, 1.0).view(-1, 1, 1))[:, None]


def smeared(crops: Tensor, random: Random) -> Tensor:
    """So few pixels, so dark or so blurred that nobody can read the face any more."""
    px = int(uniform(1, random, 4, 9))
    dark = torch.where(uniform(len(crops), random) < 0.4, uniform(len(crops), random, 0.03, 0.2), 1.0)
    small = functional.interpolate(crops, size=(px, px), mode="bilinear", antialias=True)
    noise = uniform(len(crops), random, 0, 10).view(-1, 1, 1, 1) * torch.randn(crops.shape, generator=random)
    wide = functional.interpolate(small, size=crops.shape[2:], mode="bicubic")
    return (wide * dark.view(-1, 1, 1, 1) + noise).clamp_(0, 255)


def grainy(crops: Tensor, random: Random) -> Tensor:
    """Noise of a fast film or a dark sensor, 2 to 14 grey levels."""
    sigma = uniform(len(crops), random, 2, 14).view(-1, 1, 1, 1)
    return crops + sigma * torch.randn(crops.shape, generator=random)


def covered(crops: Tensor, random: Random) -> Tensor:
    """A hand, a glass or a shoulder: a softly shaded box before a part of the face."""
    count, _, px, _ = crops.shape
    wide, high = (uniform(count, random, 0.15, 0.5) * px for _ in range(2))
    left = uniform(count, random, -0.15, 0.85) * px
    low = uniform(count, random) < 0.5
    top = torch.where(low, uniform(count, random, 0.5, 0.9), uniform(count, random, -0.1, 0.7)) * px
    inside = band(left, wide, px)[:, None, None, :] * band(top, high, px)[:, None, :, None]
    shade = 255 * torch.rand(count, 1, 3, 3, generator=random) * uniform(count, random, 0.1, 0.5).view(-1, 1, 1, 1)
    shade = shade + uniform(count, random, 0, 130).view(-1, 1, 1, 1)
    skin = functional.interpolate(shade, size=(px, px), mode="bilinear")
    return crops * (1 - inside) + skin * inside


def titled(crops: Tensor, random: Random) -> Tensor:
    """A line of bright strokes with dark edges across the lower face, as subtitles make."""
    count, _, px, _ = crops.shape
    top = uniform(count, random, 0.68, 0.9) * px
    lines = band(top, uniform(count, random, 0.08, 0.18) * px, px)[:, None, :, None]
    ink = functional.interpolate(torch.rand(count, 1, px // 4, px // 2, generator=random), size=(px, px))
    strokes, edges = (ink > 0.55).float() * lines, (ink < 0.3).float() * lines
    return crops * (1 - strokes - edges) + 245 * strokes + 15 * edges


def band(start: Tensor, length: Tensor, px: int) -> Tensor:
    """1 from `start` over `length` (px), 0 elsewhere: (n, px)."""
    places = torch.arange(px, dtype=torch.float32)[None]
    return ((places >= start[:, None]) & (places < (start + length)[:, None])).float()


def cosines() -> Tensor:
    """The 8x8 matrix of the orthonormal cosine transform."""
    waves, places = torch.meshgrid(torch.arange(8.0), torch.arange(8.0), indexing="ij")
    matrix = torch.cos(math.pi * (2 * places + 1) * waves / 16) / 2
    matrix[0] /= math.sqrt(2)
    return matrix


COSINES = cosines()

ENCODED = 0.6
"""Share of the coarse batches that are compressed before they are enlarged."""

SPOILS: tuple[tuple[Spoil, float], ...] = (
    (covered, 0.15),
    (shaded, 0.12),
    (blurred, 0.1),
    (coarse, FAR),
    (titled, 0.04),
    (grainy, 0.1),
    (compressed, 0.15),
)
"""Each spoil and the share of faces it happens to, in the order a camera and an encoder would."""
