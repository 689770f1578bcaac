"""Korea's people sign in through its own provider."""

from typing import Any

from members.actions.identity_providers import settle_identity_provider


def own_sign_in(stage: Any) -> None:
    settle_identity_provider(
        institution=stage.korea,
        issuer="https://login.kr.demo.example/realms/diplomats",
        client_id="majlis",
        client_secret="kept sealed",
        domains=["kr.demo.example", "academy.kr.demo.example"],
        is_on=True,
        version=0,
        **stage.by_office,
    )
