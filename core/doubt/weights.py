"""The weights of the doubt that come with the project, in models/doubts.json: made by training/fit_doubts.py."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from core.doubt.model import Model
from core.errors import ReaderError

CARD = Path(__file__).parents[2] / "models" / "doubts.json"


@cache
def load_model(path: Path = CARD) -> Model:
    """Returns the fitted weights; ReaderError when the file is missing or damaged."""
    try:
        said = json.loads(path.read_text("utf-8"))
        weights = {kind: {name: float(weight) for name, weight in one.items()} for kind, one in said["weights"].items()}
        film = {name: float(weight) for name, weight in said["film"]["weights"].items()}
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise ReaderError(
            f"The weights of the doubt in {path} are missing or damaged. Install Outtake again."
        ) from error
    return Model(weights, film)
