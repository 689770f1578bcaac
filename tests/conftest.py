"""What all tests share. The cast is in `tests.factories`."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection, transaction
from django.http import HttpResponse
from django.template import Context, Template
from django.test import TransactionTestCase
from django.utils import timezone, translation

from members import countries, network
from portal import urls
from tests.factories import Cast
from tests.processes import (
    DEMO,
    OwnPostgres,
    OwnValkey,
    Portal,
    collect_static,
    create_database,
    demo_template,
    drop_database,
    template_database,
)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: Any
) -> Iterator[None]:
    """The test database of a worker: a copy of one that was migrated once, not migrations anew."""
    name = connection.creation._get_test_db_name()  # with the worker's own suffix
    create_database(name, template_database())
    connection.settings_dict["NAME"] = name
    yield
    with django_db_blocker.unblock():
        connection.close()
        connection.close_pool()
    drop_database(name)


@pytest.fixture(scope="session", autouse=True)
def pages_alone_are_told(django_test_environment: None) -> None:
    """Django's test client copies the context of every template that is rendered, included ones
    too: a fifth of the time. `response.context` needs that of the page.
    """
    tell = Template._render

    def render(self: Template, context: Context) -> Any:
        if context.template is self:
            return tell(self, context)
        return self.nodelist.render(context)

    Template._render = render  # type: ignore[method-assign]


@pytest.fixture(scope="session", autouse=True)
def only_full_tables_are_emptied(django_test_environment: None) -> None:
    """After a test that commits, Django truncates every table and makes all permissions anew: most
    of a second. Deleting what there is takes some milliseconds, and the jobs go with it.
    """
    kept = {"django_migrations", "django_content_type", "auth_permission"}
    tables = sorted({*connection.introspection.django_table_names(), "procrastinate_jobs"} - kept)
    full = " UNION ALL ".join(f"SELECT '{t}' WHERE EXISTS (SELECT FROM {t})" for t in tables)  # noqa: S608

    def empty(_self: TransactionTestCase) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(full)
            for (table,) in cursor.fetchall():
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608

    TransactionTestCase._fixture_teardown = empty  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def plain_settings(settings: Any, request: pytest.FixtureRequest) -> None:
    """No manifest (nothing was collected), a fast hasher, mail in memory, a cache of one's own."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.WHITENOISE_AUTOREFRESH = True  # else each new client lists all static files
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    worker = (
        request.config.workerinput["workerid"] if hasattr(request.config, "workerinput") else ""
    )
    settings.CACHES = {  # the worker's own database (`cache.clear()` empties one), the test's names
        "default": {
            **settings.CACHES["default"],
            "OPTIONS": {"db": int(worker[2:] or -1) % 15 + 1},
            "KEY_PREFIX": uuid4().hex,
        }
    }
    settings.MEDIA_ROOT = settings.VAR_DIR / f"files{worker}"
    translation.activate(settings.LANGUAGE_CODE)  # a request of the test before has set its own


@pytest.fixture(autouse=True)
def countries_as_the_library_has_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """No query looks for what was settled, whichever test ran before; `forget()` reads anew."""
    monkeypatch.setattr(countries, "_settled", countries.Settled(float("inf"), {}, frozenset()))


@pytest.fixture(autouse=True)
def network_as_it_was_deployed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same for what the network is called."""
    monkeypatch.setattr(network, "_settled", network.Settled(float("inf"), {}, {}, {}, {}))


@pytest.fixture
def short_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    """For thousands of requests of which the status counts: a page that says no costs as much as
    one that says something.
    """
    for status in (403, 404):

        def answer(*_args: Any, status: int = status, **_kwargs: Any) -> HttpResponse:
            return HttpResponse(status=status)

        monkeypatch.setattr(urls, f"handler{status}", answer, raising=False)


@pytest.fixture
def one_moment() -> Iterator[None]:
    """Limits count by the minute, the hour and the day: none begins between two requests."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast()


# --- Tests against real processes (`tests.processes`) -------------------------------------------


@pytest.fixture(scope="session")
def migrated_template() -> str:
    """The name of a migrated, empty database to copy."""
    return template_database()


@pytest.fixture
def fresh_database(migrated_template: str) -> Iterator[str]:
    """The URL of a migrated, empty database, this test's alone."""
    name = f"fresh_{uuid4().hex[:12]}"
    yield create_database(name, migrated_template)
    drop_database(name)


@pytest.fixture
def demo_database() -> Iterator[str]:
    """The URL of a database with the demo network (DEMO_PASSWORD), this test's alone."""
    name = f"{DEMO}_{uuid4().hex[:12]}"
    yield create_database(name, demo_template())
    drop_database(name)


@pytest.fixture
def own_valkey() -> Iterator[OwnValkey]:
    """A running Valkey that the test may stop and start."""
    directory = Path(tempfile.mkdtemp(prefix="majlis-"))
    valkey = OwnValkey(directory)
    valkey.start()
    yield valkey
    valkey.stop()
    shutil.rmtree(directory)


@pytest.fixture
def own_postgres(migrated_template: str) -> Iterator[OwnPostgres]:
    """A running PostgreSQL with a migrated, empty database, which the test may stop and start."""
    directory = Path(tempfile.mkdtemp(prefix="majlis-"))
    postgres = OwnPostgres(directory / "postgres")
    postgres.start()
    postgres.take(migrated_template)
    yield postgres
    for portal in Portal.made:
        if portal.environment["DATABASE_URL"] == postgres.url:
            portal.stop()
    postgres.stop()
    shutil.rmtree(directory)


@pytest.fixture(scope="session")
def collected_static() -> None:
    """The static files of this run, as a real server process needs them."""
    collect_static()


@pytest.fixture
def portal_process(
    collected_static: None, fresh_database: str, own_valkey: OwnValkey, tmp_path: Path
) -> Iterator[Callable[..., Portal]]:
    """Makes `Portal`s (see its arguments), not yet started; stops them after the test.

    Database and Valkey are asked for here, so that they go after who uses them.

    What they printed is shown where the test fails.
    """
    portals: list[Portal] = []

    def make(**arguments: Any) -> Portal:
        portals.append(Portal(tmp_path / f"portal{len(portals) + 1}", **arguments))
        return portals[-1]

    yield make
    for portal in portals:
        portal.stop()
        if portal.log.exists() and (words := portal.log.read_text(errors="replace")):
            print(f"--- {portal.log}\n{words[-20_000:]}")
