"""The command line's part about comparing: scenes, or people of them, beside each other, as numbers or as charts."""

from __future__ import annotations

import json
import re
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from typing import TYPE_CHECKING, NamedTuple

from core import settings
from core.cli.peaks import align_columns
from core.errors import SettingError

if TYPE_CHECKING:
    import pandas as pd

    from core.analysis.compare import Meeting
    from core.analysis.fairness import Caveat, Facts
    from core.export.compare_charts import ComparedSide
    from core.export.comparison import One
    from core.store.scenes import Store

AXES = ("share", "seconds")
NUMBERS = ("yours", "everything")
_SIDE = re.compile(r"([0-9]{1,9})(?::(.+))?")


class Comparison(NamedTuple):
    """A comparison in numbers."""

    chosen: list[One]
    reader: str
    """The one that read all of them; empty where there is none."""
    sides: list[ComparedSide]
    means: pd.DataFrame
    """As from ``compare.mean_gaps``."""
    meetings: tuple[Meeting, Meeting] | None
    remarks: list[Caveat]


def add_arguments(command: ArgumentParser) -> None:
    """Adds what ``compare`` may be told."""
    command.add_argument(
        "sides", nargs="+", metavar="side", type=_parse_side, help="a scene, or one person of it: 1, 2:Anna, 2:3"
    )
    command.add_argument("--axis", choices=AXES, default="share", help="over 0-100%% of each scene, or in seconds")
    command.add_argument(
        "--numbers", choices=NUMBERS, default="yours", help="without what you dropped, or with everything"
    )
    command.add_argument("--reader", default="", help="whose numbers; the first that read all of them if not given")
    command.add_argument("--json", action="store_true", help="all of it, for programs")
    command.add_argument("--out", help="all charts as PNG and SVG: a .zip file")
    command.add_argument("--theme", choices=("light", "dark"), default="light", help="of the charts")
    command.add_argument("--language", default="en", help="of the charts: en, de, es, fr, hi, ja")


def _parse_side(text: str) -> tuple[int, str]:
    found = _SIDE.fullmatch(text)
    if not found:
        raise ArgumentTypeError(f"“{text}” is no scene and no person of one, like 2 or 2:Anna")
    return int(found[1]), found[2] or ""


def compare(asked: Namespace) -> None:
    """Prints how scenes or people differ, or writes all charts of that."""
    from core.cli import emotions
    from core.export import comparison, kinds
    from core.export.kinds import Choices
    from core.store.scenes import Store

    if asked.out and not asked.out.lower().endswith(".zip"):
        raise SettingError(f"{asked.out} cannot hold all charts. End its name in .zip.")
    shelf, taught = Store(), emotions.chosen_emotions(asked)
    chosen = [_find_side(shelf, *said) for said in asked.sides]
    if taught:
        emotions.embed_missing(shelf, [one.scene for one in chosen])
    reader = asked.reader or comparison.common_reader([one.scene for one in chosen])
    wanted = Choices(reader, asked.theme, asked.language, taught=taught)
    sides = comparison.sides(shelf, chosen, wanted, share=asked.axis == "share", column=asked.numbers)
    if asked.out:
        from core.export import tables as export

        export.write_bytes(
            comparison.charts_zip(sides, asked.numbers, asked.theme, kinds.wording(wanted).names), asked.out
        )
        return
    told = _compare(shelf, chosen, sides, reader, asked.numbers)
    print(_as_json(told, asked) if asked.json else _as_text(told, asked))


def _find_side(shelf: Store, number: int, who: str) -> One:
    from core.cli import people as casting
    from core.export.comparison import One

    scene = shelf.scene(number)
    if not scene.found:
        raise SettingError(f"“{scene.title}” has not been read yet. Read it first.")
    if not who:
        return One(scene)
    found = shelf.people(number)
    wanted = casting.find_person_id(found, who)
    person = next((one for one in found if wanted == one.id or wanted in one.tracks), None)
    if person is None:
        shown = f"`python -m core people {number}` shows who is there."
        raise SettingError(f"Nobody in “{scene.title}” has the number {wanted}. {shown}")
    return One(scene, person)


