"""`python -m portal.healthy`: exit code 0 when the web server of this machine answers and its
database does. For containers; asks as the proxy does. Standard library only.
"""

import http.client
import os
import sys


def main(port: int = 8000) -> int:
    hosts = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")
    headers = {"Host": hosts[0].lstrip("."), "X-Forwarded-Proto": "https"}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers=headers)
        return 0 if connection.getresponse().status == 200 else 1
    except (OSError, http.client.HTTPException):
        return 1
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
