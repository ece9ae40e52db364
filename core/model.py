"""The nouns: what a scene is made of. All frozen; times are integer milliseconds from the start of the video stream."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Image: TypeAlias = "NDArray[np.uint8]"
"""(H, W, 3) uint8 RGB."""

Crop: TypeAlias = "NDArray[np.uint8]"
"""(CROP_PX, CROP_PX, 3) uint8 RGB: one face, eyes level, tight."""

CROP_PX = 96
"""Side of a crop in px: twice what the networks look at, so that a reader chooses its own way down."""


class Scores(NamedTuple):
    """A reader's whole distribution over the seven emotions: 0–1, summing to 1."""

    angry: float = 0.0
    disgust: float = 0.0
    fear: float = 0.0
    happy: float = 0.0
    sad: float = 0.0
    surprise: float = 0.0
    neutral: float = 0.0

    @property
    def top(self) -> str:
        """The emotion with the highest score."""
        return EMOTIONS[self.index(max(self))]

    @property
    def margin(self) -> float:
        """How far the winner is ahead of the runner-up, 0–1."""
        first, second = sorted(self, reverse=True)[:2]
        return first - second


EMOTIONS: tuple[str, ...] = Scores._fields


def own_emotions(names: Iterable[str]) -> list[str]:
    """Returns those of the names that are none of the seven, each once, in their order: emotions of one's own."""
    return [name for name in dict.fromkeys(names) if name not in EMOTIONS]


class Point(NamedTuple):
    """A place in the source frame, px."""

    x: float
    y: float


class Box(NamedTuple):
    """A rectangle in the source frame, px; right and bottom are exclusive."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Width in px."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Height in px."""
        return self.bottom - self.top


class Landmarks(NamedTuple):
    """Five points of a face, px; left and right are the picture's, not the person's."""

    left_eye: Point
    right_eye: Point
    nose: Point
    mouth_left: Point
    mouth_right: Point


@dataclass(frozen=True, slots=True)
class Found:
    """What a finder says of one face."""

    box: Box
    confidence: float
    """0–1, the finder's own."""
    landmarks: Landmarks | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader says of one face."""

    scores: Scores
    spread: Scores | None = None
    """Standard deviation of an ensemble's members per emotion, 0–0.5; None where there is only one network."""
    embedding: bytes | None = field(default=None, compare=False, repr=False)
    """What its networks saw before they named it (``embedding.pack``); None where it has none or was not loaded."""


@dataclass(frozen=True, slots=True)
class Face:
    """One face at one moment, with what every reader said of it, side by side."""

    found: Found
    sharpness: float = 0.0
    """Variance of the crop's Laplacian, ≥ 0; under about 50 it is blurred."""
    track: int | None = None
    """The same number on the next moment is the same person; unique in the scene, never across a cut."""
    readings: Mapping[str, Reading] = field(default_factory=dict)
    """Reader's name → reading."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A decoded picture that travels with its time."""

    t_ms: int
    image: Image
    dropped: int = 0
    """Corrupt pictures dropped since the frame before this one."""
    slot: int = 0
    """Which point of the sampling's grid it answers, from 0; a point without a picture has no frame."""
    jump: float | None = None
    """Largest jump between neighbouring pictures since the frame before this one, 0–1 (``core.video.jumps``); None
    where not all of them were decoded."""
    joined: bool = False
    """Whether the film's clock began again or jumped since the frame before this one: two recordings meet there."""
    scale: float = 1.0
    """How many px of the source one px of ``image`` is: above 1 where the source is larger than what is looked at."""

    def __post_init__(self) -> None:
        if self.image.ndim != 3 or self.image.shape[2] != 3 or self.image.dtype != "uint8":
            raise ValueError(f"a frame is (H, W, 3) uint8 RGB, got {self.image.shape} {self.image.dtype}")


@dataclass(frozen=True, slots=True)
class Sample:
    """One sampled moment; ``faces == ()`` means nobody was in the frame."""

    t_ms: int
    faces: tuple[Face, ...] = ()
    shot: int = 0
    """Counts from 0; a hard cut begins a new one."""
    look: bytes = b""
    """The picture's signature (``core.reading.looks``), from which cuts are found afterwards."""
    dropped: int = 0
    """Corrupt pictures dropped just before this moment."""


