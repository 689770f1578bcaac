"""Web addresses, compared."""

from urllib.parse import urlsplit


def host_of(address: str) -> str:
    """ "" where there is none."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:  # an address of long ago
        return ""
    return host.removeprefix("www.")
