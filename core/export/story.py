"""A scene as an article that one can post: scene, curves, chosen emotions, the peak that makes no sense, the means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

import pandas as pd

from core import __version__
from core.analysis.intervals import describe_intervals
from core.charts.bars import signed_number
from core.charts.palette import GLYPH, STAR_GLYPH
from core.doubt.limits import LIMITS
from core.export.story_html import TAUGHT_NAME, chart, page, picture, user_paragraphs
from core.language import write_reason, write_tier
from core.model import EMOTIONS, Suspect
from core.settings import clock

PLACES: dict[str, str] = {
    "title": "Its title",
    "lead": "What the scene is, and why you looked",
    "curves": "What the curves show",
    "peak": "The peak that makes no sense",
    "means": "What the means say now",
    "end": "How it ends",
}
"""Where one's own words stand, and what a field for them is called."""

MOST_SIGNS = 20_000
"""Of one's own words at one place."""

NOTICE = "These are predicted facial expressions, not feelings. A reader sees a face, never a person’s mind."


@dataclass(frozen=True, slots=True)
class StoryPeak:
    """The peak that the story is about."""

    suspect: Suspect
    who: str
    dropped: bool
    frame: str
    """Its frame with the doubtful box, as base64 of a JPEG."""
    before: float
    after: float
    """The mean of its emotion with it and without."""
    evidence: Mapping[str, str] = field(default_factory=dict)
    """What is said of a chart → its SVG in the light theme."""


@dataclass(frozen=True, slots=True)
class Story:
    """What a story is made of."""

    scene: str
    how: str
    """How the numbers came about, in one line."""
    reader: str
    poster: str
    """The scene's card, as base64 of a JPEG."""
    curves: str
    """The chart's SVG in the light theme."""
    described: str
    chosen: Sequence[str]
    table: pd.DataFrame
    """As ``means.means_table``."""
    means: str
    drop: StoryPeak | None
    language: str = "en"
    """Of the user's own words."""
    said: Mapping[str, str] = field(default_factory=dict)


def html(story: Story) -> str:
    """The story as one page without anything outside it."""
    title = story.said.get("title", "").strip()[:200] or story.scene
    parts = [_head(story, title), _curves(story), _peak(story), _means(story), _end(story)]
    return page(title, "\n".join(part for part in parts if part))


def _user_words(story: Story, place: str, kind: str = "") -> str:
    return user_paragraphs(story.said.get(place, "")[:MOST_SIGNS], story.language, kind)


def _head(story: Story, title: str) -> str:
    said = f"A frame of {story.scene}; below it a column for each moment in the colour of its strongest emotion"
    below = f"{story.scene}. The barcode below the frame has a column for each moment, as high as its strongest score."
    head = f'<h1>{escape(title)}</h1>\n<p class="how">{escape(story.how)}</p>'
    return "\n".join([head, _user_words(story, "lead", "lead"), picture(story.poster, said, below)])


def _curves(story: Story) -> str:
    shown = story.table.set_index("emotion")["everything"]
    chosen = "\n".join(
        f"<li>{_sign(name)} {escape(name)} <b>{_number(shown[name])}</b></li>" for name in story.chosen if name in shown
    )
    caption = "Scores from 0 to 1 over the scene; thin lines at a cut. What is doubted is hatched, its face above it."
    own = [name for name in story.chosen if name not in GLYPH]
    if own:
        said = f"{' and '.join(own)}, dashed and marked {STAR_GLYPH}, {'was' if len(own) == 1 else 'were'}"
        caption += f" {said} taught from a few faces, shown beside the seven, not added to them."
    return "\n".join(
        [
            "<h2>The curves</h2>",
            _user_words(story, "curves"),
            chart(story.curves, "curves", story.described, caption),
            '<p class="unit">Means of the emotions that were picked, over every face of the scene:</p>',
            f'<ul class="chosen">\n{chosen}\n</ul>',
        ]
    )


