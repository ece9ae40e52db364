"""Decoding alone: every picture of a clip by PyAV, in so many processes. Arguments: the clip and the processes."""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import av


def main() -> None:
    """Decode the whole clip, cut at keyframes into as many stretches as there are processes."""
    clip, workers = sys.argv[1], int(sys.argv[2])
    parts = stretches(clip, workers)
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        print(sum(pool.map(decoded, [clip] * len(parts), *zip(*parts, strict=True))))


def stretches(clip: str, count: int) -> list[tuple[int, int]]:
    """Return the first stamp of each stretch and that of the next one."""
    with av.open(clip) as film:
        stream = film.streams.video[0]
        film.seek(0, stream=stream)
        keys = [entry.timestamp for entry in stream.index_entries if entry.is_keyframe]
        end = (stream.duration or 0) + (stream.start_time or 0)
    wanted = [keys[0] + (end - keys[0]) * place / count for place in range(1, count)]
    starts = sorted({keys[0], *(min(keys, key=lambda key: abs(key - at)) for at in wanted)})
    return list(zip(starts, [*starts[1:], sys.maxsize], strict=True))


def decoded(clip: str, start: int, end: int) -> int:
    """Decode from the keyframe at ``start`` up to the one at ``end``; return how many pictures that were."""
    with av.open(clip) as film:
        stream = film.streams.video[0]
        stream.thread_type = "NONE"
        film.seek(start, stream=stream)
        count = 0
        for packet in film.demux(stream):
            if packet.pts is None or (packet.is_keyframe and packet.pts >= end):
                break
            count += len(stream.decode(packet))
        return count + len(stream.decode(None))


if __name__ == "__main__":
    main()
