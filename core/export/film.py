"""The annotated film: every picture of a scene with its boxes and labels, and the sound as it was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from core.charts import doubt_on_pictures
from core.charts.on_pictures import draw_boxes
from core.emotions.readings import own_scores, with_scores
from core.errors import SettingError
from core.export import kinds
from core.export.kinds import Choices
from core.export.notes import FaceFollower, scale_face
from core.host import home, limits
from core.host.unfinished import open_unfinished
from core.model import Face, Image, Scene, Suspect
from core.settings import is_bundle, is_link
from core.store.scenes import Store
from core.video import writing

Progress = Callable[[float], bool]
"""Told which share of the film is written, 0–1; returns whether to go on."""


def write_film(
    store: Store, scene: Scene, target: Path, wanted: Choices, progress: Progress = lambda share: True
) -> bool:
    """Write the film as MP4 and return True; False, and no file, where ``progress`` ended it.

    The stretch is the one that was read. SceneError says what is lacking: the video, a font, a place to write.
    """
    view, how, source = kinds.scene_view(store, scene, wanted), kinds.wording(wanted), video_path(scene)
    open_ones, first_ms = view.seven.open, scene.recipe.start_ms
    follower = FaceFollower(with_scores(view.timeline, view.own_shown) if view.own else view.timeline)
    length_ms = max(view.timeline.samples[-1].t_ms - first_ms, 1)
    going = True

    def draw(image: Image, t_ms: int) -> Image:
        share = image.shape[1] / scene.video.width if scene.video else 1.0
        faces = [scale_face(face, share) for face in follower.faces(t_ms)]
        own = [own_scores(face, view.names) for face in faces]
        drawn = draw_boxes(image, faces, view.reader, wanted.theme, how, own)
        for face in doubtful_faces(faces, open_ones, t_ms):
            drawn = doubt_on_pictures.draw_doubtful_box(drawn, face.found.box, "?")
        return drawn

    def tick(t_ms: int) -> bool:
        nonlocal going
        going = progress(min((t_ms - first_ms) / length_ms, 1.0))
        return going

    try:
        with open_unfinished(target) as film:
            writing.write_film(source, film.path, draw, start_ms=first_ms, end_ms=scene.recipe.end_ms, tick=tick)
            if going:
                film.keep()
    except OSError as error:
        raise SettingError(f"{target} cannot be written ({error.strerror}). Choose another place.") from error
    return going


def doubtful_faces(faces: Sequence[Face], suspects: Sequence[Suspect], t_ms: int) -> list[Face]:
    """Those of the faces that an open doubt is about just now."""
    now = {one.peak.track for one in suspects if one.peak.span.covers(t_ms)}
    return [face for face in faces if face.track in now]


def video_path(scene: Scene) -> Path:
    """The video on this machine; SettingError where it is not here, or not here any more."""
    source = scene.recipe.source
    if is_bundle(source):
        raise SettingError("This scene came without its video, so there is none to draw on. Add the video itself.")
    path = home.fetched_video(source) if is_link(source) else Path(source)
    if not path.is_file():
        shown = "" if limits.is_hosted() or is_link(source) else f" ({path})"
        raise SettingError(f"The video of “{scene.title}” is not on this machine any more{shown}. Add it again.")
    return path
