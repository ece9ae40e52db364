"""A story stands alone: the scene's numbers, the user's own words as plain text, nothing that runs or is fetched."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from core.analysis import tables
from core.charts.palette import GROUND, PALETTE
from core.export import kinds, story_html
from core.export.kinds import Choices
from core.language import write_reason
from core.model import Scene, Verdict
from core.shelf import review
from core.store.scenes import Store
from tests.support import doubtful, seed
from tests.support.builders import strip

HOSTILE = '</p><script>alert(1)</script><img src=x onerror="alert(2)"> & \x00 "quoted"'
SAID = {place: f"{place}: {HOSTILE}\n\nA second paragraph." for place in ("lead", "curves", "peak", "means", "end")}


class Reader(HTMLParser):
    """Collects a page's elements and text, and whether every element is closed in its turn."""

    VOID = ("meta", "img", "br")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(f"sqlite:///{tmp_path_factory.mktemp('shelf') / 'shelf.db'}")


@pytest.fixture(scope="module")
def scene(shelf: Store) -> Scene:
    return shelf.scene(doubtful.scene(shelf, title="Diner <b>at</b> night"))


@pytest.fixture(scope="module")
def text(shelf: Store, scene: Scene) -> str:
    """Told once: drawing its charts takes a renderer that has to start."""
    return told(shelf, scene)


def told(store: Store, scene: Scene) -> str:
    wanted = Choices(emotions=("happy", "sad"), language="de", said=SAID)
    return kinds.export_scene(store, scene, "story", wanted).decode()


def test_it_stands_alone_and_its_words_are_plain_text(text: str) -> None:
    read = Reader(text)
    names = {name for name, _ in read.elements}

    assert read.open == []
    assert not names & {"script", "iframe", "object", "embed", "link", "form", "base", "video", "audio"}
    assert not [key for _, attrs in read.elements for key in attrs if key.startswith("on")]
    addresses = [attrs.get(key) or "" for _, attrs in read.elements for key in ("src", "href") if attrs.get(key)]
    assert addresses and all(one.startswith("data:image/") for one in addresses)
    assert re.findall(r"url\((?!#)", text) == []
    for said in SAID.values():
        assert said.split("\n")[0].replace("\x00", "\ufffd") in "".join(read.text).replace("\x00", "\ufffd")
    assert ("html", {"lang": "en"}) in read.elements and ("div", {"lang": "de"}) in read.elements
    assert next(attrs for name, attrs in read.elements if name == "meta" and attrs.get("http-equiv"))["content"] == (
        story_html.POLICY
    )


def test_every_picture_and_chart_has_its_words(text: str) -> None:
    read = Reader(text)

    assert len([1 for name, attrs in read.elements if name == "img" and attrs["alt"]]) == 2
    charts = [attrs for name, attrs in read.elements if name == "svg"]
    assert len(charts) >= 3 and all(one["role"] == "img" and one["aria-label"] for one in charts)
    ids = [attrs["id"] for _, attrs in read.elements if attrs.get("id")]
    assert len(set(ids)) == len(ids)


def test_it_carries_the_scenes_numbers_before_and_after_the_drop(text: str, shelf: Store, scene: Scene) -> None:
    timeline = shelf.timeline(scene.id)
    doubt = max(review.suspects_of(shelf, scene, timeline, "builtin"), key=lambda one: one.doubt)
    means = tables.means(timeline, "builtin").set_index("emotion")["mean"]
    rest = tables.faces(timeline, "builtin")
    out = (rest["t_ms"] >= doubt.peak.start_ms) & (rest["t_ms"] < doubt.peak.end_ms)
    after = rest[~out][doubt.peak.emotion].mean()

    moved = f"moves the mean of {doubt.peak.emotion} from {means[doubt.peak.emotion]:.3f} to {after:.3f}."
    assert moved in text
    row = next(one for one in re.findall(r"<tr><th scope=\"row\">.*?</tr>", text) if doubt.peak.emotion in one)
    assert f">{means[doubt.peak.emotion]:.3f}<" in row and f'class="yours">{after:.3f}<' in row
    assert all(write_reason(reason) in text for reason in doubt.reasons)


def test_a_dropped_peak_is_what_it_is_about(store: Store) -> None:
    scene = store.scene(doubtful.scene(store))
    store.add_verdicts(scene.id, [Verdict("builtin", 0, "sad", 3200, 3400, True)])
    text = told(store, scene)

    assert "Do not believe this sad." in text and "It was dropped: that moves the mean of sad" in text


def test_a_scene_without_a_doubt_says_so(store: Store) -> None:
    calm = store.scene(seed.scene(store, strip("nnnnnn"), "Calm"))

    assert "No doubt found." in told(store, calm)


def test_charts_take_the_colours_of_the_page(text: str) -> None:
    drawn = "".join(re.findall(r"<svg role=\"img\".*?</svg>", text, re.DOTALL)).lower()
    light = set({**GROUND["light"]._asdict(), **PALETTE["light"]}.values())

    assert not [colour for colour in light - {"#ffffff"} if f'"{colour}"' in drawn]
    assert "var(--happy)" in drawn and len(light) == len(GROUND["light"]) + len(PALETTE["light"])
    for theme in ("light", "dark"):
        assert f"--happy: {PALETTE[theme]['happy']};" in text


@pytest.mark.parametrize("text", ["", "   \n \n", "\r\n\r\n"])
def test_a_place_without_words_leaves_nothing(text: str) -> None:
    assert story_html.user_paragraphs(text, "en") == ""
