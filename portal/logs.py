"""What the log must not say."""

import logging
import re

# The secret part of the addresses that letters carry: whoever has one is let in by it.
_SECRETS = re.compile(r"(/(?:invitations|confirm-email|password/reset/key)/)[^/\s]{20,}")


class DiscreetFormatter(logging.Formatter):
    """Leaves out the secrets of addresses: Django names the address of each refused request."""

    def format(self, record: logging.LogRecord) -> str:
        return _SECRETS.sub(r"\1…", super().format(record))
