"""Where a crop looks in a training picture: framed as the product frames faces, moved, turned; mouths that talk.

All of it is one field of places, so that a picture is sampled once. Places are complex numbers, x + iy, from -1 to 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from core.faces.pixels import TEMPLATE
from training.augment import ROLL, SHIFT, ZOOM, Random, uniform

EYES, MOUTH = (0, 1), (3, 4)
"""Which of the five points are what."""

FRAMED = 0.5
"""Share of the faces framed by their points as the product does it; the rest as their makers cut them."""

SQUEEZE = 0.14
"""How much wider than high a picture may be shown, as a logarithm: anamorphic film, stretched video."""

LEAST_GAP = 0.06
"""In half widths of the mouth: lips nearer to each other hide what is inside."""

STRAIGHTENED = (0.1, 0.45)
"""How far the middle of a smiling mouth is raised towards the line of its corners, in half widths of the mouth."""

NOD, TURN = 0.13, 0.16
"""How far the middle of a face moves and one side of it shrinks when the head is not held straight."""


@dataclass(frozen=True, slots=True)
class Speech:
    """A mouth's shape, each (n, 1, 1), in half widths of that mouth."""

    gap: Tensor
    """How far it is open."""
    width: Tensor
    """1 as it is, less rounded, more spread."""
    aside: Tensor
    """Where along the mouth it is widest open."""
    slant: Tensor
    """How much lower one corner hangs."""
    press: Tensor
    """How far closed lips are pressed together, 0 to 1."""
    teeth: Tensor
    """Whether the upper teeth show, 0 or 1."""


@dataclass(frozen=True, slots=True)
class Mouths:
    """Faces whose mouths show their teeth, to lend them to others."""

    images: Tensor
    """(n, 48, 48) uint8."""
    points: Tensor
    """(n, 5, 2) as shares of the side."""


def placed(
    crops: Tensor,
    points: Tensor,
    talking: Tensor,
    cast: Tensor,
    random: Random,
    px: int = 48,
    moves: float = 1.0,
    borrowing: tuple[Tensor, Mouths] | None = None,
) -> Tensor:
    """Crops (n, 48, 48) to (n, 1, px, px), each framed, moved and turned in its own way.

    ``points`` (n, 5, 2) are eyes, nose and mouth corners as shares of the side; the faces of ``talking`` (n,) get the
    mouth of somebody who speaks, those of ``cast`` (n,) have their eyes cast down, those of ``borrowing``'s first (n,)
    get the teeth of its second.
    """
    five = torch.view_as_complex((2 * points - 1).contiguous())
    places = framed(moved(len(crops), random, px, moves), five, random)
    looks = places.clone()
    if cast.any():
        looks[cast] = cast_down(places[cast], five[cast], random)
    shade = None
    if talking.any():
        speech = spoken(int(talking.sum()), random)
        looks[talking], shade = parted(looks[talking], five[talking], speech)
    grid = torch.view_as_real(looks)
    seen = functional.grid_sample(crops[:, None].float(), grid, padding_mode="border", align_corners=False)
    if shade is not None:
        seen[talking] = filled(seen[talking], shade, speech.teeth, random)
    if borrowing and borrowing[0].any():
        teeth, mouths = borrowing
        seen[teeth] = toothed(seen[teeth], places[teeth], five[teeth], mouths, random)
    return seen


def toothed(seen: Tensor, places: Tensor, five: Tensor, mouths: Mouths, random: Random) -> Tensor:
    """Faces with the mouths of others between their own corners: teeth as in a smile, lips as straight as in speech."""
    lent = torch.randint(len(mouths.images), (len(seen),), generator=random)
    theirs = torch.view_as_complex((2 * mouths.points[lent] - 1).contiguous())
    (middle, half), (there, wide) = mouth(five), mouth(theirs)
    near = (places - middle) / half
    straight = uniform(len(seen), random, *STRAIGHTENED).view(-1, 1, 1) * (1 - near.real**2).clamp_min(0)
    grid = torch.view_as_real(there + wide * torch.complex(near.real, near.imag + straight))
    other = functional.grid_sample(
        mouths.images[lent][:, None].float(), grid, padding_mode="border", align_corners=False
    )
    far = ((near.real / 1.15) ** 2 + ((near.imag - 0.05) / 0.55) ** 2).sqrt()
    share = torch.sigmoid((1 - far) * 8)[:, None]
    rim = share * (1 - share)
    light = (seen * rim).sum((2, 3), keepdim=True) / (other * rim).sum((2, 3), keepdim=True).clamp_min(1)
    return seen.lerp((other * light.clamp(0.4, 2.0)).clamp(0, 255), share)


