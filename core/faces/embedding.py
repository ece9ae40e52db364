"""A reader's embedding of a face in few bytes: which networks made it, a scale, and one byte a number."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

TAG_BYTES = 6
"""Of the networks' fingerprint: enough to tell any two versions apart."""

HEAD_BYTES = TAG_BYTES + 2
"""The tag and the scale, a float16; what follows are the numbers."""

LEVELS = 255

CODED = "<f2"


def tag(fingerprint: str) -> bytes:
    """Returns the beginning of every embedding that the networks of this fingerprint, in hex, have made."""
    return bytes.fromhex(fingerprint[: 2 * TAG_BYTES])


def pack(vectors: Floats, fingerprint: str) -> list[bytes]:
    """Returns (n, d) numbers, none below 0, as n codes of d + 8 bytes; the largest of each face is its scale."""
    head = tag(fingerprint)
    largest = vectors.max(axis=1, initial=0)
    scales = np.nextafter(largest.astype(CODED), np.array(np.inf, CODED)).astype(np.float32)
    codes = np.rint(vectors * (LEVELS / scales[:, None])).clip(0, LEVELS).astype(np.uint8)
    return [head + scale.tobytes() + code.tobytes() for scale, code in zip(scales.astype(CODED), codes, strict=True)]


def unpack(codes: Sequence[bytes]) -> Floats:
    """Returns the (n, d) numbers of codes of one version."""
    if not codes:
        return np.zeros((0, 0), np.float32)
    raw = np.frombuffer(b"".join(codes), np.uint8).reshape(len(codes), -1)
    scales = raw[:, TAG_BYTES:HEAD_BYTES].copy().view(CODED).astype(np.float32)
    return np.asarray(raw[:, HEAD_BYTES:] * (scales / LEVELS), np.float32)
