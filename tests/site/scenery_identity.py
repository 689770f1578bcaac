"""Korea's people sign in through its own provider, and come in by it."""

from typing import Any

from members.actions.identity_providers import settle_identity_provider
from members.actions.invitations import invite_to_delegation
from members.enums import Capacity


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
    invite_to_delegation(
        institution=stage.korea,
        email="new.person@kr.demo.example",
        name="Adviser of Korea",
        language="en",
        capacity=Capacity.ADVISER,
        **stage.by_office,
    )