def mouth(five: Tensor) -> tuple[Tensor, Tensor]:
    """Middle of the mouth and half of the way from corner to corner, each (n, 1, 1), of five points (n, 5)."""
    left, right = five[:, MOUTH[0]], five[:, MOUTH[1]]
    return ((left + right) / 2).view(-1, 1, 1), ((right - left) / 2).view(-1, 1, 1)


def moved(count: int, random: Random, px: int, moves: float) -> Tensor:
    """Places (n, px, px) of crops that are turned, scaled, shifted, mirrored, squeezed, nodded."""
    steps = (torch.arange(px) + 0.5) / px * 2 - 1
    down, across = torch.meshgrid(steps, steps, indexing="ij")
    nod, lean, turn = (uniform(count, random, -1, 1).view(-1, 1, 1) * size for size in (NOD, TURN, TURN))
    still = (uniform(count, random) < 0.6).view(-1, 1, 1)
    nod, lean, turn = (torch.where(still, 0.0, each * moves) for each in (nod, lean, turn))
    x = across * (1 + lean * down) + turn / 2 * (1 - across**2)
    y = down * (1 + turn * across) + nod * (1 - down**2)
    squeeze = torch.exp(uniform(count, random, -SQUEEZE, SQUEEZE) / 2).view(-1, 1, 1)
    mirror = torch.where(uniform(count, random) < 0.5, -1.0, 1.0).view(-1, 1, 1)
    angle = uniform(count, random, -ROLL, ROLL) * moves * math.pi / 180
    scale = torch.exp(uniform(count, random, -ZOOM, ZOOM) * moves)
    shift = [uniform(count, random, -2 * SHIFT, 2 * SHIFT) * moves for _ in range(2)]
    turned = torch.polar(scale, angle).view(-1, 1, 1)
    return torch.complex(x * squeeze * mirror, y / squeeze) * turned + torch.complex(*shift).view(-1, 1, 1)


def framed(places: Tensor, five: Tensor, random: Random) -> Tensor:
    """The same places in pictures of which some are cut by their points as the product cuts them."""
    template = torch.view_as_complex(torch.from_numpy(2 * TEMPLATE - 1).float().contiguous())
    centred = template - template.mean()
    scale = (centred.conj() * (five - five.mean(1, keepdim=True))).sum(1) / (centred.abs() ** 2).sum()
    shift = five.mean(1) - scale * template.mean()
    as_made = uniform(len(places), random) > FRAMED
    scale, shift = torch.where(as_made, 1.0 + 0j, scale), torch.where(as_made, 0j, shift)
    return places * scale.view(-1, 1, 1) + shift.view(-1, 1, 1)


def cast_down(places: Tensor, five: Tensor, random: Random) -> Tensor:
    """Lids lowered: what lies above an eye comes down over it."""
    apart = five[:, EYES[1]] - five[:, EYES[0]]
    depth = uniform(len(places), random, 0.08, 0.2)
    for eye in EYES:
        near = (places - five[:, eye].view(-1, 1, 1)) / apart.view(-1, 1, 1)
        lid = torch.exp(-((near.real / 0.3) ** 2) - (near.imag / 0.14) ** 2) * depth.view(-1, 1, 1)
        places = places - 1j * lid * apart.view(-1, 1, 1)
    return places


