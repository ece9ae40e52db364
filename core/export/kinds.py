"""What a scene can leave as: every kind of file by name, made from the store; for the page and the command line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import quote

import pandas as pd

from core import language
from core.charts import fonts
from core.charts.on_pictures import Wording, draw_boxes
from core.emotions.emotion import OwnEmotion
from core.emotions.readings import own_reader
from core.errors import SettingError
from core.export import (
    bundle_exchange,
    elan,
    fer,
    notes,
    people_charts,
    render,
    story_of_scene,
    summary,
    tables,
    webvtt,
)
from core.export.notes import Note
from core.export.scene_charts import Charts
from core.export.zip import zip_files
from core.host import limits
from core.model import EMOTIONS, Sample, Scene
from core.shelf import emotions, review
from core.shelf.scene_view import SceneView, view_scene
from core.store.scenes import Store
from core.video import stills

FRAMES = ("suspects", "peaks", "all")
"""Which moments' frames are packed."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What may be chosen about what leaves."""

    reader: str = ""
    """Whose numbers, where only one reader's fit; the preferred one's where none is named."""
    theme: str = "light"
    language: str = "en"
    """Of the emotions' names in pictures; ids and columns stay English."""
    size: float = 1.0
    """Of the letters in pictures, 1 is usual."""
    which: str = "suspects"
    emotions: Sequence[str] = EMOTIONS
    said: Mapping[str, str] = field(default_factory=dict)
    """A story's own words, by the place where they stand."""
    taught: Sequence[OwnEmotion] = ()
    """Emotions of one's own that stand beside the seven."""
    embeddings: bool = False
    """Whether a table has what the reader saw."""


class Kind(NamedTuple):
    """One kind of file."""

    suffix: str
    mime: str
    words: str
    """What it is, in the words of a button and of the command line's help."""
    make: Callable[[Store, Scene, Choices], bytes]


def choose_reader(scene: Scene, wanted: Choices) -> str:
    """The reader that was asked for, else the scene's first; SettingError for one that did not read it."""
    if not scene.found or not scene.readers:
        raise SettingError(f"“{scene.title}” has not been read yet. Read it first.")
    if wanted.reader and wanted.reader not in scene.readers:
        raise SettingError(f"“{wanted.reader}” did not read it. Choose {' or '.join(scene.readers)}.")
    return wanted.reader or scene.readers[0]


def wording(wanted: Choices) -> Wording:
    """How emotions are written into pictures; SettingError where this machine cannot write the language."""
    chosen = language.LANGUAGES.get(wanted.language)
    if chosen is None:
        raise SettingError(
            f"“{wanted.language}” is not a language that Outtake writes. Choose {', '.join(language.LANGUAGES)}."
        )
    own = " ".join(one.name for one in wanted.taught)
    return Wording(chosen.names, fonts.find_font(chosen, own), min(max(wanted.size, 0.5), 4.0))


def _rows(kind: str) -> Callable[[Store, Scene, Choices], bytes]:
    return lambda store, scene, wanted: tables.to_bytes(table(store, scene, wanted), kind)


def table(store: Store, scene: Scene, wanted: Choices) -> pd.DataFrame:
    """A scene's rows with a column for each taught emotion that is wanted, and the embeddings where asked for."""
    return emotions.add_columns(review.table(store, scene), store, scene, wanted.taught, embeddings=wanted.embeddings)


def scene_view(store: Store, scene: Scene, wanted: Choices) -> SceneView:
    """Return the scene as it is wanted; SettingError for a reader, or embeddings, that it does not have."""
    return view_scene(store, scene, choose_reader(scene, wanted), wanted.taught)


def _fer(store: Store, scene: Scene, wanted: Choices) -> bytes:
    view = scene_view(store, scene, wanted)
    return tables.to_bytes(fer.table(view.timeline.samples, view.reader, view.own_by_place, view.names), "csv")


def _tidy(kind: str) -> Callable[[Store, Scene, Choices], bytes]:
    return lambda store, scene, wanted: tables.to_bytes(TIDY[kind](scene_view(store, scene, wanted)), "csv")


