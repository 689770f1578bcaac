"""A real OpenID Connect provider for the tests: `oidc-provider-mock`, in a process of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import requests

from portal.embedded import die_with_parent
from tests.processes import free_port, wait_until


class Provider:
    """It knows only the clients that were registered, and wants a nonce of each. At its sign-in
    one says who one is, and is believed.
    """

    def __init__(self, port: int) -> None:
        self.issuer = f"http://127.0.0.1:{port}"

    def register(self, callback: str) -> dict[str, str]:
        """A client that people are sent back to at `callback`: its id and secret."""
        answer = requests.post(
            f"{self.issuer}/oauth2/clients",
            json={
                "redirect_uris": [callback],
                "token_endpoint_auth_method": "client_secret_post",
            },
            timeout=5,
        )
        said = answer.json()
        return {"client_id": said["client_id"], "client_secret": said["client_secret"]}

    def say(self, subject: str, **claims: Any) -> None:
        """What it will claim of this person."""
        url = f"{self.issuer}/users/{subject}"
        assert requests.put(url, json=claims, timeout=5).status_code == 204

    def sign_in(self, url: str, subject: str, **form: str) -> str:
        """What the person does there, sent to `url`; returns where they are sent back to."""
        data = {"sub": subject, **form}
        answer = requests.post(url, data=data, timeout=5, allow_redirects=False)
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]

    def answers(self) -> bool:
        with suppress(requests.RequestException):
            return requests.get(f"{self.issuer}/jwks", timeout=1).status_code == 200
        return False


@contextmanager
def running_provider() -> Iterator[Provider]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", f"--port={port}",
         "--require-registration=true", "--require-nonce=true"],
        env={**os.environ, "NO_PROXY": "*"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        process_group=0,
        preexec_fn=die_with_parent(signal.SIGKILL),
    )  # fmt: skip
    try:
        provider = Provider(port)
        wait_until(provider.answers, what="the identity provider")
        yield provider
    finally:
        process.kill()
        process.wait()
