"""Every threshold of the rules that doubt a peak, with its unit and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Tier = Literal["do not believe", "look twice", ""]
"""What to do about a peak, by its doubt; empty for one that is believed."""


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on a rule speaks; the doubt itself is weighed from the figures, not from these."""

    suspect: float = 0.5
    """Doubt from which on a peak is a suspect: more likely false than true."""
    disbelieve: float = 0.8
    """Doubt from which on nobody should believe a peak: four of five like it were false. Below, it is worth a second
    look."""
    speaks: float = 0.15
    """Least strength with which a rule is worth a sentence."""
    alone: float = 3.0
    """Distance from the neighbours, in their robust standard deviations: Hampel's and Pearson's usual three."""
    rise: float = 0.2
    """Least height above the neighbours' usual score: less is not seen on the chart, however quiet they are."""
    between: float = 0.4
    """Mean score of another emotion on both sides of a peak from which on it is said to lie between: no other can then
    be much higher."""
    between_ms: int = 1000
    """A longer peak is a change of mood, not a moment's: as far as the sides are looked at."""
    brief_ms: int = 600
    """A peak that may be longer is not called brief: felt smiles last two thirds of a second to four seconds
    (Ekman and Friesen 1982, "Felt, false, and miserable smiles")."""
    members: float = 0.1
    """Standard deviation of the members' scores from which on they are said to differ: the upper tenth of true peaks
    in scenes made from valid."""
    crops: float = 0.5
    """Share of moved crops that an emotion must survive: a finder's next look moves the crop as much."""
    survives_ms: int = 200
    """An emotion that is gone sooner, frame by frame, is a glitch: five frames at 25 frames a second."""
    small_px: int = 36
    """Width of a face below which reading fails quickly (Tian 2004: 36x48 px is acceptable, less is not)."""
    tiny_px: int = 24
    """Width below which nothing can be read: half of what the networks look at."""
    blurred: float = 12.0
    """Sharpness below which a face is blurred: planted blur lies below for nine faces of ten, faces of the shared
    clips wider than 40 px above for more than nine of ten."""
    dark: float = 40.0
    """Mean grey (0–255) below which a face is dark: the features are then within a few grey levels."""
    turned: float = 0.35
    """Distance of the nose from the middle of the eyes, in eye distances: about 35° to the side, from where on readers
    fall off (Namba et al. 2021 saw it at 45°)."""
    nose_low: float = 0.57
    """Where the nose lies between eyes and mouth from which on a head looks down: readers take lowered lids and the
    shadow of the brow for sadness. Faces of film that look ahead lie at 0.40–0.56…"""
    nose_lowest: float = 0.7
    """…and here it certainly looks down."""
    mouth_moves: float = 0.28
    """How much a mouth changes within ±0.4 s from where on it may be speech or a grimace: the median in film…"""
    mouth_moves_much: float = 0.56
    """…and twice as much, the upper twentieth."""
    surprise_s: float = 1.5
    """Surprise is the briefest of expressions: it lasts a second or so (Ekman 2003, "Emotions Revealed"). Shown for
    longer within ten seconds…"""
    surprise_long_s: float = 4.0
    """…up to this long, it is another face: a grimace, raised brows, an open mouth."""
    mouth_wider: float = -0.04
    """Surprise lets the jaw drop, which narrows the mouth (FACS, action units 26 and 27); so much narrower than usual,
    in eye distances, or more…"""
    mouth_much_wider: float = 0.04
    """…and here it is stretched: a grimace, a vowel, a grin."""
    unsure: float = 0.9
    """Finder's confidence below which a face is doubtful…"""
    unsure_drop: float = 0.05
    """…if it is also so much below its usual on the same track."""
    surely_a_face: float = 0.98
    """Finder's confidence below which a face counts a little less…"""
    hardly_a_face: float = 0.85
    """…down to this, hardly above what a finder keeps at all."""
    faint: float = 0.6
    """Height below which a peak is faint: in scenes made from valid three of four true peaks are higher."""
    undecided: float = 0.4
    """Logarithm of winner to runner-up below which there is no clear winner: one and a half times as much."""

    def tier(self, doubt: float) -> Tier:
        """Returns what to do about a peak with this doubt."""
        return "do not believe" if doubt >= self.disbelieve else "look twice" if doubt >= self.suspect else ""

    def nothing_readable(self, width_px: int, sharpness: float) -> bool:
        """Whether a face is too small, or both small and blurred, for anything to be read from it."""
        return width_px < self.tiny_px or (width_px < self.small_px and sharpness < self.blurred)


LIMITS = Limits()
"""The limits as they are shipped."""


def share_between(value: float, low: float, high: float, least: float = 0.0) -> float:
    """Returns how far a value lies on the way from one limit (0) to another (1), not below ``least`` nor above 1."""
    return min(max((value - low) / (high - low), least), 1.0)
