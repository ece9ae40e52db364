"""The command line's part about people: who is in a scene, and name, merge, split and undo."""

from __future__ import annotations

import json
import re
import sys
from argparse import SUPPRESS, ArgumentParser, Namespace
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from core import settings
from core.cli.peaks import align_columns
from core.errors import SettingError
from core.model import Gathering, Person, Span, Timeline
from core.reading import people

if TYPE_CHECKING:
    from core.store.scenes import Store

COLUMNS = ("name", "from", "on screen", "tracks", "number")

_PART = re.compile(r"([0-9]{1,9})(?:@([^-]+)-([^-]+))?")
"""A track, or a stretch of it: ``3``, ``3@0:02-0:04.5``."""


def add_arguments(command: ArgumentParser, scene: Callable[[str], int]) -> None:
    """Adds what ``people`` may be told; ``scene`` reads the number of one."""
    command.add_argument("id", type=scene)
    way = command.add_mutually_exclusive_group()
    way.add_argument(
        "--name", nargs=2, metavar=("who", "name"), help="call somebody so; an empty name takes theirs away"
    )
    way.add_argument("--merge", nargs="+", metavar="who", help="several people are one")
    way.add_argument(
        "--split", nargs="+", metavar=("who", "track"), help="tracks of somebody are another's: 3, or 3@0:02-0:04.5"
    )
    way.add_argument(
        "--alike",
        action="store_true",
        help="who looks alike and may be one, by DeepFace's SFace (39 MB, downloaded once); nothing is merged",
    )
    command.add_argument("--told", help=SUPPRESS)
    way.add_argument("--undo", action="store_true", help="take the newest of these decisions back")
    command.add_argument("--json", action="store_true", help="everybody with all that is theirs, for programs")


def show(asked: Namespace) -> None:
    """Changes who is who where that is asked for, then prints the people of a scene."""
    from core.store.scenes import Store

    shelf = Store()
    if asked.told:
        from core.cli import links
        from core.shelf import alike_task

        links.confine_worker()  # as every process that works for strangers
        alike_task.run(shelf, asked.id, Path(asked.told))
        return
    if asked.alike:
        print(_list_alike(shelf, asked.id))
        return
    if asked.undo:
        if shelf.undo_people_decision(asked.id, together=True) is None:
            raise SettingError("Nothing was decided about the people of this scene. There is nothing to take back.")
    elif asked.name or asked.merge or asked.split:
        shelf.add_people_decisions(asked.id, [_parse_decision(shelf, asked)])
    print(_as_json(shelf, asked.id) if asked.json else _as_text(shelf, asked.id))


def _list_alike(shelf: Store, scene_id: int) -> str:
    """Pairs who may be one person, with how far apart they look."""
    from core.analysis import alike
    from core.faces import identify_deepface
    from core.shelf import alike_task

    if not identify_deepface.is_downloaded():
        print(f"Downloading SFace, {identify_deepface.MEGABYTES} MB, once.", file=sys.stderr)
    known = alike_task.compare_faces(shelf, scene_id, identify_deepface.open_sface, lambda share, said: True)
    found = shelf.people(scene_id)
    pairs = alike.find_pairs(people.track_spans(shelf.timeline(scene_id)), found, known) if known else []
    lines = [
        ("distance", "one", "other"),
        *((f"{pair.distance:.2f}", pair.one.name, pair.other.name) for pair in pairs),
    ]
    return (
        f"{align_columns(lines)}\nLook at their faces before you merge."
        if pairs
        else "Nobody looks alike in two shots."
    )


def _parse_decision(shelf: Store, asked: Namespace) -> Gathering:
    found = shelf.people(asked.id)
    if asked.name:
        return people.name_person(found, find_person_id(found, asked.name[0]), asked.name[1])
    if asked.merge:
        whom = [find_person_id(found, one) for one in asked.merge]
        return people.merge_people(found, whom, people.ids_with_names(shelf.people_decisions(asked.id)))
    seen = people.track_spans(shelf.timeline(asked.id))
    return people.split_person(
        seen, found, find_person_id(found, asked.split[0]), [_parse_part(text) for text in asked.split[1:]]
    )


def find_person_id(found: Sequence[Person], said: str) -> int:
    """Returns the number of a person who is called by name or by number."""
    named = [person.id for person in found if person.name.casefold() == said.casefold()]
    if len(named) == 1:
        return named[0]
    if re.fullmatch(r"-?[0-9]{1,9}", said):
        return int(said)
    trouble = f"{len(named)} people here are" if named else "Nobody here is"
    raise SettingError(f"{trouble} called “{said}”. Say the number that `python -m core people` shows.")


def _parse_part(text: str) -> int | Span:
    found = _PART.fullmatch(text)
    if not found:
        raise SettingError(f"“{text}” is no track. Write a number like 3, or a stretch of it like 3@0:02-0:04.5.")
    track, start, end = found.groups()
    if start is None:
        return int(track)
    return Span(int(track), settings.parse_moment(start) or 0, settings.parse_moment(end) or 0)


def _as_json(shelf: Store, scene_id: int) -> str:
    timeline, found = shelf.timeline(scene_id), shelf.people(scene_id)
    seen = people.track_spans(timeline)
    head = {"scene": scene_id, "title": shelf.scene(scene_id).title, "step_ms": timeline.step_ms}
    moments = _count_moments(timeline, found)
    everybody = [
        {
            "person": person.id,
            "name": person.name,
            "tracks": person.tracks,
            "stretches": [span._asdict() for span in people.stretches(seen, person)],
            "moments": moments[person.id],
        }
        for person in found
    ]
    return json.dumps(head | {"people": everybody}, indent=2)


def _count_moments(timeline: Timeline, found: Sequence[Person]) -> Counter[int]:
    """Counts at how many moments everybody is on screen."""
    owner = people.owner_lookup(found)
    there = ({owner(face.track, sample.t_ms) for face in sample.faces} for sample in timeline.samples)
    return Counter(person.id for some in there for person in some if person)


def _as_text(shelf: Store, scene_id: int) -> str:
    timeline, found = shelf.timeline(scene_id), shelf.people(scene_id)
    if not found:
        return "Nobody was followed in this scene."
    seen = people.track_spans(timeline)
    moments = _count_moments(timeline, found)
    lines = [
        (
            *(person.name, settings.clock(people.stretches(seen, person)[0].start_ms)),
            settings.clock(moments[person.id] * timeline.step_ms),
            *(" ".join(map(str, person.tracks)), str(person.id)),
        )
        for person in found
    ]
    return align_columns([COLUMNS, *lines])
