"""The audit log to take along: a table for people, or the entries as the chain has them."""

import json
from collections.abc import Iterable, Sequence

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from members.audit import Change, Described, described
from members.network import names_of_network
from records.languages import in_language
from records.models import AuditEntry
from records.sheets import csv_file

MOST = 20_000  # entries at once


class Format(TextChoices):
    CSV = "csv", pgettext_lazy("a file", "Table (CSV)")
    JSON = "json", pgettext_lazy("a file", "Entries with their hashes (JSON)")


def as_csv(entries: Sequence[AuditEntry]) -> bytes:
    """A table in words of the active language, the newest entry first."""
    head = [
        _("No."),
        _("Time (UTC)"),
        _("Who"),
        _("Acting for"),
        _("In which capacity"),
        _("Act"),
        _("About"),
        _("Its number"),
        _("Before"),
        _("After"),
    ]
    return csv_file(head, [_row(one) for one in described(entries)])


def _row(one: Described) -> list[str]:
    entry, mandate = one.entry, one.mandate
    return [
        str(entry.number),
        entry.at.strftime("%Y-%m-%d %H:%M:%S"),
        _("the portal itself") if one.actor is None else one.actor or f"#{entry.actor_id}",
        in_language(mandate.institution.names).text if mandate else "",
        str(mandate.get_capacity_display()) if mandate else "",
        one.act,
        one.thing,
        str(entry.object_id),
        _said((change, change.before) for change in one.changes),
        _said((change, change.after) for change in one.changes),
    ]


def _said(changes: Iterable[tuple[Change, str]]) -> str:
    return "\n".join(f"{change.name}: {value}" for change, value in changes if value)


def as_json(entries: Sequence[AuditEntry]) -> bytes:
    """The entries as they are hashed (see `records.chain`), with their hashes; who has an unbroken
    row of them can prove it without the portal.
    """
    said = {
        "network": names_of_network(),
        "entries": [
            {
                **entry.content(),
                "previous_hash": bytes(entry.previous_hash).hex(),
                "hash": bytes(entry.hash).hex(),
            }
            for entry in entries
        ],
    }
    return json.dumps(said, ensure_ascii=False, indent=1).encode()