def scene_notes(store: Store, scene: Scene, taught: Sequence[OwnEmotion] = ()) -> tuple[Note, ...]:
    """Every reader's peaks and those of one's own, with what is doubted and decided, and whose they are."""
    view = view_scene(store, scene, scene.readers[0], taught)
    suspects = {reader: review.suspects_of(store, scene, view.timeline, reader) for reader in scene.readers}
    suspects |= {channel.reader: view.suspects_of(channel) for channel in view.channels[1:]}
    return notes.peak_notes(suspects, view.verdicts, view.people)


def _elan(store: Store, scene: Scene, wanted: Choices) -> bytes:
    choose_reader(scene, wanted)
    media = media_addresses(scene.recipe.source, told=not limits.is_hosted())
    made = datetime.now(UTC).isoformat(timespec="seconds")
    return elan.eaf(scene_notes(store, scene, wanted.taught), *media, made).encode()


def media_addresses(source: str, *, told: bool) -> tuple[str, str]:
    """The video's address and its name beside the file; ``told`` says whether this machine's folders may be named."""
    name = quote(re.split(r"[\\/]", source.rstrip("/"))[-1])
    if re.match("https?://", source, re.IGNORECASE):
        return quote(source, safe=":/?&=%#+,;@~!$'()*"), f"./{name}"
    return (f"file://{quote(source)}" if told and source.startswith("/") else f"./{name}"), f"./{name}"


def _webvtt(store: Store, scene: Scene, wanted: Choices) -> bytes:
    reader, own = choose_reader(scene, wanted), [own_reader(one.name) for one in wanted.taught]
    return webvtt.webvtt(scene_notes(store, scene, wanted.taught), scene.title, reader, own).encode()


def _frames(store: Store, scene: Scene, wanted: Choices) -> bytes:
    view, how = scene_view(store, scene, wanted), wording(wanted)
    times, shown = frame_times(view, wanted.which), view.own_shown
    if not times:
        raise SettingError("There is no such moment in this scene, so there are no frames to pack. Choose “all”.")

    def frame(sample: Sample) -> bytes:
        own = [shown.get((sample.t_ms, index), {}) for index in range(len(sample.faces))]
        return frame_with_boxes(store, scene, sample, view.reader, how, wanted.theme, own)

    there = (sample for sample in view.timeline.samples if sample.t_ms in times)
    return zip_files((f"{sample.t_ms:08}.jpg", frame(sample)) for sample in there)


def frame_times(view: SceneView, which: str) -> set[int]:
    """The moments, ms, of suspects' apexes, of all peaks', or all."""
    if which not in FRAMES:
        raise SettingError(f"“{which}” is not a choice of frames. Choose {', '.join(FRAMES)}.")
    if which == "all":
        return {sample.t_ms for sample in view.timeline.samples}
    return {one.peak.apex_ms for one in (view.open if which == "suspects" else view.suspects)}


def frame_with_boxes(
    store: Store,
    scene: Scene,
    sample: Sample,
    reader: str,
    how: Wording,
    theme: str,
    taught: Sequence[Mapping[str, float]] = (),
) -> bytes:
    """A moment's stored picture with boxes and labels, as JPEG; ``taught``: as for ``draw.boxes``."""
    picture = stills.decode(store.thumb(scene.id, sample.t_ms) or b"")
    share = picture.shape[1] / scene.video.width if scene.video else 1.0
    faces = [notes.scale_face(face, share) for face in sample.faces]
    return stills.encode(draw_boxes(picture, faces, reader, theme, how, taught), quality=90)


def _charts(store: Store, scene: Scene, wanted: Choices) -> bytes:
    names = wording(wanted).names
    charts = Charts(scene_view(store, scene, wanted), store, wanted.theme, names)
    specs = charts.specs(wanted.emotions) | dict(people_charts.specs(charts))
    return zip_files(render.render_charts(specs).items())


def _story(store: Store, scene: Scene, wanted: Choices) -> bytes:
    charts = Charts(scene_view(store, scene, wanted), store)
    return story_of_scene.story_of(charts, wanted.emotions, wanted.said, wanted.language).encode()


