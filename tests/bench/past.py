"""A room with a long past: `python -m tests.bench.past MESSAGES FEW ROOMS` fills the database,
`python -m tests.bench.past ask ROOM USER` measures what is asked of it. Both print JSON.

A million messages are copies of one that was really posted, with other words, numbers and ids, so
that the rows are as the portal writes them whatever columns they have. Their chain is not one.
"""

import json
import os
import random
import statistics
import sys
import time
from typing import Any

import django

SYLLABLES = {
    "ar": ["با", "رم", "سل", "كو", "تن", "دي", "مع", "قا", "هد", "نو", "شر", "لي"],
    "en": ["ba", "re", "so", "ki", "ten", "mur", "al", "co", "dis", "ver", "qua", "ni"],
}
VOCABULARY = 4000  # words; the n-th is the rarer the greater n is, as in a language
SOUGHT = (0, 3, 30, 300, 1000, 2500, 3999)  # ranks of the words that are searched


def vocabulary() -> list[str]:
    chance = random.Random(1)  # noqa: S311  the same words in every run
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        language = "ar" if len(words) % 2 else "en"
        words["".join(chance.choices(SYLLABLES[language], k=chance.choice((2, 3, 3, 4))))] = None
    return list(words)


def fill(messages: int, few: int, rooms: int) -> dict[str, Any]:
    from django.contrib.sessions.models import Session
    from django.db import connection
    from django.test import Client, override_settings

    from messaging.models import ReadMark, Room
    from tests.factories import Cast
    from tests.messaging.conftest import make_room

    quick = {"PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"]}
    with override_settings(**quick):
        cast = Cast()
    all_rooms = [make_room(cast) for _ in range(rooms)]
    big, small, *others = all_rooms
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # no foreign key is looked up
        cursor.execute("SET maintenance_work_mem = '1GB'")
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'message_search'")
        [definition] = cursor.fetchone() or [""]
        cursor.execute("DROP INDEX IF EXISTS message_search")
        for room, number in ((big, messages), (small, few), *((room, 30) for room in others)):
            copy(cursor, room, cast, number)
        cursor.execute(definition)
        cursor.execute("VACUUM ANALYZE")
    heads = Room.objects.heads([room.pk for room in all_rooms])
    ReadMark.objects.bulk_create(
        ReadMark(user=cast.bilal, room=room, last_read_seq=max(0, heads[room.pk] - n % 40))
        for n, room in enumerate(all_rooms)
    )
    client = Client()
    client.force_login(cast.bilal)
    assert Session.objects.exists()
    key = client.session.session_key
    return {"big": big.pk, "small": small.pk, "user": cast.bilal.pk, "session": key}


def copy(cursor: Any, room: Any, cast: Any, number: int) -> None:
    from messaging.models import Message, Record, Room
    from tests.messaging.conftest import say

    first = say(room, cast.amal, cast.amal_mandate, "The first of many.")
    text = (
        "(SELECT string_agg((%(words)s::text[])[1 + floor(cardinality(%(words)s::text[])"
        " * random() ^ 3)::int], ' ') FROM generate_series(1, 12) WHERE n > 0)"
    )
    values = {"words": vocabulary(), "room": room.pk, "first": first.seq, "number": number}
    for model, changed in (
        (Message, {"id": "s.id + n", "seq": "s.seq + n", "client_id": "gen_random_uuid()"}),
        (Record, {"id": "s.id + n", "seq": "s.seq + n", "message_id": "s.message_id + n"}),
    ):
        if model is Message:
            changed |= {"body": "words", "search_text": "words"}
        columns = [field.column for field in model._meta.concrete_fields]
        taken = ", ".join(changed.get(column, f's."{column}"') for column in columns)
        said = f", LATERAL (SELECT {text} AS words) AS w" if model is Message else ""
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) SELECT {taken}"  # noqa: S608
            f" FROM {model._meta.db_table} s, generate_series(1, %(number)s) n{said}"
            " WHERE s.room_id = %(room)s AND s.seq = %(first)s",
            values,
        )
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{model._meta.db_table}', 'id'), max(id))"  # noqa: S608
            f" FROM {model._meta.db_table}"
        )
    Room.objects.filter(pk=room.pk).update(head_seq=first.seq + number)


def ask(room: int, user_id: int) -> dict[str, Any]:
    """Queries and ms of the unread counts, ms of the searches; a person's thread, warm."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from members.models import User
    from messaging.models import Message, Room
    from records.folding import fold

    user = User.objects.get(pk=user_id)
    rooms = list(Room.objects.readable_by(user).values_list("pk", flat=True))
    list(Message.objects.in_rooms(rooms).matching("none").for_hits()[:20])
    found: dict[str, Any] = {"rooms": len(rooms)}
    for name, counts in (
        ("unread", lambda: Room.objects.unread_total(user)),
        ("list", lambda: list(Room.objects.for_list(user))),
    ):
        counts()
        with CaptureQueriesContext(connection) as queries:
            counts()
        found[f"{name}_queries"] = len(queries)
        found[f"{name}_ms"] = statistics.median(took(counts) for _ in range(5))
    words = vocabulary()
    searches = [words[rank] for rank in SOUGHT]
    searches += [
        f"{words[3]} {words[30]}",
        f"{words[30]} {words[301]}",
        f"{words[2500]} {words[9]}",
    ]
    searches += [words[1001][:4], "neverwritten"]
    each = {
        sought: statistics.median(
            took(
                lambda sought=sought: list(
                    Message.objects.in_rooms(rooms).matching(fold(sought)).for_hits()[:20]
                )
            )
            for _ in range(3)
        )
        for sought in searches
    }
    found["search"] = statistics.median(each.values())
    found["search_worst"] = max(each.values())
    found["searches"] = each
    return found


def took(work: Any) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    if sys.argv[1] == "ask":
        answer = ask(int(sys.argv[2]), int(sys.argv[3]))
    else:
        answer = fill(*map(int, sys.argv[1:]))
    json.dump(answer, sys.stdout)
