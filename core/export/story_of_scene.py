"""A story out of the store: its charts drawn, its frames looked up, the peak chosen that it is about."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import replace

from core import settings
from core.analysis import tables
from core.charts import bars, doubt_on_pictures, on_pictures, timeline
from core.export import notes, render, story
from core.export.scene_charts import Charts
from core.export.vega import spec
from core.language import reader_name
from core.model import EMOTIONS, Image, Suspect
from core.shelf.scene_view import SceneView
from core.video import extent, stills

WIDE, HALF = 700, 330
"""Width of a chart across the page's column, and of half of it, px."""

GROUND = "transparent"

CALLED = {"readers": "What the readers say of this face", "closer": "The frames around it, read again"}


def story_of(
    charts: Charts, emotions: Sequence[str] = EMOTIONS, said: Mapping[str, str] | None = None, language: str = "en"
) -> str:
    """Return the story of a scene as HTML, told of its light charts; emotions of one's own stand beside the seven."""
    view, about = charts.view, story_peak(charts.view)
    done = (view.decide(about.peak, drop=True),) if about else ()
    means = replace(view, verdicts=(*view.verdicts, *done)).means()
    specs = {
        "curves": spec(charts.curves(emotions), "light", WIDE, GROUND),
        "means": spec(bars.means(means.sort_values("everything", ascending=False), "light"), "light", WIDE, GROUND),
    }
    evidence = charts.evidence(about.peak) if about else {}
    specs |= {name: spec(chart, "light", HALF, GROUND) for name, chart in evidence.items()}
    drawn = {name: svg.decode() for name, svg in render.render_charts(specs, ("svg",)).items()}
    made = story.Story(
        scene=view.scene.title,
        how=how_read(view),
        reader=reader_name(view.reader),
        poster=_base64(_poster(charts)),
        curves=drawn["curves.svg"],
        described=timeline.describe(view.curve(whole=True), view.compute(tables.cuts), view.compute(tables.gaps)),
        chosen=(*emotions, *view.names),
        table=means,
        means=drawn["means.svg"],
        drop=_drop(charts, about, {CALLED[name]: drawn[f"{name}.svg"] for name in evidence}) if about else None,
        language=language,
        said=said or {},
    )
    return story.html(made)


def story_peak(view: SceneView) -> Suspect | None:
    """Return the peak that a story is about: the most doubtful of the dropped ones, else of those still open.

    One of an emotion of one's own where that is what was dropped, or where nothing else is open.
    """
    dropped = sorted((one for one, done in view.decided if done.dropped), key=lambda one: -one.doubt)
    return next(iter([*dropped, *view.seven.open, *view.open]), None)


def how_read(view: SceneView) -> str:
    """Return length, moments, coverage and finder, in one line."""
    scene, samples = view.scene, view.timeline.samples
    share = f"{view.compute(tables.coverage):.0%}".replace("%", " %")
    parts = [
        extent.describe_length(scene, samples[-1].t_ms),
        f"{len(samples)} moments, one {settings.pace(scene.recipe)}",
        f"a face in {share} of them",
        f"found by {scene.finder}",
    ]
    return " · ".join(part for part in parts if part)


def _poster(charts: Charts) -> Image:
    view, samples = charts.view, charts.view.timeline.samples
    length_ms = samples[-1].t_ms - samples[0].t_ms + view.timeline.step_ms
    picture = stills.decode(charts.store.poster(view.scene.id) or b"")
    return on_pictures.poster(picture, view.timeline, view.reader, length_ms, "dark")


def _drop(charts: Charts, about: Suspect, evidence: Mapping[str, str]) -> story.StoryPeak:
    view, peak = charts.view, about.peak
    done = view.verdict(peak)
    who = next((one.name for one in view.people if peak.track in one.tracks), "Somebody")
    frame = _base64(_frame(charts, about))
    return story.StoryPeak(about, who, bool(done and done.dropped), frame, *view.moves(peak), evidence)


def _frame(charts: Charts, about: Suspect) -> Image:
    """The moment's stored picture, a dashed box around the face and what it is said to show."""
    view, peak = charts.view, about.peak
    picture = stills.decode(charts.store.thumb(view.scene.id, peak.apex_ms) or b"")
    if view.scene.video is None:
        return picture
    _, face = view.face(peak)
    box = notes.scale_face(face, picture.shape[1] / view.scene.video.width).found.box
    return doubt_on_pictures.draw_doubtful_box(picture, box, f"{peak.emotion} {peak.height:.2f}?")


def _base64(image: Image) -> str:
    return b64encode(stills.encode(image, quality=88)).decode()
