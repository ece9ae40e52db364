"""Mouths that talk and eyes cast down: what of a training picture is changed, and what is not."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs requirements-training.txt")

from core.faces.pixels import TEMPLATE  # noqa: E402
from training import pool  # noqa: E402
from training.place import Mouths, Speech, cast_down, filled, framed, parted, placed, toothed  # noqa: E402

POINTS = torch.from_numpy(pool.MEDIANS)[None]
FIVE = torch.view_as_complex((2 * POINTS - 1).contiguous())


def upright(px: int = 48) -> torch.Tensor:
    steps = (torch.arange(px) + 0.5) / px * 2 - 1
    down, across = torch.meshgrid(steps, steps, indexing="ij")
    return torch.complex(across, down)[None]


def speech(gap: float = 0.0, width: float = 1.0, press: float = 0.0) -> Speech:
    values = (gap, width, 0.0, 0.0, press, 0.0)
    return Speech(*(torch.full((1, 1, 1), value) for value in values))


def test_an_open_mouth_is_dark_inside_and_leaves_the_eyes_alone() -> None:
    picture = torch.full((1, 1, 48, 48), 150.0)
    places, inside = parted(upright(), FIVE, speech(gap=1.0))
    shown = filled(picture, inside, torch.zeros(1, 1, 1), torch.Generator().manual_seed(1))[0, 0]
    mouth, eyes = round(48 * 0.79), slice(0, 24)

    assert shown[mouth, 24] < 100
    assert (shown[eyes] - 150).abs().max() < 1
    assert (places - upright())[0, eyes].abs().max() < 0.03


def test_closed_lips_have_no_inside_and_a_mouth_as_it_is_stays_where_it_is() -> None:
    places, inside = parted(upright(), FIVE, speech())

    assert inside.abs().min() > 1
    assert (places - upright()).abs().max() < 1e-5


def test_what_lies_below_an_open_mouth_moves_down() -> None:
    chin = round(48 * 0.92)
    places, _ = parted(upright(), FIVE, speech(gap=0.8))

    assert places[0, chin, 24].imag < upright()[0, chin, 24].imag - 0.05


def test_lowered_lids_bring_down_what_is_above_the_eyes_and_nothing_else() -> None:
    places = cast_down(upright(), FIVE, torch.Generator().manual_seed(1))
    eye, mouth = (round(48 * 0.383), round(48 * 0.316)), (round(48 * 0.78), 24)

    assert places[0][eye].imag < upright()[0][eye].imag - 0.04
    assert (places - upright())[0][mouth].abs() < 1e-3


def test_a_framed_picture_has_its_points_where_the_product_puts_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.place.FRAMED", 1.0)
    turned = FIVE * torch.polar(torch.tensor(0.8), torch.tensor(0.3)) + 0.1
    template = torch.view_as_complex(torch.from_numpy(2 * TEMPLATE - 1).float().contiguous())[None]
    there = framed(template[:, :, None], turned, torch.Generator())[..., 0]

    assert (there - turned).abs().max() < 0.05


def test_only_the_chosen_faces_talk() -> None:
    pictures = torch.from_numpy(np.random.default_rng(0).integers(0, 255, (4, 48, 48), np.uint8))
    points, nobody = POINTS.expand(4, -1, -1), torch.zeros(4, dtype=torch.bool)
    second = torch.tensor([False, True, False, False])
    silent, talking = (
        placed(pictures, points, chosen, nobody, torch.Generator().manual_seed(7), moves=0.0)
        for chosen in (nobody, second)
    )

    assert torch.equal(silent[~second], talking[~second])
    assert not torch.allclose(silent[1], talking[1], atol=10)


def test_a_borrowed_mouth_shows_its_teeth_in_the_light_of_the_face_and_leaves_the_rest_alone() -> None:
    random = torch.Generator().manual_seed(1)
    face = torch.full((1, 1, 48, 48), 80.0)
    lender = torch.full((1, 48, 48), 160, dtype=torch.uint8)
    lender[:, 37:40, 20:29] = 250
    shown = toothed(face, upright(), FIVE, Mouths(lender, POINTS), random)[0, 0]

    assert shown[34:42, 24].max() > 105
    assert (shown[:28] - 80).abs().max() < 1
    assert (shown[38, 16] - 80).abs() < 12


def test_only_the_chosen_faces_borrow_a_mouth() -> None:
    faces = torch.randint(0, 256, (2, 48, 48), dtype=torch.uint8, generator=torch.Generator().manual_seed(2))
    none = torch.zeros(2, dtype=torch.bool)
    mouths = Mouths(faces[:1], POINTS)

    def shown(borrowing: object) -> torch.Tensor:
        random = torch.Generator().manual_seed(3)
        return placed(faces, POINTS.expand(2, -1, -1), none, none, random, borrowing=borrowing)

    plain, lent = shown(None), shown((torch.tensor([False, True]), mouths))
    assert torch.equal(plain[0], lent[0])
    assert not torch.equal(plain[1], lent[1])
