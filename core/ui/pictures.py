"""The pictures of the pages, made from what the store keeps: posters, frames, faces; tiles where there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np
import streamlit as st

from core.analysis import tables
from core.charts import doubt_on_pictures, fonts, on_pictures
from core.charts.on_pictures import Wording
from core.charts.palette import GROUND, colour
from core.errors import SettingError
from core.export.notes import scale_face
from core.language import ENGLISH
from core.model import Box, Image, Sample, Scene
from core.shelf import findings
from core.ui import choices, common
from core.ui import wording as ui_words
from core.video import clip, stills

TILE = (640, 416)
"""Width and height of a tile, px: those of a poster with its barcode."""

SIGNS = {
    "wait": '<circle cx="320" cy="208" r="34"/><path d="M320 188v20l14 10"/>',
    "fault": '<path d="M276 176h88v64h-88zM292 176v64M348 176v64M268 252 372 164"/>',
    "everyone": '<circle cx="14" cy="16" r="4"/><circle cx="27" cy="17" r="3"/>'
    '<path d="M7 29c0-9 14-9 14 0M25 24c4-1 8 1 8 5"/>',
}
"""What a tile shows, as SVG in its own px."""

FACE_PX, GAP_PX, BAR_PX = 192, 12, 8
"""Side of a face in the gallery, the gap below it, and the height of its score's bar."""


def tile(sign: str, size: tuple[int, int] = TILE) -> str:
    """A plain surface with a sign, as SVG: what stands where there is no picture."""
    ground, (width, height) = GROUND[common.theme()], size
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<rect width="{width}" height="{height}" fill="{ground.surface}"/><g fill="none" stroke="{ground.muted}" '
        f'stroke-width="{max(1.8, width / 160)}" stroke-linecap="round" stroke-linejoin="round">{SIGNS[sign]}</g></svg>'
    )


def poster(scene: Scene, doubts: Sequence[int] = ()) -> bytes | str:
    """The scene's poster with its barcode as JPEG; a tile while there is no picture of it.

    ``doubts`` are the moments, ms, of the peaks that are open to doubt: a flag counts them, the barcode has their pins.
    """
    if not scene.found:
        return tile("fault" if scene.state == "failed" else "wait")
    how = choices.pick_reader(scene), tuple(doubts), common.theme()

    def draw() -> bytes:
        thumb = common.store().poster(scene.id)
        made = findings.draw_poster(stills.decode(thumb) if thumb else None, common.timeline(scene), *how)
        return stills.encode(made, quality=findings.POSTER_QUALITY)

    return common.remember(scene, ("poster", *how), draw)


def small_poster(scene: Scene) -> Image | str:
    """The newest picture of a scene that is being read, without a barcode."""
    thumb = common.store().poster(scene.id) if scene.found else None
    return letterbox(stills.shrink(stills.decode(thumb), 336), common.theme()) if thumb else tile("wait", (640, 360))


@st.cache_data(max_entries=4, show_spinner=False)
def first_frame(path: str) -> bytes:
    """The first picture of a clip that has not been read, as JPEG."""
    return stills.encode(next(iter(clip.frames(Path(path)))).image, width=640)


def wording() -> Wording:
    """How emotions are written into pictures: as on the page, in English where this machine has no font for that."""
    language = ui_words.page_language()
    try:
        return Wording(language.names, fonts.find_font(language))
    except SettingError:
        return Wording(ENGLISH, on_pictures.default_font)


def frame_with_boxes(
    scene: Scene, sample: Sample, reader: str, doubtful: tuple[tuple[int, str, float], ...] = ()
) -> Image:
    """The moment's stored picture with boxes and words, in a frame of 16:9 so that the page never jumps.

    ``doubtful`` are the faces whose reading is doubted: index, and the emotion and score that stand on their flag.
    """
    known = scene.id, scene.created, scene.revision
    how = wording()
    return _frame_with_boxes(
        scene, sample, how, *known, sample.t_ms, reader, doubtful, common.theme(), tuple(how.names.values())
    )


@st.cache_data(max_entries=64, show_spinner=False)
def _frame_with_boxes(
    _scene: Scene,
    _sample: Sample,
    _how: Wording,
    scene_id: int,
    created: str,
    revision: int,
    t_ms: int,
    reader: str,
    doubtful: tuple[tuple[int, str, float], ...],
    theme: str,
    names: tuple[str, ...],
) -> Image:
    image = _thumb_or_plain(common.store().thumb(scene_id, t_ms), theme)
    width = _scene.video.width if _scene.video else image.shape[1]
    if _scene.recipe.region:
        part = Box(*(round(edge * image.shape[1] / width) for edge in _scene.recipe.region))
        image = on_pictures.draw_outline(image, part)
    faces = [scale_face(face, image.shape[1] / width) for face in _sample.faces]
    flagged = {place for place, *_ in doubtful}
    drawn = on_pictures.draw_boxes(
        image, [face for place, face in enumerate(faces) if place not in flagged], reader, theme, _how
    )
    for place, emotion, score in doubtful:
        word = _how.names.get(emotion, emotion)
        drawn = doubt_on_pictures.draw_doubtful_box(drawn, faces[place].found.box, word, f" {score:.2f}?", _how.type)
    return letterbox(drawn, theme)


