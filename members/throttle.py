"""How often somebody may do what costs others something: counted in the cache."""

import hashlib
import ipaddress
import time
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest


@dataclass(frozen=True)
class Bound:
    """So many uses of `action` by `key` (an address, never kept as it is) in so many seconds."""

    action: str
    key: str
    limit: int
    seconds: int

    def window(self) -> str:
        digest = hashlib.sha256(self.key.encode()).hexdigest()[:32]
        return f"limit:{self.action}:{self.seconds}:{digest}:{int(time.time() // self.seconds)}"


def within_limit(action: str, key: str, *, limit: int, seconds: int) -> bool:
    """Count one use by `key`; False when it is one too many.

    While the cache is away nothing is limited: pages must not fail with it.
    """
    return take(Bound(action, key, limit, seconds)) is not None


def take(*bounds: Bound) -> list[str] | None:
    """Count one use within each, the first first; None when it is one too many for any, and then
    those behind it have not counted it. Counted before it is done: of many at once none slips by.
    Returns what `give_back` takes.
    """
    counted = []
    for bound in bounds:
        name = bound.window()
        cache.add(name, 0, timeout=bound.seconds)
        try:
            if cache.incr(name) > bound.limit:
                return None
        except ValueError:  # it went between the two commands
            continue
        counted.append(name)
    return counted


def give_back(counted: list[str]) -> None:
    """It was none of those that are limited. Takes back this one use, and nobody else's."""
    for name in counted:
        try:
            cache.decr(name)
        except ValueError:  # its time is over
            continue


def origin_of(request: HttpRequest) -> str:
    """Whence it comes, as limits count it."""
    return network_of(get_adapter().get_client_ip(request))


def network_of(address: str) -> str:
    """What counts as one origin: of IPv6 everybody has a whole /64 to send from."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return address
    return str(ipaddress.ip_network(f"{address}/64", strict=False).network_address)
