"""How far a scene reaches: the whole video, the stretch asked for, or as far as a broken file could be read."""

from __future__ import annotations

from core.model import Recipe, Scene, Video
from core.sampling import fit_step
from core.settings import clock

HELD_MS = 2000
"""A last picture may stand so long: title cards and GIFs do."""

HELD_STEPS = 2
"""…or so many steps, where those are longer."""


def ends_early(scene: Scene, last_ms: int) -> bool:
    """Whether a finished scene's last moment lies long before the end of what was to be read."""
    if scene.state != "done" or scene.video is None or scene.found >= scene.expected:
        return False
    step_ms = _step_ms(scene.recipe, scene.video)
    return _stretch(scene.recipe, scene.video)[1] - (last_ms + step_ms) > max(HELD_MS, HELD_STEPS * step_ms)


def label_length(scene: Scene, last_ms: int) -> str:
    """The length of what was read, ``"0:22"``; ``"0:05 of 0:22"`` where it ends early, nothing before it was opened."""
    if scene.video is None:
        return ""
    start_ms, end_ms = _stretch(scene.recipe, scene.video)
    if ends_early(scene, last_ms) or (scene.state != "done" and 0 < scene.found < scene.expected):
        return f"{clock(last_ms, tenths=False)} of {clock(end_ms, tenths=False)}"
    return clock(end_ms - start_ms, tenths=False)


def describe_length(scene: Scene, last_ms: int) -> str:
    """The same in words and to the tenth, for a page."""
    if scene.video is None:
        return ""
    (start_ms, end_ms), whole_ms = _stretch(scene.recipe, scene.video), scene.video.duration_ms
    if ends_early(scene, last_ms):
        return f"could be read as far as {clock(last_ms)} of {clock(end_ms)}"
    if scene.state != "done" and scene.found < scene.expected:
        return f"read as far as {clock(last_ms)} of {clock(end_ms)}"
    if end_ms - start_ms < whole_ms:
        return f"{clock(start_ms)} to {clock(end_ms)} of {clock(whole_ms)}"
    return clock(whole_ms)


def _stretch(recipe: Recipe, video: Video) -> tuple[int, int]:
    """Returns start and end of what the recipe asks for, ms, as far as the video goes."""
    end_ms = video.duration_ms if recipe.end_ms is None else min(recipe.end_ms, video.duration_ms)
    return min(recipe.start_ms, end_ms), end_ms


def _step_ms(recipe: Recipe, video: Video) -> float:
    """The step that was really taken: the budget may have widened it."""
    step = fit_step(video, recipe.step, start_ms=recipe.start_ms, end_ms=recipe.end_ms, budget=recipe.budget)
    return step.every if step.unit == "ms" else 1000 * step.every / max(video.fps, 1)
