"""The house rules: functions from sources to complaints, held against the house and against one that breaks them."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatch
from functools import cache

import pytest

from tests.support.project import ROOT

House = Mapping[str, str]
"""Module name → source."""

ORDER = (
    *("errors", "model", "sampling", "settings", "language", "host", "video", "links", "faces", "reading", "store"),
    *("doubt", "analysis", "emotions", "charts", "shelf", "export", "player", "cli", "ui"),
)
"""The folders and modules of core from the bottom up: each imports what stands before it, never what comes after."""

SCREEN = ("core.ui.*", "core.player.component", "app", "pages.*")
NETWORKS = ("core.faces.*",)
OWNERS = {
    "streamlit": SCREEN,
    "sqlalchemy": ("core.store.*",),
    "sqlite3": ("core.store.*",),
    "distributed": ("core.reading.dask_cluster",),
    "dask": ("core.reading.dask_cluster",),
    "sklearn": ("core.emotions.training",),
    "av": ("core.video.*",),
    "yt_dlp": ("core.links.*",),
    "deepface": ("core.faces.*deepface*",),
    "onnx": (),
    "onnxruntime": NETWORKS,
    "mtcnn": (),
    "platformdirs": ("core.host.home",),
    "pyarrow": ("core.export.tables",),
    "starlette": ("core.player.routes", "core.ui.startup"),
    "altair": ("core.charts.*", "core.export.*", *SCREEN),
    "openpyxl": ("core.export.excel",),
    "vl_convert": ("core.export.render",),
    "tensorflow": (),
    "torch": (),
    "keras": (),
    "fer": (),
}
"""Library → the only modules that may import it."""

WALL, PAGE = 450, 60
"""Lines at which a file must be cut, where both halves have names of their own, and a page; at 300 it wants a look."""


def read_house() -> dict[str, str]:
    """Every module that a user runs."""
    files = [*ROOT.glob("core/**/*.py"), *ROOT.glob("pages/*.py"), *ROOT.glob("app.py")]
    names = {path: ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in files}
    return {name: path.read_text(encoding="utf-8") for path, name in names.items()}


HOUSE = read_house()

parse = cache(ast.parse)


@cache
def imported(source: str) -> tuple[str, ...]:
    """Every dotted name that is imported anywhere in it, also inside functions."""
    return tuple(_imported(parse(source)))


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            yield from (part.value for part in ast.walk(node.args[0]) if isinstance(getattr(part, "value", None), str))


def layer(name: str) -> str:
    """The folder of core that a dotted name lies in; "" for core itself, and for what is none of ours."""
    first, _, rest = name.partition(".")
    return rest.split(".")[0] if first == "core" else ""


def places(house: House) -> list[str]:
    """Every module lies in a folder that ORDER names, and is not called after it."""
    lost = [name for name in house if layer(name) not in (*ORDER, "", "__main__")]
    parts = [(name, *name.split(".")[-2:]) for name in house if name.count(".") > 1]
    return lost + [name for name, folder, file in parts if file.startswith(folder)]


def imports_point_down(house: House) -> list[str]:
    def up(name: str, target: str) -> bool:
        here, there = layer(name), layer(target)
        known = here in ORDER and there in ORDER
        return (known and ORDER.index(there) > ORDER.index(here)) or (bool(here) and target.startswith("pages."))

    return [f"{name} imports {target}" for name in house for target in imported(house[name]) if up(name, target)]


def imports_are_absolute(house: House) -> list[str]:
    return [f"{name} imports {target}" for name in house for target in imported(house[name]) if target.startswith(".")]


def a_library_has_one_owner(house: House) -> list[str]:
    return [
        f"only {owners} may import {library}, not {name}"
        for name in house
        for library, owners in OWNERS.items()
        if library in {target.split(".")[0] for target in imported(house[name])}
        and not any(fnmatch(name, owner) for owner in owners)
    ]


def the_pipeline_receives_its_tools(house: House) -> list[str]:
    handed = ("core.video.clip", "core.store", "core.links", "core.faces.find", "core.faces.read")
    found = imported(house.get("core.reading.pipeline", ""))
    return [f"core.reading.pipeline imports {target}" for target in found if target.startswith(handed)]


def pages_know_no_tool_of_reading(house: House) -> list[str]:
    """Pages and what they are made of know no finder, reader, decoder or SQL."""
    tools = (
        "core.faces.find",
        "core.faces.read_deepface",
        "core.video.opening",
        "core.store.schema",
        "core.store.rows",
    )
    screen = [name for name in house if layer(name) == "ui" or name.startswith("pages.") or name == "app"]
    return [
        f"{name} imports {target}" for name in screen for target in imported(house[name]) if target.startswith(tools)
    ]


def files_stay_short(house: House) -> list[str]:
    lengths = {name: len(source.splitlines()) for name, source in house.items()}
    walls = {name: PAGE if name == "app" or name.startswith("pages.") else WALL for name in house}
    return [f"{name} has {length} lines" for name, length in lengths.items() if length > walls[name]]


def errors_are_not_swallowed(house: House) -> list[str]:
    def swallows(node: ast.ExceptHandler) -> bool:
        named = {part.id for part in ast.walk(node.type) if isinstance(part, ast.Name)} if node.type else {"Exception"}
        raises = any(isinstance(part, ast.Raise) for part in ast.walk(node))
        logs = any(isinstance(part, ast.Attribute) and part.attr == "exception" for part in ast.walk(node))
        swallowed = {"BaseException"} if logs else {"Exception", "BaseException"}
        return node.type is None or (bool(named & swallowed) and not raises)

    return [
        f"{name}, line {node.lineno}, swallows whatever went wrong"
        for name, source in house.items()
        for node in ast.walk(parse(source))
        if isinstance(node, ast.ExceptHandler) and swallows(node)
    ]


def pages_define_no_class(house: House) -> list[str]:
    """Streamlit would define it anew at every run, and isinstance would turn false."""
    pages = {name: parse(source) for name, source in house.items() if name == "app" or name.startswith("pages.")}
    return [name for name, tree in pages.items() if any(isinstance(node, ast.ClassDef) for node in ast.walk(tree))]


def modules_say_what_they_are_for(house: House) -> list[str]:
    return [name for name, source in house.items() if source.strip() and not ast.get_docstring(parse(source))]


RULES_AND_BREACHES: list[tuple[Callable[[House], list[str]], House]] = [
    (places, {"core.helpers": ""}),
    (places, {"core.store.store": ""}),
    (imports_point_down, {"core.faces.pixels": "from core.store.scenes import Store"}),
    (imports_point_down, {"core.reading.tracks": "def late():\n    from core import ui"}),
    (imports_point_down, {"core.ui.common": "from pages import scene"}),
    (imports_are_absolute, {"core.faces.pixels": "from .model import Box"}),
    (a_library_has_one_owner, {"core.shelf.jobs": "import streamlit as st"}),
    (a_library_has_one_owner, {"core.faces.read_builtin": "import torch.nn"}),
    (a_library_has_one_owner, {"core.shelf.jobs": "import importlib\nimportlib.import_module(f'deepface.{1}')"}),
    (a_library_has_one_owner, {"core.analysis.tables": "def late():\n    from av import open"}),
    (the_pipeline_receives_its_tools, {"core.reading.pipeline": "from core.video import clip"}),
    (pages_know_no_tool_of_reading, {"pages.scene": "from core.store.schema import scenes"}),
    (files_stay_short, {"core.analysis.tables": "x = 1\n" * (WALL + 1)}),
    (files_stay_short, {"pages.scene": "x = 1\n" * (PAGE + 1)}),
    (errors_are_not_swallowed, {"core.analysis.tables": "try:\n    x = 1\nexcept:\n    raise"}),
    (errors_are_not_swallowed, {"core.analysis.tables": "try:\n    x = 1\nexcept (OSError, Exception):\n    x = 2"}),
    (errors_are_not_swallowed, {"core.shelf.jobs": "try:\n    x = 1\nexcept Exception as e:\n    LOG.warning(e)"}),
    (errors_are_not_swallowed, {"core.shelf.jobs": "try:\n    x = 1\nexcept BaseException:\n    LOG.exception(1)"}),
    (pages_define_no_class, {"pages.scene": "class Choice: ..."}),
    (modules_say_what_they_are_for, {"core.analysis.tables": "x = 1"}),
]


@pytest.mark.parametrize("rule", dict.fromkeys(rule for rule, _ in RULES_AND_BREACHES), ids=lambda rule: rule.__name__)
def test_the_house_keeps_its_rules(rule: Callable[[House], list[str]]) -> None:
    assert rule(HOUSE) == []


@pytest.mark.parametrize(
    ("rule", "breach"),
    RULES_AND_BREACHES,
    ids=[f"{rule.__name__}-{n}" for n, (rule, _) in enumerate(RULES_AND_BREACHES)],
)
def test_a_house_that_breaks_a_rule_is_caught(rule: Callable[[House], list[str]], breach: House) -> None:
    assert rule(breach)


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("core", {"numpy", "pandas", "streamlit", "cv2", "altair"}),
        ("core.__main__", {"streamlit", "deepface", "onnxruntime", "torch", "tensorflow"}),
        ("core.ui.common", {"deepface", "onnxruntime", "onnx", "mtcnn"}),
    ],
)
def test_importing_a_module_loads_nothing_heavier_than_it_needs(module: str, heavy: set[str]) -> None:
    """``import core`` is free, the worker never loads the screen, and the screen never loads a network."""
    code = f"import sys, {module}; print(*sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert set(done.stdout.split()) & heavy == set()
