"""The house rules: functions from sources to complaints, held against the house and against one that breaks them."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatch
from functools import cache
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.conftest import ROOT

House = Mapping[str, str]
"""Module name → source."""

GROUND = (
    "core.errors",
    "core.model",
    "core.settings",
    "core.sampling",
    "core.extent",
    "core.containers",
    "core.lab",
    "core.pixels",
    "core.boxes",
    "core.region",
    "core.follow",
    "core.tracks",
    "core.people",
    "core.people_tables",
    "core.alike",
    "core.tables",
    "core.means",
    "core.player_data",
    "core.drawing",
    "core.drawing.*",
    "core.comparing",
    "core.comparing.*",
    "core.learning",
    "core.doubting",
    "core.sharing",
)
TAUGHT = ("embedding", "teaching", "taught", "taught_file", "taught_tables", "taught_doubts", "proposals")
DOUBT = ("peaks", "doubts", "doubt_evidence", "doubt_limits", "doubt_model", "closer", "verdicts", "phases")
OUT = (
    "words",
    "fer_layout",
    "chart_files",
    "annotate",
    "annotate_elan",
    "annotate_vtt",
    "bundle",
    "bundle_fields",
    "bundle_values",
    "bundle_read",
    "bundle_taught",
    "story",
    "story_page",
)
STOREYS = (
    (
        *GROUND,
        *(f"core.learning.{name}" for name in TAUGHT),
        *(f"core.doubting.{name}" for name in DOUBT),
        *(f"core.sharing.{name}" for name in OUT),
    ),
    (
        "core.home",
        "core.guard",
        "core.hosting",
        "core.embeds",
        "core.films",
        "core.doubting.doubt_card",
        "core.sharing.fonts",
    ),
    ("core.adapters", "core.adapters.*"),
    (
        "core.pipeline",
        "core.segments",
        "core.crew",
        "core.shared",
        "core.season",
        "core.ahead",
        "core.beside",
        "core.backends",
        "core.alike_job",
        "core.job",
        "core.worker",
        "core.headless",
        "core.links",
        "core.probing",
        "core.streaming",
        "core.doubting.second_look",
        "core.doubting.review",
        "core.learning.lessons",
        "core.learning.company",
        "core.sharing.*",
    ),
    (
        "core",
        "core.__main__",
        "core.progress",
        "core.batch",
        "core.commands",
        "core.commands.*",
        "core.ui",
        "core.screen",
        "core.screen.*",
        "core.player",
    ),
    ("app", "pages.*"),
)
"""From the ground up: pure values and drawings, files at known places, adapters, the work, the screen, the pages."""

SCREEN = ("core.ui", "core.screen.*", "core.player", "app", "pages.*")
STORE = tuple(
    f"core.adapters.{name}"
    for name in (
        "store",
        "remarks",
        "gatherings",
        "discarded",
        "calms",
        "sizes",
        "steps",
        "taught",
        "bundled",
        "waiting",
        "visitors",
        "signing",
        "schema",
        "rows",
        "connect",
    )
)
MTCNN = ("core.adapters.find_mtcnn", "core.adapters.mtcnn_networks", "core.adapters.mtcnn_layers")
DEEPFACE = (
    "core.adapters.alike_deepface",
    "core.adapters.find_deepface",
    "core.adapters.read_deepface",
    "core.adapters.weights",
)
NETWORKS = (*MTCNN, *DEEPFACE, "core.adapters.networks", "core.adapters.read_*", "core.adapters.find_*")

OWNERS = {
    "streamlit": SCREEN,
    "sqlalchemy": STORE,
    "distributed": ("core.adapters.cluster",),
    "dask": ("core.adapters.cluster",),
    "sqlite3": STORE,
    "sklearn": ("core.learning.teaching",),
    "av": ("core.adapters.video*",),
    "yt_dlp": ("core.adapters.fetch*",),
    "deepface": DEEPFACE,
    "onnx": NETWORKS,
    "onnxruntime": NETWORKS,
    "mtcnn": MTCNN,
    "joblib": MTCNN,
    "platformdirs": ("core.home",),
    "pyarrow": ("core.adapters.export",),
    "starlette": ("core.streaming",),
    "altair": (
        "core.drawing.charts",
        "core.drawing.layers",
        "core.drawing.doubt_layers",
        "core.drawing.doubt_charts",
        "core.drawing.bars",
        "core.sharing.chart_files",
        "core.sharing.chart_set",
        "core.sharing.chart_sides",
        "core.drawing.strip",
        "core.comparing.*",
        "core.drawing.region_charts",
        "core.drawing.people_charts",
        *SCREEN,
    ),
    "openpyxl": ("core.adapters.export_sheet",),
    "vl_convert": ("core.adapters.export_chart",),
    "tensorflow": (),
    "torch": (),
    "keras": (),
    "fer": (),
}
"""Library → the only modules that may import it."""

OWN_NETWORKS = ("core.adapters.networks", "core.adapters.find_mtcnn", "core.adapters.read_builtin")

FAMILIES = (
    STORE,
    MTCNN,
    DEEPFACE,
    OWN_NETWORKS,
    ("core.adapters.video*",),
    ("core.adapters.fetch*",),
    ("core.adapters.export*",),
)
"""Adapters of one outside thing, in several files."""

BELOW_ADAPTERS = (
    "core.model",
    "core.errors",
    "core.lab",
    "core.pixels",
    "core.boxes",
    "core.settings",
    "core.home",
    "core.guard",
    "core.hosting",
    "core.sampling",
    "core.containers",
    "core.doubting.closer",
    "core.sharing.bundle",
    "core.people",
    "core.learning.embedding",
)

OUTSIDE = {"subprocess", "socket", "urllib", "http", "requests", "shutil", "tempfile", "threading", "multiprocessing"}
"""What the ground floor never imports."""

FILES = {"read_text", "read_bytes", "write_text", "write_bytes", "mkdir", "unlink", "iterdir"}
"""Methods of a path that it never calls."""

LONGER = {"core.model": 400}
"""Files over the wall, with how far: the nouns are read together, and half of their lines say what a field is."""


def read_house() -> dict[str, str]:
    """Every module that a user runs."""
    files = [*ROOT.glob("core/**/*.py"), *ROOT.glob("pages/*.py"), *ROOT.glob("app.py")]
    names = {path: ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in files}
    return {name: path.read_text(encoding="utf-8") for path, name in names.items()}


HOUSE = read_house()

parse = cache(ast.parse)


def matches(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)


def storey(name: str) -> int:
    """Its number from the ground up, -1 for a module without a place."""
    return next((number for number, patterns in enumerate(STOREYS) if matches(name, patterns)), -1)


def imported(source: str) -> Iterator[str]:
    """Every dotted name that is imported anywhere in it, also inside functions."""
    for node in ast.walk(parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            yield from (part.value for part in ast.walk(node.args[0]) if isinstance(getattr(part, "value", None), str))


def ours(house: House, name: str) -> Iterator[str]:
    """The modules of the house that ``name`` imports; a name that is a room of a module counts as that module."""
    for target in imported(house[name]):
        parent = target.rpartition(".")[0]
        if target in house or (parent not in house and storey(target) >= 0):
            yield target
        elif target.startswith(("core.", "pages.")):
            yield parent


def every_module_has_a_place(house: House) -> list[str]:
    return [f"{name} stands on no storey" for name in house if storey(name) < 0]


def imports_point_down(house: House) -> list[str]:
    return [f"{name} imports {up}" for name in house for up in ours(house, name) if storey(up) > storey(name)]


def nothing_imports_in_a_circle(house: House) -> list[str]:
    try:
        TopologicalSorter({name: set(ours(house, name)) - {name} for name in house}).prepare()
    except CycleError as error:
        return [" imports ".join(error.args[1])]
    return []


def imports_are_absolute(house: House) -> list[str]:
    return [f"{name} imports {target}" for name in house for target in imported(house[name]) if target.startswith(".")]


def a_library_has_one_owner(house: House) -> list[str]:
    return [
        f"only {owners} may import {library}, not {name}"
        for name in house
        for library, owners in OWNERS.items()
        if library in {target.split(".")[0] for target in imported(house[name])} and not matches(name, owners)
    ]


def adapters_stand_alone(house: House) -> list[str]:
    def stranger(name: str, other: str) -> bool:
        kin = any(matches(name, family) and matches(other, family) for family in FAMILIES)
        return not kin and not matches(other, BELOW_ADAPTERS)

    adapters = [name for name in house if name.startswith("core.adapters.")]
    return [f"{name} imports {other}" for name in adapters for other in ours(house, name) if stranger(name, other)]


def the_pipeline_receives_its_adapters(house: House) -> list[str]:
    return [f"core.pipeline imports {other}" for other in ours(house, "core.pipeline") if storey(other) != 0]


def pages_ask_the_screen_and_the_ground_floor(house: House) -> list[str]:
    pages = [name for name in house if storey(name) == len(STOREYS) - 1]
    allowed = ("core.ui", "core.screen.*", "core.player", "core.job", *STOREYS[0])
    return [f"{name} imports {other}" for name in pages for other in ours(house, name) if not matches(other, allowed)]


def the_ground_floor_is_pure(house: House) -> list[str]:
    def touches(name: str) -> set[str]:
        calls = [node.func for node in ast.walk(parse(house[name])) if isinstance(node, ast.Call)]
        opens = {call.id for call in calls if isinstance(call, ast.Name)} & {"open", "print", "input"}
        opens |= {call.attr for call in calls if isinstance(call, ast.Attribute)} & FILES
        return OUTSIDE & {target.split(".")[0] for target in imported(house[name])} | opens

    return [f"{name} uses {what}" for name in house if storey(name) == 0 for what in sorted(touches(name))]


def files_stay_short(house: House) -> list[str]:
    lengths = {name: len(source.splitlines()) for name, source in house.items()}
    pages = {name: 60 for name in house if name.startswith("pages.") or name == "app"}
    walls = dict.fromkeys(house, 250) | pages | LONGER
    return [f"{name} has {length} lines" for name, length in lengths.items() if length > walls[name]]


def functions_stay_short(house: House) -> list[str]:
    return [
        f"{name}.{node.name} has {node.end_lineno - node.lineno + 1} lines"
        for name, source in house.items()
        for node in ast.walk(parse(source))
        if isinstance(node, ast.FunctionDef) and node.end_lineno and node.end_lineno - node.lineno >= 60
    ]


def errors_are_not_swallowed(house: House) -> list[str]:
    def swallows(node: ast.ExceptHandler) -> bool:
        named = {part.id for part in ast.walk(node.type) if isinstance(part, ast.Name)} if node.type else {"Exception"}
        raises = any(isinstance(part, ast.Raise) for part in ast.walk(node))
        return node.type is None or (bool(named & {"Exception", "BaseException"}) and not raises)

    return [
        f"{name}, line {node.lineno}, swallows whatever went wrong"
        for name, source in house.items()
        for node in ast.walk(parse(source))
        if isinstance(node, ast.ExceptHandler) and swallows(node)
    ]


def pages_define_no_class(house: House) -> list[str]:
    """Streamlit would define it anew at every run, and isinstance would turn false."""
    pages = {name: parse(source) for name, source in house.items() if storey(name) == len(STOREYS) - 1}
    return [name for name, tree in pages.items() if any(isinstance(node, ast.ClassDef) for node in ast.walk(tree))]


def modules_say_what_they_are_for(house: House) -> list[str]:
    return [name for name, source in house.items() if source.strip() and not ast.get_docstring(parse(source))]


RULES_AND_BREACHES: list[tuple[Callable[[House], list[str]], House]] = [
    (every_module_has_a_place, {"core.helpers": ""}),
    (imports_point_down, {"core.pixels": "from core.adapters.store import Store"}),
    (imports_point_down, {"core.job": "def late():\n    from core import ui"}),
    (
        nothing_imports_in_a_circle,
        {"core.pixels": "from core import tracks", "core.tracks": "from core.pixels import look"},
    ),
    (imports_are_absolute, {"core.pixels": "from .model import Box"}),
    (a_library_has_one_owner, {"core.job": "import streamlit as st"}),
    (a_library_has_one_owner, {"core.adapters.read_builtin": "import torch.nn"}),
    (a_library_has_one_owner, {"core.job": "import importlib\nimportlib.import_module(f'deepface.{1}')"}),
    (a_library_has_one_owner, {"core.tables": "def late():\n    from av import open"}),
    (adapters_stand_alone, {"core.adapters.video": "from core.adapters import store"}),
    (adapters_stand_alone, {"core.adapters.export": "from core import tables"}),
    (the_pipeline_receives_its_adapters, {"core.pipeline": "from core.adapters import video"}),
    (pages_ask_the_screen_and_the_ground_floor, {"pages.scene": "from core.adapters.store import Store"}),
    (the_ground_floor_is_pure, {"core.tables": "import subprocess"}),
    (the_ground_floor_is_pure, {"core.tables": "rows = open('rows.csv')"}),
    (the_ground_floor_is_pure, {"core.tables": "rows = path.read_text()"}),
    (files_stay_short, {"core.tables": "x = 1\n" * 251}),
    (files_stay_short, {"pages.scene": "x = 1\n" * 61}),
    (functions_stay_short, {"core.tables": "def long():\n" + "    x = 1\n" * 60}),
    (errors_are_not_swallowed, {"core.tables": "try:\n    x = 1\nexcept:\n    raise"}),
    (errors_are_not_swallowed, {"core.tables": "try:\n    x = 1\nexcept (OSError, Exception):\n    x = 2"}),
    (pages_define_no_class, {"pages.scene": "class Choice: ..."}),
    (modules_say_what_they_are_for, {"core.tables": "x = 1"}),
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
        ("core.ui", {"deepface", "onnxruntime", "onnx", "mtcnn"}),
    ],
)
def test_importing_a_module_loads_nothing_heavier_than_it_needs(module: str, heavy: set[str]) -> None:
    """``import core`` is free, the worker never loads the screen, and the screen never loads a network."""
    code = f"import sys, {module}; print(*sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert set(done.stdout.split()) & heavy == set()
