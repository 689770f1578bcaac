"""What waits for many people at once: the same numbers as `RoomQuerySet.counts_of`."""

from collections.abc import Collection

from django.db import connection

from messaging.models.rooms import COUNTED

Pair = tuple[int, int]  # a person and a room, by their ids

_WAITING = """
SELECT place.person, place.room,
  (SELECT count(*) FROM (
    SELECT 1 FROM messaging_message AS message
    WHERE message.room_id = place.room AND message.seq > place.mark
      AND message.deletion_id IS NULL AND message.author_id <> place.person
    ORDER BY message.seq LIMIT %(most)s) AS few),
  (SELECT count(*) FROM (
    SELECT 1 FROM messaging_mention AS mention
    WHERE mention.user_id = place.person AND mention.room_id = place.room
      AND mention.seq > place.mark
    ORDER BY mention.seq LIMIT %(most)s) AS few)
FROM (
  SELECT pair.person, pair.room, coalesce(mark.last_read_seq, 0) AS mark
  FROM unnest(%(people)s::bigint[], %(rooms)s::bigint[]) AS pair (person, room)
  LEFT JOIN messaging_readmark AS mark ON mark.user_id = pair.person AND mark.room_id = pair.room
) AS place
"""


def waiting(pairs: Collection[Pair]) -> dict[Pair, tuple[int, int]]:
    """Unread messages and mentions of each of `pairs`, at most COUNTED of either. One query.

    Whether the person may read the room is for the caller to know.
    """
    if not pairs:
        return {}
    people, rooms = zip(*pairs, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, {"people": list(people), "rooms": list(rooms), "most": COUNTED})
        return {(p, room): (unread, mentions) for p, room, unread, mentions in cursor.fetchall()}
