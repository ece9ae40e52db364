"""The form in which the reader is shipped says what the trained net says."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training's own machine has it")

from training.network import SIZES, Reader  # noqa: E402
from training.winograd import SIDE, Swift, matrices  # noqa: E402


def net(size: str) -> Reader:
    """A net of random weights whose batch norms have seen some faces, so that they are no identities."""
    torch.manual_seed(3)
    made = Reader(size)
    with torch.no_grad():
        for _ in range(3):
            made(torch.rand(8, 1, 48, 48) * 255)
    return made.eval()


@pytest.mark.parametrize("size", SIZES)
def test_logits_and_embeddings_are_the_nets_own(size: str) -> None:
    plain = net(size)
    faces = torch.rand(7, 1, 48, 48) * 255
    with torch.no_grad():
        for swift, slow in zip(Swift(plain)(faces), plain(faces), strict=True):
            assert slow.std() > 0.01
            np.testing.assert_allclose(swift, slow, atol=1e-4 * float(slow.abs().max()))


def test_the_net_itself_stays_as_it_was() -> None:
    plain = net("small")
    before = {name: value.clone() for name, value in plain.state_dict().items()}
    Swift(plain)
    assert before.keys() == plain.state_dict().keys()
    assert all(torch.equal(value, before[name]) for name, value in plain.state_dict().items())


def test_a_map_is_convolved_with_a_kernel_and_a_margin_of_zeros() -> None:
    into, form, out = matrices()
    some = np.random.default_rng(5)
    picture, kernel = some.normal(size=(SIDE, SIDE)), some.normal(size=(3, 3))
    products = (into @ picture.ravel()).reshape(len(form), -1) * (form @ kernel.ravel())[:, None]
    wide = np.pad(picture, 1)
    plain = [[(wide[y : y + 3, x : x + 3] * kernel).sum() for x in range(SIDE)] for y in range(SIDE)]
    np.testing.assert_allclose((out @ products.ravel()).reshape(SIDE, SIDE), plain, atol=1e-12)


def test_half_precision_keeps_the_ways_in_and_out() -> None:
    for way in (matrices()[0], matrices()[2]):
        assert (way.astype(np.float16) == way).all()
