"""What people type — steps, moments, budgets — becomes the model's values, or one sentence says why not."""

from __future__ import annotations

import re
from os import PathLike
from pathlib import Path
from typing import Any

from core.errors import SettingError
from core.model import Box, Recipe, Step
from core.sampling import SKIM_MS

USUAL_STEP = Step(200, "ms")
"""Short enough for a passing smile of half a second, long enough to read a clip in about its own time."""

SKIMMED = "5s"
"""A step that is worth skimming."""

LONGEST_STEP_MS = 3_600_000
"""A step above an hour is a slip of the unit."""

SMALLEST_FACE_PX = (8, 400)
"""Below 8 px there is nothing to see; above 400 px of 640 only a face that fills the picture is found."""

LEAST_PART_PX = 16
"""Least width and height of a part of the picture: a smaller one shows no face."""

UNITS_MS = {"ms": 1, "s": 1000, "m": 60_000}
_NUMBER = r"([0-9]{1,9}(?:\.[0-9]*)?|\.[0-9]+)"
_LENGTH = re.compile(rf"{_NUMBER}\s*(ms|s|m)?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_CLOCK = re.compile(rf"(?:([0-9]{{1,3}}):)?([0-9]{{1,5}}):{_NUMBER}")


def parse_step(text: str | int) -> Step:
    """Parses ``"200ms"``, ``"0.2s"``, ``"1m"`` or a number of milliseconds."""
    if isinstance(text, int) and not isinstance(text, bool):
        return _step(text, f"{text}ms")
    said = str(text).strip().lower()
    match = _LENGTH.fullmatch(said)
    if not match or not match[2]:
        raise SettingError(f"“every {text}” is not a length of time. Write it with its unit, like 200ms, 0.5s or 2s.")
    return _step(round(float(match[1]) * UNITS_MS[match[2]]), said)


def _step(every_ms: int, said: str) -> Step:
    if not 1 <= every_ms <= LONGEST_STEP_MS:
        raise SettingError(f"“every {said}” makes no sense. Choose a step from 1ms to 1 hour; 200ms is usual.")
    return Step(every_ms, "ms")


def step_in_frames(every: str | int) -> Step:
    """Returns a step of every so many frames of the file, the way of frame-counting tools."""
    return Step(_count("every-frames", every, "50 takes each fiftieth frame"), "frames")


def parse_moment(text: str | None) -> int | None:
    """``"1:02.5"``, ``"62.5"`` and ``"62500ms"`` are all 62500 ms; nothing said is None."""
    said = (text or "").strip().lower() if isinstance(text, str | None) else str(text)
    if not said:
        return None
    clocked, length = _CLOCK.fullmatch(said), _LENGTH.fullmatch(said)
    if clocked and float(clocked[3]) < 60 and (clocked[1] is None or int(clocked[2]) < 60):
        hours, minutes, seconds = int(clocked[1] or 0), int(clocked[2]), float(clocked[3])
        return round((hours * 60 + minutes) * 60_000 + seconds * 1000)
    if length and isinstance(text, str):
        return round(float(length[1]) * UNITS_MS[length[2] or "s"])
    raise SettingError(f"“{said}” is not a moment. Write minutes and seconds like 1:02.5, or seconds like 62.5s.")


def clock(ms: int, *, tenths: bool = True) -> str:
    """``62500`` → ``"1:02.5"``; without tenths ``"1:02"``; from an hour on ``"1:01:02.5"``."""
    parts = (ms + 50) // 100 if tenths else ms // 1000 * 10
    minutes, rest = divmod(parts, 600)
    seconds = f"{rest // 10:02}" + (f".{rest % 10}" if tenths else "")
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds}" if hours else f"{minutes}:{seconds}"


BUNDLE = "bundle:"
"""What stands before the source of a scene that came as a bundle: its video is elsewhere."""


def is_bundle(source: str) -> bool:
    """Whether a recipe's scene came without its video: it can be seen, reviewed and compared, and not be read again."""
    return source.startswith(BUNDLE)


def parse_region(text: str | None) -> Box | None:
    """``"100,50,600,400"``: left, top, right and bottom of a part of the picture, px; nothing said is None."""
    said = (text or "").strip()
    if not said:
        return None
    if not re.fullmatch(r"\d{1,6}(\s*[,;\s]\s*\d{1,6}){3}", said, re.ASCII):
        raise SettingError(
            f"“{said}” is not a part of the picture. Write its left, top, right and bottom in px, like 100,50,600,400."
        )
    part = Box(*(int(edge) for edge in re.findall(r"\d+", said)))
    if min(part.width, part.height) < LEAST_PART_PX:
        raise SettingError(
            f"The part {said} is {part.width} px wide and {part.height} px high. Write left, top, right and bottom, at "
            f"least {LEAST_PART_PX} px apart."
        )
    return part


