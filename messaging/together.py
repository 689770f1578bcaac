"""Calls that come while one is under way are made together in the next.

No call waits for company: alone, it is made at once. So the price of a commit, or of a look at
rights, is shared exactly when there is a press, and the fewer threads are busy then.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from contextvars import Context
from typing import Any, Generic, TypeVar

from django.db import close_old_connections

Lane = TypeVar("Lane", bound=Hashable)
Item = TypeVar("Item")
Result = TypeVar("Result")

MOST = 64  # items of one call


def in_thread(function: Callable[..., Result]) -> Callable[..., Awaitable[Result]]:
    """Run in a thread of the pool, with a context of its own, and leave no connection behind there.

    What Channels has for this copies the caller's context in and out and has one thread for all the
    sockets of a process by default; here nothing is to come back but the result.
    """

    def alone(*arguments: Any) -> Result:
        try:
            return Context().run(function, *arguments)
        finally:
            close_old_connections()

    def begin(*arguments: Any) -> Awaitable[Result]:
        return asyncio.get_running_loop().run_in_executor(None, alone, *arguments)

    return begin


class Together(Generic[Lane, Item, Result]):
    """`await together(lane, item)` is the item's place in what `work(lane, items)` returns.

    `work` runs in a thread, one call per lane at a time, items in the order in which they came.
    An exception in its list is raised to that item's caller; one that it raises, to all of them.
    """

    def __init__(self, work: Callable[[Lane, list[Item]], Sequence[Result | Exception]]) -> None:
        self._work = work
        self._lanes: dict[Lane, list[tuple[Item, asyncio.Future[Result]]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def __call__(self, lane: Lane, item: Item) -> Result:
        loop = asyncio.get_running_loop()
        result: asyncio.Future[Result] = loop.create_future()
        if lane in self._lanes:
            self._lanes[lane].append((item, result))
        else:
            self._lanes[lane] = [(item, result)]
            task = loop.create_task(self._run(lane))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await result

    async def _run(self, lane: Lane) -> None:
        while waiting := self._lanes[lane]:
            batch, self._lanes[lane] = waiting[:MOST], waiting[MOST:]
            done: Sequence[Result | Exception]
            try:
                done = await in_thread(self._work)(lane, [item for item, _ in batch])
            except Exception as error:
                done = [error] * len(batch)
            for (_, result), outcome in zip(batch, done, strict=True):
                if result.done():  # the caller has gone
                    continue
                if isinstance(outcome, Exception):
                    result.set_exception(outcome)
                else:
                    result.set_result(outcome)
        del self._lanes[lane]
