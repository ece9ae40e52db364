"""What the screen works out before it draws: times from clicks, moments and faces to show, links, words, files."""

from __future__ import annotations

import io
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.analysis import means, tables
from core.errors import SettingError
from core.export import notes
from core.host import home
from core.model import EMOTIONS, Recipe, Scene, Step
from core.shelf import uploads
from core.ui import common, pictures, progress
from core.ui.gallery import faces as ui_faces
from core.ui.scene import head, moment
from core.ui.scene import means as ui_means
from core.ui.shelf import add, cards
from core.video.stills import encode as jpeg
from tests.support import builders
from tests.support.builders import strip

ASKED = add.FormValues("200 ms", "", "", "auto", "auto", "24")


@pytest.mark.parametrize(("asked", "found"), [(0, 0), (740, 500), (760, 1000), (750, 500), (99_000, 1500)])
def test_the_nearest_stored_moment_is_shown(asked: int, found: int) -> None:
    assert moment.nearest(strip("nnhn"), asked).t_ms == found


@pytest.mark.parametrize(
    ("drawing", "t_ms"),
    [
        ("nnnhnn", 1500),  # the only one that says anything
        ("nnnn", 0),  # nobody says anything but neutral
        ("....", 0),
        ("..s.", 1000),
    ],
)
def test_a_scene_opens_at_the_moment_that_says_most(drawing: str, t_ms: int) -> None:
    timeline = strip(drawing)

    assert moment.most_telling(timeline, tables.faces(timeline, "builtin"), None).t_ms == t_ms


def test_with_a_person_chosen_the_scene_opens_where_that_person_says_most() -> None:
    timeline = strip("nhn|nan")
    faces = tables.faces(timeline, "builtin")

    assert moment.most_telling(timeline, faces, 0).t_ms == 500
    assert moment.most_telling(timeline, faces, 1).t_ms == 2000


def test_boxes_shrink_with_the_stored_picture() -> None:
    half = notes.scale_face(builders.face(left=100, size=80), 0.5)

    assert half.found.box == (50, 30, 90, 70)


@pytest.mark.parametrize(("width", "height"), [(320, 180), (90, 160), (160, 120), (240, 100), (1, 1)])
def test_every_frame_stands_on_the_same_shape_so_that_nothing_jumps(width: int, height: int) -> None:
    image = builders.picture(max(width, 1), max(height, 1))
    shown = pictures.letterbox(image, "dark")

    assert abs(shown.shape[1] / shown.shape[0] - 16 / 9) < 0.8 / min(shown.shape[:2])
    top, left = (shown.shape[0] - height) // 2, (shown.shape[1] - width) // 2
    assert np.array_equal(shown[top : top + height, left : left + width], image)


@pytest.mark.parametrize("score", [0.0, 0.5, 1.0])
def test_the_bar_under_a_face_is_as_long_as_its_score(score: float) -> None:
    tile = pictures.face_with_bar(jpeg(builders.picture(96, 96)), "happy", score, "dark")
    bar = tile[-1, :, :3] == (0xFF, 0xD9, 0x18)

    assert bar.all(axis=1).sum() == round(score * pictures.FACE_PX)
    assert (tile[pictures.FACE_PX + 1, :, 3] == 0).all()


def gallery(drawing: str = "hhns|sah.") -> object:
    return tables.faces(strip(drawing), "builtin")


def test_faces_are_filtered_by_emotion_person_and_time() -> None:
    def times(*how: object) -> list[int]:
        return list(ui_faces.filter_faces(gallery(), *how, ui_faces.IN_TIME)["t_ms"])

    assert times("", None, 0, 9000) == [0, 500, 1000, 1500, 2000, 2500, 3000]
    assert times("sad", None, 0, 9000) == [1500, 2000]
    assert times("sad", 1, 0, 9000) == [2000]
    assert times("", None, 500, 1500) == [500, 1000, 1500]
    assert times("fear", None, 0, 9000) == []


def test_faces_are_sorted_by_any_emotions_score_and_show_it() -> None:
    every = ui_faces.filter_faces(gallery(), "", None, 0, 9000, "most angry")
    shown = ui_faces.shown_score(every, "most angry")

    assert shown["shown"].is_monotonic_decreasing
    assert set(shown["emotion"]) == {"angry"}
    assert shown["t_ms"].iloc[0] == 2500


