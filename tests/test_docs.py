"""What the documents say is true of the project: commands, flags, pictures, requirements, licences."""

from __future__ import annotations

import ast
import io
import re
import shutil
import subprocess
import sys
import tomllib
from contextlib import redirect_stdout
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import core
from core.__main__ import main
from tests.support.documents import README, section, shell_blocks
from tests.support.project import ROOT

DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *(path for folder in ("samples", "models", "training", "bench") for path in sorted((ROOT / folder).glob("*.md"))),
]
COMMANDS = (
    "read",
    "add",
    "teach",
    "embed",
    "peaks",
    "list",
    "export",
    "compare",
    "import",
    "verdicts",
    "people",
    "host",
    "run",
)
CONSTRAINTS = (ROOT / "constraints.txt").read_text(encoding="utf-8")
REQUIREMENTS = sorted(ROOT.glob("requirements*.txt"))

UNSEEN = {
    "deepface": "imported by name, once its backend is chosen",
    "werkzeug": "deepface imports it",
    "pyarrow": "pandas writes Parquet with it",
    "psycopg": "SQLAlchemy reaches PostgreSQL through it",
    "pytest-timeout": "pytest loads it",
    "ruff": "a command",
    "mypy": "a command",
}
"""Requirements that no import statement of ours names, and why they are there."""


COMES_WITH = {"distributed": "dask"}
"""What a requirement's extra brings: ``dask[distributed]``."""


@cache
def help_of(*command: str) -> str:
    """What a command says of itself, in this process: a program would be started for every command."""
    with redirect_stdout(io.StringIO()) as printed, pytest.raises(SystemExit) as ended:
        main([*command, "--help"])
    assert ended.value.code == 0
    return printed.getvalue()


