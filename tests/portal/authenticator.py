"""A device that makes passkeys and answers with them, without a browser."""

import hashlib
import os
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

FLAG = AuthenticatorData.FLAG
ORIGIN = "https://testserver"


class Device:
    """One key. `answer` may be told to lie."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = os.urandom(16)
        self.user = b""

    def make(self, options: dict[str, Any], *, origin: str = ORIGIN) -> dict[str, Any]:
        """What `navigator.credentials.create` gives for these `creation_options`."""
        asked = options["publicKey"]
        self.user = websafe_decode(asked["user"]["id"])
        public = ES256.from_cryptography_key(self.key.public_key())
        data = self._data(
            asked["rp"]["id"], FLAG.AT, AttestedCredentialData.create(b"\0" * 16, self.id, public)
        )
        client = self._client("webauthn.create", asked["challenge"], origin)
        attestation = AttestationObject.create("none", data, {})
        return self._credential(
            {"clientDataJSON": client, "attestationObject": bytes(attestation)},
            {"credProps": {"rk": True}},
        )

    def answer(
        self,
        options: dict[str, Any],
        *,
        origin: str = ORIGIN,
        user: bytes | None = None,
        forged: bool = False,
    ) -> dict[str, Any]:
        """What `navigator.credentials.get` gives for these `request_options`."""
        asked = options["publicKey"]
        data = bytes(self._data(asked["rpId"], FLAG(0)))
        client = self._client("webauthn.get", asked["challenge"], origin)
        signed = data + hashlib.sha256(client).digest() + (b"x" if forged else b"")
        return self._credential(
            {
                "clientDataJSON": client,
                "authenticatorData": data,
                "signature": self.key.sign(signed, ec.ECDSA(hashes.SHA256())),
                "userHandle": self.user if user is None else user,
            },
            {},
        )

    def _data(self, rp_id: str, flags: Any, credential: bytes = b"") -> AuthenticatorData:
        digest = hashlib.sha256(rp_id.encode()).digest()
        return AuthenticatorData.create(digest, FLAG.UP | FLAG.UV | flags, 1, credential)

    def _client(self, kind: str, challenge: str, origin: str) -> bytes:
        return bytes(CollectedClientData.create(kind, challenge, origin))

    def _credential(self, response: dict[str, bytes], extensions: Any) -> dict[str, Any]:
        return {
            "id": websafe_encode(self.id),
            "rawId": websafe_encode(self.id),
            "type": "public-key",
            "clientExtensionResults": extensions,
            "response": {name: websafe_encode(value) for name, value in response.items()},
        }
