"""Pages of refusal at a real server: none keeps a connection to the database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.messaging.test_endurance import set_stage
from tests.processes import OwnValkey, Portal

pytestmark = pytest.mark.processes
SIDE_BY_SIDE = 12  # more than the pool has


def test_pages_of_refusal_leave_the_pool_whole(
    portal_process: Callable[..., Portal], fresh_database: str, own_valkey: OwnValkey
) -> None:
    portal = portal_process(
        database_url=fresh_database, redis_url=own_valkey.url, DATABASE_POOL="3"
    )
    session = set_stage(portal, 1)["writers"][0]["session"]
    portal.start()

    def status(path: str) -> int:
        asked = Request(portal.url + path, headers={"Cookie": f"sessionid={session}"})  # noqa: S310
        try:
            with urlopen(asked, timeout=60) as answer:  # noqa: S310  its own address
                return int(answer.status)
        except HTTPError as refusal:
            with refusal:
                return refusal.code

    with ThreadPoolExecutor(SIDE_BY_SIDE) as readers:
        for path, code in (("/en/nothing/here/", 404), ("/en/members/987654/", 404)):
            found = list(readers.map(status, [path] * SIDE_BY_SIDE * 2))
            assert found == [code] * SIDE_BY_SIDE * 2
    assert status("/en/") == 200
