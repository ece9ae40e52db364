"""How well doubt tells false peaks from true ones: python -m bench.false_peaks --data ../shared/data/ferplus [--write]

Scenes of known truth are made from the pictures of test alone; the false peaks are the readers' own natural mistakes,
besides planted ones. With ``--media ../shared/media`` the clips of known truth are reported too. ``--split valid`` is
for developing; only test's figures count.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.cases import Case, Film, cases, films, look
from bench.doubt_figures import BINS, SPARED, Figures, Flags, Numbers, auroc, calibration, caught, figures, interval
from bench.scenes import PLANTS
from core import doubt_card
from core.closer import LEAST_DOUBT
from core.doubt_limits import LIMITS
from core.doubt_model import Model
from core.model import Read
from training import data

RESULTS = Path(__file__).parent.parent / "RESULTS.md"
START, END = "<!-- false-peaks:start -->", "<!-- false-peaks:end -->"

PICTURES, PLANTED, SEED = 4200, 3, 7
"""Pictures in natural scenes (each of test at least once), how many times fewer in planted ones, and another seed than
the fit's."""

WAYS = (("fer", "builtin", True), ("fer", "", False), ("builtin", "", False), ("builtin", "fer", True))
"""Whose peaks, the second reader, whether it is asked. fer's network stands in for DeepFace."""


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
        model = self.lesser[without] if without else self.model
        return np.array([model.doubt(case.evidence) for case in self.cases])

    def only(self, *, happy: bool = False, planted: str | bool | None = None) -> Judged:
        """The peaks of happy alone; natural ones (False), planted ones (True) or those of one kind of plant."""
        kept = [
            case
            for case in self.cases
            if (not happy or case.evidence.peak.emotion == "happy")
            and (planted is None or planted in (case.plant, bool(case.plant)))
        ]
        return Judged(self.title, kept, self.model, self.lesser)


def main() -> None:
    """Print the figures; put them into RESULTS.md with --write."""
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("--data", type=Path, required=True)
    made.add_argument("--media", type=Path, help="folder of the clips with known truth")
    made.add_argument("--split", choices=("valid", "test"), default="test")
    made.add_argument("--pictures", type=int, default=PICTURES, help="fewer for a quick look")
    made.add_argument("--write", action="store_true", help="put the figures into RESULTS.md")
    wanted = made.parse_args()
    text = "\n".join(report(wanted.data, wanted.split, wanted.pictures, wanted.media))
    print(text)
    if wanted.write:
        RESULTS.write_text(inserted(RESULTS.read_text("utf-8") if RESULTS.exists() else "# Results\n", text), "utf-8")


def inserted(page: str, text: str) -> str:
    """The page with this part replaced, or added at its end."""
    part = f"{START}\n{text}\n{END}"
    if START not in page:
        return f"{page.rstrip()}\n\n{part}\n"
    before, rest = page.split(START, 1)
    return before + part + rest.split(END, 1)[1]


def report(folder: Path, split: str, pictures: int, media: Path | None) -> Iterator[str]:
    """Markdown: what was measured, the tables, the clips."""
    from bench.false_clips import clips
    from bench.fer_reader import fer
    from core.adapters.read_builtin import builtin

    readers = {"fer": fer(), "builtin": builtin()}
    model, said = doubt_card.model(), json.loads(doubt_card.CARD.read_text("utf-8"))
    lesser = {rule: Model(sets) for rule, sets in said["left out"].items()}
    faces = data.load(folder, split).seven()
    read = [
        film
        for plants, count in ((False, pictures), (True, pictures // PLANTED))
        for film in films(faces.images, faces.labels, readers, count, planted=plants, seed=SEED)
    ]
    groups = [Judged(title(*way), list(seen(faces, read, readers, model, *way)), model, lesser) for way in WAYS]
    yield from told(groups, split, len(read))
    if media:
        yield from clips(media, readers, model)


def title(reader: str, other: str, asked: bool) -> str:
    """What a way of reading is called in the tables."""
    names = {"fer": "fer", "builtin": "built-in"}
    return f"{names[reader]}, second {names[other]}" if asked else f"{names[reader]} alone"


def seen(
    faces: data.Faces, read: Sequence[Film], readers: Mapping[str, Read], model: Model, reader: str, _: str, asked: bool
) -> Iterator[Case]:
    """Yield a reader's peaks, those looked at closely that a job would look at."""
    for film in read:
        for case in cases(film, reader):
            view = case if asked else case.without_second()
            if model.doubt(view.evidence) >= LEAST_DOUBT:
                view = view.with_closer(look(faces.images, case, readers[reader]))
            yield view


def told(groups: Sequence[Judged], split: str, scenes: int) -> Iterator[str]:
    """All tables of the scenes."""
    yield "## False peaks\n"
    yield f"{scenes} scenes of known truth from the pictures of FER+ {split} (`bench/scenes.py`), a moment every 100,"
    yield "200 or 500 ms. A peak is false when its emotion is not what the shot shows. Natural: the reader's own"
    yield f"mistakes. Caught: share of the false peaks above the bar that doubts at most {SPARED:.0%} of the true ones."
    yield f"Precision, recall, true peaks doubted: at the default threshold {LIMITS.suspect}. In brackets: 95 % of"
    yield "bootstrap draws of whole shots. fer's network stands in for DeepFace.\n"
    yield from main_table("happy, natural", [group.only(happy=True, planted=False) for group in groups])
    yield from main_table("every emotion, natural", [group.only(planted=False) for group in groups])
    yield from main_table("every emotion, planted mistakes", [group.only(planted=True) for group in groups])
    yield from baselines([group.only(happy=True, planted=False) for group in groups])
    yield from rules([group.only(happy=True, planted=False) for group in groups])
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
    yield "| Happy, natural | Doubt | Small margin | Plain Hampel |"
    yield "|---|---|---|---|"
    for group in groups:
        ways = (group.doubt(), group.margin, group.hampel)
        cells = [f"{auroc(group.false, way):.3f}, {caught(group.false, way):.0%} caught" for way in ways]
        yield f"| {group.title} | {' | '.join(cells)} |"
    yield ""


def rules(groups: Sequence[Judged]) -> Iterator[str]:
    """What is lost when a rule is left out and the rest fitted again."""
    yield f"| Happy, natural: AUROC without the rule | {' | '.join(group.title for group in groups)} |"
    yield f"|---|{'---|' * len(groups)}"
    for rule in groups[0].lesser:
        changes = (auroc(group.false, group.doubt(rule)) - auroc(group.false, group.doubt()) for group in groups)
        yield f"| {rule} | {' | '.join(f'{change:+.3f}' for change in changes)} |"
    yield ""


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


if __name__ == "__main__":
    main()
