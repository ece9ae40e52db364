"""Fixtures that every test may ask for, and the rule that CI never skips for want of a clip or a browser."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from tests.support import postgres
from tests.support.project import SHARED, skip_or_fail

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.scheduler import LoadFileScheduling

    from core.store.scenes import Store
    from tests.support.hostile import Door

BROWSER = "tests/browser/"

# No deadline: on a machine that is busy with other things one example may take a second, and nothing is wrong.
hypothesis.settings.register_profile("quick", max_examples=20, deadline=None)
hypothesis.settings.register_profile("thorough", max_examples=100, deadline=None)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of the test's own: no test sees or touches the user's shelf or weights."""
    own = tmp_path / "home"
    monkeypatch.setenv("OUTTAKE_HOME", str(own))
    monkeypatch.setenv("DEEPFACE_HOME", str(own))
    monkeypatch.delenv("OUTTAKE_DB", raising=False)
    return own


@pytest.fixture(autouse=True, scope="session")
def kept_films(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A film that several tests ask for is encoded once, by whichever process of the run comes first."""
    from tests.support import films

    own = tmp_path_factory.getbasetemp()
    films.kept_films = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "films"


@pytest.fixture
def forgetful_pages() -> Iterator[None]:
    """No page remembers another test's shelf."""
    import streamlit as st

    st.cache_resource.clear()
    st.cache_data.clear()
    yield
    st.cache_resource.clear()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Have what is marked ``databases`` run on SQLite and on PostgreSQL."""
    if metafunc.definition.get_closest_marker("databases") and "database" in metafunc.fixturenames:
        metafunc.parametrize("database", ["sqlite", "postgresql"], indirect=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the kept charts and pages be written anew."""
    parser.addoption("--accept", action="store_true", help="keep charts and pages as they are now, see tests/golden")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling:
    """Keep all browser tests in one process, so that one Chromium does for them."""
    from xdist.scheduler import LoadFileScheduling

    class OneBrowser(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return BROWSER if nodeid.startswith(BROWSER) else super()._split_scope(nodeid)

    return OneBrowser(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what a test's fixtures say already, before any mark is asked for: real clips, and the other database."""
    for item in items:
        if "media" in getattr(item, "fixturenames", ()):
            item.add_marker("clips")
        if getattr(item, "callspec", None) and item.callspec.params.get("database") == "postgresql":
            item.add_marker("postgresql")


@pytest.fixture
def database(request: pytest.FixtureRequest, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of an empty database, where a new Store finds it by itself."""
    if getattr(request, "param", "sqlite") == "sqlite":
        from core.host import home as places

        yield places.database_url()
        return
    server = os.environ.get(postgres.VARIABLE)
    if not server:
        skip_or_fail("A PostgreSQL server (python -m tests.support.postgres python -m pytest starts one)")
    with postgres.schema(str(server)) as url:
        monkeypatch.setenv("OUTTAKE_DB", url)
        yield url


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    """An empty shelf."""
    from core.store.scenes import Store

    made = Store()
    yield made
    made.close()


@pytest.fixture
def elsewhere(tmp_path: Path) -> Store:
    """Another home's empty shelf."""
    from core.store.scenes import Store

    return Store(f"sqlite:///{tmp_path / 'elsewhere.db'}")


@pytest.fixture
def scene_id(store: Store) -> int:
    """A scene on the shelf of which nothing has been read."""
    from core.model import Recipe

    return store.add(Recipe("/clip.mp4"), "A clip")


@pytest.fixture
def door() -> Iterator[Door]:
    """A port of this machine that no test is allowed to reach."""
    from tests.support import hostile

    door = hostile.Door()
    yield door
    assert door.visits == 0
    door.close()


@pytest.fixture(scope="session")
def media() -> Path:
    """The folder of clips with known truth, beside the project."""
    folder = SHARED / "media"
    if not folder.is_dir():
        skip_or_fail(str(folder))
    return folder


@pytest.fixture
def internet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Make an internet of the test's own; it returns the log of what was asked for."""
    from tests.support.deepface_home import INTERNET

    def make(content: bytes, *, size: int = -1, seconds: float = 0) -> Path:
        source, log, site = tmp_path / "source", tmp_path / "log", tmp_path / "site"
        source.write_bytes(content)
        log.touch()
        site.mkdir(exist_ok=True)
        code = INTERNET.format(log=str(log), source=str(source), size=size, seconds=seconds)
        (site / "sitecustomize.py").write_text(code, "utf-8")
        monkeypatch.setenv("PYTHONPATH", str(site))
        return log

    return make
