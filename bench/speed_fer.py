"""fer's own way through a video, nothing saved: run by bench/speed.py in an environment of its own.

Arguments: the clip, a moment every so many pictures, and the file for the faces: [[picture, x, y, width, height], …].
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np

cv2.waitKey = lambda *_: -1  # its windows: a headless OpenCV has none, and these calls would raise
cv2.destroyAllWindows = lambda: None

from fer.classes import Video  # noqa: E402
from fer.fer import FER  # noqa: E402


def main() -> None:
    """Analyze the clip as fer's README does, and write down which faces it found."""
    clip, every, out = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    detector, found = FER(mtcnn=False), []
    with tempfile.TemporaryDirectory() as folder:
        video = Video(clip, outdir=folder)
        detect = detector.detect_emotions

        def noted(picture: np.ndarray) -> list[dict]:
            faces = detect(picture)
            found.extend([video.frameCount, *map(int, face["box"])] for face in faces)
            return faces

        detector.detect_emotions = noted
        nothing = dict.fromkeys(("display", "save_frames", "save_video", "annotate_frames", "zip_images"), False)
        video.analyze(detector, frequency=every, output="pandas", **nothing)
    out.write_text(json.dumps(found))


main()
