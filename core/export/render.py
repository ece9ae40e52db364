"""Vega-Lite specifications → SVG and PNG, in a process of their own: the renderer keeps what it takes."""

from __future__ import annotations

import json
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.errors import SettingError

ROOT = Path(__file__).parents[2]

KINDS = ("svg", "png")

SCALE = 2
"""px of a PNG for each of the chart's."""

LONGEST_S = 180
"""To draw all of a scene's charts; they take some seconds."""


def render_charts(specs: Mapping[str, Mapping[str, Any]], kinds: tuple[str, ...] = KINDS) -> dict[str, bytes]:
    """Return ``{"name.svg": …, "name.png": …}`` for each specification; nothing is fetched from anywhere."""
    asked = json.dumps({"specs": dict(specs), "kinds": kinds})
    command = [sys.executable, "-m", "core.export.render"]
    try:
        done = subprocess.run(  # noqa: S603  # our own program
            command, input=asked.encode(), capture_output=True, cwd=ROOT, timeout=LONGEST_S, check=True
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired, OSError) as error:
        raise SettingError(
            "The charts could not be drawn on this machine. Close other programs and try again."
        ) from error
    return {name: b64decode(data) for name, data in json.loads(done.stdout).items()}


def _render(asked: Mapping[str, Any]) -> dict[str, str]:
    """Draw what the parent asked for, as base64."""
    import vl_convert

    made: dict[str, str] = {}
    for name, spec in asked["specs"].items():
        if "svg" in asked["kinds"]:
            svg = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
            made[f"{name}.svg"] = b64encode(svg.encode()).decode()
        if "png" in asked["kinds"]:
            png = vl_convert.vegalite_to_png(spec, scale=SCALE, allowed_base_urls=[])
            made[f"{name}.png"] = b64encode(png).decode()
    return made


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_render(json.loads(sys.stdin.buffer.read()))))
