"""The closer look at a scene: from a real film, in a real worker, and never a reason for a scene to fail."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from core import settings
from core.doubt import closer_looks
from core.errors import ReaderError
from core.model import (
    Box,
    Crop,
    Found,
    Frame,
    Image,
    Landmarks,
    Peak,
    Point,
    Read,
    Reading,
    Recipe,
    Scores,
    Timeline,
    Video,
)
from core.reading import closer_look, segments, tracks
from core.reading.closer_look import CloserLook, Key
from core.reading.pipeline import BATCH
from core.shelf import jobs, read_file
from core.store.scenes import Store
from core.video import clip as video
from tests.support import builders, films

SIZE = (384, 216)
FACE = Box(60, 20, 120, 80)
GLITCHES = (100, 101, 200)
"""Frames, 40 ms each, in which the face's middle is green: twice a moment is sampled in one of them."""

SMILES = [Key(0, "happy", 4000), Key(0, "happy", 8000)]


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """12 s of one grey face whose middle is green for a frame or two; too little to be taken for a cut."""

    def picture(number: int) -> Image:
        image = np.full((SIZE[1], SIZE[0], 3), 60, np.uint8)
        image[FACE.top : FACE.bottom, FACE.left : FACE.right] = 120
        image[36:66, 75:105] = (40, 220, 40) if number in GLITCHES else (120, 120, 120)
        return image

    path = tmp_path_factory.mktemp("film") / "film.mp4"
    return films.film(path, range(0, 12_000, 40), picture, options={"g": "25", "preset": "ultrafast"})


def find(image: Image) -> tuple[Found, ...]:
    points = [(78, 41), (102, 41), (90, 53), (80, 63), (100, 63)]
    return (Found(FACE, 0.99, Landmarks(*(Point(x, y) for x, y in points))),)


def read(crops: Sequence[Crop]) -> list[Reading]:
    """Happy is what is green in the middle."""
    middles = [crop[32:64, 32:64].reshape(-1, 3).mean(axis=0) for crop in crops]
    return [Reading(builders.scores("happy" if green - red > 80 else "neutral", 0.9)) for red, green, _ in middles]


def calm(crops: Sequence[Crop]) -> list[Reading]:
    return [Reading(Scores(neutral=1.0)) for _ in crops]


def equip(recipe: Recipe) -> read_file.Tools:
    return "fixed", find, {"green": read, "calm": calm}


def hooked(how: Callable[[], None], after: int = 1) -> read_file.Equip:
    """The same tools; the first reader does something when it is asked for the closer look of that number."""
    asked = 0

    def hook(crops: Sequence[Crop]) -> list[Reading]:
        nonlocal asked
        asked += len(crops) > BATCH  # no group of one face a moment has as many
        if asked == after and len(crops) > BATCH:
            how()
        return read(crops)

    return lambda recipe: ("fixed", find, {"green": hook, "calm": calm})


@pytest.fixture(scope="module")
def timeline(film: Path) -> Timeline:
    recipe = settings.recipe(film)
    return Timeline(
        200,
        tuple(
            tracks.assign_tracks(
                each.sample
                for each in segments.read_moments(recipe, find, {"green": read}, segments.whole_segment(recipe))
            )
        ),
    )


@pytest.fixture
def scene_id(store: Store, film: Path) -> int:
    return store.add(settings.recipe(film), "Film")


