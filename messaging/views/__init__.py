"""Rooms over HTTP: the page, the catch-up, and the same commands as the socket's."""