class Step(NamedTuple):
    """How densely a video is sampled: every so many milliseconds, or every so many frames."""

    every: int
    unit: Literal["ms", "frames"] = "ms"

    def __str__(self) -> str:
        return f"{self.every} ms" if self.unit == "ms" else f"{self.every} frames"


@dataclass(frozen=True, slots=True)
class Video:
    """What a probe says of a file."""

    path: str
    duration_ms: int
    width: int
    """px as shown: rotation and non-square pixels are already in."""
    height: int
    fps: float
    """Average; for showing and for estimating only."""
    codec: str = ""
    joins_ms: tuple[int, ...] = ()
    """Where its clock begins again or jumps, and is read on: two recordings meet there."""
    shapes: tuple[tuple[int, int, int], ...] = ()
    """Where the picture's shape changes: t_ms, and width and height in px from there on."""
    brightness: str = ""
    """What its brightness or colours were brought to those of ordinary screens from: PQ, HLG or BT.2020."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that decides a result: the same recipe is the same scene."""

    source: str
    """Absolute path of a local file, or a link to a video."""
    step: Step = Step(200, "ms")
    start_ms: int = 0
    end_ms: int | None = None
    budget: int | None = None
    """At most so many moments: the step is widened until they fit."""
    finder: str = "auto"
    readers: tuple[str, ...] = ("auto",)
    smallest_face_px: int = 24
    """Smallest face looked for, as it would appear in a picture 640 px wide."""
    thorough: bool = False
    """Search every moment whole instead of following faces from one search to the next."""
    region: Box | None = None
    """Only faces in this part of the picture are looked for, px of the source frame as shown; None is all of it."""
    skim: bool = False
    """A moment may be the keyframe nearest to its point of the grid: nothing else has to be decoded for it."""


State = Literal["queued", "reading", "done", "failed", "stopped"]


@dataclass(frozen=True, slots=True)
class Scene:
    """A row of the shelf."""

    id: int
    title: str
    recipe: Recipe
    state: State = "queued"
    error: str = ""
    """The sentence shown when state is failed."""
    expected: int = 0
    """Moments that the recipe will give, estimated from the probe."""
    found: int = 0
    """Moments stored so far."""
    revision: int = 0
    """Grows whenever rows of the scene change: the key of every cache."""
    video: Video | None = None
    finder: str = ""
    """The finder that was really used."""
    readers: tuple[str, ...] = ()
    """The readers that were really used; the first is shown first."""
    alive: bool = False
    """Whether its worker gave a sign of life in the last seconds."""
    created: str = ""
    """UTC, ISO 8601."""
    owner: str = ""
    """Key of the visitor's shelf that it is on; empty on a machine of one's own."""
    waiting: bool = False
    """Whether it is in the queue for a worker."""
    fetched: int = 0
    """Bytes of the link's video that have come."""
    size: int = 0
    """Bytes that are expected; 0 where the site does not say."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """The sampled moments of a scene, in time order with unique times."""

    step_ms: int
    samples: tuple[Sample, ...]


class Span(NamedTuple):
    """A stretch of one track, half-open: ``start_ms <= t_ms < end_ms``. What it is asked is about time alone."""

    track: int
    start_ms: int
    end_ms: int

    @property
    def length_ms(self) -> int:
        """How long it is; 0 where it ends before it begins."""
        return max(self.end_ms - self.start_ms, 0)

    def covers(self, t_ms: float) -> bool:
        """Whether a moment lies in it."""
        return self.start_ms <= t_ms < self.end_ms

    def overlap_ms(self, other: Span) -> int:
        """Returns how long both last at once."""
        return max(min(self.end_ms, other.end_ms) - max(self.start_ms, other.start_ms), 0)

    def gap_ms(self, other: Span) -> int:
        """Returns the time between the two; 0 where they touch or overlap."""
        return max(max(self.start_ms, other.start_ms) - min(self.end_ms, other.end_ms), 0)

    def contains(self, other: Span) -> bool:
        """Whether every moment of the other lies in it."""
        return self.start_ms <= other.start_ms and other.end_ms <= self.end_ms

    def hull(self, other: Span) -> Span:
        """Returns the shortest stretch of its own track that holds both."""
        return Span(self.track, min(self.start_ms, other.start_ms), max(self.end_ms, other.end_ms))


@dataclass(frozen=True, slots=True)
class Peak:
    """What a curve shows: one person, one emotion, for a while on top or clearly raised."""

    track: int
    emotion: str
    start_ms: int
    """Its first moment."""
    end_ms: int
    """The moment after its last one: ``start_ms <= t_ms < end_ms`` are the moments of the peak."""
    apex_ms: int
    """Where the score is highest."""
    height: float
    """The score there, 0–1."""

    @property
    def span(self) -> Span:
        """Its moments."""
        return Span(self.track, self.start_ms, self.end_ms)


Figure: TypeAlias = str | float | int | bool
"""What a reason rests on: a measured number, the name of an emotion or of a reader, yes or no."""

ReasonKind: TypeAlias = Literal["time", "readers", "closer look", "bad picture", "ambiguous"]
"""What sort of reason: an ambiguous face and a bad picture are two things."""

REASON_KINDS: Mapping[str, ReasonKind] = {
    **dict.fromkeys(("alone", "between", "brief", "long surprise"), "time"),
    **dict.fromkeys(("second", "members"), "readers"),
    **dict.fromkeys(("crops", "frames", "mouth moving"), "closer look"),
    **dict.fromkeys(("unreadable", "dark", "turned", "cut off", "at cut", "head down", "unsure"), "bad picture"),
    **dict.fromkeys(("undecided", "faint", "mouth wide", "together"), "ambiguous"),
}
"""Rule → what sort of reason it gives."""


class Reason(NamedTuple):
    """Why a peak is doubted, as facts; ``language.write_reason`` makes the sentence."""

    rule: str
    """Name of the rule that gives it."""
    figures: tuple[tuple[str, Figure], ...]
    """Name → figure, of what the rule compared."""
    strength: float
    """How strongly it speaks against the peak, 0–1."""

    @property
    def kind(self) -> ReasonKind:
        """What sort of reason it is."""
        return REASON_KINDS[self.rule]


@dataclass(frozen=True, slots=True)
class Suspect:
    """A peak with the reasons to doubt it, the strongest first."""

    peak: Peak
    doubt: float
    """0–1: of a hundred such peaks of the benchmark, so many hundredths were false."""
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a viewer decided about a peak; stored beside the evidence, which stays as it is."""

    reader: str
    """Whose peak it is: another reader's opinion of the same moments stays."""
    track: int
    emotion: str
    start_ms: int
    end_ms: int
    dropped: bool
    """True: nobody should believe it, its moments leave the means. False: kept in spite of a doubt."""
    at: str = ""
    """When, UTC, ISO 8601."""

    @property
    def span(self) -> Span:
        """The moments of its peak."""
        return Span(self.track, self.start_ms, self.end_ms)


