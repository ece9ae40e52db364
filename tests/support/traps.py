"""What every clip of ../shared/media must give, every 200 ms: right times and sizes, or a sentence with these words.

The expectations come from the clips' own facts: their lengths and rates (the README beside them), and for the uneven
ones from the timestamps of their packets, which ``test_traps.py`` reads again without Outtake.
"""

from __future__ import annotations

from typing import NamedTuple


class Reads(NamedTuple):
    """A clip that reads; times in ms, at a step of 200 ms."""

    moments: int
    last_ms: int
    width: int
    height: int
    duration_ms: int
    dropped: range = range(1)
    """How many corrupt pictures may be dropped in all."""
    like_scene: bool = False
    """Whether it shows at every moment what scene.mp4 shows then."""


class Refused(NamedTuple):
    """A file that is refused with a sentence that holds these words."""

    words: str


CLIPS: dict[str, Reads | Refused] = {
    "scene.mp4": Reads(114, 22_600, 640, 360, 22_800, like_scene=True),
    # 472 pictures at 24000/1001: the 99th point of the grid, 19.6 s, is answered by picture 470
    "crying_to_laughing.mp4": Reads(99, 19_603, 640, 360, 19_686),
    "one_face.mp4": Reads(12, 2200, 640, 360, 2400),
    # irregular: one gap of more than a step
    "face_then_none.mov": Reads(32, 6235, 960, 540, 6402),
    # 98 frames say the container, 95 decode; at 24 per second
    "no_face.mp4": Reads(20, 3833, 960, 540, 3945),
    "smiling_man.gif": Reads(26, 5000, 480, 270, 5160),
    "long_room.mp4": Reads(697, 139_200, 768, 432, 139_400),
}

TRAPS: dict[str, Reads | Refused] = {
    "audio_only.mp4": Refused("holds sound but no picture"),
    "av1.mp4": Reads(10, 1800, 640, 360, 2000, like_scene=True),
    # damaged from 2.72 s on, and every keyframe from 5.16 s on: nothing behind it can be believed
    "corrupt_bytes.mp4": Reads(26, 5000, 640, 360, 22_800, dropped=range(10, 60), like_scene=True),
    "empty.mp4": Refused("is empty"),
    "hevc10.mkv": Reads(25, 4800, 640, 360, 5000, like_scene=True),
    "interlaced.mpg": Reads(25, 4800, 640, 360, 5000, like_scene=True),
    # 720x576 with pixels of 64:45
    "interlaced_h264_720x576.mp4": Reads(15, 2800, 1024, 576, 3000, like_scene=True),
    "jpeg_named.mp4": Refused("is a JPEG picture, not a video"),
    "one_frame.mp4": Reads(1, 0, 640, 360, 40, like_scene=True),
    "random_bytes.mp4": Refused("is not a video that Outtake knows"),
    # stored as 360x640 with a quarter turn
    "rotate_90.mp4": Reads(25, 4800, 640, 360, 5000, like_scene=True),
    "start_at_3s.mkv": Reads(20, 3800, 640, 360, 4000, like_scene=True),
    "text_named.mp4": Refused("is text, not a video"),
    "tiny_64x36.mp4": Reads(20, 3800, 64, 36, 4000, like_scene=True),
    # 52 of 100 pictures are there; its header says 4 s
    "trunc_half.webm": Reads(11, 2000, 640, 360, 2080, like_scene=True),
    "trunc_no_moov.mp4": Refused("its index or its end is missing"),
    # looked at in 1920x1080
    "uhd_1s.mp4": Reads(5, 800, 3840, 2160, 1000, like_scene=True),
    # from 9 s on every 80 ms: 22.6 s lies between two pictures
    "vfr.mp4": Reads(114, 22_640, 640, 360, 22_800, like_scene=True),
    "видео ü (1) 100% #x.mp4": Reads(21, 4000, 640, 360, 4200, like_scene=True),
}

ALL: dict[str, Reads | Refused] = CLIPS | {f"traps/{name}": row for name, row in TRAPS.items()}
"""Every file by its path under ../shared/media."""
