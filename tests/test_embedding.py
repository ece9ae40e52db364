"""An embedding is kept in few bytes, says whose it is, and costs a taught emotion nothing."""

from __future__ import annotations

import numpy as np
import pytest

from core.faces import embedding, read_builtin
from core.model import Reading
from core.store.scenes import Store
from core.video import stills
from tests.support import builders, seed
from tests.support.project import ROOT

ONE, OTHER = "ab" * 32, "cd" * 32


def test_what_is_packed_is_unpacked_within_half_a_step_of_its_largest_number() -> None:
    vectors = np.random.default_rng(1).gamma(0.5, 1, (40, 320)).astype(np.float32)
    back = embedding.unpack(embedding.pack(vectors, ONE))

    assert back.shape == vectors.shape
    assert (np.abs(back - vectors) <= 0.51 * vectors.max(axis=1, keepdims=True) / 254).all()


@pytest.mark.parametrize("value", [0.0, 1e-9, 6e4])
def test_extreme_numbers_are_packed_without_a_fault(value: float) -> None:
    (code,) = embedding.pack(np.full((1, 4), value, np.float32), ONE)

    assert embedding.unpack([code])[0] == pytest.approx([value] * 4, rel=0.01, abs=1e-6)
    assert len(code) == 4 + embedding.HEAD_BYTES


def test_no_faces_are_no_numbers() -> None:
    assert embedding.pack(np.zeros((0, 5), np.float32), ONE) == []
    assert embedding.unpack([]).shape == (0, 0)


def test_a_code_says_which_networks_made_it() -> None:
    (code,) = embedding.pack(np.ones((1, 3), np.float32), ONE)

    assert code.startswith(embedding.tag(ONE))
    assert not code.startswith(embedding.tag(OTHER))


def test_the_built_in_reader_gives_every_face_the_embedding_of_its_own_networks() -> None:
    faces = [builders.picture(96, 96, seed) for seed in range(3)]
    readings = read_builtin.open_builtin()(faces)
    codes = [reading.embedding for reading in readings]

    assert all(code and code.startswith(embedding.tag(read_builtin.fingerprint())) for code in codes)
    assert embedding.unpack(codes).shape == (3, read_builtin.embedding_width())  # type: ignore[arg-type]
    assert len(set(codes)) == 3


def test_a_reading_with_its_embedding_is_the_same_reading() -> None:
    assert Reading(builders.scores("happy"), None, b"code") == Reading(builders.scores("happy"))


def test_embeddings_lie_beside_the_moments_and_go_with_them(store: Store) -> None:
    timeline = builders.strip("nh.s")
    scene_id = seed.scene(store, timeline)
    places = list(store.face_tracks(scene_id))
    store.replace_embeddings(scene_id, "builtin", {place: bytes([number] * 9) for number, place in enumerate(places)})

    assert store.embeddings(scene_id, "builtin") == {place: bytes([n] * 9) for n, place in enumerate(places)}
    assert store.embeddings(scene_id, "deepface") == {}
    assert all(
        reading.embedding is None
        for sample in store.timeline(scene_id).samples
        for face in sample.faces
        for reading in face.readings.values()
    )
    store.clear(scene_id)
    assert store.embeddings(scene_id, "builtin") == {}


def test_embeddings_of_faces_that_are_gone_are_not_written(store: Store) -> None:
    scene_id = seed.scene(store, builders.strip("n"))
    store.replace_embeddings(scene_id, "builtin", {(0, 0): b"here", (0, 7): b"gone", (99, 0): b"gone"})

    assert store.embeddings(scene_id, "builtin") == {(0, 0): b"here"}


def test_a_reading_that_comes_with_an_embedding_is_stored_with_it(store: Store) -> None:
    from dataclasses import replace

    timeline = builders.strip("nh")
    samples = [
        replace(
            sample,
            faces=tuple(
                replace(face, readings={"builtin": replace(face.readings["builtin"], embedding=b"code")})
                for face in sample.faces
            ),
        )
        for sample in timeline.samples
    ]
    scene_id = seed.scene(store, replace(timeline, samples=tuple(samples)))

    assert set(store.embeddings(scene_id, "builtin").values()) == {b"code"}


def test_a_crop_that_was_stored_as_jpeg_is_nearly_the_same_to_the_reader() -> None:
    face = _portrait()
    read = read_builtin.open_builtin()
    fresh, stored = embedding.unpack([one.embedding or b"" for one in read([face, stills.decode(stills.encode(face))])])

    assert np.linalg.norm(fresh - stored) < 0.1 * np.linalg.norm(fresh)


def _portrait() -> np.ndarray:
    """The sample's face, cut out as a finder would."""
    from core.video import clip

    frame = next(iter(clip.frames(str(ROOT / "samples" / "astronaut.mp4"))))
    height, width = frame.image.shape[:2]
    side = min(height, width) // 2
    return stills.shrink(frame.image[:side, (width - side) // 2 : (width + side) // 2], 96)[:96, :96].copy()
