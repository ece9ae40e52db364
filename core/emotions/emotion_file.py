"""An own emotion as a small open file: JSON with numbers, the reader's name and hash, examples and figures."""

from __future__ import annotations

import json
import re
from typing import Any

from core.emotions.emotion import Clip, Example, OwnEmotion, check_name, parse_example
from core.emotions.training import LEAST, MOST, Figures, Share
from core.errors import SettingError

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


def from_bytes(said: bytes) -> OwnEmotion:
    """Return the emotion of a file's bytes; SettingError for anything that Outtake did not write."""
    try:
        return parse(said.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise load_error("it is not text") from error


def parse(text: str) -> OwnEmotion:
    """Return the emotion of a file; SettingError with a sentence for anything that Outtake did not write."""
    said = _object(text)
    if said.get("outtake") != "emotion" or type(said.get("version")) is not int:
        raise load_error("it is not an emotion’s file")
    if said["version"] != VERSION:
        raise SettingError("This emotion was saved by another version of Outtake. Bring this one up to date.")
    _keys(said, PARTS, "it")
    if not isinstance(said["name"], str) or check_name(said["name"]) != said["name"]:
        raise load_error("its name is none")
    reader, network = _reader(said["reader"])
    yes, no = (_examples(said[side], side) for side in ("yes", "no"))
    if set(yes) & set(no):
        raise load_error("a face is among both its yes and its no")
    clips = _clips(said["clips"], {face.scene for face in (*yes, *no)})
    weights = said["weights"]
    if not isinstance(weights, list) or not 1 <= len(weights) <= MOST_WEIGHTS:
        raise load_error(f"it has no list of 1 to {MOST_WEIGHTS} weights")
    numbers = tuple(_number(weight, "a weight", -LARGEST, LARGEST) for weight in weights)
    bias = _number(said["bias"], "bias", -LARGEST, LARGEST)
    return OwnEmotion(said["name"], reader, network, numbers, bias, yes, no, clips, _figures(said["figures"]))


PARTS = {"outtake", "version", "name", "reader", "yes", "no", "clips", "figures", "bias", "weights"}


def _object(text: str) -> dict[str, Any]:
    if len(text) > LARGEST_BYTES:
        raise load_error(f"it is larger than {LARGEST_BYTES // 1000} kB")
    try:
        said = json.loads(
            text.removeprefix("\ufeff"), parse_constant=_refuse_constant, object_pairs_hook=_refuse_repeated_keys
        )
    except (ValueError, RecursionError) as error:
        raise load_error("it is not JSON") from error
    if not isinstance(said, dict):
        raise load_error("it is not an emotion’s file")
    return said


def _refuse_constant(name: str) -> float:
    raise ValueError(name)


def _refuse_repeated_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("a key twice")
    return dict(pairs)


def _keys(said: object, wanted: set[str], what: str) -> dict[str, Any]:
    if not isinstance(said, dict) or set(said) != wanted:
        raise load_error(f"{what} does not have the parts {', '.join(sorted(wanted))} and no others")
    return said


def _reader(said: object) -> tuple[str, str]:
    parts = _keys(said, {"name", "network"}, "its reader")
    if parts["name"] != "builtin":
        raise load_error("its reader is not the built-in one")
    if not isinstance(parts["network"], str) or not HEX.fullmatch(parts["network"]):
        raise load_error("its reader’s network is not a SHA-256")
    return parts["name"], parts["network"]


def _examples(said: object, side: str) -> tuple[Example, ...]:
    if not isinstance(said, list) or not LEAST <= len(said) <= MOST:
        raise load_error(f"its {side} is not a list of {LEAST} to {MOST} faces")
    faces = tuple(parse_example(face) if isinstance(face, str) else None for face in said)
    known = tuple(face for face in faces if face is not None)
    if len(set(known)) < len(said):
        raise load_error(f"its {side} holds what is no face’s name, or a face twice")
    return known


def _clips(said: object, scenes: set[int]) -> dict[int, Clip]:
    clips = _keys(said, {str(scene) for scene in scenes}, "its clips")
    return {int(scene): _clip(clip) for scene, clip in clips.items()}


def _clip(said: object) -> Clip:
    parts = _keys(said, set(Clip._fields), "a clip")
    length, width, height = (
        _whole(parts[name], f"a clip’s {name}", 0, 10**9) for name in ("duration_ms", "width", "height")
    )
    return Clip(length, width, height, _number(parts["fps"], "a clip’s fps", 0, 10_000))


def _figures(said: object) -> Figures:
    parts = _keys(said, set(Figures._fields), "its figures")
    yes, no, yes_tracks, no_tracks = (
        _whole(parts[name], name, 0, MOST) for name in ("yes", "no", "yes_tracks", "no_tracks")
    )
    recall, precision = (_share(parts[name], name) for name in ("recall", "precision"))
    apart = None if parts["apart"] is None else _number(parts["apart"], "apart", 0, 1)
    caution = parts["caution"]
    if not isinstance(caution, str) or len(caution) > 400 or not caution.isprintable():
        raise load_error("its caution is no sentence")
    return Figures(yes, no, yes_tracks, no_tracks, recall, precision, apart, caution)


def _share(said: object, name: str) -> Share | None:
    if said is None:
        return None
    if not isinstance(said, list) or len(said) != 3:
        raise load_error(f"its {name} is not a share with its interval")
    share = Share(*(_number(each, name, 0, 1) for each in said))
    if not share.low <= share.value <= share.high:
        raise load_error(f"its {name} lies outside its interval")
    return share


def _whole(value: object, name: str, low: int, high: int) -> int:
    if type(value) is not int or not low <= value <= high:
        raise load_error(f"{name} is not a whole number from {low} to {high}")
    return value


def _number(value: object, name: str, low: float, high: float) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
        raise load_error(f"{name} is not a number from {low:g} to {high:g}")
    return float(value)


def load_error(why: str) -> SettingError:
    """Return the error about a file that cannot be loaded."""
    return SettingError(why, "This emotion cannot be loaded:", "Choose a file that Outtake saved.")
