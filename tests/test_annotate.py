"""The annotated film: boxes follow faces, the sound is the one that was there, a stop leaves nothing."""

from __future__ import annotations

import errno
import os
import subprocess
import time
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from core import language as words
from core.charts import fonts
from core.charts.on_pictures import Wording, draw_boxes
from core.errors import JobError, SettingError, VideoError
from core.export import film as annotate_video
from core.export import film_task, kinds
from core.export.kinds import Choices
from core.export.notes import FaceFollower
from core.model import EMOTIONS, Image, Recipe, Sample, Scene, Timeline, Video
from core.store.scenes import Store
from core.video import writing
from tests.support import builders, films, seed
from tests.support.builders import strip
from tests.support.emotions import emotion

RATE = 16000


def sounding(path: Path, codec: str = "aac", seconds: float = 2.0) -> Path:
    """A grey film with a tone that begins after half a second."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264" if path.suffix != ".mpg" else "mpeg2video", rate=25)
        stream.width, stream.height, stream.pix_fmt = 192, 108, "yuv420p"
        audio = container.add_stream(codec, rate=RATE if codec != "mp2" else 44100)
        audio.layout = "mono"
        if codec == "libmp3lame":
            audio.format = "fltp"
        for number in range(round(seconds * 25)):
            frame = av.VideoFrame.from_ndarray(np.full((108, 192, 3), 90, np.uint8)).reformat(format="yuv420p")
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
        for frame in _tone(audio.rate, seconds, audio.codec_context.format.name):
            container.mux(audio.encode(frame))
        container.mux(audio.encode())
    return path


def _tone(rate: int, seconds: float, kind: str) -> list[av.AudioFrame]:
    times = np.arange(round(rate * seconds)) / rate
    wave = np.where(times < 0.5, 0, np.sin(2 * np.pi * 440 * times) * 0.5)
    data = (wave * 32767).astype(np.int16)[None] if kind.startswith("s16") else wave.astype(np.float32)[None]
    frames = []
    for start in range(0, data.shape[1] - 1152, 1152):
        frame = av.AudioFrame.from_ndarray(data[:, start : start + 1152].copy(), format=kind, layout="mono")
        frame.rate, frame.pts = rate, start
        frames.append(frame)
    return frames


def heard(path: Path) -> tuple[NDArray[np.float64], int]:
    """Loudness of every tenth of a second, from the film's own beginning, and the rate."""
    with av.open(str(path)) as container:
        rate = container.streams.audio[0].rate
        parts = np.zeros(10 * 60)
        counts = np.zeros_like(parts)
        for frame in container.decode(audio=0):
            samples = np.abs(frame.to_ndarray().astype(float)).mean(axis=0)
            samples = samples / 32767 if frame.format.name.startswith("s16") else samples
            places = ((frame.time + np.arange(len(samples)) / frame.rate) * 10).astype(int)
            np.add.at(parts, places, samples)
            np.add.at(counts, places, 1)
    return (parts / np.maximum(counts, 1))[: int(counts.nonzero()[0].max()) + 1], rate


def plain(image: Image, t_ms: int) -> Image:
    return image


@pytest.mark.parametrize(
    ("name", "codec", "becomes"),
    [
        ("a.mp4", "aac", "aac"),
        ("a.mkv", "libmp3lame", "mp3"),
        ("a.mkv", "pcm_s16le", "aac"),
        ("a.mov", "pcm_s16le", "aac"),
    ],
)
def test_the_sound_is_kept_copied_or_written_anew(name: str, codec: str, becomes: str, tmp_path: Path) -> None:
    source = sounding(tmp_path / name, codec)
    writing.write_film(source, tmp_path / "out.mp4", plain)

    with av.open(str(tmp_path / "out.mp4")) as made:
        assert made.streams.audio[0].codec_context.name.removesuffix("float") == becomes
        assert made.streams.video[0].codec_context.name == "h264"
        assert len(list(made.decode(video=0))) == 50
    loud, rate = heard(tmp_path / "out.mp4")
    assert rate == RATE
    assert loud[:4].max() < 0.05 and loud[6:17].min() > 0.2


def test_a_stretch_begins_with_its_own_sound(tmp_path: Path) -> None:
    source = sounding(tmp_path / "a.mp4", seconds=3.0)
    writing.write_film(source, tmp_path / "out.mp4", plain, start_ms=1000, end_ms=2000)
    with av.open(str(tmp_path / "out.mp4")) as made:
        times = [frame.time for frame in made.decode(video=0)]

    assert (times[0], len(times)) == (0, 25)
    assert heard(tmp_path / "out.mp4")[0][1:8].min() > 0.2


