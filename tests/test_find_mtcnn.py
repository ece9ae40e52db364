"""MTCNN on onnxruntime: the package's networks, our own stages, and clips whose truth is known."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage import data

from core.errors import FinderError, SettingError
from core.faces import boxes, find_mtcnn
from core.faces.find_mtcnn import MODELS, open_mtcnn
from core.model import Box, Find, Found, Image, Step
from core.video import clip
from tests.support.project import ROOT

SHOTS = ((0, 5160, 1), (5160, 9840, 2), (9840, 13240, 3), (15160, 18080, 1), (18080, 21080, 4), (21080, 22800, 1))
"""Of scene.mp4: from ms, to ms, people. The empty room between the third and the fourth is a test of its own."""

EMPTY_ROOM = (13240, 15160)

TENSORFLOW = {
    "pnet": ([0.184683, 0.133362, -0.264593, -0.06258], [0.004508]),
    "rnet": ([0.122724, 0.067729, -0.078524, 0.105528], [0.003054]),
    "onet": (
        [0.143681, -0.015694, -0.082466, -0.028314],
        [0.340847, 0.709795, 0.505584, 0.356641, 0.622692, 0.248391, 0.253424, 0.48665, 0.780657, 0.803081],
        [0.001386],
    ),
}
"""What the mtcnn package's own TensorFlow networks give for ``pattern``; bench/finder.py compares many more."""


@pytest.fixture(scope="module")
def find() -> Find:
    return open_mtcnn()


@pytest.fixture(scope="module")
def portrait() -> Image:
    """A woman who smiles at us: 512 x 512 px, her face about 100 px."""
    return data.astronaut()


@pytest.fixture(scope="module")
def scene(media: Path, find: Find) -> dict[int, int]:
    return counted(media / "scene.mp4", find)


def counted(path: Path, find: Find, every_ms: int = 200) -> dict[int, int]:
    """Moment → faces found."""
    return {frame.t_ms: len(find(frame.image)) for frame in clip.frames(str(path), Step(every_ms))}


def share(counts: dict[int, int], start_ms: int, end_ms: int, allowed: set[int]) -> float:
    """Share of the moments whose number of faces is allowed."""
    seen = [count for t_ms, count in counts.items() if start_ms <= t_ms < end_ms]
    return sum(count in allowed for count in seen) / len(seen)