class Calm(NamedTuple):
    """A span in which a person is at rest: ``start_ms <= t_ms < end_ms``."""

    person: int
    """``Person.id``."""
    start_ms: int
    end_ms: int


Who = int | Collection[int | Span] | None
"""Whose faces: one track's, those of several tracks or stretches of tracks (never a bare ``Span``), or everybody's."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on screen, gathered from the tracks of as many shots as they are in."""

    id: int
    """The track that they were first known by, or a number below 0 where no track's was free."""
    name: str
    """What a viewer called them, else "Person 1", by order of appearance."""
    tracks: tuple[int, ...]
    """In order of appearance, each at least in part theirs."""
    parts: tuple[Span, ...] = ()
    """Their stretches of those tracks that they share with others."""

    @property
    def who(self) -> tuple[int | Span, ...]:
        """All that is theirs: tracks, and stretches of those that are not theirs alone."""
        shared = {part.track for part in self.parts}
        return (*(track for track in self.tracks if track not in shared), *self.parts)


@dataclass(frozen=True, slots=True)
class Gathering:
    """What a viewer decided about who is who; a remark beside the tracks, which stay as they are."""

    kind: Literal["name", "merge", "split"]
    person: int
    """Who is named, who takes the others in, or who begins with what was split off."""
    name: str = ""
    """Their name from then on; without one a merge or a split leaves the name as it is."""
    parts: tuple[int | Span, ...] = ()
    """The tracks, and stretches of tracks, that are theirs from then on."""
    at: str = ""
    """When, UTC, ISO 8601."""


Find = Callable[[Image], tuple[Found, ...]]
"""Where the faces of a picture are."""

Near = Callable[[Image, Sequence[Found]], tuple[Found, ...]]
"""Those of the given faces that are still about where they were, in a picture a moment later."""

Read = Callable[[Sequence[Crop]], Sequence[Reading]]
"""What a batch of faces shows, in the batch's order."""