def test_every_picture_keeps_its_time_whatever_the_rate(tmp_path: Path) -> None:
    source = films.film(tmp_path / "vfr.mkv", films.VFR)
    seen: list[int] = []
    writing.write_film(source, tmp_path / "out.mp4", lambda image, t_ms: seen.append(t_ms) or image)  # type: ignore[func-returns-value]

    with av.open(str(tmp_path / "out.mp4")) as made:
        assert [round(frame.time * 1000) for frame in made.decode(video=0)] == list(films.VFR) == seen
        assert not made.streams.audio


def test_a_stretch_without_a_picture_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(VideoError, match="no picture in this stretch"):
        writing.write_film(films.film(tmp_path / "a.mp4"), tmp_path / "out.mp4", plain, start_ms=60_000)


def moving() -> Timeline:
    """Somebody who goes right until a cut; then another; then nobody looked for a while."""
    places = [(0, 0, 0, 0), (200, 20, 0, 0), (400, 40, 0, 0), (600, 90, 1, 1), (2000, 90, 1, 1)]
    return Timeline(200, tuple(Sample(t, (builders.face("happy", left=x, track=k),), shot) for t, x, k, shot in places))


@pytest.mark.parametrize(
    ("t_ms", "lefts"),
    [
        (-1, []),
        (0, [0]),
        (100, [10]),
        (250, [25]),
        (480, [40]),
        (520, []),
        (600, [90]),
        (690, [90]),
        (900, []),
        (2050, [90]),
    ],
)
def test_boxes_go_straight_from_moment_to_moment_and_never_across_a_cut(t_ms: int, lefts: list[int]) -> None:
    assert [face.found.box.left for face in FaceFollower(moving()).faces(t_ms)] == lefts


def test_a_face_that_comes_or_goes_is_shown_for_half_a_step() -> None:
    came = Timeline(200, (Sample(0), Sample(200, (builders.face("sad"),)), Sample(400)))

    assert [len(FaceFollower(came).faces(t_ms)) for t_ms in (50, 150, 250, 350)] == [0, 1, 1, 0]


@pytest.fixture
def scene(store: Store, tmp_path: Path) -> Scene:
    """Two seconds of a grey film with sound, in which somebody walks to the right."""
    film = sounding(tmp_path / "grey.mp4")
    scene_id = store.add(Recipe(str(film)), "Grey")
    token = store.claim(scene_id)
    store.begin_reading(scene_id, token, Video(str(film), 2000, 192, 108, 25.0, "h264"), "mtcnn", ["builtin"], 10)
    faces = [builders.face("happy", left=10 + 10 * number, size=40) for number in range(10)]
    samples = tuple(Sample(200 * number, (face,)) for number, face in enumerate(faces))
    store.append(scene_id, token, seed.stored(Timeline(200, samples)))
    store.finish(scene_id, token)
    return store.scene(scene_id)


def test_the_film_shows_the_box_where_the_face_is(store: Store, scene: Scene, tmp_path: Path) -> None:
    shares: list[float] = []
    done = annotate_video.write_film(
        store,
        scene,
        tmp_path / "out.mp4",
        Choices(theme="dark"),
        lambda share: shares.append(share) or True,  # type: ignore[func-returns-value]
    )
    with av.open(str(tmp_path / "out.mp4")) as made:
        pictures = [frame.to_ndarray(format="rgb24").astype(int) for frame in made.decode(video=0)]

    assert done and shares == sorted(shares) and shares[-1] == 1.0
    assert heard(tmp_path / "out.mp4")[0][6:17].min() > 0.2
    for number in (5, 12, 30):  # at 200, 480 and 1200 ms
        left = round(10 + 10 * number * 40 / 200)
        yellow = pictures[number][70:95, :, 0] - pictures[number][70:95, :, 2] > 35
        assert abs(int(yellow.any(axis=0).nonzero()[0].min()) - left) <= 3


def test_a_film_that_is_stopped_leaves_nothing(store: Store, scene: Scene, tmp_path: Path) -> None:
    target = tmp_path / "out" / "film.mp4"
    target.parent.mkdir()

    assert not annotate_video.write_film(store, scene, target, Choices(), lambda share: share < 0.5)
    assert list(target.parent.iterdir()) == []


def test_without_its_video_it_says_so(store: Store) -> None:
    gone = store.scene(seed.scene(store, strip("nnhn")))

    with pytest.raises(SettingError, match="not on this machine any more"):
        annotate_video.video_path(gone)


