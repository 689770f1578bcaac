"""What docs/realtime.md promises, read from its tables: servers are held to it."""

import re
from dataclasses import dataclass

from portal.embedded import ROOT

_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Shape:
    """The keys that a frame always has beside `type`, and those that it may have."""

    always: frozenset[str]
    perhaps: frozenset[str]

    def fault(self, frame: dict[str, object]) -> str:
        """What of `frame` is not promised; "" for nothing."""
        keys = frame.keys() - {"type"}
        lacking, further = self.always - keys, keys - self.always - self.perhaps
        if lacking or further:
            return f"{frame['type']}: lacks {sorted(lacking)}, has {sorted(further)} besides"
        return ""


@dataclass(frozen=True)
class Contract:
    """`commands`: type -> types of the frames that answer it; `frames`: type -> shape;
    `codes`: code of a refusal -> status; `kinds`: those of a record.
    """

    commands: dict[str, frozenset[str]]
    frames: dict[str, Shape]
    codes: dict[str, int]
    kinds: frozenset[str]
    record: frozenset[str]


def read() -> Contract:
    text = (ROOT / "docs" / "realtime.md").read_text()
    frames = {}
    for names, keys, _ in _rows(text, "Frames"):
        always, _, perhaps = keys.partition("perhaps")
        shape = Shape(frozenset(_CODE.findall(always)), frozenset(_CODE.findall(perhaps)))
        frames |= dict.fromkeys(_CODE.findall(names), shape)
    sentence = re.search(r"^A record is `\{([^}]+)\}`(.*?)(?=^## )", text, re.M | re.S)
    assert sentence, "docs/realtime.md no longer says what a record is"
    kinds = re.findall(r"`([a-z]+\.[a-z_]+)`", sentence[2].partition("\n\n")[0])
    return Contract(
        commands={
            name: frozenset(t for t in _CODE.findall(answers) if t in frames)
            for names, _, answers in _rows(text, "Commands")
            for name in _CODE.findall(names)
        },
        frames=frames,
        codes={
            _CODE.findall(code)[0]: int(status)
            for code, status, _ in _rows(text, "Frames", "| code |")
        },
        kinds=frozenset(kinds),
        record=frozenset(name.strip() for name in sentence[1].split(",")),
    )


def _rows(text: str, heading: str, head: str = "|") -> list[list[str]]:
    """The rows of the first table (whose head begins with `head`) below a heading."""
    section = text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = section[section.index(f"\n{head}") + 1 :].split("\n\n", 1)[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]
