"""How well doubt tells false peaks from true ones: python -m bench.false_peaks --data ../shared/data/ferplus [--write]

Scenes of known truth are made from the pictures of test alone; the false peaks are the readers' own natural mistakes,
besides planted ones. With ``--media ../shared/media`` the clips of known truth are reported too, and first of all, from
``--film ../shared/data/film``, what the doubt is worth on peaks of film that were judged by eye. ``--split valid`` is
for developing, with weights of ``--weights``; only test's figures count.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bench import film_tables, results
from bench.cases import Case, both, gathered
from bench.false_tables import Judged, told
from core.doubt import weights as doubt_card
from core.doubt.model import Model
from core.reading.closer_look import LEAST_DOUBT
from training import data

PICTURES, PLANTED, SEED = 4200, 3, 7
"""Pictures in natural scenes (each of test at least once), how many times fewer in planted ones, and another seed than
the fit's."""

WORKERS = 2
"""Processes that read the scenes."""

WAYS = {
    "fer, second built-in": ("fer", True),
    "fer alone": ("fer", False),
    "built-in alone": ("builtin", False),
    "built-in, second fer": ("builtin", True),
}
"""Whose peaks, and whether the other one is asked. fer's network stands in for DeepFace."""


def main() -> None:
    """Print the figures; put them into RESULTS.md with --write."""
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("--data", type=Path, required=True)
    made.add_argument("--media", type=Path, help="folder of the clips with known truth")
    made.add_argument("--film", type=Path, default=Path("../shared/data/film"), help="folder of the judged clips")
    made.add_argument("--only-film", action="store_true", help="report film alone, which takes seconds")
    made.add_argument("--split", choices=("valid", "test"), default="test")
    made.add_argument("--pictures", type=int, default=PICTURES, help="fewer for a quick look")
    made.add_argument("--weights", type=Path, default=doubt_card.CARD, help="others than the shipped ones")
    made.add_argument("--write", action="store_true", help="put the figures into RESULTS.md")
    wanted = made.parse_args()
    on_film = film_tables.film(wanted.film, doubt_card.load_model(wanted.weights))
    if wanted.only_film:
        print("\n".join(on_film))
        return
    parts = [*on_film, *report(wanted.data, wanted.split, wanted.pictures, wanted.media, wanted.weights)]
    text = "\n".join(["## False peaks\n", *parts])
    print(text)
    if wanted.write:
        results.write("false-peaks", text)


def report(folder: Path, split: str, pictures: int, media: Path | None, weights: Path) -> Iterator[str]:
    """Markdown: what was measured, the tables, the clips."""
    from bench.false_clips import clips

    counts = {False: pictures, True: pictures // PLANTED}
    peaks = gathered(data.load(folder, split).seven(), both, counts, SEED, WORKERS)
    model, lesser = models(weights)
    yield from told([judged(peaks, model, lesser, title) for title in WAYS], split)
    if media:
        yield from clips(media, both(), model)


def models(weights: Path) -> tuple[Model, Mapping[str, Model]]:
    """Return the fitted model, and what the fit gave when one rule was left out."""
    left_out, model = json.loads(weights.read_text("utf-8"))["left out"], doubt_card.load_model(weights)
    return model, {rule: Model(sets, model.film) for rule, sets in left_out.items()}


def judged(peaks: Sequence[Case], model: Model, lesser: Mapping[str, Model], title: str) -> Judged:
    """Return one way of reading: its peaks, those looked at closely that a job would look at."""
    reader, asked = WAYS[title]
    mine = [case for case in peaks if case.evidence.reader == reader]
    views = [case if asked else case.without_second() for case in mine]
    looked = [view.looked() if model.doubt(view.evidence) >= LEAST_DOUBT else view for view in views]
    return Judged(title, looked, model, lesser)


if __name__ == "__main__":
    main()
