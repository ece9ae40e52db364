"""JSON out of a file that anybody may have written: every value is what it should be, or the file is refused.

It lies here because emotions, verdicts and bundles all stand above it; like sandbox and limits it guards the machine
against what comes from outside.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

from core.errors import SettingError

NAME = re.compile(r"[A-Za-z0-9._-]{1,40}")
"""A reader's, a finder's or a codec's name."""


@dataclass(frozen=True, slots=True)
class StrictJson:
    """One kind of file. Each method returns the value, of the type that it names, or raises SettingError.

    The error says what cannot be taken, which field is wrong (``what``, in words) and what to do now.
    """

    refusal: str
    """How the sentence begins: ``This bundle cannot be imported:``."""
    remedy: str

    def refuse(self, why: str, error: Exception | None = None) -> NoReturn:
        """Raises the sentence that says why the file is not taken; ``error`` is its cause."""
        raise SettingError(why, self.refusal, self.remedy) from error

    def parse(self, data: bytes | str, what: str, largest: int | None = None, values: int | None = None) -> Any:
        """Returns the JSON of a text in UTF-8; no number in it is endless or none, no key is there twice.

        ``largest`` is the most characters, or bytes, that there may be, and ``values`` the most numbers, texts, lists
        and objects: each is counted before any of them is made, since a byte can become a hundred.
        """
        if largest is not None and len(data) > largest:
            self.refuse(f"{what} is larger than {largest // 1000} kB")
        if values is not None and _count_values(data) > values:
            self.refuse(f"{what} holds more than Outtake writes there")
        try:
            text = data.decode("utf-8-sig") if isinstance(data, bytes) else data.removeprefix("\ufeff")
            return json.loads(text, parse_constant=_finite, parse_float=_finite, object_pairs_hook=_no_key_twice)
        except (ValueError, RecursionError) as error:
            self.refuse(f"{what} is no JSON that Outtake writes", error)

    def mapping(self, value: object, what: str) -> dict[str, Any]:
        """Returns an object, whatever fields it has."""
        if not isinstance(value, dict):
            self.refuse(f"{what} is not an object")
        return value

    def fields(
        self, value: object, names: Collection[str], what: str, optional: Collection[str] = ()
    ) -> dict[str, Any]:
        """Returns an object with exactly these fields."""
        found = self.mapping(value, what)
        if lacking := [name for name in names if name not in found]:
            self.refuse(f"{what} does not say its {lacking[0]}")
        if strange := [name for name in found if name not in names and name not in optional]:
            shown = "".join(sign if sign.isprintable() else "?" for sign in strange[0])[:40]
            self.refuse(f"{what} says something that Outtake does not know ({shown})")
        return found

    def items(self, value: object, most: int, what: str, least: int = 0) -> list[Any]:
        """Returns a list of ``least`` to ``most`` entries."""
        if not isinstance(value, list) or not least <= len(value) <= most:
            count = f"{most}" if least == most else f"{least} to {most}" if least else f"at most {most}"
            self.refuse(f"{what} is not a list of {count}")
        return value

    def whole(self, value: object, low: int, high: int, what: str) -> int:
        """Returns a whole number in its range; true and 1.0 are none."""
        if type(value) is not int or not low <= value <= high:
            self.refuse(f"{what} is not a whole number from {low} to {high}")
        return value

    def number(self, value: object, low: float, high: float, what: str) -> float:
        """Returns a number in its range; true is none."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            self.refuse(f"{what} is not a number from {low:g} to {high:g}")
        return float(value)

    def numbers(self, value: object, count: int, low: float, high: float, what: str) -> list[float]:
        """Returns so many numbers, each in the range."""
        return [self.number(one, low, high, what) for one in self.items(value, count, what, count)]

    def truth(self, value: object, what: str) -> bool:
        """Returns true or false."""
        if not isinstance(value, bool):
            self.refuse(f"{what} is neither true nor false")
        return value

    def text(self, value: object, most: int, what: str, known: Callable[[str], object] = str) -> str:
        """Returns a text of at most so many signs that ``known`` accepts."""
        if not isinstance(value, str) or len(value) > most or not known(value or " ") or "\x00" in value:
            self.refuse(f"{what} is not a text that Outtake writes there")
        return value.encode("utf-8", "replace").decode()

    def name(self, value: object, what: str) -> str:
        """Returns the name of a reader, a finder or a codec."""
        return self.text(value, 40, what, NAME.fullmatch)

    def date(self, value: object, what: str) -> str:
        """Returns a moment in time, ISO 8601."""
        found = self.text(value, 40, what)
        try:
            datetime.fromisoformat(found)
        except ValueError as error:
            self.refuse(f"{what} is not a date", error)
        return found


def _count_values(data: bytes | str) -> int:
    """Returns at least how many values a text in JSON has: each but the first comes after one of these signs."""
    signs = ",[{:"
    return 1 + sum(data.count(sign.encode()) if isinstance(data, bytes) else data.count(sign) for sign in signs)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is there twice")
    return found
