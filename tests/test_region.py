"""Only a part of the picture: what is found there lies where it does in the whole picture, and nothing else is."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core import settings
from core.__main__ import main
from core.errors import SettingError
from core.faces import region
from core.model import Box, Found, Image, Landmarks, Point, Recipe, Step
from core.shelf import read_file
from core.store.scenes import Store
from tests.support import builders, clips

PART = Box(100, 50, 260, 150)


def marked(*at: tuple[int, int]) -> Image:
    """A black picture of 320 x 180 with a white dot at each place."""
    image = np.zeros((180, 320, 3), np.uint8)
    for x, y in at:
        image[y, x] = 255
    return image


def dots(image: Image) -> tuple[Found, ...]:
    """A finder of white dots: each is a face of 10 px with its eyes at the dot."""
    places = zip(*np.nonzero(image[..., 0])[::-1], strict=True)
    return tuple(replace(builders.found(int(x), int(y), 10), landmarks=_points(int(x), int(y))) for x, y in places)


def _points(x: int, y: int) -> Landmarks:
    return Landmarks(*(Point(float(x), float(y)) for _ in range(5)))


def test_faces_of_the_part_are_told_where_they_lie_in_the_whole_picture() -> None:
    found = region.limit_to_region(dots, PART)(marked((120, 60), (10, 10), (259, 149), (260, 150)))

    assert [one.box[:2] for one in found] == [(120, 60), (259, 149)]
    assert [one.landmarks and one.landmarks.nose for one in found] == [(120.0, 60.0), (259.0, 149.0)]


def test_without_a_part_the_finder_is_what_it_was() -> None:
    assert region.limit_to_region(dots, None) is dots


def test_a_finder_that_follows_is_told_where_faces_are_in_the_part() -> None:
    class Follows:
        told: tuple[Found, ...] = ()

        def __call__(self, image: Image) -> tuple[Found, ...]:
            return dots(image)

        def search_near(self, image: Image, before: tuple[Found, ...]) -> tuple[Found, ...]:
            self.told = tuple(before)
            return dots(image)

    own = Follows()
    inside = region.limit_to_region(own, PART)
    image = marked((120, 60))
    again = inside.search_near(image, inside(image))  # type: ignore[attr-defined]

    assert own.told[0].box[:2] == (20, 10)
    assert again == inside(image)
    assert not hasattr(region.limit_to_region(dots, PART), "search_near")


def test_a_part_that_reaches_beyond_the_picture_is_a_sentence() -> None:
    with pytest.raises(SettingError, match="The part 100,50,400,150 reaches beyond the picture, which is 320 x 180 px"):
        region.limit_to_region(dots, Box(100, 50, 400, 150))(marked())


@pytest.mark.parametrize(
    ("said", "part"),
    [
        ("100,50,600,400", Box(100, 50, 600, 400)),
        (" 0 0 16 16 ", Box(0, 0, 16, 16)),
        ("1;2; 30 ;40", Box(1, 2, 30, 40)),
        ("", None),
        (None, None),
    ],
)
def test_what_people_type_becomes_a_part(said: str | None, part: Box | None) -> None:
    assert settings.parse_region(said) == part


@pytest.mark.parametrize("said", ["100,50,600", "a,b,c,d", "1,2,3,4,5", "-1,0,50,50", "1.5,0,50,50", "600,50,100,400"])
def test_what_is_no_part_is_a_sentence(said: str) -> None:
    with pytest.raises(SettingError, match=r"left, top, right and bottom"):
        settings.parse_region(said)


def test_a_part_that_holds_no_face_is_a_sentence() -> None:
    with pytest.raises(SettingError, match=r"15 px wide and 200 px high.*at least 16 px apart"):
        settings.parse_region("0,0,15,200")


def test_recipes_without_a_part_are_known_by_the_key_that_they_had(store: Store) -> None:
    """The text is that of the release before regions, word for word."""
    from core.store import rows

    before = {
        "source": "/clip.mp4",
        "step": [200, "ms"],
        "start_ms": 0,
        "end_ms": None,
        "budget": None,
        "finder": "auto",
        "readers": ["auto"],
        "smallest_face_px": 24,
        "thorough": False,
    }
    text = json.dumps(before, sort_keys=True)
    recipe = Recipe("/clip.mp4", Step(200, "ms"))

    assert rows.recipe_text(recipe) == text
    assert rows.recipe_key(rows.recipe_text(recipe)) == hashlib.sha256(text.encode()).hexdigest()


def test_a_part_is_kept_with_the_scene_and_makes_it_another_one(store: Store) -> None:
    whole = store.add(Recipe("/clip.mp4"), "Clip")
    part = store.add(Recipe("/clip.mp4", region=PART), "Clip, a part")

    assert whole != part
    assert store.scene(part).recipe.region == PART and isinstance(store.scene(part).recipe.region, Box)
    assert store.scene(whole).recipe.region is None
    assert store.add(Recipe("/clip.mp4", region=PART), "again") == part


@pytest.mark.clips
def test_of_three_people_only_the_one_in_the_part_is_found_and_reads_as_in_the_whole(media: Path) -> None:
    """The third shot of scene.mp4: three people, the left one within the left third of the picture."""
    recipe = settings.recipe(
        media / "scene.mp4", every="1s", start="0:10.2", end="0:13", finder="mtcnn", readers="builtin"
    )
    whole = read_file.read_recipe(recipe)
    left = min(whole["left"])
    first = whole[whole["left"] < left + 40]
    part = Box(max(0, int(left) - 40), 0, int(first["right"].max()) + 40, 360)
    only = read_file.read_recipe(replace(recipe, region=part))

    assert whole.groupby("t_ms").size().max() >= 3
    assert (only.groupby("t_ms").size() == 1).all()
    assert (only["left"] >= part.left).all() and (only["right"] <= part.right).all()
    both = only.merge(first, on="t_ms", suffixes=("", "_whole"))
    assert len(both) == only["t_ms"].nunique() == whole["t_ms"].nunique()
    assert (both["left"] - both["left_whole"]).abs().max() <= 6
    assert (both["neutral"] - both["neutral_whole"]).abs().max() < 0.2


def test_the_command_line_takes_a_part_and_refuses_one_beyond_the_picture(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clip = clips.film(tmp_path / "clip.mp4", 1.0, shots=1)
    code = main(["read", str(clip), "--region", "0,0,9000,9000"])

    assert code == 2
    assert "reaches beyond the picture" in capsys.readouterr().err
