"""What bench/speed.py says: the table, the ratios by pair, the aims, and a chart."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from bench import speed_profile
from bench.speed_clips import people
from core.faces import read_builtin

Table = Mapping[str, Any]
"""Name of a measurement → ``speed.Measured``, in the plan's order."""

NAMES = {
    "ours": "Outtake",
    "fer": "fer 25.10.3, `Video.analyze`, nothing saved",
    "deepface": "DeepFace 0.0.103, `analyze`",
    "decoding": "decoding alone, PyAV, every picture",
    "sparse": "Outtake, a moment every 5 s",
    "skim": "Outtake, a moment every 5 s, skim",
}

SELDOM = {"sparse": "a moment every 5 s", "skim": "a moment every 5 s, skimmed,"}
"""Readings of few moments, in words."""

ANCHORS = {"fer-720p-2min": (74.0, 631), "deepface-720p-2min": (122.0, 413)}
"""Seconds and MB given with the task, on another machine of two cores; named as such, never as measured."""

FASTER = {"fer": 12.0, "deepface": 20.0}
BESIDE_DECODING, PROCESS_MB, LINEAR, SPARSE = speed_profile.ASKED, 400.0, 5.2, 5.0
"""The aims: times the wall time of decoding alone; MB of a process; times for five times the length; times cheaper."""


def report(table: Table, seconds: int, profile: speed_profile.Profile) -> tuple[str, bool]:
    """Return the part of RESULTS.md and whether an aim is missed; ``seconds`` is the length of the short clip."""
    aims = list(_aims(table))
    lines = [*_head(table, seconds), *_rows(table), "", *_pairs(table), "", *_told(aims), "", *_foot(table)]
    lines += ["", *_profile(table, profile)] if profile else []
    return "\n".join(lines), any(holds is False for _, holds in aims)


def _head(table: Table, seconds: int) -> Iterator[str]:
    load = max((one.load for one in table.values()), default=0.0)
    yield "## Speed\n"
    yield (
        f"`scene.mp4` enlarged and shown several times over (2 min: 114 s), H.264, a moment every 200 ms (every fifth "
        f"picture) for everybody, models' loading included, on {len(os.sched_getaffinity(0))} cores "
        f"(`python -m bench.speed`; median of three runs where a run is short; ratios are to runs right before and "
        f"after; load of the machine before: at most {load:.1f}). Memory: of all processes together, and of "
        f"the largest one. Faces: found on the heads that are "
        f"there (drawn by hand), and boxes beside them.\n"
    )
    yield "| | clip | wall | CPU | memory | largest process | moments/s | faces | beside |"
    yield "|---|---|---:|---:|---:|---:|---:|---:|---:|"


def _rows(table: Table) -> Iterator[str]:
    for name, one in table.items():
        who, height, length = name.split("-")
        there = people(round(one.moments * 0.2 / 22.8), 200) if who not in ("decoding", *SELDOM) else 0
        found = f"{one.true} of {there}" if there else f"{one.true}" if who in SELDOM else "–"
        beside = "–" if who == "decoding" else f"{one.false}"
        yield (
            f"| {NAMES[who]} | {height}, {length.replace('min', ' min').replace('23s', '23 s')} | {one.wall_s:.1f} s | "
            f"{one.cpu_s:.1f} s | {one.mb:.0f} MB | {one.process_mb:.0f} MB | {one.moments / one.wall_s:.0f} | "
            f"{found} | {beside} |"
        )


def _pairs(table: Table) -> Iterator[str]:
    """Ratios of wall and of CPU time, of everyone to us."""
    for name, one in table.items():
        who, *where = name.split("-")
        mine = table.get("-".join(["ours", *where]))
        if who in ("fer", "deepface", "decoding") and mine:
            wall, cpu = shares(one, mine)
            times = f"{wall:.1f} times our wall time, {cpu:.1f} times our CPU time"
            yield f"- {NAMES[who]}, {' '.join(where)}: {times}; memory {one.mb / mine.mb:.1f} times."


def shares(one: Any, other: Any) -> tuple[float, float]:
    """Return the shares of wall and CPU time, of runs side by side where such were made."""
    wall, cpu = one.wall_share or one.wall_s / other.wall_s, one.cpu_share or one.cpu_s / other.cpu_s
    return wall, cpu


