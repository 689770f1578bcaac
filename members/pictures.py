"""Pictures of an institution as pages show them, made of `Institution.pictures`."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from records.languages import Shown, in_language

Entry = dict[str, Any]


class Size(NamedTuple):
    """The file of a picture in one size, by its digest."""

    sha256: str
    width: int
    height: int


@dataclass(frozen=True)
class Picture:
    id: int
    small: Size
    large: Size
    captions: dict[str, str]
    alternatives: dict[str, str]
    credit: str

    @property
    def caption(self) -> Shown:
        return in_language(self.captions)

    @property
    def alternative(self) -> Shown:
        """What the picture shows, for who cannot see it."""
        return in_language(self.alternatives)


def picture_of(entry: Entry) -> Picture:
    return Picture(**{**entry, "small": Size(*entry["small"]), "large": Size(*entry["large"])})


def pictures_of(entries: Iterable[Entry]) -> list[Picture]:
    return [picture_of(entry) for entry in entries]
