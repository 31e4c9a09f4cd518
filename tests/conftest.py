"""The house of one test run: a throw-away DOUDI_HOME with keys and a PostgreSQL of its own, made on first use.

`@pytest.mark.django_db` runs a test as role `web` in a transaction that is rolled back (the alias `audit` is the same
connection there). The fixture `own_database` gives a test a database of its own, where commits are real.
"""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import django
import pytest
from django.conf import settings
from hypothesis import settings as hypothesis_settings

from doudi.core.actor import Actor
from doudi.core.row_context import acting
from doudi.core.translation import compile_all
from doudi.core.vault import create_keys
from doudi.exchange.adapters.signing import make_key
from doudi.site.postgres import Cluster
from doudi.site.roles import drop_database, ensure_database, ensure_roles
from tests.size import place_of

MARK = "doudi-test-"
TEMPLATE = "doudi"
SHARED = "doudi_tests"


def _sweep() -> None:
    """Clears the houses of test runs that died; a house names the process it belongs to."""
    for note in Path(tempfile.gettempdir()).glob(f"{MARK}*/process"):
        try:
            dead = note.stat().st_uid == os.geteuid() and not Path(f"/proc/{note.read_text()}").exists()
        except OSError:
            continue
        if dead:
            _tear_down(note.parent)


def _tear_down(home: Path) -> None:
    if (home / "pg" / "data").exists():
        Cluster(home, throw_away=True).stop()
    socket = home / "pg" / "socket"
    if socket.exists():
        shutil.rmtree(socket.read_text(), ignore_errors=True)
    shutil.rmtree(home, ignore_errors=True)


def _build() -> Path:
    for name in list(os.environ):
        is_ours = name == "DOUDI_POLICY" or name.endswith("_HOUSEHOLDS")
        if name.startswith(("DOUDI_", "DATABASE_URL")) and not is_ours:
            del os.environ[name]
    home = Path(tempfile.mkdtemp(prefix=MARK))
    (home / "process").write_text(str(os.getpid()))
    create_keys(home / "keys")
    make_key(home / "keys")
    os.environ["DOUDI_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "doudi.site.settings"
    owner = os.getpid()
    atexit.register(lambda: _tear_down(home) if os.getpid() == owner else None)
    return home


# a process of tests holds hundreds of megabytes to its end: looking through them often is a twelfth of its time
gc.set_threshold(100_000, 20, 100)
# how fast this machine is says nothing about what is tested
hypothesis_settings.register_profile("doudi", deadline=None)
hypothesis_settings.load_profile("doudi")
_sweep()
compile_all()
HOUSE = _build()
django.setup()
# tests act as the machine itself, everywhere, unless they say for whom; requests are within their grant all the same
MACHINE = acting(Actor.system())
MACHINE.__enter__()
atexit.register(MACHINE.__exit__, None, None, None)
# hashing slowly is the point of a password hasher, and would be half the time of the tests
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# what is not about signing in signs in by password; the tests of signing in demand the second factor themselves
settings.SECOND_FACTOR = "optional"
# accounts of tests are made at instants long past; that passwords grow too old is tried where it is meant
settings.PASSWORD_PROFILE = "asvs"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Test processes side by side build a house each: none may start with the settings of this one."""
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Both aliases are open in every database test. Files that take long begin first, those of the browser apart."""
    items.sort(key=lambda item: place_of(item.path))
    for item in items:
        mark = item.get_closest_marker("django_db")
        if mark is None and "db" in getattr(item, "fixturenames", ()):
            mark = pytest.mark.django_db.mark
        if mark and "databases" not in mark.kwargs:
            item.add_marker(pytest.mark.django_db(*mark.args, **mark.kwargs, databases="__all__"), append=False)


@pytest.fixture(scope="session")
def home() -> Path:
    """DOUDI_HOME of this run."""
    return HOUSE


@pytest.fixture(scope="session")
def cluster(home: Path, django_db_blocker: pytest.FixtureRequest) -> Cluster:
    """The running cluster, with the database `doudi` migrated as role `migrate`: the template of all others."""
    from django.core.management import call_command

    from doudi.site.database import acting_as

    made = Cluster(home, throw_away=True)
    made.start()
    ensure_roles(made)
    ensure_database(made, TEMPLATE)
    with django_db_blocker.unblock(), acting_as("migrate", home, name=TEMPLATE):  # type: ignore[attr-defined]
        call_command("migrate", verbosity=0, interactive=False)
    return made


@pytest.fixture(scope="session")
def django_db_setup(cluster: Cluster) -> Iterator[None]:
    """The database of the rolled back tests; `audit` shares its connection there, or it would not roll back."""
    from django.db import connections

    ensure_database(cluster, SHARED, template=TEMPLATE)
    for alias in ("default", "audit"):
        connections.databases[alias]["NAME"] = SHARED
    connections["audit"] = connections["default"]
    yield
    connections.close_all()


@pytest.fixture
def own_database(cluster: Cluster, django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh copy of the migrated database under both aliases, with real commits; dropped afterwards."""
    from django.db import connections

    name = f"own_{uuid4().hex[:12]}"
    connections.close_all()
    ensure_database(cluster, name, template=TEMPLATE)
    kept = connections["default"]
    for alias in ("default", "audit"):
        connections.databases[alias]["NAME"] = name
    connections["audit"] = connections.create_connection("audit")
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield name
        connections.close_all()
    for alias in ("default", "audit"):
        connections.databases[alias]["NAME"] = SHARED
    connections["default"] = connections["audit"] = kept
    drop_database(cluster, name)


@pytest.fixture
def live_site(own_database: str) -> Iterator[str]:
    """The address of the whole site, served by a thread over a database of its own (for the browser)."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.db import connections
    from django.test.testcases import LiveServerThread

    connections.close_all()
    server = LiveServerThread("localhost", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    yield f"http://localhost:{server.port}"
    server.terminate()
