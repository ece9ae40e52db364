"""A trained net's last convolutions in Winograd's form: the same sums with a third of the multiplications.

A 3x3 convolution gives a tile of m x m numbers from (m + 2)² products a channel instead of 9 m² (Winograd 1980; Lavin
and Gray 2016). On maps of 6x6 px, with m = 3, it takes 100 products instead of 324. Maps lie as (positions, n,
channels) here: so the ways into this form and out of it are products of matrices too, and nothing is laid out anew in
between. Kernels are kept as they were trained; whoever loads the file works out their form once.
"""

from __future__ import annotations

from copy import deepcopy
from itertools import accumulate, pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from training.network import MEAN, SPREAD, Excite, Reader, Residual, evened

SIDE = 6
"""Of the maps that are taken, px: at 12 and 24 px the ways in and out cost what the products save."""

TILE = 3
"""Numbers in a row of a tile. 6 would take 64 products instead of 100, but its kernels four times as much memory, which
a batch of 20 faces has to go through: it was no faster, and rounded five times as coarsely."""

POINTS = (0, 1, -1, 2)
"""Where the polynomials behind it are evaluated, and at infinity besides."""

Matrix = NDArray[np.float64]


class Swift(nn.Module):
    """Grey crops (n, 1, 48, 48), 0..255, to what ``net`` tells of them, but for rounding."""

    def __init__(self, net: Reader) -> None:
        super().__init__()
        self.even = net.even
        blocks = list(_folded(net.features))
        sides = [maps.shape[-1] for maps in accumulate(blocks, lambda maps, block: block(maps), initial=_BLANK)][1:]
        first = sides.index(SIDE)
        self.before, self.head = nn.Sequential(*blocks[:first]), net.head
        self.halving, self.rest = _Halving(blocks[first]), nn.Sequential(*map(_Block, blocks[first + 1 :]))

    def forward(self, crops: Tensor) -> tuple[Tensor, Tensor]:
        """Return logits (n, classes) and embedding (n, d)."""
        crops = evened(crops) if self.even else crops
        embedding = self.rest(self.halving(self.before((crops - MEAN) / SPREAD))).mean(0)
        return self.head(embedding), embedding


_BLANK = torch.zeros(1, 1, 48, 48)


def _folded(features: nn.Sequential) -> nn.Sequential:
    """Return the layers with every batch norm inside the convolution before it."""
    made = deepcopy(features).eval()
    for row in (part for part in made.modules() if isinstance(part, nn.Sequential)):
        for at, (conv, norm) in enumerate(pairwise(list(row))):
            if isinstance(norm, nn.BatchNorm2d):
                row[at], row[at + 1] = fuse_conv_bn_eval(conv, norm), nn.Identity()
    return made


class _Halving(nn.Module):
    """The block whose maps become (positions, n, channels)."""

    def __init__(self, block: Residual) -> None:
        super().__init__()
        self.first, self.second, self.excite = block.body[0], _Convolution(block.body[3]), block.body[5]
        self.pool, straight = block.around[0], block.around[1]
        self.weight, self.bias = nn.Parameter(straight.weight[:, :, 0, 0].t()), straight.bias

    def forward(self, maps: Tensor) -> Tensor:
        around = _laid(self.pool(maps)) @ self.weight + self.bias
        return torch.relu(_excited(self.second(_laid(torch.relu(self.first(maps)))), self.excite) + around)


class _Block(nn.Module):
    """A block all of whose maps are so."""

    def __init__(self, block: Residual) -> None:
        super().__init__()
        self.first, self.second, self.excite = _Convolution(block.body[0]), _Convolution(block.body[3]), block.body[5]

    def forward(self, maps: Tensor) -> Tensor:
        return torch.relu(_excited(self.second(torch.relu(self.first(maps))), self.excite) + maps)


def _laid(maps: Tensor) -> Tensor:
    return maps.permute(2, 3, 0, 1).reshape(SIDE**2, -1, maps.shape[1])


def _excited(maps: Tensor, excite: Excite) -> Tensor:
    return maps * torch.sigmoid(excite.up(torch.relu(excite.down(maps.mean(0)))))


class _Convolution(nn.Module):
    """A 3x3 convolution with a margin of zeros."""

    def __init__(self, conv: nn.Conv2d) -> None:
        super().__init__()
        self.inside, self.outside, self.bias = conv.in_channels, conv.out_channels, conv.bias
        self.kernel = nn.Parameter(conv.weight.permute(2, 3, 1, 0).reshape(9, -1))
        for name, matrix in zip(("into", "form", "out"), matrices(), strict=True):
            self.register_buffer(name, torch.tensor(matrix, dtype=torch.float32))

    def forward(self, maps: Tensor) -> Tensor:
        kernels = (self.form @ self.kernel).reshape(-1, self.inside, self.outside)
        parts = (self.into @ maps.reshape(SIDE**2, -1)).reshape(len(self.form), -1, self.inside) @ kernels
        return (self.out @ parts.reshape(len(self.into), -1)).reshape(SIDE**2, -1, self.outside) + self.bias


def matrices() -> tuple[Matrix, Matrix, Matrix]:
    """Return the ways in (products, positions), of a kernel (products of a tile, 9), and out (positions, products).

    Those in and out hold whole numbers alone, which half precision keeps.
    """
    size, tiles = TILE + 2, SIDE // TILE
    apart = np.array([np.prod([point - other for other in POINTS if other != point]) for point in POINTS] + [1])
    form = _powers(3) / apart[:, None]
    spread, gathered = np.zeros((size, tiles, SIDE + 2)), np.zeros((SIDE, size, tiles))
    for tile, at in enumerate(range(0, SIDE, TILE)):
        spread[:, tile, at : at + size] = np.round(np.linalg.inv(_powers(size)).T * apart[:, None])
        gathered[at : at + TILE, :, tile] = _powers(TILE).T
    spread = spread[:, :, 1:-1]  # the margin is zeros
    into = np.einsum("ftx,guy->fgtuxy", spread, spread).reshape(-1, SIDE**2)
    out = np.einsum("xft,ygu->xyfgtu", gathered, gathered).reshape(SIDE**2, -1)
    return into, np.kron(form, form), out


def _powers(count: int) -> Matrix:
    """(points, count): the powers of every point; at infinity only the highest counts."""
    finite = np.array(POINTS, float)[:, None] ** np.arange(count)
    return np.concatenate([finite, np.eye(count)[-1:]])
