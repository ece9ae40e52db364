"""Errors carry what is wrong, which thing it is about and what to do; the sentence is made of these."""

from __future__ import annotations

import pickle

import pytest

from core import errors
from core.errors import FetchError, SceneError, VideoError

EVERY = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, SceneError)]


def test_the_sentence_is_made_of_what_which_and_remedy() -> None:
    assert str(VideoError("is empty", "“a.mp4”", "Copy it again.")) == "“a.mp4” is empty. Copy it again."
    assert str(VideoError("is empty.", "“a.mp4”", "Copy it again.")) == "“a.mp4” is empty. Copy it again."
    assert str(VideoError("There is no picture", remedy="Choose a part.")) == "There is no picture. Choose a part."
    assert str(VideoError("The disk is full. Make room.")) == "The disk is full. Make room."


def test_an_error_is_told_again_under_another_name_with_its_kind() -> None:
    error = FetchError("is empty", "“f81d4fae.mp4”", "Copy it again.")

    assert str(error.about("“Holiday”")) == "“Holiday” is empty. Copy it again."
    assert type(error.about("“Holiday”")) is FetchError


def test_an_error_that_names_nothing_gets_no_name() -> None:
    assert str(VideoError("The disk is full.").about("“Holiday”")) == "The disk is full."


@pytest.mark.parametrize("kind", EVERY)
def test_an_error_comes_whole_out_of_another_process(kind: type[SceneError]) -> None:
    error = pickle.loads(pickle.dumps(kind("is empty", "“a.mp4”", "Copy it again.")))  # noqa: S301  # our own bytes

    assert type(error) is kind
    assert (error.what, error.which, error.remedy) == ("is empty", "“a.mp4”", "Copy it again.")