@given(some.integers(1, 5000))
def test_the_time_slider_stands_on_few_places_and_on_both_ends(count: int) -> None:
    stops = ui_faces._stops([place * 200 for place in range(count)])

    assert (stops[0], stops[-1]) == (0, (count - 1) * 200)
    assert len(stops) <= ui_faces.MOST_STOPS + 1
    assert stops == sorted(set(stops))


@pytest.mark.parametrize(
    ("asked", "span"),
    [("", (0, 900)), ("200-400", (200, 400)), ("190-9999", (200, 900)), ("400-200", (0, 900)), ("a-b", (0, 900))],
)
def test_a_span_in_the_address_is_understood_or_means_everything(asked: str, span: tuple[int, int]) -> None:
    assert ui_faces.span_of(asked, [0, 200, 400, 900]) == span


@pytest.mark.parametrize(("asked", "page"), [("", 1), ("2", 2), ("3", 1), ("0", 1), ("-1", 1), ("x", 1)])
def test_a_page_that_is_not_there_is_the_first(asked: str, page: int) -> None:
    assert ui_faces.page_of(asked, ui_faces.PER_PAGE + 1) == page


@pytest.mark.parametrize(
    ("every", "step"),
    [
        ("200 ms", Step(200, "ms")),
        ("1 s", Step(1000, "ms")),
        ("50 frames", Step(50, "frames")),
        ("1 frame", Step(1, "frames")),
    ],
)
def test_the_form_understands_time_and_frames(every: str, step: Step) -> None:
    assert add.recipe_of("clip.mp4", replace(ASKED, every=every)).step == step


@pytest.mark.parametrize(
    "wrong",
    [{"every": "often"}, {"every": "0 frames"}, {"start": "noon"}, {"start": "9", "end": "3"}, {"smallest_face": "2"}],
)
def test_what_makes_no_sense_in_the_form_is_one_sentence(wrong: dict[str, str]) -> None:
    with pytest.raises(SettingError, match=r"\.$"):
        add.recipe_of("clip.mp4", replace(ASKED, **wrong))


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("crying_to_laughing.mp4", "Crying to laughing"),
        ("The Phone-Call.final.mov", "The Phone Call final"),
        ("çà là.webm", "Çà là"),
        ("___.mp4", "Untitled"),
        (".mp4", "Mp4"),
    ],
)
def test_a_title_comes_from_the_files_name(name: str, title: str) -> None:
    assert add.title_of(name) == title


def test_the_same_clip_is_kept_once_under_what_it_holds() -> None:
    named = [(b"film", "a.mp4"), (b"film", "b.MP4"), (b"film!", "a.mp4")]
    kept = [uploads.clip_path(io.BytesIO(data), name) for data, name in named]
    for (path, _), (data, name) in zip(kept, named, strict=True):
        uploads.keep_clip(io.BytesIO(data), path, name)

    assert [size for _, size in kept] == [4, 4, 5]
    one, same, other = (path for path, _ in kept)
    assert one == same != other
    assert one.read_bytes() == b"film"
    assert sorted(home.clips_folder().iterdir()) == sorted([one, other])


@pytest.mark.parametrize("name", ["../../evil.mp4", "x.m/../p4", "clip", "clip.", "клип.видео"])
def test_no_file_name_leads_out_of_the_folder_of_clips(name: str) -> None:
    kept, _ = uploads.clip_path(io.BytesIO(b"film"), name)

    assert kept.parent == home.clips_folder()
    assert kept.resolve() == kept


@given(some.text(max_size=40))
def test_titles_are_printed_as_they_are(text: str) -> None:
    printed = common.escape(text)

    assert printed.replace("\\", "") == text.replace("\\", "")
    assert "**" not in printed
    assert "](" not in printed


def scene(**known: object) -> Scene:
    return replace(Scene(1, "Diner", Recipe("/clips/diner.mp4")), **known)


