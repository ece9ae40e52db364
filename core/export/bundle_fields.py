"""Values out of a file that anybody may have written: each is what it should be, or the file is refused."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NoReturn

from core.errors import SettingError

NAME = re.compile(r"[A-Za-z0-9._-]{1,40}")
"""A reader's, a finder's or a codec's name."""


def refuse(why: str) -> NoReturn:
    """Raise the sentence that says why the bundle is not taken."""
    raise SettingError(f"This bundle cannot be imported: {why}. Have it exported again.")


def parsed(text: bytes, what: str) -> Any:
    """The JSON in the bytes, in which no number is endless or none."""
    try:
        return json.loads(text.decode(), parse_constant=_no_number, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise SettingError(
            f"This bundle cannot be imported: {what} is no JSON that Outtake writes. Have it exported again."
        ) from error


def _no_number(name: str) -> float:
    raise ValueError(name)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def fields(value: object, names: Sequence[str], what: str, optional: Sequence[str] = ()) -> dict[str, Any]:
    """An object with exactly these fields."""
    if not isinstance(value, dict):
        refuse(f"{what} is not an object")
    lacking = [name for name in names if name not in value]
    if lacking:
        refuse(f"{what} does not say its {lacking[0]}")
    strange = [name for name in value if name not in (*names, *optional)]
    if strange:
        refuse(f"{what} says something that Outtake does not know ({_short(strange[0])})")
    return value


def listed(value: object, most: int, what: str, exactly: int | None = None) -> list[Any]:
    """A list of at most, or exactly, so many."""
    if not isinstance(value, list) or len(value) > most or (exactly is not None and len(value) != exactly):
        refuse(f"{what} is not a list of {f'{exactly}' if exactly is not None else f'at most {most}'}")
    return value


def whole(value: object, low: int, high: int, what: str) -> int:
    """A whole number in its range; true and 1.0 are none."""
    if type(value) is not int or not low <= value <= high:
        refuse(f"{what} is not a whole number from {low} to {high}")
    return value


def number(value: object, low: float, high: float, what: str) -> float:
    """A number in its range."""
    if type(value) not in (int, float) or not low <= value <= high:  # type: ignore[operator]
        refuse(f"{what} is not a number from {low:g} to {high:g}")
    return float(value)  # type: ignore[arg-type]


def numbers(value: object, count: int, low: float, high: float, what: str) -> list[float]:
    """So many numbers, each in the range."""
    return [number(one, low, high, what) for one in listed(value, count, what, count)]


def truth(value: object, what: str) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        refuse(f"{what} is neither true nor false")
    return value


def text(value: object, most: int, what: str, known: Callable[[str], object] = str) -> str:
    """A text of at most so many signs, of a kind that is known."""
    if not isinstance(value, str) or len(value) > most or not known(value or " ") or "\x00" in value:
        refuse(f"{what} is not a text that Outtake writes there")
    return value.encode("utf-8", "replace").decode()


def name(value: object, what: str) -> str:
    """The name of a reader, a finder or a codec."""
    return text(value, 40, what, NAME.fullmatch)


def date(value: object, what: str) -> str:
    """A moment in time, ISO 8601."""
    said = text(value, 40, what)
    try:
        datetime.fromisoformat(said)
    except ValueError:
        refuse(f"{what} is not a date")
    return said


def _short(said: object) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in str(said))[:40]
