"""Who can sign in to the demo network: roles, never real persons. Standard library only."""

import json
from pathlib import Path
from typing import Any

DOMAIN = "demo.example"
HERE = Path(__file__).resolve().parent


def network() -> dict[str, Any]:
    """The facts of the demo network, as `network.json` holds them."""
    facts: dict[str, Any] = json.loads((HERE / "network.json").read_text(encoding="utf-8"))
    return facts


def table() -> list[tuple[str, str]]:
    """Address and role, for the terminal; xx stands for a country."""
    countries = " ".join(fact["country"].lower() for fact in network()["institutions"])
    return [
        (f"secretariat@{DOMAIN}", "the secretariat, at the institution that presides"),
        (f"head.xx@{DOMAIN}", "head of delegation"),
        (f"delegate.xx@{DOMAIN}", "delegate"),
        (f"focal.xx@{DOMAIN}", "national focal point"),
        ("", f"xx is one of {countries}"),
        (f"observer@{DOMAIN}", "observer: reads, does not write"),
        (f"contact.mx@{DOMAIN}", "applies for an institution from Mexico"),
    ]
