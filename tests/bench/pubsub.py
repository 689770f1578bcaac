"""A channel layer over Valkey's PUBLISH and SUBSCRIBE, for baseline N.

It does what the pub/sub layer of channels-redis does, and is not it: that package is not among
the portal's. One subscription per group of a process, one queue per channel, MessagePack on the
wire, unpacked again for every channel that hears it. It leaves out what is not measured here:
several hosts, encryption, reconnecting.
"""

import asyncio
import uuid
from collections import defaultdict
from typing import Any

import msgpack
import redis.asyncio
from channels.layers import BaseChannelLayer


class PubSubLayer(BaseChannelLayer):  # type: ignore[misc]
    def __init__(self, url: str, **options: Any) -> None:
        super().__init__(**options)
        self.url = url
        self.queues: dict[str, asyncio.Queue[bytes]] = {}
        self.groups: defaultdict[str, set[str]] = defaultdict(set)  # and the channels in each
        self._client: Any = None
        self._lock = asyncio.Lock()

    async def new_channel(self, prefix: str = "specific") -> str:
        channel = f"{prefix}.inmemory!{uuid.uuid4().hex}"
        self.queues[channel] = asyncio.Queue()
        await self._subscribe(channel)
        return channel

    async def receive(self, channel: str) -> Any:
        try:
            return msgpack.unpackb(await self.queues[channel].get())
        except asyncio.CancelledError:  # the consumer goes
            self.queues.pop(channel, None)
            for channels in self.groups.values():
                channels.discard(channel)
            raise

    async def send(self, channel: str, message: dict[str, Any]) -> None:
        await (await self._connected()).publish(channel, msgpack.packb(message))

    async def group_add(self, group: str, channel: str) -> None:
        self.groups[group].add(channel)
        await self._subscribe(f"group.{group}")

    async def group_discard(self, group: str, channel: str) -> None:
        self.groups[group].discard(channel)

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        await self.send(f"group.{group}", message)

    async def _connected(self) -> Any:
        async with self._lock:
            if self._client is None:
                self._client = redis.asyncio.Redis.from_url(self.url)
                self._pubsub = self._client.pubsub()
        return self._client

    async def _subscribe(self, name: str) -> None:
        await self._connected()
        async with self._lock:
            if name not in self._pubsub.channels:
                begins = not self._pubsub.channels
                await self._pubsub.subscribe(name)
                if begins:
                    self._task = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        while True:
            message = await self._pubsub.get_message(ignore_subscribe_messages=True, timeout=1)
            if message is None:
                continue
            name = message["channel"].decode()
            heard = self.groups[name[6:]] if name.startswith("group.") else {name}
            for channel in heard:
                if channel in self.queues:
                    self.queues[channel].put_nowait(message["data"])
