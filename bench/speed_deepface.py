"""DeepFace on a video, as people do it who have only its ``analyze``: run by bench/speed.py in its own environment.

Arguments: the clip, a moment every so many pictures, and the file for the faces: [[picture, x, y, width, height], …].
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import cv2
from deepface import DeepFace


def main() -> None:
    """Analyze every so many pictures; a picture without a face comes back as a face with confidence 0."""
    clip, every, out = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    found, number = [], 0
    film = cv2.VideoCapture(clip)
    while film.grab():
        if number % every == 0:
            _, picture = film.retrieve()
            for face in DeepFace.analyze(picture, actions=["emotion"], enforce_detection=False, silent=True):
                if face["face_confidence"] > 0:
                    found.append([number, *(int(face["region"][side]) for side in "xywh")])
        number += 1
    out.write_text(json.dumps(found))


main()
