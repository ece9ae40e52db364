"""Messages and docstrings are plain English: turns that people stumbled over do not come back."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.support.project import ROOT

BANNED = (
    r"\bto be had\b",
    r"\bcan(not)? be had\b",
    r"\bare no \w+ (of|that|Outtake)\b",
    r"\bof one mind\b",
    r"\bto be believed\b",
)
"""Turns of phrase that hide who does what; each stood in a message or a docstring once."""

NO_NAMES = frozenset({"told", "said", "known", "held", "asked", "heard", "beside", "of"})
"""Participles and prepositions: what a function does is not in them."""

PYTHON = [*sorted((ROOT / "core").rglob("*.py")), *sorted((ROOT / "pages").glob("*.py")), ROOT / "app.py"]
SCRIPTS = sorted((ROOT / "core").rglob("*.js"))


def sentences(source: str) -> Iterator[str]:
    """Every text in it: messages, labels, docstrings; an f-string in its parts."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield " ".join(node.value.split())


def turns(path: Path) -> list[str]:
    """The banned turns in a file's texts; of a script, in all of it."""
    source = path.read_text(encoding="utf-8")
    texts = sentences(source) if path.suffix == ".py" else [" ".join(source.split())]
    return [found[0] for text in texts for turn in BANNED for found in re.finditer(turn, text)]


def test_no_message_and_no_docstring_holds_a_banned_turn() -> None:
    found = {str(path.relative_to(ROOT)): turns(path) for path in (*PYTHON, *SCRIPTS)}

    assert {name: there for name, there in found.items() if there} == {}


def test_a_banned_turn_is_found_wherever_a_text_may_hold_it(tmp_path: Path) -> None:
    module, script = tmp_path / "a.py", tmp_path / "a.js"
    module.write_text('"""What is to\nbe had."""\nraise OSError(f"“{1}” are no frames Outtake knows")\n', "utf-8")
    script.write_text('say("is not of one mind")\n', "utf-8")

    assert turns(module) == ["to be had", "are no frames Outtake"]
    assert turns(script) == ["of one mind"]


def test_no_function_is_called_by_a_participle_or_a_preposition() -> None:
    functions = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in PYTHON
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.strip("_") in NO_NAMES
    ]

    assert functions == []