def _aims(table: Table) -> Iterator[tuple[str, bool | None]]:
    """Yield each aim as a sentence with its figure, and whether it holds; None where none is asked for."""
    for name, one in table.items():
        who, *where = name.split("-")
        mine = table.get("-".join(["ours", *where]))
        if who in FASTER and mine:
            times, asked = shares(one, mine)[0], where == ["720p", "2min"]
            aim = f"(asked: {FASTER[who]:.0f})" if asked else "(the aim is for 2 min of 720p)"
            holds = times >= FASTER[who] if asked else None
            yield f"{times:.1f} times faster than {who}, {' '.join(where)} {aim}", holds
            yield f"{mine.true} true faces, {who} {one.true} (asked: as many)", mine.true >= one.true
        if who == "decoding" and mine:
            times = 1 / shares(one, mine)[0]
            asked = where == ["720p", "2min"]
            aim = f"(asked: at most {BESIDE_DECODING})" if asked else "(the aim is for 2 min of 720p)"
            holds = times <= BESIDE_DECODING if asked else None
            yield f"{times:.2f} times the wall time of decoding alone, {' '.join(where)} {aim}", holds
        if who == "ours":
            held = one.process_mb <= PROCESS_MB
            yield f"{one.process_mb:.0f} MB in the largest process, {' '.join(where)} (asked: {PROCESS_MB:.0f})", held
        if who == "ours" and where[1] == "2min" and (longer := table.get(f"ours-{where[0]}-10min")):
            times = longer.wall_s / one.wall_s
            yield f"{times:.2f} times as long for five times the film at {where[0]} (asked: {LINEAR})", times <= LINEAR
        if who in SELDOM and (whole := table.get("-".join(["decoding", *where]))):
            wall, times = (1 / share for share in shares(one, whole))
            asked = where[1] == "10min"
            words = f"{SELDOM[who]} of {where[1]}, networks included, costs {times:.1f} times less CPU time than"
            aim = f"(asked: {SPARSE:.0f})" if asked else "(the aim is for 10 min)"
            yield (
                f"{words} decoding it whole, {wall:.1f} times less wall time {aim}",
                times >= SPARSE if asked else None,
            )


def _profile(table: Table, profile: speed_profile.Profile) -> Iterator[str]:
    ours, decoding = table.get("ours-720p-2min"), table.get("decoding-720p-2min")
    if ours and decoding:
        yield from speed_profile.lines(profile, ours.cpu_s, decoding.cpu_s)


def _told(aims: list[tuple[str, bool | None]]) -> Iterator[str]:
    said = {True: "holds", False: "**does not hold**", None: ""}
    yield "| asked | |\n|---|---|"
    yield from (f"| {words} | {said[holds]} |" for words, holds in aims)


def _foot(table: Table) -> Iterator[str]:
    yield f"Ours: MTCNN at its usual smallest face, the built-in ensemble ({read_builtin.fingerprint()[:12]})."
    if any(name.startswith("deepface") for name in table):
        yield "DeepFace’s emotion weights could not be had where this was measured: its network ran with its own layers"
        yield "and random numbers: the same cost, scores that say nothing. Its detector (OpenCV’s cascades) is real."
    for name, (seconds, mb) in ANCHORS.items():
        words = "Given beforehand, from another machine of two cores"
        yield f"{words}, for {name.replace('-', ' ')}: {seconds:.0f} s, {mb} MB."
    if table:
        yield f"Measured from {min(one.at for one in table.values())} to {max(one.at for one in table.values())} UTC."


WIDTH, ROW, LEFT, BAR = 760, 34, 230, 420
STYLE = """text{font:13px system-ui,sans-serif;fill:#1e2024}.bar{fill:#98958d}.ours{fill:#46536b}
@media(prefers-color-scheme:dark){text{fill:#ecedee}.ours{fill:#8593b0}}"""


def chart(table: Table) -> str:
    """An SVG: seconds that two minutes of 720p take, the shorter the better."""
    shown = [(name.split("-")[0], one) for name, one in table.items() if name.endswith("720p-2min")]
    longest = max((one.wall_s for _, one in shown), default=1.0)
    said = "Seconds for 114 s of 720p film, a moment every 200 ms"
    rows = [f'<text x="0" y="18" font-weight="600">{said}</text>']
    for place, (who, one) in enumerate(sorted(shown, key=lambda pair: pair[1].wall_s)):
        y, length = 34 + place * ROW, max(BAR * one.wall_s / longest, 1)
        label = escape(NAMES[who].split(",")[0].replace("decoding alone", "decoding alone, no faces"))
        kind = "bar ours" if who == "ours" else "bar"
        rows.append(f'<text x="{LEFT - 12}" y="{y + 16}" text-anchor="end">{label}</text>')
        rows.append(f'<rect class="{kind}" x="{LEFT}" y="{y}" width="{length:.1f}" height="22" rx="3"/>')
        rows.append(f'<text x="{LEFT + length + 8:.1f}" y="{y + 16}">{one.wall_s:.1f} s</text>')
    height = 40 + len(shown) * ROW
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{said}">'
    return "\n".join([head, f"<style>{STYLE}</style>", *rows, "</svg>"]) + "\n"
