"""Who can sign in to the demo network: roles, never real persons."""

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


def network() -> dict[str, Any]:
    """The facts of the demo network, as `network.json` holds them."""
    loaded: dict[str, Any] = json.loads((HERE / "network.json").read_text())
    return loaded


def table() -> list[tuple[str, str]]:
    """Address and role, for the terminal; xx stands for a country."""
    countries = " ".join(each["country"].lower() for each in network()["institutions"])
    return [
        ("secretariat@demo.example", "the secretariat"),
        ("head.xx@demo.example", "head of delegation; xx is one of"),
        ("delegate.xx@demo.example", f"delegate            {countries}"),
        ("focal.xx@demo.example", "national focal point"),
        ("observer@demo.example", "observer: reads, does not write"),
        ("contact.mx@demo.example", "applies for an institution of Mexico"),
    ]
