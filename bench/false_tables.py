"""The tables of bench.false_peaks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bench.cases import Case
from bench.doubt_figures import (
    BINS,
    SPARED,
    Figures,
    Flags,
    Numbers,
    auroc,
    bar,
    calibration,
    caught,
    figures,
    interval,
)
from bench.scenes import PLANTS
from core.doubt.limits import LIMITS
from core.doubt.model import Model

CLOSER = "closer look"


@dataclass(frozen=True)
class Judged:
    """One way of reading with all its peaks weighed."""

    title: str
    cases: Sequence[Case]
    model: Model
    lesser: Mapping[str, Model]
    """Rule → the model fitted without it."""

    @property
    def false(self) -> Flags:
        return np.array([case.false for case in self.cases], bool)

    @property
    def shot(self) -> NDArray[np.int64]:
        return np.array([number * 1000 + track for number, track in (case.shot for case in self.cases)], np.int64)

    @property
    def margin(self) -> Numbers:
        """Baseline: how little the winner is ahead at the apex."""
        return np.array([-case.evidence.scores.margin for case in self.cases])

    @property
    def hampel(self) -> Numbers:
        """Baseline: a plain Hampel filter over seven moments."""
        return np.array([case.hampel for case in self.cases])

    def doubt(self, without: str = "") -> Numbers:
        """Doubt of every peak, on request as if one rule did not exist."""
        model = self.lesser.get(without, self.model)
        kept = (case.evidence for case in self.cases)
        seen = (replace(one, closer=None) for one in kept) if without == CLOSER else kept
        return np.array([model.doubt(one) for one in seen])

    def only(self, *, happy: bool = False, planted: str | bool | None = None) -> Judged:
        """The peaks of happy alone; natural ones (False), planted ones (True) or those of one kind of plant."""
        kept = [
            case
            for case in self.cases
            if (not happy or case.evidence.peak.emotion == "happy")
            and (planted is None or planted in (case.plant, bool(case.plant)))
        ]
        return Judged(self.title, kept, self.model, self.lesser)


def told(groups: Sequence[Judged], split: str) -> Iterator[str]:
    """All tables of the scenes."""
    scenes = len({case.film.number for case in groups[0].cases})
    happy = [group.only(happy=True, planted=False) for group in groups]
    yield f"{scenes} scenes of known truth from the pictures of FER+ {split} (`bench/scenes.py`), a moment every 100,"
    yield "200 or 500 ms; the weights are fitted on scenes from valid. A peak is false when its emotion is not what"
    yield "the shot shows. Natural: the reader's own mistakes. Caught: share of the false peaks above the bar that"
    yield f"doubts at most {SPARED:.0%} of the true ones. Precision, recall, true doubted: at the default threshold"
    yield f"{LIMITS.suspect}. In brackets: 95 % of bootstrap draws of whole shots. fer's network stands in for"
    yield "DeepFace, which cannot be had everywhere.\n"
    yield from main_table("happy, natural", happy)
    yield from main_table("every emotion, natural", [group.only(planted=False) for group in groups])
    yield from main_table("every emotion, planted", [group.only(planted=True) for group in groups])
    yield from main_table("every emotion, all scenes", groups)
    yield "Every peak of joy is judged by two plain ways too: how small the winner's margin is at the apex, and how far"
    yield "it is from seven moments' median in their MADs (Hampel). AUROC, and share caught:\n"
    yield from baselines(happy)
    yield from halves(happy)
    yield "What is lost when a rule is left out and the others are fitted again: change of AUROC, and of the share"
    yield "caught in points. How far a peak stands out is told, but weighs nothing: true smiles stand out as far.\n"
    yield from rules(happy)
    yield from plants(groups[0])
    yield from promises(groups[0].only(planted=False))


def main_table(what: str, groups: Sequence[Judged]) -> Iterator[str]:
    """One line per way of reading."""
    yield f"| Peaks of {what} | Peaks | False | AUROC | Caught | Precision | Recall | True doubted | ECE |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for group in groups:
        false, doubt = group.false, group.doubt()
        one = figures(false, doubt, LIMITS.suspect)
        sure = interval(group.shot, lambda at, f=false, d=doubt: auroc(f[at], d[at]))
        some = interval(group.shot, lambda at, f=false, d=doubt: caught(f[at], d[at]))
        yield row(group.title, one, sure, some)
    yield ""


def row(name: str, one: Figures, sure: tuple[float, float], some: tuple[float, float]) -> str:
    """One line of a table."""
    cells = [
        name,
        str(one.peaks),
        f"{one.false:.1%}",
        f"{one.auroc:.3f} ({sure[0]:.3f}–{sure[1]:.3f})",
        f"{one.caught:.0%} ({some[0]:.0%}–{some[1]:.0%})",
        *(f"{share:.1%}" for share in (one.precision, one.recall, one.true_doubted)),
        f"{one.ece:.3f}",
    ]
    return f"| {' | '.join(cells)} |"


def baselines(groups: Sequence[Judged]) -> Iterator[str]:
    """AUROC and share caught beside the two plain ways."""
    yield "| Happy, natural | Doubt | Small margin | Hampel |"
    yield "|---|---|---|---|"
    for group in groups:
        ways = (group.doubt(), group.margin, group.hampel)
        cells = [f"{auroc(group.false, way):.3f}, {caught(group.false, way):.0%} caught" for way in ways]
        yield f"| {group.title} | {' | '.join(cells)} |"
    yield ""


def halves(groups: Sequence[Judged]) -> Iterator[str]:
    """Share of false joy before and after, at the bar that spares the true peaks and at the default threshold."""
    yield f"| Share of the peaks of joy that are false | All | Above {SPARED:.0%} bar gone | Suspects gone |"
    yield "|---|---|---|---|"
    for group in groups:
        doubt = group.doubt()
        bars = [bar(group.false, doubt), LIMITS.suspect]
        left = [group.false[doubt < at].mean() for at in bars]
        yield f"| {group.title} | {group.false.mean():.1%} | {left[0]:.1%} | {left[1]:.1%} |"
    yield ""


def rules(groups: Sequence[Judged]) -> Iterator[str]:
    """What each rule and the closer look are worth."""
    yield f"| Without | {' | '.join(group.title for group in groups)} |"
    yield f"|---|{'---|' * len(groups)}"
    for rule in (*groups[0].lesser, CLOSER):
        yield f"| {rule} | {' | '.join(change(group, rule) for group in groups)} |"
    yield ""


def change(group: Judged, rule: str) -> str:
    """What is lost without a rule."""
    full, lesser = group.doubt(), group.doubt(rule)
    worth = auroc(group.false, lesser) - auroc(group.false, full)
    points = 100 * (caught(group.false, lesser) - caught(group.false, full))
    return f"{worth:+.3f}, {points:+.0f}"


def plants(group: Judged) -> Iterator[str]:
    """Planted mistakes, kind by kind."""
    yield f"| Planted ({group.title}) | Peaks | False | AUROC | Precision | Recall |"
    yield "|---|---|---|---|---|---|"
    for plant in PLANTS:
        some = group.only(planted=plant)
        one = figures(some.false, some.doubt(), LIMITS.suspect)
        yield f"| {plant} | {one.peaks} | {one.false:.0%} | {one.auroc:.3f} | {one.precision:.0%} | {one.recall:.0%} |"
    yield ""


def promises(group: Judged) -> Iterator[str]:
    """Doubt against truth, step by step."""
    yield f"| Doubt ({group.title}, every emotion, natural) | Peaks | Of these false |"
    yield "|---|---|---|"
    for said, true, count in calibration(group.false, group.doubt()):
        low = int(said * BINS) / BINS
        yield f"| {low:.1f}–{low + 1 / BINS:.1f} | {count} | {true:.0%} |"
    yield ""