def required(path: Path) -> dict[str, tuple[str, str]]:
    """Name → (range, reason) of each line that asks for a package."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith(("#", "-"))]
    parts = [re.fullmatch(r"([\w.-]+)([^#]*?)\s*(?:#\s*(.*))?", line) for line in lines]
    return {part[1].lower(): (part[2].strip(), part[3] or "") for part in parts if part}


@pytest.mark.parametrize(
    ("heading", "command"),
    [
        ("Run it", "pip install -r requirements.txt && streamlit run app.py"),
        ("Test it", "pip install -r requirements.txt -r requirements-dev.txt && python -m pytest"),
    ],
)
def test_the_readme_gives_one_line_to_run_it_and_one_to_test_it(heading: str, command: str) -> None:
    assert shell_blocks(section(heading)) == [command + "\n"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_named_where_help_is_asked_for(command: str) -> None:
    assert re.search(rf"^    {command} ", help_of(), re.MULTILINE)


def test_every_command_in_the_readme_exists() -> None:
    named = set(re.findall(r"python -m core (\w+)", README))

    assert {"read", "list", "export"} <= named <= set(COMMANDS)


def test_every_flag_in_the_readme_exists() -> None:
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", section("Without a screen"))) - {"--help"}
    known = set(re.findall(r"--[a-z][a-z-]+", "".join(help_of(command) for command in COMMANDS)))

    assert "--every" in named
    assert named <= known


def test_the_readme_names_every_column_of_the_table() -> None:
    from core.analysis.tables import ROW_TYPES

    rows = [line for line in section("Without a screen").splitlines() if line.startswith("| `")]

    assert re.findall(r"`(\w+)`", "".join(row.split("|")[1] for row in rows)) == list(ROW_TYPES)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", text) + re.findall(r'(?:src|srcset)="([^"]+)"', text)

    assert [target for target in targets if not (document.parent / target).exists()] == []


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.name)
def test_every_requirement_has_a_range_and_a_reason(path: Path) -> None:
    poor = [name for name, (versions, reason) in required(path).items() if not (versions and reason)]

    assert required(path)
    assert poor == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_has_an_upper_end(name: str) -> None:
    assert [name for name, (versions, _) in required(ROOT / name).items() if "<" not in versions] == []


def imported(*patterns: str) -> set[str]:
    """Distributions that these files import, by their names on the package index."""
    files = [path for pattern in patterns for path in ROOT.glob(pattern)]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in files]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    modules = {alias.name.split(".")[0] for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    modules |= {node.module.split(".")[0] for node in nodes if isinstance(node, ast.ImportFrom) and node.module}
    foreign = modules - sys.stdlib_module_names - {path.stem for path in ROOT.iterdir()}
    known = packages_distributions()
    found = {known.get(module, [module])[0].lower() for module in foreign}
    return {COMES_WITH.get(name, name) for name in found}


def test_whatever_the_app_imports_is_required_and_nothing_else() -> None:
    named = set(required(ROOT / "requirements.txt"))
    used = imported("core/**/*.py", "pages/*.py", "app.py")

    assert used <= named | set(required(ROOT / "requirements-batch.txt"))
    assert named - used - set(UNSEEN) == set()


def test_whatever_the_tests_and_the_sample_import_is_required() -> None:
    named = {*required(ROOT / "requirements.txt"), *required(ROOT / "requirements-dev.txt")}

    assert imported("tests/**/*.py", "samples/*.py") <= named


def test_no_file_is_there_that_hosts_would_install_from_instead() -> None:
    rivals = ("uv.lock", "Pipfile", "Pipfile.lock", "environment.yml", "environment.yaml", "poetry.lock")

    assert [name for name in rivals if (ROOT / name).exists()] == []


def test_what_is_installed_is_what_requirements_txt_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    assert project["tool"]["setuptools"]["dynamic"]["dependencies"] == {"file": ["requirements.txt"]}
    assert "dependencies" not in project["project"]


def test_what_ci_and_the_container_install_lies_within_the_ranges_and_has_hashes() -> None:
    asked = required(ROOT / "requirements.txt")
    pins = re.findall(r"^([\w.-]+)==(\S+).*((?:\n    --hash=sha256:[0-9a-f]{64}.*)*)", CONSTRAINTS, re.MULTILINE)

    assert {name for name, *_ in pins} >= set(asked)
    assert [name for name, _, hashes in pins if not hashes] == []
    assert [name for name, version, _ in pins if name in asked and not within(version, asked[name][0])] == []


def within(version: str, versions: str) -> bool:
    """Whether a version of numbers alone lies in a range such as ``>=1.67,<2``."""

    def numbers(text: str) -> list[int]:
        return [int(part) for part in text.split(".") if part.isdigit()]  # "post1" stands above its version

    bounds = [bound.strip() for bound in versions.split(",") if bound.strip()]
    low = [numbers(bound[2:]) for bound in bounds if bound.startswith(">=")]
    high = [numbers(bound[1:]) for bound in bounds if bound.startswith("<")]
    return all(numbers(version) >= bound for bound in low) and all(numbers(version) < bound for bound in high)


def test_the_version_is_the_same_wherever_it_stands() -> None:
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    assert re.findall(r"^version: (.+)$", citation, re.MULTILINE) == [core.__version__]
    assert re.findall(r"^## \[(\d.*?)\] - (.+)$", changelog, re.MULTILINE)[0] == (
        core.__version__,
        *re.findall(r"^date-released: (.+)$", citation, re.MULTILINE),
    )


def test_the_changelog_has_something_to_tell() -> None:
    told = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    assert re.search(r"^## \[(Unreleased|\d+\.\d+\.\d+)\]", told, re.MULTILINE)
    assert re.search(r"^- \w", told, re.MULTILINE)


def test_the_licence_and_those_of_others_are_named() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8").lower()
    requirements = required(ROOT / "requirements.txt")
    other_names = {"av": "pyav", "opencv-contrib-python-headless": "opencv"}

    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")
    assert [name for name in requirements if other_names.get(name, name) not in notice] == []
    for word in ("fer+", "unresolved", "lgpl", "gpl", "public domain"):
        assert word in notice
        assert word in README.lower()


def test_the_readme_says_that_expressions_are_not_feelings() -> None:
    assert "not feelings" in README
    assert "scores, not probabilities" in README


def test_ci_is_a_shell_script_without_mistakes_of_form() -> None:
    bash = shutil.which("bash")
    assert bash
    subprocess.run([bash, "-n", str(ROOT / ".ci" / "run")], check=True)


def test_every_line_of_the_hosts_checklist_is_a_command_of_which_the_code_knows_every_word() -> None:
    text = (ROOT / "docs" / "HOSTING.md").read_text("utf-8")
    block = text.split("## A host's checklist")[1].split("```sh\n")[1].split("```")[0]
    source = "".join(path.read_text("utf-8") for path in (ROOT / "core").rglob("*.py"))

    assert len(block.splitlines()) >= 10
    for line in block.splitlines():
        assert subprocess.run(["bash", "-n", "-c", line]).returncode == 0 and " # " in line
    for name in set(re.findall(r"OUTTAKE_[A-Z_]+", text)):
        assert f'"{name}"' in source, name
    for module in set(re.findall(r"python -m (bench\.\w+)", block)):
        assert (ROOT / module.replace(".", "/")).is_dir() or (ROOT / f"{module.replace('.', '/')}.py").is_file()
