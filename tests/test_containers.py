"""Files are what their first bytes say, whatever they are called."""

from __future__ import annotations

import pytest

from core.video.containers import HEAD_BYTES, recognise

TS = b"G" + bytes(187)


@pytest.mark.parametrize(
    ("head", "format"),
    [
        (b"\0\0\0\x20ftypisom", "mov"),
        (b"\0\0\0\x14ftypqt  ", "mov"),
        (b"\0\0\0\x08wide\0\0\0\0mdat", "mov"),
        (b"\x1aE\xdf\xa3\x93B\x82\x88", "matroska"),
        (b"RIFF\0\x10\0\0AVI LIST", "avi"),
        (b"\x00\x00\x01\xba\x44", "mpeg"),
        (TS * 3, "mpegts"),
        ((b"\0\0\0\0" + TS) * 3, "mpegts"),
        (b"FLV\x01\x05", "flv"),
        (b"OggS\0\x02", "ogg"),
        (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9", "asf"),
        (b"GIF89a\xe0\x01", "gif"),
    ],
)
def test_containers_are_recognised(head, format):
    """The name is FFmpeg's, so that no other demuxer is ever tried."""
    assert recognise(head) == (format, "")


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "JPEG picture"),
        (b"\x89PNG\r\n\x1a\n", "PNG picture"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "WebP picture"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC or AVIF picture"),
        (b"%PDF-1.7\n\xff\xff", "PDF document"),
        (b"PK\x03\x04\x14\0", "Unpack it"),
        (b"RIFF\x10\0\0\0WAVEfmt ", "sound but no picture"),
        (b"ID3\x04\0\0", "sound but no picture"),
        (b"hello\n", "is text"),
        ("ein Blatt voll Text über Äpfel".encode(), "is text"),
        (b"The skip of a heart", "is text"),
        (("é" * HEAD_BYTES).encode()[: HEAD_BYTES - 1], "is text"),
        (b"#EXTM3U\n#EXTINF:10,\nhttp://a/b.ts\n", "playlist"),
        (b'<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011">', "playlist"),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "playlist"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><html>", "web page"),
        (b"\x83\xdc\xeef\x07\xa8\xb2\xbe", "not a video that Outtake knows"),
        (TS * 2, "not a video that Outtake knows"),
    ],
)
def test_everything_else_is_named_with_what_to_do(head, words):
    """Each refusal ends with a remedy."""
    refused = recognise(head)

    assert refused.format == ""
    assert words in refused.refusal and refused.refusal.endswith(".")
