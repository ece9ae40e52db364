"""A scene as it is looked at: whose numbers, emotions of one's own, what is doubted and decided, curves and means.

Pages, exports and the command line look at scenes in this one way. An emotion of one's own is a channel beside the
reader's seven emotions: it has its scores, peaks, curve and means by the same methods.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol, TypeVar

import pandas as pd

from core.analysis import means, tables
from core.charts import marks
from core.doubt import verdicts, weights
from core.doubt.groups import Group, group_suspects
from core.doubt.limits import LIMITS
from core.doubt.verdicts import PeakKey
from core.emotions import doubts
from core.emotions import tables as own_tables
from core.emotions.emotion import OwnEmotion, Place
from core.emotions.readings import own_reader
from core.emotions.training import SHOWN_FROM
from core.model import EMOTIONS, Face, Gathering, Peak, Person, Sample, Scene, Span, Suspect, Timeline, Verdict, Who
from core.reading import people as persons
from core.shelf import emotions, review
from core.store.scenes import Store

T = TypeVar("T")

Key = tuple[Any, ...]
"""Hashable: what is remembered, and what it depends on besides the scene's rows."""

TIMELINE: Key = ("timeline",)
"""The key under which a view remembers its moments: they weigh more than all that is made of them."""


class Remember(Protocol):
    """Returns what ``make`` gives; makes it once for a key as long as the scene's rows stay as they are."""

    def __call__(self, key: Key, make: Callable[[], T]) -> T: ...


class Source(Protocol):
    """Where a view's moments, peaks, embeddings and decisions about people come from."""

    def timeline(self) -> Timeline: ...

    def suspects(self, timeline: Timeline, reader: str) -> tuple[Suspect, ...]: ...

    def embeddings(self, timeline: Timeline) -> Mapping[Place, bytes]: ...

    def gatherings(self) -> tuple[Gathering, ...]: ...


class Memory:
    """Remembers for one view, as long as that lives."""

    def __init__(self) -> None:
        self._made: dict[Key, Any] = {}

    def __call__(self, key: Key, make: Callable[[], T]) -> T:
        if key not in self._made:
            self._made[key] = make()
        found: T = self._made[key]
        return found


@dataclass(frozen=True, slots=True)
class StoredScene:
    """A scene of the store."""

    store: Store
    scene: Scene

    def timeline(self) -> Timeline:
        return self.store.timeline(self.scene.id)

    def suspects(self, timeline: Timeline, reader: str) -> tuple[Suspect, ...]:
        return review.suspects_of(self.store, self.scene, timeline, reader)

    def embeddings(self, timeline: Timeline) -> Mapping[Place, bytes]:
        return emotions.embeddings_of(self.store, self.scene.id)

    def gatherings(self) -> tuple[Gathering, ...]:
        return self.store.people_decisions(self.scene.id)


