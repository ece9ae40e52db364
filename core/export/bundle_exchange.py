"""Scenes that go to other people without their video, and theirs that come: bundles out of a store and into one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import BinaryIO

from core.emotions import emotion_file
from core.emotions.emotion import READER, OwnEmotion
from core.errors import SettingError
from core.export import bundle, bundle_read
from core.export.bundle_read import ImportLimits
from core.host import limits
from core.model import EMOTIONS, Sample, Scene, Verdict
from core.settings import BUNDLE
from core.shelf import emotions, findings
from core.store.imports import BundledScene, FacePlace
from core.store.scenes import Store

MOMENTS_A_SECOND = 5
"""What is read at the usual step: a hosted shelf takes bundles of as many moments as it would read itself."""


def export_bundle(store: Store, scene: Scene, taught: Sequence[OwnEmotion] = ()) -> bytes:
    """Return a scene as a bundle, with emotions of one's own and those that were judged in it.

    SettingError while it is not read to its end.
    """
    if scene.state != "done" or scene.video is None:
        raise SettingError(f"“{scene.title}” has not been read to its end yet. Read it first, then export it.")
    samples, decided = store.samples(scene.id), store.verdicts(scene.id)
    own = _own_emotions(store, taught, decided)
    told = BundledScene(
        title=scene.title,
        recipe=bundle.without_path(scene.recipe),
        video=replace(scene.video, path=""),
        finder=scene.finder,
        readers=scene.readers,
        created=scene.created,
        moments=len(samples),
        verdicts=tuple(one for one in decided if one.emotion in EMOTIONS),
        closer={
            (name, key): look for name in scene.readers for key, look in store.closer_looks(scene.id, name).items()
        },
        people=store.people_decisions(scene.id),
        emotions={one.name: emotion_file.to_json(one) for one in own},
        own_verdicts=tuple(one for one in decided if one.emotion in {each.name for each in own}),
        embeddings=_usual_length_only(store.embeddings(scene.id, READER)),
    )
    return bundle.pack(told, samples, _pictures(store, scene.id, samples))


def _own_emotions(store: Store, taught: Sequence[OwnEmotion], decided: Sequence[Verdict]) -> tuple[OwnEmotion, ...]:
    """Those that are asked for, and those of the shelf about whose peaks something was decided."""
    judged = {one.emotion for one in decided if one.emotion not in EMOTIONS} - {one.name for one in taught}
    return (
        (*taught, *(one for one in emotions.usable_emotions(store) if one.name in judged)) if judged else tuple(taught)
    )


def _usual_length_only(codes: Mapping[FacePlace, bytes]) -> dict[FacePlace, bytes]:
    """The embeddings that are as long as most are: those of other networks would be of no use beside them."""
    usual = Counter(map(len, codes.values())).most_common(1)
    return {at: code for at, code in codes.items() if len(code) == usual[0][0]}


def _pictures(store: Store, scene_id: int, samples: Iterable[Sample]) -> Iterator[bundle.Picture]:
    for sample in samples:
        yield bundle.thumb_name(sample.t_ms), store.thumb(scene_id, sample.t_ms) or b""
        crops = store.crops(scene_id, [(sample.t_ms, index) for index in range(len(sample.faces))])
        for (t_ms, index), jpeg in sorted(crops.items()):
            yield bundle.crop_name(t_ms, index), jpeg


def import_bundle(store: Store, file: BinaryIO, tell: Callable[[str], object] = str) -> int:
    """Put the scene of a bundle on a shelf and return its id; SettingError or JobError says why it is not taken.

    ``tell`` hears what else there is to say: which emotions of one's own came with it, and which did not.
    """
    found = bundle_read.read(file, import_limits())
    recipe = replace(found.told.recipe, source=f"{BUNDLE}{found.digest}/{found.told.recipe.source}")
    before = store.emotions()
    scene_id = store.import_scene(replace(found.told, recipe=recipe), found.moments())
    findings.work_out(store, scene_id)
    for sentence in _describe_emotions(found.told.emotions, before, store.emotions()):
        tell(sentence)
    return scene_id


def _describe_emotions(brought: Mapping[str, str], before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    """What became of each emotion that came with a scene; nothing is said of one that was there already."""
    for name, text in brought.items():
        if text in after and text not in before:
            yield f"“{name}”, an emotion taught elsewhere, is on your shelf now."
        elif text not in after:
            yield f"“{name}” came with it, but your shelf has its own or no room, so it was left out."


def import_limits() -> ImportLimits:
    """How large a bundle may be here."""
    here = limits.current_limits()
    if not here.hosted:
        return ImportLimits()
    moments = here.longest_ms // 1000 * MOMENTS_A_SECOND
    return ImportLimits(2 * here.upload_bytes, moments=moments, longest_ms=here.longest_ms)
