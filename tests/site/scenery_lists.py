"""Filters that the secretariat has kept, for itself and for all of the office."""

from typing import Any

from members.actions.saved_filters import save_filter


def filters(stage: Any) -> None:
    for listing, name, query, is_shared in (
        ("people", "Heads without a second factor", "capacity=head&no_factor=on", True),
        ("people", "الذين لم يدخلوا بعد", "never=on", False),
        ("applications", "Research bodies", "tab=closed&kind=research_body", True),
    ):
        save_filter(listing=listing, name=name, query=query, is_shared=is_shared, **stage.by_office)