def spoken(count: int, random: Random) -> Speech:
    """Mouths of six kinds: open, rounded, spread, spread with teeth, pressed together, half-open to one side."""
    kind = (uniform(count, random) * len(KINDS)).long()
    low, high = torch.tensor(KINDS)[kind].unbind(2)
    share = torch.rand(low.shape, generator=random)
    parts = (low + (high - low) * share).t()[:, :, None, None]
    gap, width, aside, slant, press, teeth = parts
    sides = torch.where(uniform(count, random) < 0.5, -1.0, 1.0).view(-1, 1, 1)
    return Speech(gap, width, aside * sides, slant * sides, press, (teeth > 0.5).float())


KINDS = (
    ((0.35, 1.1), (0.80, 1.0), (0.0, 0.2), (0.0, 0.08), (0.0, 0.0), (0.2, 0.8)),
    ((0.25, 0.8), (0.50, 0.8), (0.0, 0.1), (0.0, 0.05), (0.0, 0.0), (0.0, 0.4)),
    ((0.12, 0.45), (1.00, 1.3), (0.0, 0.2), (0.0, 0.10), (0.0, 0.0), (0.45, 1.0)),
    ((0.15, 0.60), (1.05, 1.4), (0.0, 0.3), (0.0, 0.15), (0.0, 0.0), (0.6, 1.0)),
    ((0.00, 0.0), (0.85, 1.1), (0.0, 0.0), (0.0, 0.10), (0.3, 1.0), (0.0, 0.0)),
    ((0.12, 0.5), (0.80, 1.0), (0.2, 0.5), (0.1, 0.25), (0.0, 0.0), (0.2, 0.8)),
)
"""Least and most of each part of `Speech` for every kind of mouth; teeth show where the last is above a half."""


def parted(places: Tensor, five: Tensor, speech: Speech) -> tuple[Tensor, Tensor]:
    """Where the talking faces look in their pictures, and how far inside the opened mouth each place lies.

    The second (n, px, px) is the height in the opening, -1 at the upper lip, 1 at the lower, beyond them outside.
    """
    middle, half = mouth(five)
    near = (places - middle) / half
    u, v = near.real, near.imag
    around = torch.exp(-((u / 2) ** 2) - (v / 1.1) ** 2)
    u_there = u * (1 + (1 / speech.width - 1) * around)
    v = v - speech.slant * u * around
    open_here = (1 - ((u - speech.aside * 0.5) / (0.85 * speech.width)) ** 2).clamp_min(0).sqrt() * speech.gap
    upper, lower = 0.25 * open_here, 0.75 * open_here
    above, below = (-upper - v).clamp_min(0), (v - lower).clamp_min(0)
    v_there = torch.where(v < 0, (v + upper * torch.exp(-above / 0.7)).clamp_max(0), 0.0)
    v_there = torch.where(v > 0, (v - lower * torch.exp(-below / 1.5)).clamp_min(0), v_there)
    v_there = v_there * (1 + speech.press * torch.exp(-((v / 0.5) ** 2)) * around)
    inside = torch.where(open_here > LEAST_GAP, (v - (lower - upper) / 2) / (open_here / 2).clamp_min(LEAST_GAP), 9.0)
    return middle + half * torch.complex(u_there, v_there), inside


def filled(crops: Tensor, inside: Tensor, teeth: Tensor, random: Random) -> Tensor:
    """The opened mouths' inside: dark, with teeth or tongue."""
    count = len(crops)
    bright = crops.mean((2, 3)).view(-1, 1, 1)
    dark = bright * uniform(count, random, 0.1, 0.5).view(-1, 1, 1)
    white = bright * uniform(count, random, 0.9, 1.5).view(-1, 1, 1)
    tongue = bright * uniform(count, random, 0.4, 0.9).view(-1, 1, 1)
    tongue = torch.where((uniform(count, random) < 0.4).view(-1, 1, 1), tongue, dark)
    shade = dark + (white - dark) * teeth * torch.sigmoid((-0.25 - inside) * 8)
    shade = shade + (tongue - dark) * torch.sigmoid((inside - 0.35) * 6)
    share = torch.sigmoid((1 - inside.abs()) * 6)[:, None]
    return crops * (1 - share) + shade[:, None] * share
