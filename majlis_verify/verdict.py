"""What a verification can end in."""

from dataclasses import dataclass, field
from typing import Any

WHOLE = "whole"  # and signed by a key that is known
ALTERED = "altered"
UNKNOWN_KEY = "unknown_key"  # whole, but signed by a key that is not known here
UNREADABLE = "unreadable"  # no file of ours, or too damaged to be read as one

# What was changed, in the terms of `Fault.what`; {record} is its number.
SENTENCES = {
    "frame": "The frame of the document is not as the format demands.",
    "first": "Record {record}, or the hash before it, was altered.",
    "genesis": "The hash before record 1 is not that of an empty chain.",
    "altered": "Record {record} was altered.",
    "missing": "Record {record} is missing.",
    "order": "Record {record} is out of order.",
    "foreign": "Record {record} is of another room.",
    "text": "Record {record} has another text than was recorded.",
    "files": "Record {record} has other files, or other names of files, than were recorded.",
    "head": "The hash at the end is not that of the last record.",
    "signature": (
        "The signature does not fit: what it covers was changed after it was signed"
        " (names, times of the frame, the range, or records that were chained anew)."
    ),
    "key": "The key in the file is not the one that it names.",
    "period": "The key was not in use when the file says that it was signed.",
    "page": "The page shows something else than the records for record {record}.",
    "page_frame": "The page shows something else than what was signed, outside the records.",
    "pages": (
        "The records inside are whole, but the file is not the one that was made:"
        " its pages may show something else."
    ),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What was changed, and at which record (None: not at one)."""

    what: str
    record: int | None = None

    def __str__(self) -> str:
        return SENTENCES[self.what].format(record=self.record)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome, the first fault, and what the file says of itself (only where readable)."""

    outcome: str
    kind: str = ""  # json, html, pdf
    fault: Fault | None = None
    key: str = ""
    document: dict[str, Any] = field(default_factory=dict)
