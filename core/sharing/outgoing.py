"""What a scene can leave as: every kind of file by name, made from the store; for the page and the command line."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import quote

import pandas as pd

from core import hosting, pixels
from core.adapters import export, export_chart
from core.adapters.store import Store
from core.doubting import review
from core.drawing.draw import Wording, boxes
from core.errors import SettingError
from core.model import EMOTIONS, Sample, Scene
from core.sharing import annotate, annotate_elan, annotate_vtt, exchange, fer_layout, fonts, telling, words
from core.sharing.annotate import Note
from core.sharing.chart_set import Charts

WHICH = ("suspects", "peaks", "all")
"""Which moments' frames are packed."""

WHEN = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Wanted:
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


class Kind(NamedTuple):
    """One kind of file."""

    suffix: str
    mime: str
    words: str
    """What it is, in the words of a button and of the command line's help."""
    make: Callable[[Store, Scene, Wanted], bytes]


def reader_of(scene: Scene, wanted: Wanted) -> str:
    """The reader that was asked for, else the scene's first; SettingError for one that did not read it."""
    if not scene.found or not scene.readers:
        raise SettingError(f"“{scene.title}” has not been read yet. Read it first.")
    if wanted.reader and wanted.reader not in scene.readers:
        raise SettingError(f"“{wanted.reader}” did not read it. Choose {' or '.join(scene.readers)}.")
    return wanted.reader or scene.readers[0]


def wording(wanted: Wanted) -> Wording:
    """How emotions are written into pictures; SettingError where this machine cannot write the language."""
    language = words.LANGUAGES.get(wanted.language)
    if language is None:
        raise SettingError(f"“{wanted.language}” is no language Outtake knows. Choose {', '.join(words.LANGUAGES)}.")
    return Wording(language.names, fonts.type_of(language), min(max(wanted.size, 0.5), 4.0))


def _rows(kind: str) -> Callable[[Store, Scene, Wanted], bytes]:
    return lambda store, scene, wanted: export.to_bytes(review.table(store, scene), kind)


def _fer(store: Store, scene: Scene, wanted: Wanted) -> bytes:
    return export.to_bytes(fer_layout.table(store.samples(scene.id), reader_of(scene, wanted)), "csv")


def notes(store: Store, scene: Scene) -> tuple[Note, ...]:
    """Every reader's peaks, with what is doubted and decided, and whose they are."""
    timeline = store.timeline(scene.id)
    suspects = {reader: review.suspects_of(store, scene, timeline, reader) for reader in scene.readers}
    return annotate.notes(suspects, store.verdicts(scene.id), store.people(scene.id))


def _elan(store: Store, scene: Scene, wanted: Wanted) -> bytes:
    reader_of(scene, wanted)
    media = addresses(scene.recipe.source, told=not hosting.hosted())
    made = datetime.now(UTC).isoformat(timespec="seconds")
    return annotate_elan.eaf(notes(store, scene), *media, made).encode()


def addresses(source: str, *, told: bool) -> tuple[str, str]:
    """The video's address and its name beside the file; ``told`` says whether this machine's folders may be named."""
    name = quote(re.split(r"[\\/]", source.rstrip("/"))[-1])
    if re.match("https?://", source, re.IGNORECASE):
        return quote(source, safe=":/?&=%#+,;@~!$'()*"), f"./{name}"
    return (f"file://{quote(source)}" if told and source.startswith("/") else f"./{name}"), f"./{name}"


def _webvtt(store: Store, scene: Scene, wanted: Wanted) -> bytes:
    return annotate_vtt.webvtt(notes(store, scene), scene.title, reader_of(scene, wanted)).encode()


def _frames(store: Store, scene: Scene, wanted: Wanted) -> bytes:
    reader, how = reader_of(scene, wanted), wording(wanted)
    times = chosen_times(store, scene, reader, wanted.which)
    if not times:
        raise SettingError("There is no such moment in this scene, so there are no frames to pack. Choose “all”.")
    there = (sample for sample in store.samples(scene.id) if sample.t_ms in times)
    return zipped(
        (f"{sample.t_ms:08}.jpg", framed(store, scene, sample, reader, how, wanted.theme)) for sample in there
    )


def chosen_times(store: Store, scene: Scene, reader: str, which: str) -> set[int]:
    """The moments, ms, of suspects' apexes, of all peaks', or all."""
    if which not in WHICH:
        raise SettingError(f"“{which}” are no frames Outtake knows. Choose {', '.join(WHICH)}.")
    charts = Charts(store, scene, reader)
    if which == "all":
        return {sample.t_ms for sample in charts.timeline.samples}
    return {one.peak.apex_ms for one in (charts.open if which == "suspects" else charts.suspects)}


