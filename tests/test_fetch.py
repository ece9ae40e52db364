"""Links: what is fetched, how often, and what every attack and accident of the web comes to."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import FetchError
from core.host import limits
from core.links import fetch, local_copy, ytdlp_refusals
from core.model import Recipe
from core.shelf import jobs
from core.store.scenes import Store
from core.video import clip
from tests.support import clips, hostile
from tests.support.cases import quick

MB = 1_000_000
QUICK = replace(limits.LOCAL, most_bytes=2 * MB, look_s=12, fetch_s=12, patience_s=2, slowest_bps=5_000)
"""Limits that a test can wait for."""


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return clips.film(tmp_path_factory.mktemp("film") / "film.mp4", 8.0).read_bytes()


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[hostile.Site]:
    with hostile.site() as server:
        monkeypatch.setattr(fetch, "allowed", (server.address,))
        yield server


def children() -> list[str]:
    """Command lines of this process's children that still run."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = (entry / "stat").read_text().rpartition(")")[2].split()[1]
                command = (entry / "cmdline").read_text().replace("\0", " ")
            except (FileNotFoundError, ProcessLookupError):
                continue
            if parent == str(os.getpid()) and "fetch_child" in command:
                found.append(command)
    return found


def left(home: Path) -> list[str]:
    """Everything that lies in the home's clips."""
    return [str(path) for path in (home / "clips").rglob("*")]


def test_a_link_is_looked_at_before_anything_is_fetched(site: hostile.Site, film: bytes, home: Path) -> None:
    site.answers["/a_scene.mp4"] = hostile.file(film)
    seen = fetch.preview_link(site.link("/a_scene.mp4"))

    assert (seen.title, seen.site, seen.duration_ms) == ("a_scene", "127.0.0.1", 0)
    assert left(home) == []


def test_a_page_with_a_picture_is_looked_at_with_its_picture(site: hostile.Site, film: bytes) -> None:
    from core.video import stills
    from tests.support import builders

    picture = stills.encode(builders.picture(1200, 600))
    page = f'<html><head><title>A page</title><meta property="og:image" content="{site.link("/poster.jpg")}"></head>'
    page += f'<body><video poster="{site.link("/poster.jpg")}" src="{site.link("/a.mp4")}"></video></body></html>'
    site.answers |= {"/page": hostile.text(page), "/a.mp4": hostile.file(film)}
    site.answers["/poster.jpg"] = hostile.file(picture, "image/jpeg")
    seen = fetch.preview_link(site.link("/page"))

    assert seen.title == "A page"
    assert stills.decode(seen.picture).shape == (160, 320, 3)


def test_a_link_is_fetched_once_and_told_how_far(site: hostile.Site, film: bytes) -> None:
    site.answers["/a.mp4"] = hostile.file(film)
    told: list[tuple[int, int]] = []
    path = fetch.fetch_video(site.link("/a.mp4"), progress=lambda *now: told.append(now))
    asked = len(site.asked)

    assert path.read_bytes() == film and clip.probe(path).duration_ms == 8000
    assert told and told[-1][1] == len(film)
    assert fetch.fetch_video(site.link("/a.mp4")) == path and len(site.asked) == asked


def test_a_file_of_unknown_length_is_fetched_whole(site: hostile.Site, film: bytes) -> None:
    site.answers["/a.mp4"] = hostile.chunked(film)

    assert fetch.fetch_video(site.link("/a.mp4")).read_bytes() == film


def test_a_page_that_names_a_video_is_followed_on_your_own_machine(site: hostile.Site, film: bytes) -> None:
    site.answers |= {"/page": hostile.text('<html><video src="/a.mp4"></video></html>'), "/a.mp4": hostile.file(film)}

    assert fetch.fetch_video(site.link("/page")).read_bytes() == film


