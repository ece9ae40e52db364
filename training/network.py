"""The reader's network: a small residual net with squeeze-and-excitation for 48x48 grey faces."""

from __future__ import annotations

import torch
from torch import Tensor, nn

CLASSES = 8
MEAN, SPREAD = 130.0, 65.0
"""Grey level (0..255) that becomes 0, and how many levels become 1: rounded from the training pictures."""

SIZES: dict[str, tuple[tuple[int, int], ...]] = {
    "small": ((32, 1), (64, 1), (160, 2)),
    "round": ((32, 1), (80, 1), (144, 2)),
}
"""Channels and blocks of each stage, at 24, 12 and 6 px; about 47 million multiplications a face."""


EVEN_SPREAD, LEAST_SPREAD = 58.0, 4.0
"""Grey levels that an evened crop spreads over, and what a flat one is taken for, so that its noise stays small."""


def evened(crops: Tensor) -> Tensor:
    """Every crop (n, 1, px, px) at the same middle and spread of grey: a night scene looks like a day's."""
    from_middle = crops - crops.mean((2, 3), keepdim=True)
    spread = (from_middle * from_middle).mean((2, 3), keepdim=True).sqrt()
    return from_middle / (spread + LEAST_SPREAD) * EVEN_SPREAD + MEAN


class Excite(nn.Module):
    """Weighs each channel by what the whole picture shows (squeeze and excitation)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.down = nn.Linear(channels, channels // 8)
        self.up = nn.Linear(channels // 8, channels)

    def forward(self, maps: Tensor) -> Tensor:
        weights = self.up(torch.relu(self.down(maps.mean((2, 3)))))
        return maps * torch.sigmoid(weights)[:, :, None, None]


class Residual(nn.Module):
    """Two 3x3 convolutions and a way around them; halves the map when `stride` is 2."""

    def __init__(self, inside: int, outside: int, stride: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            *convolved(inside, outside, stride), nn.ReLU(inplace=True), *convolved(outside, outside), Excite(outside)
        )
        self.around: nn.Module = nn.Identity()
        if stride != 1 or inside != outside:
            self.around = nn.Sequential(nn.AvgPool2d(stride), *convolved(inside, outside, kernel=1))

    def forward(self, maps: Tensor) -> Tensor:
        return torch.relu(self.body(maps) + self.around(maps))


class Reader(nn.Module):
    """Grey crops (n, 1, 48, 48), 0..255, to logits (n, classes) and embedding (n, d)."""

    def __init__(self, size: str = "small", dropout: float = 0.2, classes: int = CLASSES, even: bool = False) -> None:
        super().__init__()
        self.even = even
        stages = SIZES[size]
        width = stages[0][0]
        blocks: list[nn.Module] = [*convolved(1, width, stride=2, kernel=5), nn.ReLU(inplace=True)]
        for place, (channels, count) in enumerate(stages):
            for number in range(count):
                blocks.append(Residual(width, channels, stride=2 if place and not number else 1))
                width = channels
        self.features = nn.Sequential(*blocks)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(width, classes)

    def forward(self, crops: Tensor) -> tuple[Tensor, Tensor]:
        crops = evened(crops) if self.even else crops
        maps = self.features((crops - MEAN) / SPREAD)
        embedding = maps.mean((2, 3))
        return self.head(self.dropout(embedding)), embedding


def convolved(inside: int, outside: int, stride: int = 1, kernel: int = 3) -> tuple[nn.Module, nn.Module]:
    """A convolution without bias and its batch norm."""
    conv = nn.Conv2d(inside, outside, kernel, stride, kernel // 2, bias=False)
    nn.init.kaiming_normal_(conv.weight, mode="fan_out", nonlinearity="relu")
    return conv, nn.BatchNorm2d(outside)


def mean(states: list[dict[str, Tensor]]) -> dict[str, Tensor]:
    """The mean of several nets' weights, where they are numbers with a fraction."""
    return {
        name: torch.stack([state[name] for state in states]).mean(0) if value.is_floating_point() else value
        for name, value in states[0].items()
    }
