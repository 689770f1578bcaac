"""`python -m majlis_verify FILE [--key FILE|HEX]`: 0 whole and true, 1 altered, 2 cannot say."""

import argparse
import sys
from pathlib import Path

from majlis_verify.check import verify
from majlis_verify.keys import Key, read_keys
from majlis_verify.verdict import ALTERED, UNKNOWN_KEY, UNREADABLE, Verdict


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m majlis_verify",
        description="Say whether a transcript of a room is whole and true.",
    )
    parser.add_argument("file", type=Path, help="a transcript: JSON, HTML or PDF")
    parser.add_argument(
        "--key",
        action="append",
        default=[],
        metavar="FILE|HEX",
        help="a public key that you trust, or a saved majlis-keys.json; may be repeated",
    )
    options = parser.parse_args(arguments)
    try:
        data = options.file.read_bytes()
        keys = [key for each in options.key for key in _keys(each)]
    except (OSError, ValueError) as error:
        print(f"Cannot read: {error}", file=sys.stderr)
        return 2
    verdict = verify(data, keys)
    for line in described(verdict):
        print(line)
    return {ALTERED: 1, UNKNOWN_KEY: 2, UNREADABLE: 2}.get(verdict.outcome, 0)


def _keys(given: str) -> list[Key]:
    path = Path(given)
    return read_keys(path.read_text() if len(given) < 200 and path.is_file() else given)


def described(verdict: Verdict) -> list[str]:
    if verdict.outcome == UNREADABLE:
        return ["Not a transcript of Majlis, or too damaged to be read as one."]
    if verdict.outcome == ALTERED:
        lines = [f"ALTERED. {verdict.fault}"]
    elif verdict.outcome == UNKNOWN_KEY:
        lines = ["Whole, but signed by a key that is not known here. Give it with --key."]
    else:
        lines = ["Whole and true."]
    document = verdict.document
    lines.append(f"Key: {verdict.key or 'none'}")
    if document["format"] == "majlis-transcript/1" and verdict.outcome != ALTERED:
        asked = document["range"]
        lines += [
            f"{document['network']}: {document['title']} (room {document['room']['id']})",
            f"Records {asked['first']} to {asked['last']}, signed {document['made_at']}",
            f"Hash at the end: {document['head']['hash']}",
        ]
    return lines


if __name__ == "__main__":
    sys.exit(main())