def framed(store: Store, scene: Scene, sample: Sample, reader: str, how: Wording, theme: str) -> bytes:
    """A moment's stored picture with boxes and labels, as JPEG."""
    picture = pixels.picture(store.thumb(scene.id, sample.t_ms) or b"")
    share = picture.shape[1] / scene.video.width if scene.video else 1.0
    return pixels.jpeg(
        boxes(picture, [annotate.scaled(face, share) for face in sample.faces], reader, theme, how), quality=90
    )


def _charts(store: Store, scene: Scene, wanted: Wanted) -> bytes:
    charts = Charts(store, scene, reader_of(scene, wanted), wanted.theme)
    return zipped(export_chart.drawn(charts.specs(wanted.emotions)).items())


def _story(store: Store, scene: Scene, wanted: Wanted) -> bytes:
    reader = reader_of(scene, wanted)
    return telling.story_of(store, scene, reader, wanted.emotions, wanted.said, wanted.language).encode()


def _bundle(store: Store, scene: Scene, wanted: Wanted) -> bytes:
    return exchange.packed(store, scene)


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP = "application/zip"

KINDS: dict[str, Kind] = {
    "csv": Kind(".csv", "text/csv", "CSV", _rows("csv")),
    "xlsx": Kind(".xlsx", XLSX, "Excel", _rows("xlsx")),
    "parquet": Kind(".parquet", "application/vnd.apache.parquet", "Parquet", _rows("parquet")),
    "json": Kind(".json", "application/json", "JSON", _rows("json")),
    "fer": Kind("-fer.csv", "text/csv", "CSV as fer writes it", _fer),
    "elan": Kind(".eaf", "application/xml", "ELAN", _elan),
    "webvtt": Kind(".vtt", "text/vtt", "WebVTT", _webvtt),
    "frames": Kind("-frames.zip", ZIP, "frames with boxes", _frames),
    "charts": Kind("-charts.zip", ZIP, "all charts, PNG and SVG", _charts),
    "story": Kind("-story.html", "text/html", "a story to post", _story),
    "bundle": Kind(".outtake.zip", ZIP, "the scene without its video", _bundle),
}
"""Name → kind, in the order in which they are offered; the annotated video, which takes minutes, is a job."""

TABLES = export.FORMATS


def made(store: Store, scene: Scene, kind: str, wanted: Wanted | None = None) -> bytes:
    """Return a scene as a file of a kind; SceneError says what it lacks."""
    return KINDS[kind].make(store, scene, wanted or Wanted())


def file_name(title: str, kind: str) -> str:
    """A name for the file that every system takes."""
    plain = re.sub(r'[\x00-\x1f\x7f<>:"/\\|?*]+', " ", title).strip(" .")
    return f"{plain[:80] or 'scene'}{KINDS[kind].suffix if kind in KINDS else kind}"


def shelf_table(store: Store, scenes: Iterable[Scene]) -> pd.DataFrame:
    """The rows of several scenes in one table, before them the scene's id and title."""
    parts = [
        review.table(store, scene).assign(scene=scene.id, title=scene.title).astype({"title": "str"})
        for scene in scenes
        if scene.found
    ]
    if not parts:
        raise SettingError("None of these scenes has been read yet. Read one first.")
    whole = pd.concat(parts, ignore_index=True)
    return whole[["scene", "title", *(name for name in whole if name not in ("scene", "title"))]]


def shelf_zip(store: Store, scenes: Iterable[Scene], kind: str, wanted: Wanted | None = None) -> bytes:
    """A file of the kind for each scene that has been read, in one zip."""
    read = [scene for scene in scenes if scene.found]
    if not read:
        raise SettingError("None of these scenes has been read yet. Read one first.")
    return zipped((f"{scene.id} {file_name(scene.title, kind)}", made(store, scene, kind, wanted)) for scene in read)


def zipped(files: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip of the files; the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in _plain(files):
            packed.writestr(name, data)
    return buffer.getvalue()


def _plain(files: Iterable[tuple[str, bytes]]) -> Iterator[tuple[zipfile.ZipInfo, bytes]]:
    for name, data in files:
        entry = zipfile.ZipInfo(name, WHEN)
        entry.external_attr = 0o644 << 16
        entry.compress_type = zipfile.ZIP_STORED if name.endswith((".jpg", ".png", ".zip")) else zipfile.ZIP_DEFLATED
        yield entry, data
