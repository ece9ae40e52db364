"""A story out of the store: its charts drawn, its frames looked up, the peak chosen that it is about."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence

import pandas as pd

from core import settings
from core.analysis import means, tables
from core.charts import bars, doubt_on_pictures, on_pictures
from core.charts import timeline as charts
from core.doubt import verdicts
from core.emotions import doubts
from core.export import notes, render, story
from core.export.scene_charts import Charts
from core.export.vega import spec
from core.language import reader_name
from core.model import EMOTIONS, Image, Suspect
from core.video import extent, stills

WIDE, HALF = 700, 330
"""Width of a chart across the page's column, and of half of it, px."""

GROUND = "transparent"

CALLED = {"readers": "What the readers say of this face", "closer": "The frames around it, read again"}


def story_of(
    seen: Charts, emotions: Sequence[str] = EMOTIONS, said: Mapping[str, str] | None = None, language: str = "en"
) -> str:
    """Return the story of a scene as HTML, told of its light charts; what was taught stands beside the seven."""
    about = story_peak(seen)
    table = _means_without(seen, about)
    specs = {
        "curves": spec(seen.curves(emotions), "light", WIDE, GROUND),
        "means": spec(bars.means(table.sort_values("everything", ascending=False), "light"), "light", WIDE, GROUND),
    }
    evidence = seen.evidence(about.peak) if about else {}
    specs |= {name: spec(chart, "light", HALF, GROUND) for name, chart in evidence.items()}
    drawn = {name: svg.decode() for name, svg in render.render_charts(specs, ("svg",)).items()}
    made = story.Story(
        scene=seen.scene.title,
        how=how_read(seen),
        reader=reader_name(seen.reader),
        poster=_base64(_poster(seen)),
        curves=drawn["curves.svg"],
        described=charts.describe(seen.curve(), tables.cuts(seen.timeline), tables.gaps(seen.timeline)),
        chosen=(*emotions, *seen.beside.names),
        table=table,
        means=drawn["means.svg"],
        drop=_dropped_peak(seen, about, {CALLED[name]: drawn[f"{name}.svg"] for name in evidence}) if about else None,
        language=language,
        said=said or {},
    )
    return story.html(made)


def story_peak(seen: Charts) -> Suspect | None:
    """The peak that a story is about: the most doubtful of the dropped ones, else of those still open.

    One of a taught emotion where that is what was dropped, or where nothing else is open.
    """
    dropped = [one for one in seen.every if (done := _verdict(seen, one)) and done.dropped]
    return next(iter([*sorted(dropped, key=lambda one: -one.doubt), *seen.every_open]), None)


def _reader(seen: Charts, one: Suspect) -> str:
    """The reader that verdicts about it name."""
    return seen.reader if one.peak.emotion in EMOTIONS else doubts.own_reader(one.peak.emotion)


def _verdict(seen: Charts, one: Suspect) -> verdicts.Verdict | None:
    return verdicts.find_verdict(seen.verdicts, _reader(seen, one), one.peak)


def _means_without(seen: Charts, about: Suspect | None) -> pd.DataFrame:
    """The means with what was dropped left out, and the peak that the story is about with it."""
    done = [verdicts.make_verdict(_reader(seen, about), about.peak, drop=True)] if about else []
    return seen.mean_table([*seen.verdicts, *done])


def how_read(seen: Charts) -> str:
    """Length, moments, coverage, finder and reader, in one line."""
    timeline, scene = seen.timeline, seen.scene
    share = f"{tables.coverage(timeline):.0%}".replace("%", " %")
    parts = [
        extent.describe_length(scene, timeline.samples[-1].t_ms),
        f"{len(timeline.samples)} moments, one {settings.pace(scene.recipe)}",
        f"a face in {share} of them",
        f"found by {scene.finder}",
    ]
    return " · ".join(part for part in parts if part)


def _poster(seen: Charts) -> Image:
    samples = seen.timeline.samples
    length_ms = samples[-1].t_ms - samples[0].t_ms + seen.timeline.step_ms
    picture = stills.decode(seen.store.poster(seen.scene.id) or b"")
    return on_pictures.poster(picture, seen.timeline, seen.reader, length_ms, "dark")


def _dropped_peak(seen: Charts, about: Suspect, evidence: Mapping[str, str]) -> story.StoryPeak:
    peak, done = about.peak, _verdict(seen, about)
    others = means.dropped_spans([one for one in seen.verdicts if one is not done], _reader(seen, about))
    seven = peak.emotion in EMOTIONS
    rows = tables.faces(seen.timeline, seen.reader) if seven else seen.beside.faces()
    before, after = means.mean_of_faces_without_peak(rows, peak, others)
    people = seen.store.people(seen.scene.id)
    who = next((one.name for one in people if peak.track in one.tracks), "Somebody")
    return story.StoryPeak(
        about, who, bool(done and done.dropped), _base64(_frame(seen, about)), before, after, evidence
    )


def _frame(seen: Charts, about: Suspect) -> Image:
    """The moment's stored picture, a dashed box around the face and what it is said to show."""
    peak, face = about.peak, seen.face(about.peak)
    picture = stills.decode(seen.store.thumb(seen.scene.id, peak.apex_ms) or b"")
    if face is None or seen.scene.video is None:
        return picture
    box = notes.scale_face(face, picture.shape[1] / seen.scene.video.width).found.box
    return doubt_on_pictures.draw_doubtful_box(picture, box, f"{peak.emotion} {peak.height:.2f}?")


def _base64(image: Image) -> str:
    return b64encode(stills.encode(image, quality=88)).decode()