def _compare(shelf: Store, chosen: list[One], sides: list[ComparedSide], reader: str, numbers: str) -> Comparison:
    from core.analysis import compare, fairness

    curves, axes = [one.curve for one in sides], [one.axis for one in sides]
    facts = [_facts(shelf, one, side.title, reader) for one, side in zip(chosen, sides, strict=True)]
    table = compare.mean_gaps([one.view.means() for one in sides], numbers)
    return Comparison(chosen, reader, sides, table, compare.find_meetings(curves, axes), fairness.find_caveats(facts))


def _facts(shelf: Store, one: One, title: str, reader: str) -> Facts:
    from core.analysis import fairness, tables
    from core.language import READER_LABELS
    from core.video.remarks import describe_scene_remarks

    scene, timeline = one.scene, shelf.timeline(one.scene.id)
    read = reader or scene.readers[0]
    share = tables.coverage(timeline, one.person.who if one.person else None)
    faces, how = round(share * len(timeline.samples)), fairness.describe_search(scene.recipe, scene.finder)
    people = len(shelf.people(scene.id))
    name = READER_LABELS.get(read, read)
    remarks = tuple(describe_scene_remarks(scene, timeline.samples))
    return fairness.Facts(title, name, timeline.step_ms, people, one.person is None, share, faces, how, remarks)


def _as_text(told: Comparison, asked: Namespace) -> str:
    """The means, the widest gap first, then where two are most alike and most unlike, then what differs besides."""
    head = ("emotion", *(one.title for one in told.sides), "gap")
    lines = [_row(str(name), rows) for name, rows in told.means.groupby("emotion", sort=False)]
    said = [align_columns([head, *lines])]
    for word, one in zip(("alike", "unlike"), told.meetings or (), strict=False):
        said.append(_describe_meeting(told, one, word, asked.axis))
    return "\n".join([*said, *(remark.text for remark in told.remarks)])


def _row(emotion: str, rows: pd.DataFrame) -> tuple[str, ...]:
    each = [format_mean(one.mean, one.low, one.high) for one in rows.sort_values("side").itertuples()]
    gap = rows.iloc[0]
    return emotion, *each, format_mean(gap["gap"], gap["gap_low"], gap["gap_high"], "+.3f")


def format_mean(mean: float, low: float, high: float, form: str = ".3f") -> str:
    """Returns ``0.312 (0.250 to 0.380)``, without what is not known; ``-`` where nothing is."""
    if mean != mean:
        return "-"
    return f"{mean:{form}} ({low:{form}} to {high:{form}})" if low == low else f"{mean:{form}}"


def _describe_meeting(told: Comparison, one: Meeting, word: str, axis: str) -> str:
    from core.analysis import compare

    at = f"{one.at:.0f} %" if axis == "share" else settings.clock(round(one.at * 1000))
    where = " and ".join(
        f"{settings.clock(t_ms)} of “{told.sides[place].title}”"
        for place, t_ms in zip(one.sides, one.t_ms, strict=True)
    )
    return f"Most {word} at {at}, {where}: {compare.describe_meeting(one, alike=word == 'alike').removesuffix('.')}."


def _as_json(told: Comparison, asked: Namespace) -> str:
    """Returns all of it; what is not known is null."""

    def number(value: float) -> float | None:
        return None if value != value else round(float(value), 6)

    sides = [
        {"scene": one.scene.id, "title": one.scene.title}
        | ({"person": one.person.id, "name": one.person.name} if one.person else {})
        | {"end": round(side.axis.end, 3)}
        for one, side in zip(told.chosen, told.sides, strict=True)
    ]
    means = [
        {
            "emotion": name,
            **{key: number(rows[key].iloc[0]) for key in ("gap", "gap_low", "gap_high")},
            "sides": [{key: number(getattr(row, key)) for key in ("mean", "low", "high")} for row in rows.itertuples()],
        }
        for name, rows in told.means.sort_values("side", kind="stable").groupby("emotion", sort=False)
    ]
    met = {
        word: {"at": round(one.at, 3), "sides": list(one.sides), "t_ms": list(one.t_ms), "apart": round(one.apart, 4)}
        for word, one in zip(("alike", "unlike"), told.meetings or (), strict=False)
    }
    remarks = [one._asdict() for one in told.remarks]
    how = {"axis": asked.axis, "numbers": asked.numbers, "reader": told.reader or None}
    return json.dumps(how | {"sides": sides, "means": means, **met, "remarks": remarks}, indent=2, ensure_ascii=False)
