"""How scenes of known truth look: every frame of a shot at any time, where its face is, and what readers say of it."""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.scenes import Scene, Shot
from core.faces import pixels
from core.model import Box, Face, Found, Frame, Landmarks, Point, Read, Sample, Timeline

MARGIN = 0.25
"""What a frame shows around a face, as a share of its width: repeated pixels, for the pictures end at the face."""

FINDER_NOISE = 0.012
"""Standard deviation of a landmark from one look of a finder to the next, as a share of the face."""

LEAST_NOISE_PX = 0.5
"""…and no less than this: a finder sees no finer than pixels, which is much on a face of fifteen."""

PLANTED_BLUR = 0.055
"""Standard deviation of a planted blur, as a share of the face: an arm's quick movement at 25 frames a second."""

LEAST_BLUR_PX = 0.3
"""Less blurs nothing."""

CONFIDENCE = 0.99
"""What the finder says of every face: it is no evidence here, for these faces were never searched."""


def frame(images: NDArray[np.uint8], scene: Scene, shot: Shot, t_ms: int) -> Frame:
    """Return what a camera sees of the shot at a time: the face and a little around it, grey as RGB."""
    picture = images[scene.shown(shot.number, t_ms).picture]
    side = round(shot.face_px * (1 + 2 * MARGIN))
    movement = _movement(picture.shape[0], side, shot, t_ms)
    seen = _warped(picture, movement, side).astype(np.float32)
    *_, light, contrast = shot.sway.at(t_ms)
    seen = (seen - seen.mean()) * np.exp(contrast) + seen.mean() + light
    blur = shot.softness * shot.face_px
    if shot.blurred[0] <= t_ms < shot.blurred[1]:
        blur = max(blur, PLANTED_BLUR * shot.face_px)
    if blur > LEAST_BLUR_PX:
        seen = cv2.GaussianBlur(seen, (0, 0), blur)
    grey = np.clip(seen, 0, 255).astype(np.uint8)
    _, data = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, shot.quality])
    return Frame(t_ms, np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8))


def _warped(picture: NDArray[np.uint8], movement: NDArray[np.float64], side: int) -> NDArray[np.uint8]:
    """Move the picture into a frame; where that shrinks it, soften it first, so that no pixel is skipped."""
    scale = float(np.hypot(*movement[0, :2]))
    soft = cv2.GaussianBlur(picture, (0, 0), 0.5 / scale) if scale < 1 else picture
    flags = cv2.INTER_LINEAR if scale < 1 else cv2.INTER_CUBIC
    warped = cv2.warpAffine(soft, movement, (side, side), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(warped, np.uint8)


def _movement(picture_px: int, side: int, shot: Shot, t_ms: int) -> NDArray[np.float64]:
    """Return the map from the picture's pixels to the frame's."""
    across, down, zoom, roll, *_ = shot.sway.at(t_ms)
    scale = shot.face_px / picture_px * np.exp(zoom)
    turn = scale * np.exp(1j * np.radians(roll))
    flip = -1 if shot.mirrored else 1
    linear = np.array([[turn.real * flip, -turn.imag], [turn.imag * flip, turn.real]])
    middle = side / 2 - 0.5 + shot.face_px * np.array([across, down])
    return np.column_stack([linear, middle - linear @ np.full(2, picture_px / 2 - 0.5)])


def found(shot: Shot, t_ms: int) -> Found:
    """Return what a finder says of the face: its true place, each landmark with the noise of a single look."""
    random = np.random.default_rng([t_ms, shot.number, shot.face_px])
    side = round(shot.face_px * (1 + 2 * MARGIN))
    across, down, zoom, roll, *_ = shot.sway.at(t_ms)
    turn = np.exp(zoom) * np.exp(1j * np.radians(roll))
    places = (pixels.TEMPLATE - 0.5) @ np.array([1, 1j]) * turn + complex(across, down)
    noise = max(FINDER_NOISE, LEAST_NOISE_PX / shot.face_px)
    noisy = places + random.normal(0, noise, (5, 2)) @ np.array([1, 1j])
    points = complex(side, side) / 2 + shot.face_px * noisy
    middle = side / 2 + shot.face_px * np.array([across, down])
    half = shot.face_px * np.exp(zoom) / 2
    corners = np.clip(np.round([*(middle - half), *(middle + half)]), 0, side).astype(int)
    return Found(Box(*(int(each) for each in corners)), CONFIDENCE, Landmarks(*(Point(p.real, p.imag) for p in points)))


def film(images: NDArray[np.uint8], scene: Scene, readers: Mapping[str, Read]) -> Timeline:
    """Read a scene as the pipeline would: crop, read; shots and tracks are known."""
    times = [(shot, t_ms) for shot in scene.shots for t_ms in range(shot.start_ms, shot.end_ms, scene.step_ms)]
    faces = [found(shot, t_ms) for shot, t_ms in times]
    seen = [frame(images, scene, shot, t_ms).image for shot, t_ms in times]
    crops = [pixels.crop(image, face) for image, face in zip(seen, faces, strict=True)]
    said = {name: list(read(crops)) for name, read in readers.items()}
    samples = []
    for place, ((shot, t_ms), face) in enumerate(zip(times, faces, strict=True)):
        readings = {name: opinions[place] for name, opinions in said.items()}
        one = Face(face, pixels.sharpness(crops[place]), shot.number, readings)
        samples.append(Sample(t_ms, (one,), shot.number))
    return Timeline(scene.step_ms, tuple(samples))
