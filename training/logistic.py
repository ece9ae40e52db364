"""The loss that the weights of the doubt are fitted by."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def weigh_loss(
    at: Floats,
    table: Floats,
    truth: Floats,
    pull: Floats,
    middle: Floats,
    known: Floats | float = 0.0,
    worth: Floats | float = 1.0,
) -> tuple[float, Floats]:
    """Returns the negative log-likelihood (nats) of a logistic regression, with the pull to ``middle``, and its slope.

    ``table`` (n, weights), ``truth`` (n,) of 0 and 1; ``known`` is a part of the logits that is not fitted, ``worth``
    how much each row counts.
    """
    said, off = table @ at + known, at - middle
    loss = np.sum(worth * (np.logaddexp(0, said) - truth * said)) + 0.5 * (pull * off) @ off
    return float(loss), table.T @ (worth * (1 / (1 + np.exp(-said)) - truth)) + pull * off
