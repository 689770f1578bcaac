"""A place, and who comes there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

PEOPLE = {  # who visits: their address, and who is their like in TABLE
    "out": ("", "out"),
    "delegate": ("head.kr@demo.example", "amal"),
    "secretariat": ("secretariat@demo.example", "dina"),
    # Only where a place asks for them:
    "focal": ("focal.ng@demo.example", "focal"),
    "observer": ("observer@demo.example", "observer"),
    "contact": ("contact.mx@demo.example", "contact"),
    "welcomed": ("contact.uy@demo.example", "contact"),  # whose institution is a member now
    "guarded": ("delegate.kr@demo.example", "amal"),  # who has a second factor
    "half": ("delegate.kr@demo.example", "out"),  # and has given the first alone
    "suspended": ("head.lt@demo.example", "suspended"),
}
EVERYBODY = ("out", "delegate", "secretariat")
KOREAN = PEOPLE["delegate"][0]
ASKED = ("contact",)
PROVED: dict[str, Any] = {"asks_password": True, "answers": "lno"}


@dataclass(frozen=True)
class Place:
    """An address of a URL name. `args` is asked of the database when everything is arranged."""

    args: Callable[[], tuple[Any, ...]] = tuple
    state: str = ""  # what tells it from the name's other places
    query: str = ""
    also: tuple[str, ...] = ()  # who comes beside EVERYBODY, and is answered 200
    answers: str = ""  # to EVERYBODY, instead of TABLE's; a letter each, - for who does not come
    asks_password: bool = False  # whoever comes has just given their password again
