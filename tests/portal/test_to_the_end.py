"""An answer is made to its end, whether or not its reader waits: what it holds goes back."""

import asyncio
from typing import Any

from portal.asgi import ToTheEnd


class Answering:
    """As Django answers: it listens for a reader who goes, and would stop then."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.done = asyncio.Event()

    async def __call__(self, _scope: Any, receive: Any, _send: Any) -> None:
        more = True
        while more:
            message = await receive()
            self.heard.append(message["type"])
            more = message.get("more_body", False)
        if message["type"] == "http.disconnect":
            return
        gone = asyncio.create_task(receive())
        await asyncio.wait([gone], timeout=0.05)
        if not gone.done():
            self.done.set()
        gone.cancel()


def told(*messages: dict[str, Any]) -> Any:
    left = list(messages)

    async def receive() -> dict[str, Any]:
        return left.pop(0)

    return receive


PART = {"type": "http.request", "body": b"a", "more_body": True}
END = {"type": "http.request", "body": b"b"}
GONE = {"type": "http.disconnect"}


async def test_a_reader_who_goes_stops_no_answer_that_was_begun() -> None:
    django = Answering()
    await ToTheEnd(django)({}, told(PART, END, GONE), None)
    assert django.heard == ["http.request", "http.request"]
    assert django.done.is_set()


async def test_who_goes_before_all_was_sent_is_heard() -> None:
    django = Answering()
    await ToTheEnd(django)({}, told(PART, GONE), None)
    assert django.heard == ["http.request", "http.disconnect"]
    assert not django.done.is_set()


async def test_a_server_that_cancels_stops_none_either() -> None:
    django = Answering()
    waiting = asyncio.create_task(ToTheEnd(django)({}, told(END, GONE), None))
    await asyncio.sleep(0.01)
    waiting.cancel()
    await asyncio.wait_for(django.done.wait(), 5)
    assert waiting.cancelled()