@pytest.mark.parametrize(
    ("state", "alive", "live"),
    [
        ("queued", True, True),
        ("queued", False, False),
        ("reading", True, True),
        ("reading", False, False),
        ("done", False, False),
        ("stopped", False, False),
        ("failed", False, False),
    ],
)
def test_a_worker_that_gives_no_sign_of_life_is_not_waited_for(state: str, alive: bool, live: bool) -> None:
    assert progress.is_live(scene(state=state, alive=alive)) is live


def test_progress_is_told_in_moments() -> None:
    assert progress.describe_work(scene()) == "Starting"
    assert progress.describe_work(scene(state="reading")) == "Opening the file"
    assert progress.describe_work(scene(state="reading", expected=98, found=61)) == "Reading faces: 61 of 98 moments"


@pytest.mark.parametrize(
    ("found", "since", "words"),
    [
        (50, (10.0, 25), "about 20 s left"),
        (50, (100.0, 10), "about 8 min left"),
        (50, (0.0, 0), ""),
        (100, (10.0, 50), ""),
    ],
)
def test_the_time_left_follows_the_pace_since_one_looked(found: int, since: tuple[float, int], words: str) -> None:
    assert progress.time_left(found, 100, since) == words


def test_the_caption_says_how_the_numbers_came_about() -> None:
    read = scene(found=4, finder="mtcnn", readers=("deepface", "builtin"))

    assert head.how_read(read, strip("nn.h", 200), "deepface") == (
        "4 moments, one every 200 ms · a face in 75\u00a0% of them · one at a time · found by MTCNN · "
        "read by DeepFace, checked by the built-in reader"
    )


@pytest.mark.parametrize(
    ("wished", "read", "said"),
    [
        (("auto",), ("builtin",), True),
        (("auto",), ("deepface", "builtin"), False),
        (("builtin",), ("builtin",), False),
    ],
)
def test_a_missing_deepface_is_told_only_where_it_was_wanted(
    wished: tuple[str, ...], read: tuple[str, ...], said: bool
) -> None:
    recipe = replace(scene().recipe, readers=wished)

    assert bool(head.missing_reader(scene(recipe=recipe, readers=read))) is said


def test_the_means_say_over_what_they_were_taken() -> None:
    said = ui_means.describe_count(strip("nn.h"), None)

    assert said == "Over the 3 moments with a face, 75\u00a0% of all. The rest are left out."


def test_the_table_of_means_has_three_columns_with_intervals_and_the_change() -> None:
    table = ui_means.means_table(means.means_table(strip("hnns"), "builtin", (), ()))

    assert list(table.columns) == [
        "emotion",
        *("all", "all, 95 %", "without doubtful", "without doubtful, 95 %", "after review", "after review, 95 %"),
        "change",
    ]
    assert table["all"][EMOTIONS.index("happy")] == "0.235"
    assert table["change"].tolist() == ["0.000"] * 7
    assert set(table["all, 95 %"]) == {"too short"}


def test_a_scene_that_is_long_enough_has_its_intervals_in_the_table() -> None:
    long = means.means_table(strip("hnns" * 20), "builtin", (), ())

    assert ui_means.means_table(long)["all, 95 %"][EMOTIONS.index("happy")].startswith("0.")


def test_the_shelf_is_searched_by_every_word_and_sorted() -> None:
    shelf = [scene(id=1, title="The phone call"), scene(id=2, title="Diner"), scene(id=3, title="phone, again")]

    def ids(words: str, order: str) -> list[int]:
        return [one.id for one in cards.arrange(shelf, words, order)]

    assert ids("", "newest first") == [3, 2, 1]
    assert ids("PHONE", "by name") == [3, 1]
    assert ids("call the", "newest first") == [1]
    assert ids("nothing", "newest first") == []


def test_a_shared_link_names_the_root_and_leaves_out_what_is_not_said() -> None:
    assert common.address(view="scene", scene=7, t=2600, who=None, show="") == "./?view=scene&scene=7&t=2600"


@pytest.mark.parametrize("sign", pictures.SIGNS)
def test_where_there_is_no_picture_a_plain_tile_stands(sign: str) -> None:
    shape = ElementTree.fromstring(pictures.tile(sign))  # noqa: S314  # our own text

    assert (shape.get("width"), shape.get("height")) == ("640", "416")