def small_face(face: Image | bytes | None, how: str = "") -> Image | str:
    """A face for a row or a filmstrip: as it is, ``"ringed"`` in doubt, or ``"struck"`` once it was dropped."""
    if face is None:
        return tile("everyone", (40, 40))
    square = cv2.resize(stills.decode(face) if isinstance(face, bytes) else face, (96, 96))
    if how:
        return (
            doubt_on_pictures.strike_out(square)
            if how == "struck"
            else doubt_on_pictures.draw_ring(square, theme=common.theme())
        )
    return np.asarray(square, np.uint8)


def strength_bar(share: float) -> str:
    """How strongly a reason speaks, as a bar; SVG."""
    ground = GROUND[common.theme()]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="48" height="8" viewBox="0 0 48 8">'
        f'<rect y="1" width="48" height="5" rx="2.5" fill="{ground.border}"/>'
        f'<rect y="1" width="{max(48 * share, 5):.1f}" height="5" rx="2.5" fill="{ground.marker}"/></svg>'
    )


def _thumb_or_plain(thumb: bytes | None, theme: str) -> Image:
    """The stored picture, or a plain surface where none was kept."""
    return stills.decode(thumb) if thumb else on_pictures.plain_surface(theme)


def letterbox(image: Image, theme: str) -> Image:
    """The picture in the middle of a surface of 16:9, where it is not that wide itself."""
    height, width = image.shape[:2]
    full = max(round(height * 16 / 9), width)
    tall = max(round(full * 9 / 16), height)
    canvas = np.full((tall, full, 3), _rgb(GROUND[theme].surface), np.uint8)
    top, left = (tall - height) // 2, (full - width) // 2
    canvas[top : top + height, left : left + width] = image
    return canvas


def portraits(scene: Scene, reader: str) -> dict[int, bytes]:
    """Every person's track → the sharpest sure crop of their face, JPEG."""
    return _portraits(scene, scene.id, scene.created, scene.revision, reader)


@st.cache_data(max_entries=16, show_spinner=False)
def _portraits(_scene: Scene, scene_id: int, created: str, revision: int, reader: str) -> dict[int, bytes]:
    faces = tables.faces(common.timeline(_scene), reader).dropna(subset="track")
    best = faces.loc[(faces["confidence"] * faces["sharpness"]).groupby(faces["track"]).idxmax()]
    keys = {int(face.track): (int(face.t_ms), int(face.index)) for face in best.itertuples()}
    crops = common.store().crops(scene_id, keys.values())
    return {track: crops[key] for track, key in keys.items() if key in crops}


def portrait(portraits: Mapping[int, bytes], track: int) -> bytes | str:
    """A person's face, or a sign where none was kept."""
    return portraits.get(track) or tile("everyone", (40, 40))


def face_with_bar(
    crop: bytes | None, emotion: str, score: float, theme: str, doubt: float = 0.0, *, dropped: bool = False
) -> Image:
    """A face with its score as a bar below it in the emotion's colour; RGBA, the page shows through the gap.

    A doubtful face has a ring and a flag, a dropped one is grey and struck; the bar of either is hollow.
    """
    picture = np.zeros((FACE_PX + GAP_PX + BAR_PX, FACE_PX, 4), np.uint8)
    face = cv2.resize(_thumb_or_plain(crop, theme), (FACE_PX, FACE_PX), interpolation=cv2.INTER_CUBIC)
    if dropped:
        face = doubt_on_pictures.strike_out(face)
    elif doubt:
        face = doubt_on_pictures.draw_ring(face, f"doubt {doubt:.2f}", theme)
    picture[:FACE_PX] = np.dstack([face, np.full((FACE_PX, FACE_PX), 255, np.uint8)])
    picture[-BAR_PX:] = (*_rgb(GROUND[theme].border), 255)
    painted = GROUND[theme].muted if dropped else colour(emotion, theme)
    picture[-BAR_PX:, : round(FACE_PX * score)] = (*_rgb(painted), 255)
    if doubt or dropped:
        picture[-BAR_PX + 2 : -2, 2 : max(round(FACE_PX * score) - 2, 2)] = (*_rgb(GROUND[theme].background), 255)
    return picture


def png(image: Image) -> bytes:
    """An RGBA picture as the page sends it."""
    _, data = cv2.imencode(".png", cv2.cvtColor(image, cv2.COLOR_RGBA2BGRA), [cv2.IMWRITE_PNG_COMPRESSION, 1])
    return bytes(data)


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
