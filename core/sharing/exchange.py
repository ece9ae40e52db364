"""Scenes that go to other people without their video, and theirs that come: bundles out of a store and into one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import BinaryIO

from core import hosting
from core.adapters.store import Store
from core.errors import SettingError
from core.model import Sample, Scene
from core.settings import BUNDLE
from core.sharing import bundle, bundle_read
from core.sharing.bundle_read import Most

MOMENTS_A_SECOND = 5
"""What is read at the usual step: a hosted shelf takes bundles of as many moments as it would read itself."""


def packed(store: Store, scene: Scene) -> bytes:
    """Return a scene as a bundle; SettingError while it is not read to its end."""
    if scene.state != "done" or scene.video is None:
        raise SettingError(f"“{scene.title}” has not been read to its end yet. Read it first, then export it.")
    samples = store.samples(scene.id)
    told = bundle.Told(
        title=scene.title,
        recipe=bundle.nameless(scene.recipe),
        video=replace(scene.video, path=""),
        finder=scene.finder,
        readers=scene.readers,
        created=scene.created,
        moments=len(samples),
        verdicts=store.verdicts(scene.id),
        closer={(name, key): look for name in scene.readers for key, look in store.closer(scene.id, name).items()},
        people=store.gatherings(scene.id),
    )
    return bundle.pack(told, samples, _pictures(store, scene.id, samples))


def _pictures(store: Store, scene_id: int, samples: Iterable[Sample]) -> Iterator[bundle.Picture]:
    for sample in samples:
        yield bundle.thumb(sample.t_ms), store.thumb(scene_id, sample.t_ms) or b""
        crops = store.crops(scene_id, [(sample.t_ms, index) for index in range(len(sample.faces))])
        for (t_ms, index), jpeg in sorted(crops.items()):
            yield bundle.crop(t_ms, index), jpeg


def taken_in(store: Store, file: BinaryIO) -> int:
    """Put the scene of a bundle on a shelf and return its id; SettingError or JobError says why it is not taken."""
    found = bundle_read.read(file, most())
    recipe = replace(found.told.recipe, source=f"{BUNDLE}{found.digest}/{found.told.recipe.source}")
    return store.take_in(replace(found.told, recipe=recipe), found.stored())


def most() -> Most:
    """How large a bundle may be here."""
    limits = hosting.limits()
    if not limits.hosted:
        return Most()
    moments = limits.longest_ms // 1000 * MOMENTS_A_SECOND
    return Most(2 * limits.upload_bytes, limits.upload_bytes, moments, limits.longest_ms)
