"""The same video read more than once: which scenes are its versions, and what they were read otherwise with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from core.model import Recipe, Scene
from core.settings import clock

Name = Callable[[str], str]
"""A finder's or a reader's name as people read it."""


def find_versions(scene: Scene, scenes: Iterable[Scene]) -> tuple[Scene, ...]:
    """Returns the versions of a scene, itself among them, the oldest first."""
    same = [one for one in scenes if one.recipe.source == scene.recipe.source and one.owner == scene.owner]
    return tuple(sorted(same, key=lambda one: one.id))


def group_by_source(scenes: Iterable[Scene]) -> Mapping[int, tuple[Scene, ...]]:
    """Returns the versions of every scene, by its number."""
    groups: dict[tuple[str, str], list[Scene]] = {}
    for scene in sorted(scenes, key=lambda one: one.id):
        groups.setdefault((scene.recipe.source, scene.owner), []).append(scene)
    return {scene.id: tuple(group) for group in groups.values() for scene in group}


def describe_difference(recipe: Recipe, other: Recipe, name: Name = str) -> str:
    """Returns in words what a recipe asks for otherwise than another: ``"every 100 ms, faces from 12 px"``."""
    told = zip(_describe_settings(recipe, name), _describe_settings(other, name), strict=True)
    return ", ".join(mine for mine, theirs in told if mine != theirs)


def describe_own(scene: Scene, same: Iterable[Scene], name: Name = str) -> str:
    """Returns in words what a version was read with, where any two of the versions differ."""
    every = [_describe_settings(one.recipe, name) for one in same]
    mine = zip(_describe_settings(scene.recipe, name), *every, strict=True)
    return ", ".join(said for said, *others in mine if len(set(others)) > 1)


def _describe_settings(recipe: Recipe, name: Name) -> tuple[str, ...]:
    """Returns every setting of a recipe in words."""
    end = "the end" if recipe.end_ms is None else clock(recipe.end_ms)
    readers = " and ".join(name(one) for one in recipe.readers)
    region = recipe.region
    return (
        f"every {recipe.step}",
        f"from {clock(recipe.start_ms)} to {end}",
        "every moment that the step gives" if recipe.budget is None else f"at most {recipe.budget} moments",
        "any finder" if recipe.finder == "auto" else f"found by {name(recipe.finder)}",
        "any reader" if recipe.readers == ("auto",) else f"read by {readers}",
        f"faces from {recipe.smallest_face_px} px",
        "searched thoroughly" if recipe.thorough else "faces followed",
        "at the nearest keyframes" if recipe.skim else "at exact moments",
        "the whole picture" if region is None else f"a part of {region.width} x {region.height} px",
    )


def version_title(scene: Scene, versions: Iterable[Scene], recipe: Recipe, name: Name = str) -> str:
    """Returns what a new version is called: the first one's title and what is different about it."""
    first = min((*versions, scene), key=lambda one: one.id)
    said = describe_difference(recipe, first.recipe, name)
    return f"{first.title[: max(20, 78 - len(said))]}, {said}"[:80] if said else first.title