def one_line(text: str) -> str:
    """Returns a text with a space for every sign that ends a line, or that terminals and spreadsheets obey."""
    return _CONTROL.sub(" ", text)


def is_link(source: str) -> bool:
    """Whether a recipe's source is a link to the web instead of a file's path."""
    return bool(re.match(r"https?://", source, re.IGNORECASE))


def recipe(
    path: str | PathLike[str],
    *,
    every: str | int | None = None,
    every_frames: str | int | None = None,
    start: str | None = None,
    end: str | None = None,
    budget: str | int | None = None,
    finder: str = "auto",
    readers: str = "auto",
    smallest_face: str | int = 24,
    thorough: bool = False,
    region: str | None = None,
    skim: bool = False,
) -> Recipe:
    """Returns the recipe that these settings mean; without a step it is 200 ms. Raises SettingError."""
    start_ms, end_ms = parse_moment(start) or 0, parse_moment(end)
    if end_ms is not None and end_ms <= start_ms:
        raise SettingError(f"The end, {clock(end_ms)}, is not after the start, {clock(start_ms)}. Swap or widen them.")
    density = _choose_step(every, every_frames)
    if skim:
        _check_skim(density, widened=budget is not None)
    return Recipe(
        source=str(path) if is_link(str(path)) else str(Path(path).absolute()),
        step=density,
        start_ms=start_ms,
        end_ms=end_ms,
        budget=None if budget is None else _count("budget", budget, "500 reads at most 500 moments"),
        finder=finder.strip().lower() or "auto",
        readers=_names(readers),
        smallest_face_px=_face_px(smallest_face),
        thorough=thorough,
        region=parse_region(region),
        skim=skim,
    )


def _choose_step(every: str | int | None, every_frames: str | int | None) -> Step:
    if every is not None and every_frames is not None:
        raise SettingError("Both “every” and “every-frames” were given. Choose one of them.")
    if every_frames is not None:
        return step_in_frames(every_frames)
    return USUAL_STEP if every is None else parse_step(every)


def _check_skim(step: Step, *, widened: bool) -> None:
    """Raises SettingError where keyframes cannot stand for the moments of a step; a widened one may grow to it."""
    if step.unit == "frames":
        raise SettingError(
            f"Skimming takes the keyframe nearest to a time, so it cannot count frames. Choose a step like {SKIMMED}."
        )
    if step.every < SKIM_MS and not widened:
        raise SettingError(
            f"Skimming every {step} makes no sense: keyframes lie seconds apart. Choose a step from "
            f"{SKIM_MS // 1000}s up, like {SKIMMED}, or read without skimming."
        )


def parse_density(text: str) -> dict[str, Any]:
    """Returns what a form's field says of the step, as :func:`recipe` takes it: ``"50 frames"``, ``"5 s, skimmed"``."""
    said, skim = re.subn(r"[\s,]+skim(?:med)?$", "", text.strip(), flags=re.IGNORECASE)
    frames = re.fullmatch(r"(\S+)\s*frames?", said.lower())
    return {"skim": bool(skim)} | ({"every_frames": frames[1]} if frames else {"every": said})


def density_text(recipe: Recipe) -> str:
    """Returns what to type into that field for a recipe's step."""
    return f"{recipe.step}, skimmed" if recipe.skim else str(recipe.step)


def pace(recipe: Recipe) -> str:
    """Returns how densely a recipe samples: ``"every 200 ms"``, ``"every 5000 ms, at the nearest keyframes"``."""
    return f"every {recipe.step}, at the nearest keyframes" if recipe.skim else f"every {recipe.step}"


def _count(name: str, value: str | int, example: str) -> int:
    said = str(value).strip()
    if not re.fullmatch(r"[0-9]{1,9}", said) or int(said) == 0:
        raise SettingError(f"“{name} {said}” is not a whole number above 0: {example}.")
    return int(said)


def _face_px(value: str | int) -> int:
    low, high = SMALLEST_FACE_PX
    px = _count("smallest-face", value, "24 is usual")
    if not low <= px <= high:
        raise SettingError(f"“smallest-face {px}” is outside {low} to {high} px of a picture 640 px wide; 24 is usual.")
    return px


def _names(text: str) -> tuple[str, ...]:
    names = [name.strip().lower() for name in text.split(",")]
    return tuple(dict.fromkeys(name for name in names if name)) or ("auto",)
