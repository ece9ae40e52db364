"""Links as people paste them: taken, or told what to change; where they begin is offered."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import __main__ as command
from core import settings
from core.errors import FetchError
from core.host import limits, pasted_links
from core.links import fetch, local_copy
from tests.support.project import ROOT

ID = "dQw4w9WgXcQ"

TAKEN = {
    f"check this https://youtu.be/{ID}": f"https://youtu.be/{ID}",
    f"https://youtu.be/{ID}.": f"https://youtu.be/{ID}",
    f"(see https://youtu.be/{ID})": f"https://youtu.be/{ID}",
    f"youtube.com/watch?v={ID}": f"https://youtube.com/watch?v={ID}",
    f"www.youtube.com/shorts/{ID}": f"https://www.youtube.com/shorts/{ID}",
    f"<https://youtu.be/{ID}>": f"https://youtu.be/{ID}",
    f"“https://youtu.be/{ID}”": f"https://youtu.be/{ID}",
    f"  https://www.youtube.com/watch?v={ID}&list=PLx&index=3&t=90  ": f"https://www.youtube.com/watch?v={ID}",
    f"https://youtu.be/{ID}?si=abc&t=1m30s": f"https://youtu.be/{ID}",
    f"https://m.youtube.com/watch?list=PLx&v={ID}": f"https://m.youtube.com/watch?v={ID}",
    "archive.org/details/x": "https://archive.org/details/x",
    "https://vimeo.com/1234#t=90": "https://vimeo.com/1234",
    "https://example.org/a_(b).mp4?t=3": "https://example.org/a_(b).mp4?t=3",
}


@pytest.mark.parametrize("pasted", TAKEN)
def test_what_people_paste_is_taken(pasted):
    assert limits.check_link(pasted) == TAKEN[pasted]


@pytest.mark.parametrize(
    ("pasted", "words"),
    [
        ("https://host.example/my video.mp4", "has a space in it. Write %20"),
        ("https://a.example/1 https://b.example/2", "has a space in it"),
        ("one https://a.example/1 two https://b.example/2", "not a link to a video page"),
        ("a nice film", "not a link to a video page"),
        ("javascript:alert(1)", "not a link to a video page"),
        ("see https://name:word@example.org/x", "carries a name or a password"),
    ],
)
def test_what_cannot_be_taken_is_told_what_to_change(pasted, words):
    with pytest.raises(FetchError, match=words):
        limits.check_link(pasted)


@pytest.mark.parametrize(
    ("pasted", "start_ms"),
    [
        (f"https://youtu.be/{ID}?t=90", 90_000),
        (f"https://youtu.be/{ID}?t=90s", 90_000),
        (f"https://www.youtube.com/watch?v={ID}&t=1m30s", 90_000),
        (f"look https://www.youtube.com/watch?v={ID}&t=1h2m3s", 3_723_000),
        (f"https://www.youtube.com/embed/{ID}?start=12", 12_000),
        ("https://vimeo.com/1234#t=90", 90_000),
        ("https://vimeo.com/1234#t=1m30s", 90_000),
        ("https://example.org/a.webm#t=10,20", 10_000),
        (f"https://youtu.be/{ID}", 0),
        (f"https://youtu.be/{ID}?t=soon", 0),
        ("https://[x", 0),
    ],
)
def test_the_moment_in_a_link_is_understood(pasted, start_ms):
    assert pasted_links.read_start(pasted) == start_ms


def test_the_command_line_knows_a_link_without_its_beginning_from_a_file(tmp_path, monkeypatch, capsys):
    """A file of that name goes first; other words are files, and are told to be missing."""
    asked = command._parser().parse_args(["read", f"youtube.com/watch?v={ID}&t=90"])
    assert command._recipe(asked.files[0], asked).source == f"https://youtube.com/watch?v={ID}"
    assert command._recipe(asked.files[0], asked).start_ms == 90_000
    assert "Read from 1:30.0 on, as the link says." in capsys.readouterr().err
    asked = command._parser().parse_args(["read", f"https://youtu.be/{ID}?t=90", "--start", "0:10"])
    assert command._recipe(asked.files[0], asked).start_ms == 10_000

    monkeypatch.chdir(tmp_path)
    for name in ("youtu.be/x", "films.example/a.mp4"):
        Path(name).parent.mkdir()
        Path(name).write_bytes(b"")
        assert command._recipe(name, asked).source == str(tmp_path / name)


def test_the_page_offers_where_the_link_begins(monkeypatch):
    """Once, and not over what somebody wrote there."""
    seen = fetch.Preview("https://youtu.be/x", "A film", 754_000, "youtu.be", start_ms=90_000)
    monkeypatch.setattr(local_copy, "preview_link", lambda link: seen)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    app.text_input(key="link_0").set_value("https://youtu.be/x?t=90").run()

    assert app.text_input(key="start").value == "1:30"
    assert settings.parse_moment(app.text_input(key="start").value) == 90_000
    app.session_state["start"] = ""
    assert app.run().text_input(key="start").value == ""
