"""The closer look: what is read again, and what of a peak survives it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from core.faces.pixels import crop
from core.model import Crop, Frame, Peak, Reading, Scores, Suspect
from core.reading import closer_look
from core.reading.closer_look import MOVES, Move, interpolate_face, look_closer, measure_mouth, move_crop, plan_spans
from tests.support.builders import found

FACE = found(100, 60, 80)
PEAK = Peak(track=0, emotion="happy", start_ms=1000, end_ms=1200, apex_ms=1000, height=0.9)
YES, NO = Scores(happy=0.9, neutral=0.1), Scores(happy=0.1, neutral=0.9)


def picture(mark: int = 0) -> np.ndarray:
    """A smooth slope to the right, so that a moved crop is another crop; its blue tells the frames apart."""
    image = np.zeros((240, 320, 3), np.uint8)
    image[:, :, 0] = np.linspace(0, 255, 320).astype(np.uint8)
    image[:, :, 1] = np.linspace(0, 255, 240).astype(np.uint8)[:, None]
    image[:, :, 2] = mark
    return image


def reader(says: Callable[[Crop], bool]) -> Callable[[Sequence[Crop]], list[Reading]]:
    return lambda crops: [Reading(YES if says(each) else NO) for each in crops]


def frames(*times: int, mark: Callable[[int], int] = lambda t_ms: 0) -> list[Frame]:
    return [Frame(t_ms, picture(mark(t_ms))) for t_ms in times]


WINDOW = tuple(range(600, 1401, 40))
SEEN = [(600, FACE), (1000, FACE), (1400, FACE)]


def test_a_smile_that_is_there_however_one_looks_survives_wholly() -> None:
    again = look_closer(frames(*WINDOW), SEEN, PEAK, reader(lambda crop: True))

    assert again.survives_crops == 1.0
    assert again.survives_ms == again.window_ms == 800
    assert again.crops_lead > 1
    assert again.again_score == pytest.approx(0.9)


def test_a_smile_in_one_crop_only_is_gone_when_the_crop_is_moved() -> None:
    itself = crop(picture(), FACE)

    again = look_closer(frames(*WINDOW), SEEN, PEAK, reader(lambda seen: np.array_equal(seen, itself)))

    assert again.survives_crops == 0.0
    assert again.crops_lead < -1


def test_a_glitch_of_one_frame_does_not_last() -> None:
    shown = frames(*WINDOW, mark=lambda t_ms: 200 if t_ms == 1000 else 0)

    again = look_closer(shown, SEEN, PEAK, reader(lambda crop: crop[:, :, 2].mean() > 100))

    assert again.survives_ms == 0
    assert again.window_ms == 800
    assert again.survives_crops == 1.0


def test_time_is_counted_without_a_break_around_the_apex() -> None:
    shown = frames(*WINDOW, mark=lambda t_ms: 200 * (920 <= t_ms <= 1100 or t_ms == 1400))

    again = look_closer(shown, SEEN, PEAK, reader(lambda crop: crop[:, :, 2].mean() > 100))

    assert [t_ms for t_ms, score in again.again if score > 0.5] == [920, 1000, 1080, 1400]
    assert again.survives_ms == 160


def test_an_apex_that_does_not_read_the_same_again_survives_for_no_time() -> None:
    assert look_closer(frames(*WINDOW), SEEN, PEAK, reader(lambda crop: False)).survives_ms == 0


def test_the_light_is_that_of_the_face() -> None:
    dark = [Frame(1000, np.full((240, 320, 3), 20, np.uint8))]

    again = look_closer(dark, SEEN, PEAK, reader(lambda crop: True))

    assert again.light == pytest.approx(20)
    assert again.window_ms == 0


def test_one_peak_costs_a_dozen_readings_however_many_frames_there_are() -> None:
    asked: list[int] = []

    def counting(crops: Sequence[Crop]) -> list[Reading]:
        asked.append(len(crops))
        return [Reading(YES) for _ in crops]

    look_closer(frames(*range(600, 1401, 10)), SEEN, PEAK, counting)

    assert sum(asked) == 1 + len(MOVES) + len(closer_look.OFFSETS_MS) == 12


def test_only_frames_near_the_apex_are_read() -> None:
    again = look_closer(frames(0, 920, 1000, 1100, 9000), SEEN, PEAK, reader(lambda crop: True))

    assert [t_ms for t_ms, _ in again.again] == [920, 1000, 1100]


def test_frames_before_the_person_is_seen_or_after_may_be_another_shot_s() -> None:
    again = look_closer(frames(*WINDOW), [(1000, FACE), (1200, FACE)], PEAK, reader(lambda crop: True))

    assert [t_ms for t_ms, _ in again.again] == [1000, 1080, 1200]


def test_between_two_sightings_a_face_moves_in_a_straight_line() -> None:
    seen = [(0, found(100, 60, 80)), (200, found(140, 60, 80))]

    middle = interpolate_face(seen, 50)

    assert middle.box.left == 110
    assert middle.landmarks is not None
    assert middle.landmarks.nose.x == pytest.approx(seen[0][1].landmarks.nose.x + 10)
    assert interpolate_face(seen, -100) == seen[0][1]
    assert interpolate_face(seen, 900) == seen[1][1]


def test_a_move_shifts_the_crop_by_four_of_its_pixels_and_a_mirrored_one_is_mirrored() -> None:
    frame = Frame(0, picture())
    still, right = move_crop(frame, FACE, Move()), move_crop(frame, FACE, Move(right=closer_look.SHIFT))
    mirrored = move_crop(frame, FACE, Move(mirrored=True))

    assert np.array_equal(still, crop(picture(), FACE))
    assert np.array_equal(mirrored, still[:, ::-1])
    shifted = right[:, :, 0].astype(float).mean() - still[:, :, 0].astype(float).mean()
    assert shifted == pytest.approx(255 / 320 * 80 * 4 / 96, abs=0.6)


def test_a_tighter_crop_sees_less_of_the_slope() -> None:
    frame = Frame(0, picture())

    def range_seen(scale: float) -> float:
        return float(np.ptp(move_crop(frame, FACE, Move(scale=scale))[:, :, 0].astype(float)))

    assert range_seen(1 / 1.3) < range_seen(1.0) < range_seen(1.3)


def test_the_most_open_peaks_are_looked_at_and_no_more_than_the_moments_pay_for() -> None:
    doubts = [0.9, 0.02, 0.5, 0.3]
    found_peaks = [
        Suspect(Peak(0, "happy", at * 2500, at * 2500 + 200, at * 2500, 0.5), d) for at, d in enumerate(doubts)
    ]

    few, all_worth = plan_spans(found_peaks, 2 * closer_look.MOMENTS_PER_LOOK), plan_spans(found_peaks, 10_000)

    assert looked_at(few) == [5000, 7500]
    assert looked_at(all_worth) == [0, 5000, 7500]


def looked_at(spans: Sequence[closer_look.Part]) -> list[int]:
    return [peak.apex_ms for span in spans for peak in span.peaks]


def test_spans_reach_around_their_apexes_and_near_ones_are_decoded_in_one_go() -> None:
    apexes = (100, 3000, 5000, 9000)
    spans = plan_spans([Suspect(Peak(0, "happy", at, at + 200, at, 0.5), 0.9) for at in apexes], 10_000)

    assert looked_at(spans) == list(apexes)
    assert [(span.start_ms, span.end_ms) for span in spans] == [(0, 501), (2600, 5401), (8600, 9401)]


def mouths(*greys: int) -> list[np.ndarray]:
    """Crops of a face whose mouth is a bar, as bright as said."""
    crops = [np.full((96, 96, 3), 128, np.uint8) for _ in greys]
    for crop_seen, grey in zip(crops, greys, strict=True):
        crop_seen[68:82, 30:66] = grey
    return crops


def test_a_mouth_that_is_held_does_not_move_and_one_that_opens_and_closes_does() -> None:
    held, opening = measure_mouth(mouths(20, 20, 20, 20)), measure_mouth(mouths(20, 220, 20, 220))

    assert held == 0.0
    assert opening is not None and opening > 0.5


def test_what_moves_elsewhere_in_the_face_or_grows_lighter_all_over_is_no_moving_mouth() -> None:
    blinking = mouths(20, 20, 20, 20)
    blinking[1][30:40, 20:76] = 0
    brighter = [crop_seen + np.uint8(10 * at) for at, crop_seen in enumerate(mouths(20, 20, 20, 20))]

    assert measure_mouth(blinking) == 0.0
    assert measure_mouth(brighter) == pytest.approx(0.0, abs=1e-3)


def test_three_frames_do_not_tell_whether_a_mouth_moves() -> None:
    assert measure_mouth(mouths(20, 220, 20)) is None


def test_a_closer_look_measures_the_mouth_over_its_frames_and_not_over_its_moved_crops() -> None:
    assert look_closer(frames(*WINDOW), SEEN, PEAK, reader(lambda crop: True)).mouth_moves == pytest.approx(
        0.0, abs=1e-3
    )
    lone = look_closer(frames(1000), SEEN, PEAK, reader(lambda crop: True))

    assert lone.mouth_moves is None
