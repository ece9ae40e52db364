"""DeepFace's detectors behind our seam: the real YuNet on clips of known truth, and the habits that end there."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from skimage import data

from core.errors import FinderError
from core.faces import deepface_weights, find_deepface, region
from core.faces.find_deepface import open_detector
from core.model import Box, Find, Found, Image, Step
from core.video import clip
from tests.support import deepface_home

SHOTS = ((0, 5160, 1), (5160, 9840, 2), (9840, 13240, 3), (15160, 18080, 1), (18080, 21080, 4), (21080, 22800, 1))
"""Of scene.mp4: from ms, to ms, people."""


@pytest.fixture(scope="module")
def yunet(tmp_path_factory: pytest.TempPathFactory) -> Find:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEEPFACE_HOME", str(tmp_path_factory.mktemp("yunet")))
        deepface_home.put_yunet()
        return open_detector("yunet")


@pytest.fixture(scope="module")
def portrait() -> Image:
    return data.astronaut()


@pytest.fixture(scope="module")
def scene(media: Path, yunet: Find) -> dict[int, int]:
    frames = clip.frames(str(media / "scene.mp4"), Step(200))
    return {frame.t_ms: len(yunet(frame.image)) for frame in frames}


def test_yunet_finds_the_face_of_the_portrait_with_its_five_points(yunet: Find, portrait: Image) -> None:
    (face,) = yunet(portrait)
    points = face.landmarks

    assert points is not None and 0.8 < face.confidence <= 1
    assert points.left_eye.x < points.nose.x < points.right_eye.x
    assert points.left_eye.y < points.nose.y < points.mouth_left.y
    assert all(face.box.left < x < face.box.right and face.box.top < y < face.box.bottom for x, y in points)


def test_yunet_sees_the_colours_it_was_trained_on(yunet: Find, portrait: Image) -> None:
    """The score is that of OpenCV's own detector for the picture in OpenCV's own order, BGR."""
    detector = cv2.FaceDetectorYN.create(str(deepface_home.put_yunet()), "", (512, 512))
    _, rows = detector.detect(np.ascontiguousarray(portrait[..., ::-1]))

    assert yunet(portrait)[0].confidence == pytest.approx(float(rows[0, 14]), abs=1e-4)


def test_a_large_picture_has_its_box_in_its_own_pixels(yunet: Find, portrait: Image) -> None:
    (small,) = yunet(portrait)
    (large,) = yunet(cv2.resize(portrait, None, fx=4, fy=4))

    assert np.allclose(np.multiply(small.box, 4), large.box, atol=40)


def test_a_face_at_the_edge_has_a_box_inside_the_frame(yunet: Find, portrait: Image) -> None:
    (face,) = yunet(np.ascontiguousarray(portrait[90:, 200:]))

    assert face.box.left == 0 and face.box.top >= 0


def test_deepface_takes_an_empty_picture_for_a_face_and_we_do_not(yunet: Find) -> None:
    deepface_home.put_yunet()
    nobody = np.full((120, 160, 3), 90, np.uint8)
    detection = deepface_weights.import_deepface("modules.detection")

    phantom = detection.extract_faces(nobody, detector_backend="yunet", enforce_detection=False, align=False)

    assert phantom[0]["confidence"] == 0 and phantom[0]["facial_area"]["w"] >= 159
    assert yunet(nobody) == ()


@pytest.mark.parametrize(
    ("box", "confidence"),
    [(Box(0, 0, 160, 120), 0.0), (Box(0, 0, 160, 120), 0.9), (Box(10, 10, 60, 60), 0.0), (Box(-50, 10, 0, 60), 0.9)],
    ids=["whole frame without confidence", "whole frame", "no confidence", "outside"],
)
def test_a_phantom_never_gets_out(box: Box, confidence: float) -> None:
    picture = np.zeros((120, 160, 3), np.uint8)

    assert list(region.keep_inside([Found(box, confidence)], picture)) == []


def test_the_persons_left_becomes_the_pictures_right() -> None:
    areas = deepface_weights.import_deepface("models.Detector")
    area = areas.FacialAreaRegion(
        x=10, y=20, w=40, h=50, confidence=0.9,
        left_eye=(40, 35), right_eye=(20, 36), nose=(30, 45), mouth_left=(38, 60), mouth_right=(22, 61),
    )  # fmt: skip

    face = find_deepface._convert_area(area)

    assert face.box == Box(10, 20, 50, 70)
    assert face.landmarks == ((20, 36), (40, 35), (30, 45), (22, 61), (38, 60))


def test_a_detector_that_knows_only_the_eyes_gives_no_landmarks() -> None:
    areas = deepface_weights.import_deepface("models.Detector")
    area = areas.FacialAreaRegion(x=10, y=20, w=40, h=50, confidence=0.9, left_eye=(40, 35), right_eye=(20, 36))

    assert find_deepface._convert_area(area).landmarks is None


@pytest.mark.parametrize("name", ["skip", "mtcnn", "nonsense"])
def test_a_detector_that_is_none_is_refused_with_the_names_of_those_that_are(name: str) -> None:
    with pytest.raises(FinderError, match=f"“{name}” is no finder .* opencv, retinaface, .*yunet"):
        open_detector(name)


def test_weights_that_are_not_to_be_had_are_told_with_where_to_put_them(monkeypatch: pytest.MonkeyPatch) -> None:
    deepface_home.refuse_downloads(monkeypatch)

    with pytest.raises(FinderError) as told:
        open_detector("yunet")

    assert str(deepface_weights.weights_folder()) in str(told.value) and deepface_weights.YUNET.files[0] in str(
        told.value
    )


def test_a_detector_whose_package_is_missing_is_told_in_one_sentence() -> None:
    with pytest.raises(FinderError, match=r"“fastmtcnn” does not run here: .* Choose “mtcnn”\.$"):
        open_detector("fastmtcnn")


def test_weights_that_do_not_open_are_told_in_one_sentence() -> None:
    deepface_weights.weights_folder().mkdir(parents=True)
    (deepface_weights.weights_folder() / "retinaface.onnx").write_bytes(b"half a file")

    with pytest.raises(FinderError, match=r"“retinaface” does not run here: .* Choose “mtcnn”\.$") as told:
        open_detector("retinaface")

    assert "\n" not in str(told.value)


@pytest.mark.clips
@pytest.mark.parametrize(("start_ms", "end_ms", "people"), SHOTS)
def test_yunet_counts_the_people_of_each_shot(scene: dict[int, int], start_ms: int, end_ms: int, people: int) -> None:
    seen = [count for t_ms, count in scene.items() if start_ms <= t_ms < end_ms]

    assert seen.count(people) >= 0.85 * len(seen)


@pytest.mark.clips
def test_yunet_sees_no_face_in_a_title(media: Path, yunet: Find) -> None:
    frames = clip.frames(str(media / "no_face.mp4"), Step(400))

    assert {yunet(frame.image) for frame in frames} == {()}
