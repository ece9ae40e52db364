"""Skimming: the keyframe nearest to a point of the grid answers it, elsewhere the exact picture, never a wrong one."""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future
from functools import lru_cache
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from core import settings
from core.model import Frame, Image, Recipe, Step
from core.reading import segments
from core.reading.scheduler import read_in_order
from core.reading.segments import plan_segments, read_segment, whole_segment
from core.video import clip
from tests.support import clips, films
from tests.support.cases import quick
from tests.support.films import FORCED, KINDS, SLOW, UNEVEN, damaged, film, grainy, same, seen, times


@pytest.fixture(scope="module")
def uneven(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A minute with keyframes here and there, and B-frames between them."""
    path = tmp_path_factory.mktemp("skim") / "uneven.mp4"
    return film(path, SLOW, options=FORCED | {"bf": "3"}, keys=UNEVEN)


def keyframes(path: Path) -> list[int]:
    """When the keyframes are shown, by the packets."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        found = [packet.pts for packet in container.demux(stream) if packet.is_keyframe and packet.pts is not None]
        return sorted(round((pts - (stream.start_time or 0)) * stream.time_base * 1000) for pts in found)


def told(path: Path, every: int, keys: Sequence[int], start_ms: int = 0, end_ms: int | None = None) -> list[int]:
    """The rule as a person would say it, from the times of all pictures."""
    shown = [t_ms for t_ms in decode_whole(path) if end_ms is None or t_ms < end_ms]
    made: list[int] = []
    for point in range(start_ms, shown[-1] + 1, every):
        near = [t_ms for t_ms in keys if start_ms <= t_ms <= shown[-1] and -every <= 2 * (t_ms - point) < every]
        exact = [t_ms for t_ms in shown if point <= t_ms < point + every]
        made += [min(near, key=lambda t_ms: (abs(t_ms - point), t_ms))] if near else exact[:1]
    return made


@lru_cache(maxsize=2)
def decode_whole(path: Path) -> dict[int, Image]:
    """Every picture of the film by its time."""
    return {frame.t_ms: frame.image for frame in seen(path)}


def right(path: Path, found: Sequence[Frame]) -> bool:
    """Whether every picture is the one that a whole decode shows at its time, bit by bit."""
    truth = decode_whole(path)
    shown = (max(t_ms for t_ms in truth if t_ms <= frame.t_ms) for frame in found)
    return all(np.array_equal(frame.image, truth[t_ms]) for frame, t_ms in zip(found, shown, strict=True))


@pytest.mark.parametrize("every", [2000, 3330, 5000, 17_000])
@pytest.mark.parametrize("stretch", [{}, {"start_ms": 700}, {"start_ms": 1900, "end_ms": 42_100}], ids=str)
def test_the_keyframe_nearest_to_a_point_answers_it_and_elsewhere_the_exact_picture(
    uneven: Path, every: int, stretch: dict[str, int]
) -> None:
    found = seen(uneven, Step(every), skim=True, **stretch)

    assert keyframes(uneven) == [number * 200 for number in UNEVEN]
    assert times(found) == told(uneven, every, keyframes(uneven), **stretch)
    assert [frame.slot for frame in found] == list(range(len(found)))
    assert right(uneven, found)


@pytest.mark.parametrize(
    "name",
    quick(
        ["hevc.mp4", "vp9.webm", "av1.mkv", "fragmented.mp4", "422.mov", "444.mp4"], "hevc.mp4", "vp9.webm", "av1.mkv"
    ),
)
def test_every_codec_and_container_with_an_index_is_skimmed(tmp_path: Path, name: str) -> None:
    path = film(tmp_path / name, tuple(range(0, 12_000, 100)), **KINDS[name])
    found = seen(path, Step(2500), skim=True)

    assert times(found) == told(path, 2500, keyframes(path))
    assert right(path, found)
    assert len(found) == len(seen(path, Step(2500)))


@pytest.mark.skipif(not hasattr(os, "sched_getscheduler"), reason="this system tells no thread's pace")
def test_making_a_film_leaves_the_maker_its_pace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(films, "kept_films", None)
    before = os.sched_getscheduler(0)
    film(tmp_path / "av1.mkv", **KINDS["av1.mkv"])

    assert os.sched_getscheduler(0) == before


@pytest.mark.parametrize("name", ["a.mp4", "a.mov"])
def test_a_film_that_is_turned_is_skimmed_as_it_is_shown(tmp_path: Path, name: str) -> None:
    path = film(tmp_path / name, SLOW[:150], grainy, options=FORCED, keys=UNEVEN, turn=(90, False, False))
    found = seen(path, Step(3000), skim=True)

    assert right(path, found) and found[-1].image.shape == (128, 96, 3)


@pytest.mark.parametrize("place", quick(range(3, 240, 40), 43, 163))
def test_what_a_decoder_hides_in_a_damaged_keyframe_depends_on_no_other(tmp_path: Path, place: int) -> None:
    """A few bytes of every keyframe but the first are others, and the decoder calls some of them good."""
    clean = film(tmp_path / "a.mp4", SLOW, grainy, options=FORCED | {"bf": "0"}, keys=range(0, 300, 20))
    data = bytearray(clean.read_bytes())
    with av.open(str(clean)) as container:
        packets = [packet for packet in container.demux(video=0) if packet.is_keyframe]
        for packet in packets[1:]:
            at = (packet.pos or 0) + packet.size * place // 256
            data[at : at + 2] = bytes(byte ^ 0x55 for byte in data[at : at + 2])
    path = tmp_path / "bad.mp4"
    path.write_bytes(data)
    found = seen(path, Step(4000), skim=True)

    assert right(path, found)
    for after_ms in times(found)[::4]:
        rest = [frame for frame in found if frame.t_ms > after_ms]
        assert same(seen(path, Step(4000), skim=True, after_ms=after_ms), rest)


def test_only_keyframes_are_decoded(uneven: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    decoded = []
    plain, anew = clip.Source._decode_packet, clip.Keyframes._decode_anew

    def counted(self: clip.Source, packet: Any) -> Iterator[Any]:
        decoded.append(packet)
        yield from plain(self, packet)

    def counted_anew(self: clip.Keyframes, packet: Any) -> Any:
        decoded.append(packet)
        return anew(self, packet)

    monkeypatch.setattr(clip.Source, "_decode_packet", counted)
    monkeypatch.setattr(clip.Keyframes, "_decode_anew", counted_anew)
    found = seen(uneven, Step(12_000), skim=True)

    assert times(found) == [0, 12_000, 28_000, 34_400, 47_000]
    assert [packet.is_keyframe for packet in decoded if packet] == [True] * 5


@pytest.mark.parametrize(
    "name", quick(["h264.ts", "mpeg4.avi", "mpeg2.mpg", "old.flv", "moving.gif"], "h264.ts", "mpeg4.avi", "mpeg2.mpg")
)
def test_a_file_without_an_index_is_read_exactly(tmp_path: Path, name: str) -> None:
    path = film(tmp_path / name, films.LONG, **KINDS[name])

    assert same(seen(path, Step(2000), skim=True), seen(path, Step(2000)))


@pytest.mark.parametrize("how", quick(["intra-refresh=1:keyint=20", "interlaced=1:tff=1"], "intra-refresh=1:keyint=20"))
@pytest.mark.parametrize("name", quick(["a.mp4", "a.mkv"], "a.mp4"))
def test_where_a_keyframe_alone_is_no_whole_picture_all_is_read_exactly(tmp_path: Path, name: str, how: str) -> None:
    """Pictures that are renewed bit by bit, and fields, which need their neighbours."""
    path = film(tmp_path / name, films.LONG, grainy, options={"x264-params": how})
    found, exact = (seen(path, Step(2000), skim=skim) for skim in (True, False))

    assert right(path, found)
    assert times(found)[1:] == times(exact)[1:]


@pytest.mark.parametrize("name", quick(["a.mp4", "a.mkv"], "a.mp4"))
def test_a_keyframe_that_pictures_before_it_lean_on_is_whole(tmp_path: Path, name: str) -> None:
    path = film(tmp_path / name, films.LONG, grainy, options={"x264-params": "open-gop=1:bframes=3:keyint=20"})
    found = seen(path, Step(2000), skim=True)

    assert right(path, found) and len(found) == 4
    assert all(abs(frame.t_ms - 2000 * frame.slot) < 1000 for frame in found)


def test_a_damaged_keyframe_answers_nothing(tmp_path: Path) -> None:
    """It gives way to the exact picture, which here is behind the damage."""
    clean = film(tmp_path / "a.mp4", SLOW, grainy, options=FORCED | {"bf": "0"}, keys=range(0, 300, 20))
    path = damaged(clean, tmp_path / "bad.mp4", range(120, 121))
    found, exact = (seen(path, Step(4000), skim=skim) for skim in (True, False))

    assert 24_000 not in times(found) and times(exact)[6] not in (24_000, 23_800)
    assert [frame.t_ms for frame in found if frame.slot == 6] == [frame.t_ms for frame in exact if frame.slot == 6]
    assert [frame.t_ms for frame in found if frame.slot != 6] == [4000 * slot for slot in range(15) if slot != 6]
    assert right(path, found)


@pytest.mark.parametrize("every", [2000, 3000, 7000])
def test_holes_between_pictures_neither_double_a_moment_nor_turn_time_around(tmp_path: Path, every: int) -> None:
    """An exact picture far behind its point may be the next point's keyframe, or come after it."""
    shown = (0, 200, 400, 5800, 6000, 6200, 13_800, 14_000, 20_000, 20_200, 27_500, 27_700)
    path = film(tmp_path / "a.mp4", shown, options=FORCED | {"bf": "0"}, keys=(0, 5, 6, 9))
    found = times(seen(path, Step(every), skim=True))

    assert right(path, seen(path, Step(every), skim=True))
    assert all(earlier < later for earlier, later in pairwise(found))
    assert {0, 6200 if every == 2000 else found[1]} <= set(found)
    for after_ms in found:
        rest = times(seen(path, Step(every), skim=True, after_ms=after_ms))
        assert rest == [t_ms for t_ms in found if t_ms > after_ms]


@pytest.mark.parametrize(("said", "count"), [({"budget": 7}, 7), ({"budget": 300}, 30), ({"end_ms": 9000}, 5)])
def test_a_budget_is_kept(uneven: Path, said: dict[str, int], count: int) -> None:
    assert len(seen(uneven, Step(2000), skim=True, **said)) == count


def test_a_step_too_short_to_be_skimmed_is_read_exactly(uneven: Path) -> None:
    """A budget may have widened it, or not far enough."""
    assert same(seen(uneven, Step(1990), skim=True), seen(uneven, Step(1990)))
    assert same(seen(uneven, Step(9, "frames"), skim=True), seen(uneven, Step(9, "frames")))


@pytest.mark.parametrize("every", [2000, 5000])
def test_reading_on_after_any_moment_gives_exactly_the_rest(uneven: Path, every: int) -> None:
    found = seen(uneven, Step(every), skim=True, start_ms=300)

    for after_ms in (-1, 250, *times(found), 60_000):
        rest = [frame for frame in found if frame.t_ms > after_ms]
        assert same(seen(uneven, Step(every), skim=True, start_ms=300, after_ms=after_ms), rest), after_ms


@pytest.mark.clips
@pytest.mark.parametrize(
    "name", ["scene.mp4", "long_room.mp4", "traps/vfr.mp4", "traps/hevc10.mkv", "traps/start_at_3s.mkv",
             "traps/corrupt_bytes.mp4", "traps/interlaced_h264_720x576.mp4", "traps/trunc_half.webm"]
)  # fmt: skip
@pytest.mark.slow
def test_real_clips_show_what_a_whole_decode_shows(media: Path, name: str) -> None:
    found = seen(media / name, Step(2000), skim=True, end_ms=30_000)
    truth = {frame.t_ms: frame.image for frame in seen(media / name, end_ms=30_000)}

    assert found and all(np.array_equal(frame.image, truth[frame.t_ms]) for frame in found)
    assert all(-1000 <= frame.t_ms - 2000 * frame.slot < 2000 for frame in found)


@pytest.fixture
def pixel_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    segments._tools.cache_clear()
    monkeypatch.setattr(segments, "open_tools", clips.equip)


class Posted(Executor):
    """Has its calls done as another process would: what it is given and what it gives are pickled."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        fn, args = pickle.loads(pickle.dumps((fn, args)))  # noqa: S301  # our own
        future.set_result(pickle.loads(pickle.dumps(fn(*args, **kwargs))))  # noqa: S301
        return future


@pytest.mark.usefixtures("pixel_tools")
@pytest.mark.parametrize("name", quick(["a.mp4", "a.mkv", "a.ts"], "a.mp4"))
def test_a_skim_in_segments_or_resumed_gives_the_groups_of_one_in_one_go(tmp_path: Path, name: str) -> None:
    rng = np.random.default_rng(3)
    keys = np.cumsum(rng.integers(1, 40, 60)).tolist()
    path = film(tmp_path / name, range(0, 200_000, 200), options=FORCED, keys=[0, *keys])
    recipe = settings.recipe(path, every="2s", skim=True)
    parts = list(plan_segments(recipe, moments=segments.BATCH))
    at_once = read_segment(recipe, whole_segment(recipe))

    assert len(parts) > 4 or name == "a.ts"
    assert list(chain.from_iterable(read_segment(recipe, part) for part in parts)) == at_once
    assert [group for group in read_in_order(recipe, parts, Posted(), depth=3) if group] == at_once
    for done in (1, 4, 9):
        after_ms = at_once[done - 1][-1][0].t_ms
        assert read_segment(recipe, whole_segment(recipe, after_ms)) == at_once[done:]
        rest = plan_segments(recipe, after_ms, moments=segments.BATCH)
        assert list(chain.from_iterable(read_segment(recipe, part) for part in rest)) == at_once[done:]


def test_a_recipe_says_whether_it_skims_and_an_old_one_does_not(uneven: Path) -> None:
    from core.store import rows

    plain, skim = Recipe("/a.mp4", Step(5000)), Recipe("/a.mp4", Step(5000), skim=True)

    assert "skim" not in rows.recipe_text(plain) and '"skim": true' in rows.recipe_text(skim)
    assert [rows._recipe(rows.recipe_text(one)) for one in (plain, skim)] == [plain, skim]
