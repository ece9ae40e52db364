"""An own emotion as a small open file: JSON with numbers, the reader's name and hash, examples and figures."""

from __future__ import annotations

import json
import re
from typing import Any

from core.emotions.emotion import Clip, Example, OwnEmotion, check_name, parse_example
from core.emotions.training import LEAST, MOST, Figures, Share
from core.errors import SettingError
from core.host.strict_json import StrictJson

FILE = StrictJson("This emotion cannot be loaded:", "Choose a file that Outtake saved.")

VERSION = 1

LARGEST_BYTES = 200_000
"""A file with the most examples is smaller; anything larger is not one."""

MOST_WEIGHTS = 4096

LARGEST = 1e6
"""No weight that was learned comes near it."""

HEX = re.compile(r"[0-9a-f]{64}")


def to_json(one: OwnEmotion) -> str:
    """Return an emotion's file: JSON, a line for each part; nothing of the machine or of the films is in it."""
    head = {"outtake": "emotion", "version": VERSION, "name": one.name}
    figures = {name: _round(value) for name, value in one.figures._asdict().items()}
    said: dict[str, Any] = {
        **head,
        "reader": {"name": one.reader, "network": one.network},
        "yes": [str(face) for face in one.yes],
        "no": [str(face) for face in one.no],
        "clips": {str(scene): clip._asdict() for scene, clip in one.clips.items()},
        "figures": figures,
        "bias": one.bias,
        "weights": list(one.weights),
    }
    lines = ",\n".join(f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in said.items())
    return f"{{\n{lines}\n}}\n"


def _round(value: object) -> object:
    if isinstance(value, Share):
        return [round(each, 4) for each in value]
    return round(value, 4) if isinstance(value, float) else value


def parse(data: bytes | str) -> OwnEmotion:
    """Returns the emotion of a file; SettingError with a sentence for anything that Outtake did not write."""
    said = FILE.mapping(FILE.parse(data, "it", LARGEST_BYTES, 10 * MOST_WEIGHTS), "it")
    if said.get("outtake") != "emotion" or type(said.get("version")) is not int:
        FILE.refuse("it is not an emotion’s file")
    if said["version"] != VERSION:
        raise SettingError("This emotion was saved by another version of Outtake. Bring this one up to date.")
    FILE.fields(said, PARTS, "it")
    if not isinstance(said["name"], str) or check_name(said["name"]) != said["name"]:
        FILE.refuse("its name is none")
    reader, network = _reader(said["reader"])
    yes, no = (_examples(said[side], side) for side in ("yes", "no"))
    if set(yes) & set(no):
        FILE.refuse("a face is among both its yes and its no")
    clips = _clips(said["clips"], {face.scene for face in (*yes, *no)})
    weights = FILE.items(said["weights"], MOST_WEIGHTS, "its list of weights", 1)
    numbers = tuple(FILE.number(weight, -LARGEST, LARGEST, "a weight") for weight in weights)
    bias = FILE.number(said["bias"], -LARGEST, LARGEST, "its bias")
    return OwnEmotion(said["name"], reader, network, numbers, bias, yes, no, clips, _figures(said["figures"]))


PARTS = {"outtake", "version", "name", "reader", "yes", "no", "clips", "figures", "bias", "weights"}


def _reader(value: object) -> tuple[str, str]:
    said = FILE.fields(value, ("name", "network"), "its reader")
    if said["name"] != "builtin":
        FILE.refuse("its reader is not the built-in one")
    if not isinstance(said["network"], str) or not HEX.fullmatch(said["network"]):
        FILE.refuse("its reader’s network is not a SHA-256")
    return said["name"], said["network"]


def _examples(value: object, side: str) -> tuple[Example, ...]:
    said = FILE.items(value, MOST, f"its {side}", LEAST)
    known = {face for name in said if isinstance(name, str) and (face := parse_example(name)) is not None}
    if len(known) < len(said):
        FILE.refuse(f"its {side} holds what is no face’s name, or a face twice")
    return tuple(face for name in said if (face := parse_example(name)) is not None)


def _clips(value: object, scenes: set[int]) -> dict[int, Clip]:
    clips = FILE.fields(value, [str(scene) for scene in scenes], "its clips")
    return {int(scene): _clip(clip) for scene, clip in clips.items()}


def _clip(value: object) -> Clip:
    said = FILE.fields(value, Clip._fields, "a clip")
    length_ms, width, height = (
        FILE.whole(said[name], 0, 10**9, f"a clip’s {name}") for name in ("duration_ms", "width", "height")
    )
    return Clip(length_ms, width, height, FILE.number(said["fps"], 0, 10_000, "a clip’s fps"))


def _figures(value: object) -> Figures:
    said = FILE.fields(value, Figures._fields, "its figures")
    yes, no, yes_tracks, no_tracks = (
        FILE.whole(said[name], 0, MOST, name) for name in ("yes", "no", "yes_tracks", "no_tracks")
    )
    recall, precision = (_share(said[name], name) for name in ("recall", "precision"))
    apart = None if said["apart"] is None else FILE.number(said["apart"], 0, 1, "apart")
    caution = FILE.text(said["caution"], 400, "its caution", str.isprintable)
    return Figures(yes, no, yes_tracks, no_tracks, recall, precision, apart, caution)


def _share(value: object, name: str) -> Share | None:
    if value is None:
        return None
    share = Share(*FILE.numbers(value, 3, 0, 1, f"its {name}"))
    if not share.low <= share.value <= share.high:
        FILE.refuse(f"its {name} lies outside its interval")
    return share