@pytest.mark.slow
def test_the_page_has_it_written_beside_it_and_can_stop_it(store: Store, scene: Scene) -> None:
    now = film_task.start_film(scene, Choices(reader="builtin"), (), store.url)
    assert now.state == "writing" and film_task.start_film(scene, Choices(reader="builtin"), ()).state == "writing"
    assert until(scene, "done").path.stat().st_size > 1000
    assert sorted(path.suffix for path in now.path.parent.iterdir()) == [".mp4"]

    film_task.stop_film(film_task.start_film(scene, Choices(size=2.0), (), store.url))
    deadline = time.monotonic() + 60
    while len(list(now.path.parent.iterdir())) > 1 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert [path.name for path in now.path.parent.iterdir()] == [now.path.name]
    store.delete(scene.id)
    assert not now.path.parent.exists()


@pytest.mark.parametrize("trouble", ["process", "disk"])
def test_a_film_that_cannot_be_begun_is_told_in_a_sentence_and_leaves_nothing(
    store: Store, scene: Scene, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    wanted = Choices(reader="builtin", taught=(emotion(),))

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EAGAIN if trouble == "process" else errno.ENOSPC, os.strerror(errno.EAGAIN))

    with monkeypatch.context() as patched:
        if trouble == "process":
            patched.setattr(subprocess, "Popen", refuse)
        else:
            patched.setattr(Path, "write_text", refuse)
        with pytest.raises(JobError, match=r"^The film could not be (started|begun): .*\. \w+ .*and try again\.$"):
            film_task.start_film(scene, wanted, (), store.url)
    now = film_task.film_status(scene, wanted)
    assert now.state == "none" and list(now.path.parent.iterdir()) == []
    film_task.stop_film(film_task.start_film(scene, wanted, (), store.url))  # a new press is a new try


def test_a_place_that_cannot_be_written_to_is_told_as_one(store: Store, scene: Scene) -> None:
    with pytest.raises(SettingError, match=r"^/proc/film\.mp4 cannot be written .*Choose another place\.$"):
        annotate_video.write_film(store, scene, Path("/proc/film.mp4"), Choices())


def until(scene: Scene, state: str) -> film_task.FilmStatus:
    deadline = time.monotonic() + 120
    while (
        now := film_task.film_status(scene, Choices(reader="builtin"))
    ).state != state and time.monotonic() < deadline:
        time.sleep(0.2)
    assert now.state == state, now.said
    return now


@pytest.mark.parametrize("code", words.LANGUAGES)
def test_every_language_is_written_or_said_to_be_impossible(code: str) -> None:
    """Each letter is drawn by a font that has it: never the font's sign for a letter it has not."""
    language = words.LANGUAGES[code]
    try:
        type_ = fonts.find_font(language)
    except SettingError as error:
        said = str(error)
        assert language.name in said and code not in ("en", "de", "es", "fr")  # either may be
        return
    how = Wording(language.names, type_)
    plates = [
        draw_boxes(builders.picture(), [builders.face(name)], "builtin", "dark", how)[:60].tobytes()
        for name in EMOTIONS
    ]
    assert len(set(plates)) == len(EMOTIONS)
    missing = fonts._draw_letter(type_(32), "\uffff")
    assert all(fonts._draw_letter(type_(32), letter) != missing for letter in "".join(language.names.values()))


@pytest.mark.parametrize(
    ("locale", "code"), [("de-AT", "de"), ("fr_CA", "fr"), ("ja", "ja"), ("pt-BR", "en"), ("", "en"), (None, "en")]
)
def test_a_readers_locale_chooses_the_language(locale: str | None, code: str) -> None:
    assert words.find_language(locale).code == code


def test_every_language_names_the_seven_apart() -> None:
    for language in words.LANGUAGES.values():
        assert tuple(language.names) == EMOTIONS and len(set(language.names.values())) == len(EMOTIONS)
    assert words.emotion_name("happy", "de") == "fröhlich" and words.emotion_name("panic", "de") == "panic"


def test_letters_grow_with_their_size() -> None:
    usual, huge = (
        draw_boxes(
            builders.picture(640, 360),
            [builders.face("happy")],
            "builtin",
            "dark",
            Wording(words.LANGUAGES["en"].names, fonts.default_font, size),
        )
        for size in (1.0, 2.5)
    )
    ground = builders.picture(640, 360)

    assert (huge != ground).any(axis=2).sum() > 2 * (usual != ground).any(axis=2).sum()
    assert kinds.wording(Choices(size=99)).size == 4.0