def pattern(height: int, width: int) -> Image:
    """Pixels that are the same everywhere and like no picture."""
    number = np.arange(height * width * 3)
    return ((number * number // 7 + number * 31) % 256).astype(np.uint8).reshape(height, width, 3)


def iou(one: Box, other: Box) -> float:
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    shared = max(width, 0) * max(height, 0)
    return shared / (one.width * one.height + other.width * other.height - shared)


def scaled(box: Box, factor: float) -> Box:
    return Box(*(round(side * factor) for side in box))


@pytest.mark.parametrize(("name", "size"), [("pnet", (12, 14)), ("rnet", (24, 24)), ("onet", (48, 48))])
def test_each_graph_gives_what_the_packages_tensorflow_network_gives(name: str, size: tuple[int, int]) -> None:
    pixels = {"pixels": pattern(*size)[None]}

    outputs = onnxruntime.InferenceSession(str(MODELS / f"{name}.onnx")).run(None, pixels)

    for expected, output in zip(TENSORFLOW[name], outputs, strict=True):
        first = output[..., 0, 0] if name == "pnet" else output
        np.testing.assert_allclose(first[0], expected, atol=1e-4)


def test_the_script_makes_the_shipped_files_again() -> None:
    finder = pytest.importorskip("training.finder", reason="the mtcnn package is on training's own machine")

    for name in finder.NETWORKS:
        assert finder.build(name).SerializeToString() == (MODELS / f"{name}.onnx").read_bytes()


def test_finding_faces_needs_none_of_the_libraries_that_made_the_networks() -> None:
    code = "import sys; from core.faces import backends; backends.open_finder('mtcnn'); print(*sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert {"onnx", "mtcnn", "joblib", "lz4", "tensorflow"} & set(done.stdout.split()) == set()


@pytest.mark.parametrize("content", [None, b"", b"half a network"])
def test_a_missing_or_damaged_network_is_named(
    content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(MODELS, tmp_path / "mtcnn")
    monkeypatch.setattr(find_mtcnn, "MODELS", tmp_path / "mtcnn")
    (tmp_path / "mtcnn" / "rnet.onnx").unlink()
    if content is not None:
        (tmp_path / "mtcnn" / "rnet.onnx").write_bytes(content)

    with pytest.raises(FinderError, match=r"rnet\.onnx is missing or damaged\. Get the project's models folder again"):
        open_mtcnn()


def test_the_portrait_has_one_face_where_she_is(find: Find, portrait: Image) -> None:
    (face,) = find(portrait)

    assert iou(face.box, Box(175, 65, 273, 188)) > 0.75
    assert 0.95 < face.confidence <= 1


def test_the_five_points_lie_where_a_face_has_them(find: Find, portrait: Image) -> None:
    (face,) = find(portrait)
    points = face.landmarks
    assert points is not None

    assert points.left_eye.x < points.nose.x < points.right_eye.x
    assert points.mouth_left.x < points.mouth_right.x
    assert max(points.left_eye.y, points.right_eye.y) < points.nose.y < min(points.mouth_left.y, points.mouth_right.y)
    assert all(face.box.left < x < face.box.right and face.box.top < y < face.box.bottom for x, y in points)


@pytest.mark.parametrize("factor", [0.5, 1.5, 3, 7.5])
def test_a_larger_or_smaller_picture_has_its_box_in_its_own_pixels(find: Find, portrait: Image, factor: float) -> None:
    (here,) = find(portrait)

    (there,) = find(cv2.resize(portrait, None, fx=factor, fy=factor))

    assert iou(scaled(here.box, factor), there.box) > 0.8
    assert here.landmarks and there.landmarks
    assert np.hypot(*np.subtract(np.multiply(here.landmarks.nose, factor), there.landmarks.nose)) < 8 * factor


def test_a_face_at_the_edge_has_a_box_inside_the_frame(find: Find, portrait: Image) -> None:
    cut = np.ascontiguousarray(portrait[90:, 200:])

    (face,) = find(cut)

    assert face.box.left == 0
    assert face.box.right <= cut.shape[1] and face.box.bottom <= cut.shape[0]


def test_a_picture_that_is_a_view_of_another_is_read_alike(find: Find, portrait: Image) -> None:
    turned = np.ascontiguousarray(np.rot90(portrait))

    assert find(np.rot90(turned, -1)) == find(portrait)


def small(portrait: Image, face_px: int) -> Image:
    """A 640 x 360 picture in which the portrait's face is so high."""
    factor = face_px / 125
    there = cv2.resize(portrait, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    picture = np.full((360, 640, 3), 90, np.uint8)
    picture[40 : 40 + there.shape[0], 300 : 300 + there.shape[1]] = there
    return picture


def test_a_face_of_24_px_is_found_by_default(find: Find, portrait: Image) -> None:
    (face,) = find(small(portrait, 24))

    assert 18 <= face.box.height <= 30


def test_a_face_smaller_than_the_smallest_asked_for_is_not_looked_for(portrait: Image) -> None:
    assert open_mtcnn(80)(small(portrait, 24)) == ()


def test_a_smallest_face_of_nothing_is_refused() -> None:
    with pytest.raises(SettingError, match="at least 1 px, not 0"):
        open_mtcnn(0)


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 640), (36, 64), (11, 11), (360, 640), (2160, 3840)])
def test_noise_and_flat_pictures_of_any_size_have_no_face(find: Find, height: int, width: int) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)

    assert find(noise) == ()
    assert find(np.full((height, width, 3), 128, np.uint8)) == ()


