"""The worker: `python -m portal.work`. It does the jobs that the portal deferred (e-mails, pushes,
transcripts) and those of the clock, and watches for what is new in the rooms.

Ends on SIGTERM or SIGINT, once the jobs under way are done.
"""

import os

import django

from portal.embedded import ensure_environment

CONCURRENCY = 4
STOP_SECONDS = 10


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    ensure_environment()
    django.setup()

    from procrastinate.contrib.django import app  # noqa: PLC0415  needs the settings

    from messaging import watching  # noqa: PLC0415  it too

    watching.start()
    worker = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    worker.run_worker(concurrency=CONCURRENCY, shutdown_graceful_timeout=STOP_SECONDS)


if __name__ == "__main__":
    main()
