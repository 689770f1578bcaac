"""The account itself: addresses, second factors, devices, and what was done with it."""

from collections.abc import Iterator

from members.audit import act_name, thing_name
from members.models import User
from members.models.accounts import addresses_of, factors_of, sessions_of, sign_ins_of
from portal.data_export.parts import Row
from records.models import AuditEntry


def account_rows(user: User) -> Iterator[Row]:
    yield {
        "name": user.name,
        "name_arabic": user.name_arabic,
        "name_latin": user.name_latin,
        "email": user.email,
        "language": user.language,
        "time_zone": user.time_zone,
        "theme": str(user.get_theme_display()),
        "digits": str(user.get_digits_display()),
        "shows_hijri": user.shows_hijri,
        "is_technical": user.is_staff,
        "since": user.created_at,
        "last_login": user.last_login,
    }


def address_rows(user: User) -> Iterator[Row]:
    for address in addresses_of(user):
        yield {"email": address.email, "proved": address.verified, "primary": address.primary}


def factor_rows(user: User) -> Iterator[Row]:
    for factor in factors_of(user):
        yield {"kind": str(factor), "since": factor.created_at, "last_used": factor.last_used_at}


def sign_in_rows(user: User) -> Iterator[Row]:
    """By which name an institution's own sign-in knows them; it opens nothing without theirs."""
    for sign_in in sign_ins_of(user):
        yield {
            "provider": sign_in.provider,
            "known_as": sign_in.uid,
            "since": sign_in.date_joined,
            "last_used": sign_in.last_login,
        }


def session_rows(user: User) -> Iterator[Row]:
    for session in sessions_of(user):
        yield {
            "device": session.user_agent,
            "address": session.ip,
            "since": session.created_at,
            "last_used": session.last_seen_at,
        }


def audit_rows(user: User) -> Iterator[Row]:
    """What they did; not what it changed, which is of others too."""
    for entry in AuditEntry.objects.by_actor(user).iterator(chunk_size=2000):
        yield {
            "number": entry.number,
            "at": entry.at,
            "act": act_name(entry.act),
            "object": f"{thing_name(entry.object_type)} {entry.object_id}",
        }
