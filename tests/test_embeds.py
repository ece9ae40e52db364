"""A site's player at a second: good links lead to it, hostile and look-alike ones to nothing."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.links import embeds
from tests.support.embeds import address_at

TUBE = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1&rel=0&playsinline=1&enablejsapi=1&start=62"
VIMEO = "https://player.vimeo.com/video/76979871?autoplay=1&dnt=1#t=62.5s"
MOTION = "https://geo.dailymotion.com/player.html?video=x84sh87&startTime=62"
ARCHIVE = "https://archive.org/embed/his_girl_friday"
PEER = "https://video.blender.org/videos/embed/3d95fb3d-c866-42c8-9db1-fe82f48ccb95?autoplay=1&p2p=0&title=0&warningTitle=0&start=62s"

GOOD = {
    "https://www.youtube.com/watch?v=dQw4w9WgXcQ": TUBE,
    "https://youtube.com/watch?list=PL0&v=dQw4w9WgXcQ&t=5": TUBE,
    "http://m.youtube.com/watch?v=dQw4w9WgXcQ": TUBE,
    "https://youtu.be/dQw4w9WgXcQ?si=abc": TUBE,
    "https://www.youtube.com/shorts/dQw4w9WgXcQ": TUBE,
    "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ": TUBE,
    "https://vimeo.com/76979871": VIMEO,
    "https://player.vimeo.com/video/76979871": VIMEO,
    "https://vimeo.com/channels/staffpicks/76979871": VIMEO,
    "https://vimeo.com/76979871/a1b2c3d4e5": VIMEO.replace("#", "&h=a1b2c3d4e5#"),
    "https://www.dailymotion.com/video/x84sh87": MOTION,
    "https://www.dailymotion.com/video/x84sh87_a-title_of-it": MOTION,
    "https://dai.ly/x84sh87": MOTION,
    "https://archive.org/details/his_girl_friday": f"{ARCHIVE}?autoplay=1&start=62.5",
    "https://archive.org/details/his_girl_friday/": f"{ARCHIVE}?autoplay=1&start=62.5",
    "https://archive.org/details/his_girl_friday/part%202.mp4": f"{ARCHIVE}/part%202.mp4?autoplay=1&start=62.5",
    "https://commons.wikimedia.org/wiki/File:Big_Buck_Bunny_4K.webm": (
        "https://upload.wikimedia.org/wikipedia/commons/c/c0/Big_Buck_Bunny_4K.webm#t=62.5"
    ),
    "https://video.blender.org/videos/watch/3d95fb3d-c866-42c8-9db1-fe82f48ccb95": PEER,
    "https://framatube.org/w/kkGMgK9ZtnKfYAgnEtQxbv": (
        "https://framatube.org/videos/embed/kkGMgK9ZtnKfYAgnEtQxbv?autoplay=1&p2p=0&title=0&warningTitle=0&start=62s"
    ),
}

BAD = (
    "https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ",
    "https://evil.example/youtube.com/watch?v=dQw4w9WgXcQ",
    "https://www.youtube.com@evil.example/watch?v=dQw4w9WgXcQ",
    "https://evil.example\\@www.youtube.com/watch?v=dQw4w9WgXcQ",
    "https://user:word@www.youtube.com/watch?v=dQw4w9WgXcQ",
    "https://www.youtube.com:8443/watch?v=dQw4w9WgXcQ",
    "https://www.youtube.com/watch?v=dQw4w9WgXc",
    "https://www.youtube.com/watch?v=dQw4w9WgXcQ%22onload",
    "https://www.youtube.com/watch?v=../../../../a",
    "https://www.youtube.com/redirect?q=https://evil.example&v=dQw4w9WgXcQ",
    "https://www.youtube.com/@somebody",
    "https://уoutube.com/watch?v=dQw4w9WgXcQ",  # a Cyrillic letter
    "https://youtu.be/../x",
    "https://vimeo.com/ondemand/somefilm",
    "https://vimeo.com/76979871/../../login",
    "https://www.dailymotion.com/x84sh87",
    'https://www.dailymotion.com/video/x84sh87?x=1"><script>',
    "https://archive.org/details/..",
    "https://archive.org/details/item/..%2F..%2Flogout",
    "https://archive.org/details/item/a%0d%0aLocation:x",
    "https://commons.wikimedia.org/wiki/File:Script.svg",
    "https://commons.wikimedia.org/wiki/Special:Random",
    "https://peertube.evil.example/w/kkGMgK9ZtnKfYAgnEtQxbv",
    "javascript:alert(1)//www.youtube.com/watch?v=dQw4w9WgXcQ",
    "data:text/html,<script>alert(1)</script>",
    "//www.youtube.com/watch?v=dQw4w9WgXcQ",
    "https://[www.youtube.com/watch?v=dQw4w9WgXcQ",
    "/home/somebody/film.mp4",
    "",
)


@pytest.mark.parametrize("link", GOOD)
def test_a_link_to_a_known_site_leads_to_its_player_at_the_second(link: str) -> None:
    embed = embeds.find_embed(link)

    assert embed
    assert address_at(embed, 62_500) == GOOD[link]


@pytest.mark.parametrize("link", BAD)
def test_a_strange_link_leads_to_no_player(link: str) -> None:
    assert embeds.find_embed(link) is None


FRAMES = re.compile(
    r"(www\.youtube-nocookie\.com|player\.vimeo\.com|geo\.dailymotion\.com|archive\.org"
    r"|upload\.wikimedia\.org|framatube\.org|video\.blender\.org|peertube\.tv)"
)


@given(
    some.sampled_from([host for site in embeds.SITES for host in site.hosts]),
    some.sampled_from(["/watch?v=", "/video/", "/details/", "/wiki/File:", "/w/", "/"]),
    some.text(max_size=40),
)
def test_whatever_a_link_says_its_frame_is_at_a_known_host_and_is_one_address(host: str, path: str, rest: str) -> None:
    embed = embeds.find_embed(f"https://{host}{path}{rest}")
    address = address_at(embed, 1000) if embed else ""

    assert not embed or FRAMES.fullmatch(urlsplit(address).netloc)
    assert not re.search(r"[\s\"'<>\\]|\.\./", address)


def test_a_moment_before_the_beginning_is_the_beginning() -> None:
    embed = embeds.find_embed("https://vimeo.com/76979871")

    assert embed
    assert address_at(embed, -5).endswith("#t=0.0s")
