"""The command line's part about doubts: peaks with their reasons, and verdicts out and in."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core import settings
from core.cli import progress
from core.doubt.limits import LIMITS
from core.errors import SettingError
from core.language import write_group, write_reason, write_tier
from core.model import Person, Reason, Recipe, Scene, Suspect
from core.video.remarks import parse_video

if TYPE_CHECKING:
    from core.emotions.emotion import OwnEmotion
    from core.shelf.scene_view import SceneView

COLUMNS = ("doubt", "what to do", "from", "to", "who", "emotion", "height", "why")


def add_peaks_arguments(command: ArgumentParser) -> None:
    """Adds what ``peaks`` may be told, besides the settings of a reading."""
    command.add_argument("what", metavar="file or id", help="a file to read, or the number of a scene on the shelf")
    command.add_argument("--reader", help="whose peaks; those of the preferred reader if not given")
    command.add_argument("--json", action="store_true", help="every peak with all reasons, for programs")
    command.add_argument("--all", action="store_true", help="also the peaks that are believed")


def add_verdicts_arguments(command: ArgumentParser) -> None:
    """Adds what ``verdicts`` may be told, besides the scene."""
    way = command.add_mutually_exclusive_group()
    way.add_argument("--out", help="file to write: .json")
    way.add_argument("--load", help="file that Outtake wrote for the same clip")


def peaks(asked: Namespace, recipe: Recipe | None) -> None:
    """Prints a scene's peaks, or a file's that is read for it; ``recipe`` is None for a scene of the shelf."""
    from core.cli import emotions

    own = emotions.chosen_emotions(asked)
    view = _read_file(recipe, asked.reader, own) if recipe else _read_scene(int(asked.what), asked.reader, own)
    print(as_json(view) if asked.json else as_text(view, everything=asked.all))


def _read_file(recipe: Recipe, reader: str | None, own: Sequence[OwnEmotion]) -> SceneView:
    from core.shelf import read_file
    from core.shelf.scene_view import ReadClip, SceneView

    read_file.check_emotions(recipe, own, False)
    name = Path(recipe.source).name
    with progress.bar(name) as show:
        timeline, suspects, told = read_file.find_suspects(recipe, progress=show, workers=None)
    video = parse_video(told["video"])
    scene = Scene(0, name, recipe, video=video, finder=told["finder"], readers=tuple(told["readers"]))
    return SceneView(scene, _choose_reader(reader, scene.readers), ReadClip(timeline, suspects), own=tuple(own))


def _read_scene(scene_id: int, reader: str | None, own: Sequence[OwnEmotion]) -> SceneView:
    from core.cli import emotions
    from core.shelf.scene_view import view_scene
    from core.store.scenes import Store

    shelf = Store()
    scene = shelf.scene(scene_id)
    if not scene.found:
        raise SettingError(f"Scene {scene_id} has not been read yet. Read it first.")
    if own:
        emotions.embed_missing(shelf, [scene])
    return view_scene(shelf, scene, _choose_reader(reader, scene.readers), own)


def _choose_reader(reader: str | None, readers: Sequence[str]) -> str:
    """Returns the reader that was asked for, else the preferred one; "" where there was none at all."""
    if reader is not None and reader not in readers:
        raise SettingError(f"“{reader}” did not read it. Choose {' or '.join(readers)}.")
    return reader if reader is not None else next(iter(readers), "")


def as_json(view: SceneView) -> str:
    """Returns every peak of the reader, the most doubtful first; ``dropped`` is null where nobody has decided.

    ``groups`` are what the pages show as one: open peaks with one cause in one place, by their places in ``peaks``.
    """
    from core.reading import people

    scene = view.scene
    head = {"clip": scene.title, "finder": scene.finder, "reader": view.reader, "step_ms": view.timeline.step_ms}
    bars = {"suspect_from": LIMITS.suspect, "disbelieve_from": LIMITS.disbelieve}
    who = people.owner_lookup(view.people)
    peaks = [_peak(view, one, who(one.peak.track, one.peak.apex_ms)) for one in view.suspects]
    return json.dumps(head | bars | {"peaks": peaks, "groups": _groups(view)}, indent=2)


def _groups(view: SceneView) -> list[dict[str, Any]]:
    place = {one.peak: at for at, one in enumerate(view.suspects)}
    several = [group for group in view.groups if len(group.suspects) > 1]
    return [
        {"rule": one.cause.rule, "peaks": [place[each.peak] for each in one.suspects], "text": write_group(one.cause)}
        for one in several
    ]


def _peak(view: SceneView, one: Suspect, person: Person | None) -> dict[str, Any]:
    decided = view.verdict(one.peak)
    whose = {"person": person and person.id, "name": person and person.name}
    opinion = {"doubt": one.doubt, "suspect": one.doubt >= LIMITS.suspect, "tier": LIMITS.tier(one.doubt)}
    said: dict[str, Any] = whose | opinion | {"dropped": decided and decided.dropped}
    return asdict(one.peak) | said | {"reasons": [_reason(reason) for reason in one.reasons]}


def _reason(reason: Reason) -> dict[str, Any]:
    facts = {"rule": reason.rule, "kind": reason.kind, "strength": reason.strength, "figures": dict(reason.figures)}
    return facts | {"text": write_reason(reason)}


def as_text(view: SceneView, *, everything: bool) -> str:
    """A line for each suspect, or for every peak, with the strongest reason, and how many are not shown."""
    from core.reading import people

    shown = view.suspects if everything else view.doubtful
    rest = len(view.suspects) - len(shown)
    who = people.owner_lookup(view.people)
    lines = [COLUMNS, *(_line(one, who(one.peak.track, one.peak.apex_ms)) for one in shown)]
    told = [align_columns(lines)] if shown else [f"{write_tier('').capitalize()}."]
    if rest:
        told.append(f"{rest} more {'peak is' if rest == 1 else 'peaks are'} believed; --all shows them too.")
    return "\n".join(told)


def _line(one: Suspect, who: Person | None) -> tuple[str, ...]:
    peak = one.peak
    times = settings.clock(peak.start_ms), settings.clock(peak.end_ms)
    why = write_reason(one.reasons[0]) if one.reasons else ""
    return (
        f"{one.doubt:.2f}",
        LIMITS.tier(one.doubt),
        *times,
        who.name if who else "",
        peak.emotion,
        f"{peak.height:.2f}",
        why,
    )


def verdicts(asked: Namespace) -> None:
    """Prints a scene's verdicts, writes them, or judges the scene by those of a file."""
    from core.export import tables as export
    from core.shelf import review
    from core.store.scenes import Store

    if asked.out and export.check_target(Path(asked.out)) != "json":
        raise SettingError(f"{asked.out} should end in .json: verdicts are written as that.")
    shelf = Store()
    if asked.load:
        fit, rest = review.load_verdicts(shelf, shelf.scene(asked.id), _read_text(Path(asked.load)))
        said = f"{fit} {'verdict' if fit == 1 else 'verdicts'} loaded"
        print(f"{said}; {rest} more fit no peak of this scene." if rest else f"{said}.")
    elif asked.out:
        export.write_bytes(review.verdicts_json(shelf, shelf.scene(asked.id)).encode(), asked.out)
    else:
        sys.stdout.write(review.verdicts_json(shelf, shelf.scene(asked.id)))


def _read_text(file: Path) -> str:
    """Returns what is in a file anybody may have written; what is too large is cut, and refused by whoever asks."""
    from core.doubt.verdicts import LARGEST_BYTES

    if not file.is_file():
        raise SettingError(f"{file} is not a file. Check its name and folder.")
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST_BYTES + 1).decode()
    except OSError as error:
        raise SettingError(f"{file} cannot be read ({error.strerror}). Choose another file.") from error
    except UnicodeDecodeError as error:
        raise SettingError(f"{file} is not a text. Choose a file that Outtake saved.") from error


def align_columns(lines: Iterable[Sequence[str]]) -> str:
    """Returns lines of cells as text, every column as wide as its widest cell."""
    cells = list(lines)
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    padded = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in cells)
    return "\n".join(line.rstrip() for line in padded)
