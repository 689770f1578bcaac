"""Whether a transcript of a room is whole and true, without the portal that made it.

    python -m majlis_verify FILE [--key FILE|HEX]

The format is described in docs/proofs.md. Needs Python and `cryptography`, nothing else.
"""

from majlis_verify.check import verify
from majlis_verify.keys import Key, read_keys
from majlis_verify.verdict import Fault, Verdict

__all__ = ["Fault", "Key", "Verdict", "read_keys", "verify"]
