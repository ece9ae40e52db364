"""Pictures as they are kept and sent: smaller, and as JPEG."""

from __future__ import annotations

import cv2
import numpy as np

from core.model import Image


def shrink(image: Image, width: int) -> Image:
    """Returns the picture at most ``width`` px wide, its shape kept."""
    if image.shape[1] <= width:
        return image
    height = max(1, round(image.shape[0] * width / image.shape[1]))
    return cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)


def encode(image: Image, width: int | None = None, quality: int = 80) -> bytes:
    """Returns the picture as JPEG, shrunk to ``width`` px where that is given and it is wider."""
    small = shrink(image, width) if width else image
    _, data = cv2.imencode(".jpg", cv2.cvtColor(small, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    return data.tobytes()


def decode(data: bytes) -> Image:
    """Returns a JPEG's picture as (H, W, 3) uint8 RGB; ValueError when it is none."""
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    if image is None:
        raise ValueError(f"these {len(data)} bytes are not a picture")
    return cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