def looked(
    clip: Video,
    timeline: Timeline,
    reader: str,
    read: Read,
    known: Mapping[Key, CloserLook] | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator[tuple[Key, CloserLook]]:
    """One reader's closer looks at its own peaks."""
    return ((key, look) for _, key, look in closer_looks.take_looks(clip, timeline, {reader: read}, known, stopped))


def test_a_glitch_is_seen_for_what_it_is_frame_by_frame(film: Path, timeline: Timeline) -> None:
    looks = dict(looked(video.probe(film), timeline, "green", read))

    assert list(looks) == SMILES
    assert all(look.survives_ms == 0 and look.window_ms == 800 and look.survives_crops == 1 for look in looks.values())
    assert [t_ms for t_ms, score in looks[SMILES[0]].again if score > 0.5] == [4000]


def test_what_is_known_already_is_left_out_and_the_rest_comes_out_the_same(film: Path, timeline: Timeline) -> None:
    clip = video.probe(film)
    whole = dict(looked(clip, timeline, "green", read))
    (first,) = (item for item in whole.items() if item[0] == SMILES[0])
    rest = dict(looked(clip, timeline, "green", read, dict([first])))

    assert rest == {SMILES[1]: whole[SMILES[1]]}
    assert list(looked(clip, timeline, "green", read, whole)) == []


def test_the_same_is_seen_in_the_part_that_is_kept_as_in_whole_frames(film: Path, timeline: Timeline) -> None:
    looks = dict(looked(video.probe(film), timeline, "green", read))
    frames = list(video.frames(film, settings.step_in_frames(1), start_ms=3600, end_ms=4401))
    peak = Peak(0, "happy", 4000, 4200, 4000, 0.9)
    whole = closer_look.look_closer(
        frames, [(3600, find(frames[0].image)[0]), (4400, find(frames[0].image)[0])], peak, read
    )

    assert looks[SMILES[0]] == whole


def test_it_ends_when_it_is_told_to(film: Path, timeline: Timeline) -> None:
    assert list(looked(video.probe(film), timeline, "green", read, stopped=lambda: True)) == []


def test_a_file_that_is_gone_gives_no_closer_look_and_no_error(timeline: Timeline, film: Path, tmp_path: Path) -> None:
    clip = video.probe(film)
    gone = type(clip)(str(tmp_path / "gone.mp4"), clip.duration_ms, clip.width, clip.height, clip.fps)

    assert list(looked(gone, timeline, "green", read)) == []


def test_a_reader_that_gives_up_gives_no_closer_look_and_no_error(film: Path, timeline: Timeline) -> None:
    def tired(crops: Sequence[Crop]) -> list[Reading]:
        raise ReaderError("The reader is not here.")

    assert list(looked(video.probe(film), timeline, "green", tired)) == []


@pytest.mark.slow
def test_of_a_large_picture_little_is_kept_and_it_reads_the_same() -> None:
    """A face of 500 px in 4K: the frames of the look fit into a few megabytes, their crops hardly differ."""
    place = builders.found(1200, 700, 500)
    frames = [Frame(t_ms, builders.picture(3840, 2160, seed=t_ms // 400)) for t_ms in range(600, 1401, 40)]
    peak = Peak(0, "happy", 1000, 1200, 1000, 0.9)
    window = closer_looks.Window(peak, [(0, place), (1000, place), (2000, place)])
    for frame in frames:
        window.take(frame)
    crops: list[Crop] = []

    def keeping(seen: Sequence[Crop]) -> list[Reading]:
        crops.extend(seen)
        return calm(seen)

    list(window.look(keeping))
    closer_look.look_closer(frames, [(600, place), (1400, place)], peak, keeping)
    kept, whole = crops[: len(crops) // 2], crops[len(crops) // 2 :]
    assert len(window.frames) <= 9 and sum(frame.image.nbytes for frame in window.frames) < 10_000_000
    assert max(np.abs(a.astype(int) - b).mean() for a, b in zip(kept, whole, strict=True)) < 1


def test_a_peak_whose_frames_are_gone_is_not_looked_at() -> None:
    window = closer_looks.Window(
        Peak(0, "happy", 1000, 1200, 1000, 0.9), [(0, builders.found()), (2000, builders.found())]
    )
    window.take(builders.frame(1200))

    assert list(window.look(calm)) == []


def test_a_worker_looks_closer_at_its_preferred_reader_s_peaks_with_both_readers(
    store: Store, scene_id: int, timeline: Timeline
) -> None:
    jobs.run(scene_id, store=store, equip=equip)

    assert store.scene(scene_id).state == "done"
    assert list(store.closer_looks(scene_id, "green")) == list(store.closer_looks(scene_id, "calm")) == SMILES
    assert all(look.again_score < 0.1 for look in store.closer_looks(scene_id, "calm").values())
    assert [sample.t_ms for sample in store.samples(scene_id)] == [sample.t_ms for sample in timeline.samples]


def undisturbed(store: Store, film: Path) -> dict[Key, CloserLook]:
    scene_id = store.add(settings.recipe(film, smallest_face=25), "Undisturbed")
    jobs.run(scene_id, store=store, equip=equip)
    return store.closer_looks(scene_id, "green")


def test_a_worker_that_died_over_it_is_resumed_with_what_is_missing(store: Store, scene_id: int, film: Path) -> None:
    def die() -> None:
        raise OSError("unplugged")

    with pytest.raises(OSError, match="unplugged"):
        jobs.run(scene_id, store=store, equip=hooked(die, after=2))
    rows, known = store.samples(scene_id), store.closer_looks(scene_id, "green")
    assert list(known) == SMILES[:1] and store.scene(scene_id).found == 60

    asked: list[int] = []
    jobs.run(scene_id, store=store, equip=hooked(lambda: asked.append(1)))
    assert len(asked) == 1 and store.scene(scene_id).state == "done"
    assert store.samples(scene_id) == rows and store.closer_looks(scene_id, "green") == undisturbed(store, film)


def test_a_worker_that_is_stopped_over_it_ends_and_can_be_resumed(store: Store, scene_id: int) -> None:
    jobs.run(scene_id, store=store, equip=hooked(lambda: jobs.stop(scene_id, store)))
    assert (store.scene(scene_id).state, store.closer_looks(scene_id, "green")) == ("stopped", {})

    jobs.run(scene_id, store=store, equip=equip)
    assert (store.scene(scene_id).state, list(store.closer_looks(scene_id, "green"))) == ("done", SMILES)


def test_a_worker_that_is_superseded_over_it_gives_way(store: Store, scene_id: int) -> None:
    jobs.run(scene_id, store=store, equip=hooked(lambda: str(store.claim(scene_id))))

    assert (store.scene(scene_id).state, store.closer_looks(scene_id, "green")) == ("reading", {})


def test_a_file_that_disappears_before_it_leaves_a_whole_scene(store: Store, film: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.mp4"
    copy.write_bytes(film.read_bytes())
    scene_id = store.add(settings.recipe(copy), "Copy")
    seen = 0

    def vanishing(image: Image) -> tuple[Found, ...]:
        nonlocal seen
        seen += 1
        if seen == 60:
            copy.unlink()
        return find(image)

    jobs.run(scene_id, store=store, equip=lambda recipe: ("fixed", vanishing, {"green": read}))
    scene = store.scene(scene_id)
    assert (scene.state, scene.error, scene.found) == ("done", "", 60)
    assert store.closer_looks(scene_id, "green") == {}


def test_without_a_database_the_same_peaks_are_looked_at(film: Path, store: Store, scene_id: int) -> None:
    jobs.run(scene_id, store=store, equip=equip)
    timeline, suspects, told = read_file.find_suspects(settings.recipe(film), equip=equip)

    from core.shelf import review

    stored = review.suspects_of(store, store.scene(scene_id), store.timeline(scene_id), "green")
    assert suspects["green"] == stored and suspects["calm"] == ()
    assert told["readers"] == ["green", "calm"] and timeline.step_ms == 200
    assert {reason.rule for reason in stored[0].reasons} >= {"frames", "brief"}
