"""What the time of a post and of its delivery goes into: `python -m tests.bench.profile`.

Posts, alone and sixteen in a commit, in one thread, without a socket or a server; with `-v` the
functions that the milliseconds are spent in, with those that they call.
"""

import cProfile
import os
import pstats
import subprocess
import sys
import time
from uuid import uuid4

import django

POSTS = 200
TOGETHER = 16  # posts of one commit
SHOWN = 45


def posts() -> None:
    from django.utils import translation

    from messaging.commands import Said, post_together
    from messaging.permissions import seats_of
    from messaging.rendering import read_next
    from tests.factories import Cast
    from tests.messaging.conftest import make_room

    cast = Cast()
    room = make_room(cast)
    seats = seats_of([cast.amal.pk], [room.pk])[cast.amal.pk][room.pk]

    def post(number: int = 1) -> int:
        said = [
            Said(
                cast.amal,
                {
                    "room": room.pk,
                    "mandate": cast.amal_mandate.pk,
                    "body": "The delegations agree to meet again. " * 5,
                    "client_id": str(uuid4()),
                },
                "en",
                seats,
            )
            for _ in range(number)
        ]
        reply = post_together(room.pk, said)[-1]
        assert isinstance(reply, dict)
        return int(reply["seq"])

    def read(number: int = 1) -> None:
        read_next(room.pk, last - number, {"en"})

    for name, work in (
        ("a post", post),
        ("its delivery", read),
        (f"{TOGETHER} posts", lambda: post(TOGETHER)),
        ("their delivery", lambda: read(TOGETHER)),
    ):
        with translation.override("en"):
            last = 0
            for _ in range(20):
                last = post()
            began, cpu = time.perf_counter(), time.process_time()
            for _ in range(POSTS):
                work()
            took, cpu = time.perf_counter() - began, time.process_time() - cpu
            print(f"{name}: {took / POSTS * 1000:.2f} ms, of which CPU {cpu / POSTS * 1000:.2f}")
            if "-v" in sys.argv:
                profile = cProfile.Profile()
                profile.enable()
                for _ in range(POSTS):
                    work()
                profile.disable()
                pstats.Stats(profile).sort_stats("cumulative").print_stats(SHOWN)


def main() -> None:
    from tests.bench.__main__ import start

    template = start()
    from tests.bench.servers import server

    with server("bench_profile", template=template) as portal:
        command = [sys.executable, "-m", "tests.bench.profile", "posts", *sys.argv[1:]]
        subprocess.run(command, env=portal.environment, check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["posts"]:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
        django.setup()
        posts()
    else:
        main()
