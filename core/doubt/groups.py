"""Suspects with one cause in one place, taken together: they are shown, dropped and kept as one."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from core.doubt.verdicts import peak_key
from core.model import Figure, Reason, Suspect

SAME_FACE_MS = 5000
"""Peaks of one face that lie no further apart are in one place: as far as its usual score is looked for."""

OF_A_MOMENT = ("time", "closer look")
"""Kinds of reasons that are about one moment: two moments of that kind have not one cause."""

LASTING = ("mouth moving",)
"""Rules of those kinds that are about a while all the same: whoever speaks goes on speaking."""

OTHER_FACES_MS = 1000
"""The same for peaks of several faces: a bad picture that goes on is bad for all of them."""


@dataclass(frozen=True, slots=True)
class Group:
    """Suspects with the same strongest reason in one place; most groups are of one."""

    suspects: tuple[Suspect, ...]
    """The most doubtful first."""

    @property
    def worst(self) -> Suspect:
        """The one that stands for all."""
        return self.suspects[0]

    @property
    def cause(self) -> Reason:
        """The reason that they share, with what ``language.write_group`` says of all of them."""
        first = [one.reasons[0] for one in self.suspects]
        said = [dict(reason.figures) for reason in first]
        figures: dict[str, Figure] = {
            "faces": len({one.peak.track for one in self.suspects}),
            "peaks": len(self.suspects),
            "emotion": self.worst.peak.emotion,
            "small": any(one.get("small") for one in said),
            "blurred": any(one.get("blurred") for one in said),
        }
        return Reason(first[0].rule, tuple(figures.items()), max(reason.strength for reason in first))


def group_suspects(suspects: Sequence[Suspect], cuts: Sequence[int]) -> tuple[Group, ...]:
    """Returns suspects, given with the most doubtful first, as groups in the order of the worst of each.

    A bad picture is one cause for every face and emotion in it; what readers say, for one emotion of one face.
    ``cuts`` are the first moments of all shots but the first, ms: no group reaches across one.
    """
    alike: dict[Hashable, list[Suspect]] = defaultdict(list)
    for one in suspects:
        alike[_cause(one, cuts)].append(one)
    together = [place for some in alike.values() for place in _split_places(some)]
    rank = {peak_key(one.peak): place for place, one in enumerate(suspects)}
    groups = (Group(tuple(sorted(some, key=lambda one: rank[peak_key(one.peak)]))) for some in together)
    return tuple(sorted(groups, key=lambda group: rank[peak_key(group.worst.peak)]))


def _cause(one: Suspect, cuts: Sequence[int]) -> Hashable:
    """What suspects must share to be in one group; that nothing alone speaks against a peak is no cause."""
    peak, first = one.peak, next(iter(one.reasons), None)
    if first is None or first.rule == "together" or (first.kind in OF_A_MOMENT and first.rule not in LASTING):
        return peak_key(peak)
    shot = bisect_right(cuts, peak.apex_ms)
    return (first.rule, shot) if first.kind == "bad picture" else (first.rule, shot, peak.track, peak.emotion)


def _split_places(alike: Sequence[Suspect]) -> list[list[Suspect]]:
    """Returns suspects of one cause, those of one place together."""
    places: list[list[Suspect]] = []
    for one in sorted(alike, key=lambda one: one.peak.start_ms):
        near = [some for some in places if any(_are_near(one, other) for other in some)]
        places = [some for some in places if some not in near]
        places.append([*(other for some in near for other in some), one])
    return places


def _are_near(one: Suspect, other: Suspect) -> bool:
    reach_ms = SAME_FACE_MS if one.peak.track == other.peak.track else OTHER_FACES_MS
    return one.peak.span.gap_ms(other.peak.span) <= reach_ms