def test_a_playlist_of_pieces_becomes_one_file(site: hostile.Site, film: bytes) -> None:
    pieces = [film[: len(film) // 2], film[len(film) // 2 :]]
    words = "\n".join(f"#EXTINF:4,\n/{number}.ts" for number in range(2))
    site.answers["/a.m3u8"] = hostile.playlist(f"#EXT-X-TARGETDURATION:4\n{words}\n#EXT-X-ENDLIST")
    site.answers |= {f"/{number}.ts": hostile.file(piece, "video/mp2t") for number, piece in enumerate(pieces)}

    assert fetch.fetch_video(site.link("/a.m3u8")).read_bytes() == film


def test_a_download_that_broke_off_goes_on_where_it_was(site: hostile.Site, film: bytes) -> None:
    whole = film * 20
    site.answers["/a.mp4"] = hostile.cut(whole, 600_000)
    with pytest.raises(FetchError, match="what has come so far is kept"):
        fetch.fetch_video(site.link("/a.mp4"), limits=QUICK)
    site.asked.clear()
    site.answers["/a.mp4"] = hostile.file(whole)

    assert fetch.fetch_video(site.link("/a.mp4")).read_bytes() == whole
    assert any(wanted.startswith("bytes=") and wanted != "bytes=0-" for _, wanted in site.asked)


@pytest.mark.slow
def test_a_download_can_be_stopped_and_goes_on_later(site: hostile.Site, film: bytes) -> None:
    site.answers["/a.mp4"] = hostile.endless(film, 0.1)
    came: list[int] = []
    began = time.monotonic()
    with pytest.raises(fetch.StoppedError):
        fetch.fetch_video(
            site.link("/a.mp4"), progress=lambda done, _: came.append(done), stopped=lambda: len(came) > 2
        )

    assert time.monotonic() - began < 15 and children() == []
    site.answers["/a.mp4"] = hostile.file(film * 40)
    assert len(fetch.fetch_video(site.link("/a.mp4")).read_bytes()) == len(film) * 40


PRIVATE = "private network"
Attack = tuple[Callable[[hostile.Site, int, bytes], None], str]


def serve(answer: Callable[[hostile.Site, int, bytes], hostile.Answer]) -> Callable[..., None]:
    def put(site: hostile.Site, port: int, film: bytes) -> None:
        site.answers["/x.mp4"] = answer(site, port, film)

    return put


def list_of(words: str) -> Callable[..., None]:
    """A playlist at the link, its words telling the port of the door."""

    def put(site: hostile.Site, port: int, film: bytes) -> None:
        site.answers["/good.ts"] = hostile.file(film, "video/mp2t")
        site.answers["/x.mp4"] = hostile.playlist(words.format(port=port, good=site.link("/good.ts")))

    return put


def page_of(words: str) -> Callable[..., None]:
    return serve(lambda site, port, film: hostile.text(words.format(port=port)))


MPD = """<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="{kind}" mediaPresentationDuration="PT8S">
<Period><AdaptationSet mimeType="video/mp4"><Representation id="v" bandwidth="1" width="192" height="108">
<BaseURL>{base}</BaseURL></Representation></AdaptationSet></Period></MPD>"""


def manifest(kind: str, base: str) -> Callable[..., None]:
    return serve(
        lambda site, port, film: hostile.text(
            MPD.format(kind=kind, base=base.format(port=port)), "application/dash+xml"
        )
    )


ATTACKS: dict[str, Attack] = {
    "announced over the limit": (serve(lambda s, p, f: hostile.file(bytes(3 * MB))), "larger than may be"),
    "over the limit without a word": (serve(lambda s, p, f: hostile.chunked(f + bytes(3 * MB))), "larger than may be"),
    "an endless body": (serve(lambda s, p, f: hostile.endless(f)), "larger than may be"),
    "a slow drip": (serve(lambda s, p, f: hostile.endless(f[:5000], 0.3, b"\0" * 300)), "next to nothing"),
    "a server that never answers": (serve(lambda s, p, f: hostile.silent()), "longer than it may|did not answer"),
    "a bomb of zeros": (serve(lambda s, p, f: hostile.bomb(30 * MB)), "larger than may be|not a video|did not hand"),
    "a redirect to this machine": (serve(lambda s, p, f: hostile.redirect(f"http://127.0.0.1:{p}/")), PRIVATE),
    "a redirect to localhost": (serve(lambda s, p, f: hostile.redirect(f"http://localhost:{p}/a.mp4")), PRIVATE),
    "a redirect to the cloud's secrets": (
        serve(lambda s, p, f: hostile.redirect("http://169.254.169.254/latest/meta-data/")),
        PRIVATE,
    ),
    "a redirect to a number": (serve(lambda s, p, f: hostile.redirect(f"http://2130706433:{p}/a.mp4")), PRIVATE),
    "a redirect to IPv6 loopback": (serve(lambda s, p, f: hostile.redirect(f"http://[::1]:{p}/a.mp4")), PRIVATE),
    "a redirect to a mapped address": (
        serve(lambda s, p, f: hostile.redirect(f"http://[::ffff:127.0.0.1]:{p}/a.mp4")),
        PRIVATE,
    ),
    "a redirect to a file": (serve(lambda s, p, f: hostile.redirect("file:///etc/passwd")), "."),
    "a redirect in a circle": (serve(lambda s, p, f: hostile.redirect("/x.mp4")), "."),
    "a playlist with a private piece": (
        list_of(
            "#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n{good}\n#EXTINF:4,\nhttp://127.0.0.1:{port}/b.ts\n#EXT-X-ENDLIST"
        ),
        PRIVATE,
    ),
    "a playlist with a private key": (
        list_of(
            '#EXT-X-TARGETDURATION:4\n#EXT-X-KEY:METHOD=AES-128,URI="http://127.0.0.1:{port}/k"\n'
            "#EXTINF:4,\n{good}\n#EXT-X-ENDLIST"
        ),
        PRIVATE,
    ),
    "a playlist with a private beginning": (
        list_of(
            '#EXT-X-TARGETDURATION:4\n#EXT-X-MAP:URI="http://127.0.0.1:{port}/i.mp4"\n'
            "#EXTINF:4,\n{good}\n#EXT-X-ENDLIST"
        ),
        PRIVATE,
    ),
    "a playlist that names a private one": (
        list_of("#EXT-X-STREAM-INF:BANDWIDTH=1,RESOLUTION=192x108\nhttp://127.0.0.1:{port}/v.m3u8"),
        PRIVATE,
    ),
    "a playlist with a piece of this disk": (
        list_of("#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nfile:///etc/passwd\n#EXT-X-ENDLIST"),
        ".",
    ),
    "a playlist without an end": (list_of("#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n{good}"), "."),
    "a manifest with a private base": (manifest("static", "http://127.0.0.1:{port}/v.mp4"), PRIVATE),
    "a manifest with a base on this disk": (manifest("static", "file:///etc/passwd"), "."),
    "a page that names a private video": (page_of('<video src="http://127.0.0.1:{port}/v.mp4"></video>'), PRIVATE),
    "a page that frames a private page": (
        page_of('<meta http-equiv="refresh" content="0; url=http://127.0.0.1:{port}/">'),
        PRIVATE,
    ),
    "a page without a video": (page_of("<html>Nothing here</html>"), "Nothing on this page"),
    "a page with three videos": (
        page_of('<video src="/1.mp4"></video><video src="/2.mp4"></video><video src="/3.mp4"></video>'),
        "list of videos",
    ),
    "gone": (serve(lambda s, p, f: hostile.status(404)), "gone or was never there"),
    "forbidden": (serve(lambda s, p, f: hostile.status(403)), "did not hand out"),
    "too many requests": (serve(lambda s, p, f: hostile.status(429)), "did not hand out"),
    "a server in trouble": (serve(lambda s, p, f: hostile.status(503)), "in trouble"),
    "a name that points out of the folder": (
        serve(
            lambda s, p, f: hostile.file(
                bytes(3 * MB), "video/mp4", Content_Disposition='attachment; filename="../../../evil.mp4"'
            )
        ),
        "larger than may be",
    ),
}


@pytest.mark.parametrize(
    "name",
    quick(
        ATTACKS,
        "over the limit without a word",
        "a redirect to this machine",
        "a redirect to a file",
        "a playlist with a private key",
        "a manifest with a private base",
        "a page that names a private video",
        "a page with three videos",
        "gone",
        "a name that points out of the folder",
    ),
)
def test_no_attack_and_no_accident_leaves_anything_behind(
    name: str, site: hostile.Site, door: hostile.Door, film: bytes, home: Path
) -> None:
    put, says = ATTACKS[name]
    put(site, door.port, film)
    began = time.monotonic()
    with pytest.raises(FetchError, match=says) as caught:
        fetch.fetch_video(site.link("/x.mp4"), limits=QUICK)

    assert "\n" not in str(caught.value) and str(caught.value).endswith(".")
    assert time.monotonic() - began < QUICK.fetch_s + 10
    assert children() == []
    assert str(caught.value) in ytdlp_refusals.WORTH_RETRYING or left(home) == []


@pytest.fixture
def private(site: hostile.Site) -> Iterator[hostile.Door]:
    """The site's port at another address of this machine, which stands for a private network behind a public name."""
    door = hostile.Door("127.0.0.2", site.server_port)
    yield door
    assert door.visits == 0
    door.close()


@pytest.mark.parametrize("lookups", [1, 6])
def test_a_name_that_leads_elsewhere_at_the_next_lookup_is_not_followed_there(
    lookups: int, site: hostile.Site, private: hostile.Door, film: bytes, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked to look, it leads to the video; while the very same link is fetched, to a private address."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent / "support" / "two_faced"))
    link = site.link("/x.mp4").replace("127.0.0.1", f"after-{lookups}.two.faced")
    site.answers["/x.mp4"] = hostile.file(film)
    if lookups > 1:  # a playlist takes many look-ups, and turns in the middle of the download
        link = link.replace(".mp4", ".m3u8")
        pieces = "\n".join(f"#EXTINF:4,\n/{number}.ts" for number in range(4))
        site.answers["/x.m3u8"] = hostile.playlist(f"#EXT-X-TARGETDURATION:4\n{pieces}\n#EXT-X-ENDLIST")
        site.answers |= {f"/{number}.ts": hostile.file(film, "video/mp2t") for number in range(4)}
    with pytest.raises(FetchError, match=PRIVATE):
        fetch.fetch_video(link, limits=QUICK)

    came = [path for path, _ in site.asked]
    assert ("/0.ts" in came and "/3.ts" not in came) if lookups > 1 else came
    assert left(home) == [] and children() == []


def test_a_name_that_stays_is_followed(
    site: hostile.Site, film: bytes, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the test above would prove nothing."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent / "support" / "two_faced"))
    site.answers["/x.mp4"] = hostile.file(film)

    assert fetch.fetch_video(site.link("/x.mp4").replace("127.0.0.1", "after-99.two.faced")).read_bytes() == film


def test_what_is_no_video_goes_with_a_sentence_and_leaves_nothing(site: hostile.Site, home: Path) -> None:
    site.answers["/a.mp4"] = hostile.file(b"%PDF-1.7 not a film" * 100)

    with pytest.raises(FetchError, match=r"What 127.0.0.1 handed out is text"):
        local_copy.make_local(Recipe(site.link("/a.mp4")))
    assert left(home) == []


def test_a_scene_of_a_link_is_fetched_by_its_worker_and_read(site: hostile.Site, film: bytes, home: Path) -> None:
    site.answers["/a.mp4"] = hostile.file(film)
    store = Store()
    scene_id = store.add(Recipe(site.link("/a.mp4")), "Linked")
    jobs.run(scene_id, store=store, equip=clips.equip)
    again = store.add(Recipe(site.link("/a.mp4"), smallest_face_px=12), "Closer")
    asked = len(site.asked)
    jobs.run(again, store=store, equip=clips.equip)

    assert store.scene(scene_id).state == store.scene(again).state == "done"
    assert store.samples(scene_id) == store.samples(again) and len(site.asked) == asked
    store.delete(scene_id)
    assert left(home) != []
    store.delete(again)
    assert left(home) == []


@pytest.mark.slow
def test_a_scene_tells_how_much_of_its_link_has_come_and_can_be_stopped(site: hostile.Site, film: bytes) -> None:
    site.answers["/a.mp4"] = hostile.endless(film, 0.1)
    store = Store()
    scene_id = store.add(Recipe(site.link("/a.mp4")), "Linked")
    running = threading.Thread(target=jobs.run, args=[scene_id], kwargs={"store": store, "equip": clips.equip})
    running.start()
    until = time.monotonic() + 30
    while store.scene(scene_id).fetched <= len(film) and time.monotonic() < until:
        time.sleep(0.1)
    assert store.scene(scene_id).fetched > len(film) and store.scene(scene_id).alive
    jobs.stop(scene_id, store)
    running.join(10)

    assert not running.is_alive() and children() == []
    assert store.scene(scene_id).state == "stopped" and store.scene(scene_id).error == ""
    site.answers["/a.mp4"] = hostile.file(film + bytes(4_000_000))
    jobs.run(scene_id, store=store, equip=clips.equip)
    assert store.scene(scene_id).state == "done"


def test_a_link_that_hands_out_nothing_fails_its_scene_with_the_sentence(site: hostile.Site) -> None:
    store = Store()
    scene_id = store.add(Recipe(site.link("/gone.mp4")), "Linked")
    with pytest.raises(FetchError):
        jobs.run(scene_id, store=store, equip=clips.equip)

    assert store.scene(scene_id).state == "failed"
    assert "gone or was never there" in store.scene(scene_id).error


def test_hosted_the_fetched_video_goes_once_it_was_read(
    site: hostile.Site, film: bytes, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTTAKE_HOSTED", "1")
    site.answers["/a.mp4"] = hostile.file(film)
    monkeypatch.setattr(limits, "HOSTED", replace(limits.HOSTED, sites=None, ports=None))
    path = fetch.fetch_video(site.link("/a.mp4"), limits=replace(QUICK, most_bytes=9 * MB))
    store = Store()
    scene_id = store.add(Recipe(site.link("/a.mp4")), "Linked")
    assert path.exists()
    jobs.run(scene_id, store=store, equip=clips.equip)

    assert store.scene(scene_id).state == "done" and left(home) == []


def test_hosted_a_video_of_unknown_length_is_not_fetched(site: hostile.Site, film: bytes) -> None:
    site.answers["/a.mp4"] = hostile.file(film)
    with pytest.raises(FetchError, match="does not say how long"):
        fetch.fetch_video(site.link("/a.mp4"), limits=replace(QUICK, hosted=True))


def test_hosted_a_page_that_names_a_video_is_not_followed(site: hostile.Site, film: bytes) -> None:
    site.answers |= {"/page": hostile.text('<video src="/a.mp4"></video>'), "/a.mp4": hostile.file(film)}
    own = limits.Site("Here", ("127.0.0.1",), r"archive\.org")

    with pytest.raises(FetchError, match="Nothing on this page"):
        fetch.fetch_video(site.link("/page"), limits=replace(QUICK, sites=(own,)))
    assert site.asked == []


SAYINGS = {
    "[youtube] x: Private video. Sign in if you've been granted access to this video": "private",
    "[youtube] x: Sign in to confirm you’re not a bot. Use --cookies-from-browser": "did not hand out",
    "[youtube] x: Sign in to confirm your age. This video may be inappropriate for some users": "age",
    "[youtube] x: Video unavailable. This video has been removed by the uploader": "gone",
    "[youtube] x: Video unavailable. The uploader has not made this video available in your country": "country",
    "[youtube] x: Premieres in 3 hours": "live stream",
    "[youtube] x: This live event will begin in 2 days.": "live stream",
    "[vimeo] x: This video is protected by a password, use the --video-password option": "private",
    "[x] The video is DRM protected": "locked",
    "Unable to download webpage: HTTP Error 403: Forbidden": "did not hand out",
    "Unable to download webpage: HTTP Error 429: Too Many Requests": "did not hand out",
    "Unable to download webpage: HTTP Error 404: Not Found": "gone",
    "Unable to download webpage: HTTP Error 502: Bad Gateway": "in trouble",
    "Failed to resolve 'x' ([Errno -2] Name or service not known)": "could not be found",
    "[Errno 101] Network is unreachable": "could not be found",
    "The read operation timed out": "did not answer",
    "certificate verify failed: unable to get local issuer certificate": "certificate",
    "Unsupported URL: https://example.org/": "Nothing on this page",
    "unable to write data: [Errno 28] No space left on device": "disk is full",
    "unable to write data: [Errno 27] File too large": "larger than",
    "words that nobody has ever seen": "did not hand out",
}


@pytest.mark.parametrize("message", SAYINGS)
def test_whatever_a_site_says_becomes_one_sentence_that_says_what_to_do(message: str) -> None:
    sentence = ytdlp_refusals.explain(message)

    assert SAYINGS[message] in sentence and sentence.endswith(".") and "http" not in sentence


FACTS = {"duration": 60, "protocol": "https"}
TERMS = {"needs_length": True, "longest_ms": 100_000, "most_bytes": 1000}


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({}, ""),
        ({"is_live": True}, "LIVE"),
        ({"live_status": "is_upcoming"}, "LIVE"),
        ({"age_limit": 18}, "AGE"),
        ({"duration": 101}, "TOO_LONG"),
        ({"duration": None}, "NO_LENGTH"),
        ({"filesize": 1001}, "TOO_LARGE"),
        ({"protocol": "rtmp"}, "IN_PIECES"),
        ({"requested_formats": [{}, {}]}, "IN_PIECES"),
    ],
)
def test_a_video_that_is_not_to_be_fetched_is_known_before_it_is(facts: dict[str, object], says: str) -> None:
    from core.links.ytdlp_options import find_refusal

    assert find_refusal(FACTS | facts, TERMS) == says