def some_boxes(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    corners = random.uniform(0, 60, (count, 2)).astype(np.float32)
    return np.hstack([corners, corners + random.uniform(5, 40, (count, 2))]), random.random(count, np.float32)


@given(st.integers(0, 25), st.integers(0, 10_000), st.floats(0.05, 0.95))
def test_of_boxes_that_overlap_the_surest_stays_and_no_other_goes(count: int, seed: int, overlap: float) -> None:
    places, faces = some_boxes(count, seed)

    kept = boxes.suppress_overlaps(places, faces, overlap)

    assert list(faces[kept]) == sorted(faces[kept], reverse=True)
    for index in range(count):
        surer = [other for other in kept if faces[other] > faces[index]]
        clashes = any(iou(Box(*places[index]), Box(*places[other])) > overlap for other in surer)
        assert clashes == (index not in kept)


@pytest.mark.clips
@pytest.mark.parametrize(("start_ms", "end_ms", "people"), SHOTS)
def test_the_people_of_each_shot_are_counted(scene: dict[int, int], start_ms: int, end_ms: int, people: int) -> None:
    assert share(scene, start_ms, end_ms, {people}) >= 0.85


@pytest.mark.clips
def test_the_empty_room_has_at_most_one_person(scene: dict[int, int]) -> None:
    assert share(scene, *EMPTY_ROOM, {0, 1}) >= 0.85


@pytest.mark.clips
def test_a_face_behind_a_hand_is_still_found(media: Path, find: Find) -> None:
    counts = counted(media / "crying_to_laughing.mp4", find)

    assert share(counts, 0, 20_000, {1}) >= 0.95


@pytest.mark.clips
def test_a_title_has_no_face(media: Path, find: Find) -> None:
    assert set(counted(media / "no_face.mp4", find).values()) == {0}


@pytest.mark.slow
@pytest.mark.clips
def test_a_room_of_backs_has_hardly_a_ghost(media: Path, find: Find) -> None:
    counts = Counter(counted(media / "long_room.mp4", find, 2000).values())

    assert counts[0] / counts.total() >= 0.97


@pytest.mark.clips
def test_pictures_are_taken_as_rgb_since_the_networks_know_skin(media: Path, find: Find) -> None:
    frames = [frame.image for frame in clip.frames(str(media / "scene.mp4"), Step(2000))]

    def faces(pictures: list[Image]) -> list[Found]:
        return [face for picture in pictures for face in find(picture)]

    assert len(faces(frames)) > 1.2 * len(faces([frame[..., ::-1] for frame in frames]))


def test_p_net_with_its_layers_moved_gives_what_the_plain_ones_give() -> None:
    """Pooled before prelu, its last prelu taken into its ends: by the book, in NumPy, it is the same."""
    finder = pytest.importorskip("training.finder", reason="the mtcnn package is on training's own machine")
    weights = iter(finder.load_weights("pnet"))
    picture = (np.indices((31, 45, 3)).sum(axis=0) * 37 % 256).astype(np.uint8)

    def convolved(layer: np.ndarray) -> np.ndarray:
        kernel, bias = next(weights), next(weights)
        windows = np.lib.stride_tricks.sliding_window_view(layer, kernel.shape[:2], axis=(0, 1))
        return np.einsum("yxcij,ijco->yxo", windows, kernel) + bias

    def bent(layer: np.ndarray) -> np.ndarray:
        return np.where(layer > 0, layer, layer * next(weights))

    layer = bent(convolved((picture - 127.5) / 128))
    layer = np.pad(layer, [(0, side % 2) for side in layer.shape[:2]] + [(0, 0)], constant_values=-np.inf)
    layer = np.max([layer[top::2, left::2] for top in (0, 1) for left in (0, 1)], axis=0)
    layer = bent(convolved(bent(convolved(layer))))
    shift, logits = convolved(layer), convolved(layer)
    found = find_mtcnn._open_session("pnet", 1).run(["shift", "face"], {"pixels": picture[None]})

    assert np.abs(found[0][0] - shift.transpose(2, 0, 1)).max() < 1e-5
    assert np.abs(found[1][0, 0] - 1 / (1 + np.exp(logits[..., 0] - logits[..., 1]))).max() < 1e-5