def _bundle(store: Store, scene: Scene, wanted: Choices) -> bytes:
    return bundle_exchange.export_bundle(store, scene, wanted.taught)


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP = "application/zip"

KINDS: dict[str, Kind] = {
    "csv": Kind(".csv", "text/csv", "CSV", _rows("csv")),
    "xlsx": Kind(".xlsx", XLSX, "Excel", _rows("xlsx")),
    "parquet": Kind(".parquet", "application/vnd.apache.parquet", "Parquet", _rows("parquet")),
    "json": Kind(".json", "application/json", "JSON", _rows("json")),
    "summary": Kind("-summary.csv", "text/csv", "means, a row per person and emotion", _tidy("summary")),
    "peaks": Kind("-peaks.csv", "text/csv", "peaks with their doubts", _tidy("peaks")),
    "fer": Kind("-fer.csv", "text/csv", "CSV as fer writes it", _fer),
    "elan": Kind(".eaf", "application/xml", "ELAN", _elan),
    "webvtt": Kind(".vtt", "text/vtt", "WebVTT", _webvtt),
    "frames": Kind("-frames.zip", ZIP, "frames with boxes", _frames),
    "charts": Kind("-charts.zip", ZIP, "all charts, PNG and SVG", _charts),
    "story": Kind("-story.html", "text/html", "a story to post", _story),
    "bundle": Kind(".outtake.zip", ZIP, "the scene without its video", _bundle),
}
"""Name → kind, in the order in which they are offered; the annotated video, which takes minutes, is a job."""

TABLES = tables.FORMATS

TIDY = {"summary": summary.summary_table, "peaks": summary.peaks_table}
"""The kinds of which several scenes are one table, since each row says which scene it is of."""


def export_scene(store: Store, scene: Scene, kind: str, wanted: Choices | None = None) -> bytes:
    """Return a scene as a file of a kind; SceneError says what it lacks."""
    return KINDS[kind].make(store, scene, wanted or Choices())


def file_name(title: str, kind: str) -> str:
    """A name for the file that every system takes."""
    plain = re.sub(r'[\x00-\x1f\x7f<>:"/\\|?*]+', " ", title).strip(" .")
    return f"{plain[:80] or 'scene'}{KINDS[kind].suffix if kind in KINDS else kind}"


def shelf_table(store: Store, scenes: Iterable[Scene], wanted: Choices | None = None) -> pd.DataFrame:
    """The rows of several scenes in one table, before them the scene's id and title."""
    parts = [
        _scene_rows(store, scene, wanted or Choices())
        .assign(scene=scene.id, title=scene.title)
        .astype({"title": "str"})
        for scene in scenes
        if scene.found
    ]
    if not parts:
        raise SettingError("None of these scenes has been read yet. Read one first.")
    whole = pd.concat(parts, ignore_index=True)
    return whole[["scene", "title", *(name for name in whole if name not in ("scene", "title"))]]


def _scene_rows(store: Store, scene: Scene, wanted: Choices) -> pd.DataFrame:
    """The scene's rows; of a scene without embeddings, what was taught is missing in them."""
    if not wanted.taught or not emotions.why_no_embeddings(store, scene):
        return table(store, scene, wanted)
    return review.table(store, scene).assign(**{one.name: float("nan") for one in wanted.taught})


def tidy_table(store: Store, scenes: Iterable[Scene], kind: str, wanted: Choices) -> pd.DataFrame:
    """The rows of one of ``TIDY`` of several scenes, each by the reader asked for, else by its own first."""
    parts = [TIDY[kind](scene_view(store, scene, wanted)) for scene in scenes if scene.found]
    if not parts:
        raise SettingError("None of these scenes has been read yet. Read one first.")
    return pd.concat(parts, ignore_index=True)


def shelf_zip(store: Store, scenes: Iterable[Scene], kind: str, wanted: Choices | None = None) -> bytes:
    """A file of the kind for each scene that has been read, in one zip."""
    read = [scene for scene in scenes if scene.found]
    if not read:
        raise SettingError("None of these scenes has been read yet. Read one first.")
    return zip_files(
        (f"{scene.id} {file_name(scene.title, kind)}", export_scene(store, scene, kind, wanted)) for scene in read
    )