def _peak(story: Story) -> str:
    drop = story.drop
    if drop is None:
        return f"<h2>No peak to doubt</h2>\n{_user_words(story, 'peak')}\n<p>{write_tier('').capitalize()}.</p>"
    peak = drop.suspect.peak
    what = f"{drop.who} reads as {peak.emotion}, {peak.height:.2f}, at {clock(peak.apex_ms)}"
    reasons = "\n".join(f"<li>{escape(write_reason(reason))}</li>" for reason in drop.suspect.reasons)
    like = "like it" if peak.emotion in EMOTIONS else "like it, of an emotion that passes soon"
    odds = f"Of 100 peaks {like}, {round(drop.suspect.doubt * 100)} were false."
    tier = "do not believe" if drop.dropped else LIMITS.tier(drop.suspect.doubt)
    advice = escape(write_tier(tier, peak.emotion))
    charts = "\n".join(
        chart(svg, f"evidence{number}", said, said) for number, (said, svg) in enumerate(drop.evidence.items(), start=1)
    )
    verdict = "It was dropped" if drop.dropped else "Dropped, it"
    moved = f"moves the mean of {peak.emotion} from {_number(drop.before)} to {_number(drop.after)}."
    done = f"{verdict}: that {moved}" if drop.dropped else f"{verdict} {moved}"
    return "\n".join(
        [
            "<h2>The peak that makes no sense</h2>",
            _user_words(story, "peak"),
            picture(drop.frame, f"The frame: {what}; a dashed box marks the face", f"{what}."),
            f'<section class="doubt">\n<h3>{advice}. {odds}</h3>',
            f"<ul>\n{reasons}\n</ul>\n</section>",
            f'<div class="two">\n{charts}\n</div>' if charts else "",
            f"<p>{done}</p>",
        ]
    )


HEADS = (("everything", "before: all"), ("automatic", "without doubtful"), ("yours", "after the drop"))


def _means(story: Story) -> str:
    ordered = story.table.sort_values("everything", ascending=False)
    head = "".join(f'<th scope="col">{said}</th>' for _, said in HEADS)
    rows = "\n".join(_row(row) for row in ordered.to_dict("records"))
    table = f'<thead><tr><th scope="col">emotion</th>{head}<th scope="col">change</th></tr></thead>'
    left = f"the filled mark what is left after the drop, {describe_intervals(story.table)}"
    caption = f"A ring is the mean of all, {left}."
    return "\n".join(
        [
            "<h2>The means, before and after</h2>",
            _user_words(story, "means"),
            f'<div class="wide"><table>\n{table}\n<tbody>\n{rows}\n</tbody>\n</table></div>',
            chart(story.means, "means", "The same means as marks", caption),
        ]
    )


def _row(row: Mapping[str, object]) -> str:
    name = str(row["emotion"])
    cells = "".join(f'<td class="{column}">{_number(row[column])}</td>' for column, _ in HEADS)
    change = signed_number(float(str(row["change"])))
    return f'<tr><th scope="row">{_sign(name)} {escape(name)}</th>{cells}<td>{change}</td></tr>'


def _sign(name: str) -> str:
    """The emotion's mark in its colour; all that were taught share one."""
    colour = name if name in GLYPH else TAUGHT_NAME
    return f'<span style="color: var(--{colour})" aria-hidden="true">{GLYPH.get(name, STAR_GLYPH)}</span>'


def _end(story: Story) -> str:
    read = f"Read by {escape(story.reader)}. Means are over the rows of faces: a moment without one counts as nothing."
    made = f"Made with Outtake {__version__}."
    return f"{_user_words(story, 'end')}\n<footer>\n<p>{NOTICE}</p>\n<p>{read} {made}</p>\n</footer>"


def _number(mean: object) -> str:
    return "–" if pd.isna(mean) else f"{float(str(mean)):.3f}"