@dataclass(frozen=True, slots=True)
class ReadClip:
    """A clip that was read without a store."""

    moments: Timeline
    found: Mapping[str, tuple[Suspect, ...]]
    """Reader → its peaks."""

    def timeline(self) -> Timeline:
        return self.moments

    def suspects(self, timeline: Timeline, reader: str) -> tuple[Suspect, ...]:
        return self.found.get(reader, ())

    def embeddings(self, timeline: Timeline) -> Mapping[Place, bytes]:
        return own_tables.embeddings_of(timeline.samples)

    def gatherings(self) -> tuple[Gathering, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Channel:
    """The numbers of one reader: of the seven emotions, or of one of one's own, which is a reader of its own."""

    reader: str
    """The reader that verdicts about its peaks name."""
    emotions: tuple[str, ...]
    key: Key
    """What its numbers depend on besides the scene's rows."""
    own: bool = False


@dataclass(frozen=True)
class SceneView:
    """One scene by one reader, with emotions of one's own beside the seven, of one person or all."""

    scene: Scene
    reader: str
    source: Source
    verdicts: tuple[Verdict, ...] = ()
    """Those that count, of every reader, the oldest first."""
    own: tuple[OwnEmotion, ...] = ()
    """Emotions of one's own, in the order in which they were taught; the faces have embeddings where there are any."""
    listed: tuple[str, ...] | None = None
    """Those of them whose peaks stand among the reader's; None for all."""
    who: Who = None
    """Whose peaks, curves and means; None for everybody's."""
    remember: Remember = field(default_factory=Memory, compare=False, repr=False)

    def for_person(self, who: Who) -> SceneView:
        """Return the view of one person, or of everybody."""
        return replace(self, who=who)

    @property
    def seven(self) -> SceneView:
        """The view of the reader's seven emotions alone."""
        return replace(self, own=())

    @property
    def timeline(self) -> Timeline:
        """All moments so far."""
        return self.remember(TIMELINE, self.source.timeline)

    def compute(self, table: Callable[..., T], *how: Any) -> T:
        """Return ``table(timeline, *how)``, computed once for the scene's rows; nobody changes what it returns."""
        return self.remember((table.__module__, table.__qualname__, how), lambda: table(self.timeline, *how))

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody in the scene, as the viewer gathered them."""
        decided = self.source.gatherings()
        seen = self.compute(persons.track_spans)
        return self.remember(("people", decided), lambda: persons.list_people(seen, decided))

    def sample(self, t_ms: int) -> Sample:
        """Return the moment at exactly that time."""
        samples = self.timeline.samples
        return samples[bisect_left(samples, t_ms, key=lambda sample: sample.t_ms)]

    def face(self, peak: Peak) -> tuple[int, Face]:
        """Return the face at a peak's apex, its index in the moment before it."""
        faces = enumerate(self.sample(peak.apex_ms).faces)
        return next((index, face) for index, face in faces if face.track == peak.track)

    # Channels: the reader's, and one for each emotion of one's own.

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What the emotions of one's own are called."""
        return tuple(one.name for one in self.own)

    @cached_property
    def channels(self) -> tuple[Channel, ...]:
        """The reader's, then those of one's own."""
        own = ((own_reader(one.name), one) for one in self.own)
        more = (Channel(reader, (one.name,), (reader, one.weights, one.bias), own=True) for reader, one in own)
        return Channel(self.reader, EMOTIONS, (self.reader,)), *more

    @property
    def listed_channels(self) -> tuple[Channel, ...]:
        """Those whose peaks are listed."""
        if self.listed is None:
            return self.channels
        return tuple(one for one in self.channels if not one.own or one.emotions[0] in self.listed)

    def channel(self, emotion: str) -> Channel:
        """Return the channel that has an emotion."""
        return next(one for one in self.channels if emotion in one.emotions)

    def reader_of(self, about: Peak | Verdict) -> str:
        """Return the reader that a verdict about it names."""
        return self.reader if about.emotion in EMOTIONS else own_reader(about.emotion)

    # Peaks, and what is decided about them.

    def suspects_of(self, channel: Channel) -> tuple[Suspect, ...]:
        """Return every peak of a channel, everybody's, the most doubtful first."""
        return self.remember(("suspects", *channel.key), lambda: self._find(channel))

    def _find(self, channel: Channel) -> tuple[Suspect, ...]:
        if not channel.own:
            return self.source.suspects(self.timeline, self.reader)
        size = (self.scene.video.width, self.scene.video.height) if self.scene.video else None
        (name,) = channel.emotions
        return doubts.suspects(self.timeline, self._own_table(name), name, weights.load_model(), size)

    @cached_property
    def suspects(self) -> tuple[Suspect, ...]:
        """Every listed peak, the most doubtful first."""
        theirs = persons.face_filter(self.who)
        every = (one for channel in self.listed_channels for one in self.suspects_of(channel))
        shown = (one for one in every if theirs(one.peak.track, one.peak.apex_ms))
        return tuple(sorted(shown, key=lambda one: (-one.doubt, one.peak.start_ms, one.peak.track)))

    @cached_property
    def doubtful(self) -> tuple[Suspect, ...]:
        """Those that are doubted, decided on or not: no decision changes them, so that a page may be laid out by it."""
        return tuple(one for one in self.suspects if one.doubt >= LIMITS.suspect)

    @cached_property
    def open(self) -> tuple[Suspect, ...]:
        """Those that are doubted and that nobody decided on, the most doubtful first."""
        return tuple(one for one in self.doubtful if self.verdict(one.peak) is None)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Those, with one cause in one place together; by the worst of each, the most doubtful first."""
        return group_suspects(self.open, self.compute(tables.cuts))

    @cached_property
    def decided(self) -> tuple[tuple[Suspect, Verdict], ...]:
        """Those that somebody decided on, the newest decision first."""
        known = {verdicts.peak_key(one.peak): one for one in self.suspects}
        return tuple(
            (known[verdicts.peak_key(one)], one)
            for one in reversed(self.verdicts)
            if one.reader == self.reader_of(one) and verdicts.peak_key(one) in known
        )

    def verdict(self, peak: Peak) -> Verdict | None:
        """Return what was decided about a peak, the last time; None while nobody did."""
        return self._latest.get((self.reader_of(peak), verdicts.peak_key(peak)))

    @cached_property
    def _latest(self) -> dict[tuple[str, PeakKey], Verdict]:
        return {(one.reader, verdicts.peak_key(one)): one for one in self.verdicts}

    def decide(self, peak: Peak, *, drop: bool) -> Verdict:
        """Return the decision about a peak, to be written down."""
        return verdicts.make_verdict(self.reader_of(peak), peak, drop=drop)

    def dropped(self, channel: Channel | None = None) -> tuple[Span, ...]:
        """Return what the verdicts leave out of a channel's numbers; of the reader's for None."""
        return means.dropped_spans(self.verdicts, channel.reader if channel else self.reader)

    def marks(self) -> pd.DataFrame:
        """Return what is doubted or decided of the listed peaks, as ``marks.marks``, in time order."""
        each = (
            marks.mark_table(self.suspects_of(one), self.verdicts, one.reader, self.who) for one in self.listed_channels
        )
        return pd.concat(each, ignore_index=True).sort_values("t_ms", ignore_index=True, kind="stable")

    # Numbers.

    def faces(self, channel: Channel | None = None) -> pd.DataFrame:
        """Return t_ms, index, track and a column for each emotion: a row for each face that a channel has numbers of.

        The reader's, for None, have all columns of ``tables.faces``.
        """
        if channel is None or not channel.own:
            return self.compute(tables.faces, self.reader)
        return own_tables.faces(self.timeline, self._own_table(channel.emotions[0]))

    def curve(self, *, whole: bool = False, smoothed: bool = False) -> pd.DataFrame:
        """Return the rows of ``tables.curve``, those of one's own last, what was dropped left out unless ``whole``."""
        return _join(self.curve_of(one, whole=whole, smoothed=smoothed) for one in self.channels)

    def curve_of(self, channel: Channel, *, whole: bool = False, smoothed: bool = False) -> pd.DataFrame:
        """Return the rows of one channel."""
        without = () if whole else self.dropped(channel)

        def make() -> pd.DataFrame:
            seen = tables.leave_out(tables.select_faces(self.faces(channel), self.who), without)
            drawn = tables.build_curve(self.timeline, seen, channel.emotions)
            return tables.smooth(drawn) if smoothed else drawn

        return self.remember(("curve", *channel.key, self.who, without, smoothed), make)

    def means(self) -> pd.DataFrame:
        """Return the rows of ``means.table``, those of one's own last."""
        return _join(self._means(one) for one in self.channels)

    def _means(self, channel: Channel) -> pd.DataFrame:
        dropped = self.dropped(channel)

        def make() -> pd.DataFrame:
            seen = tables.select_faces(self.faces(channel), self.who)
            suspected = means.suspect_spans(self.suspects_of(channel))
            return means.means_of_faces(self.timeline, seen, channel.emotions, suspected, dropped)

        return self.remember(("means", *channel.key, self.who, dropped), make)

    def top_emotions(self, count: int = 2) -> list[str]:
        """Return the emotions of the seven with the highest means, neutral aside."""
        ranked = self.compute(tables.top_emotions, self.reader, count + 1)
        return [name for name, _ in ranked if name != "neutral"][:count]

    def moves(self, peak: Peak, *others: Peak) -> tuple[float, float]:
        """Return the mean of the peak's emotion without the peaks' moments being dropped, and with; everybody's."""
        channel, about = self.channel(peak.emotion), [self.verdict(one) for one in (peak, *others)]
        left = means.dropped_spans([one for one in self.verdicts if one not in about], channel.reader)
        more = tuple(one.span for one in others if self.reader_of(one) == channel.reader)
        return self.remember(
            ("moves", *channel.key, peak, left, more),
            lambda: means.mean_without_peak(self.faces(channel), peak, left, more),
        )

    # Scores of one's own.

    @property
    def own_scores(self) -> pd.DataFrame:
        """t_ms, index and a column for each emotion of one's own: a row for each face that has an embedding."""

        def make() -> pd.DataFrame:
            return own_tables.scores(self.source.embeddings(self.timeline) if self.own else {}, self.own)

        return self.remember(("own scores", *self._own_keys), make)

    def _own_table(self, name: str) -> pd.DataFrame:
        return self.own_scores[["t_ms", "index", name]]

    @property
    def _own_keys(self) -> Key:
        return tuple(one.key for one in self.channels if one.own)

    @property
    def own_by_place(self) -> Mapping[Place, Mapping[str, float]]:
        """The same by moment and index: an emotion's name → score."""
        rows = self.own_scores.to_dict("records")
        return {(row["t_ms"], row["index"]): {name: row[name] for name in self.names} for row in rows}

    @property
    def own_shown(self) -> Mapping[Place, Mapping[str, float]]:
        """Of these what faces show: the scores of what is likelier than not."""

        def make() -> Mapping[Place, Mapping[str, float]]:
            every = self.own_by_place.items()
            shown = ((place, {name: each for name, each in own.items() if each >= SHOWN_FROM}) for place, own in every)
            return {place: own for place, own in shown if own}

        return self.remember(("own shown", *self._own_keys), make)


def _join(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """One table of all channels; that of the seven itself where there is no other."""
    first, *more = parts
    return pd.concat([first, *more], ignore_index=True) if more else first


def view_scene(store: Store, scene: Scene, reader: str, own: Sequence[OwnEmotion] = ()) -> SceneView:
    """Return the view of a scene of the store; SettingError where its faces have no embeddings for ``own``."""
    if own and (sentence := emotions.why_no_embeddings(store, scene)):
        raise emotions.embeddings_error(scene, sentence)
    return SceneView(scene, reader, StoredScene(store, scene), store.verdicts(scene.id), tuple(own))
