"""A person's private calendar address: made, replaced and closed by themselves alone."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from members.actions.people import lock_account
from members.models import CalendarFeed, User
from members.permissions.calendar_feeds import can_have_feed
from records.actions import append_audit_entry


@transaction.atomic
def open_calendar_feed(*, actor: User) -> CalendarFeed:
    """The actor's address, made where there is none. Safe to repeat. Raises PermissionDenied."""
    _check(actor)
    feed = CalendarFeed.objects.of_person(actor).first()
    return feed or _renewed(CalendarFeed(user=actor), "person.calendar_opened")


@transaction.atomic
def renew_calendar_feed(*, actor: User) -> CalendarFeed:
    """Another address in the place of the one that there is, which is dead from now on.

    Raises PermissionDenied.
    """
    _check(actor)
    feed = CalendarFeed.objects.of_person(actor).first()
    return _renewed(feed or CalendarFeed(user=actor), "person.calendar_renewed")


@transaction.atomic
def close_calendar_feed(*, actor: User) -> None:
    """Let the address lead nowhere any more. Safe to repeat."""
    lock_account(actor)
    gone, _each = CalendarFeed.objects.of_person(actor).delete()
    if gone:
        append_audit_entry(actor=actor, act="person.calendar_closed", thing=actor)


def _check(actor: User) -> None:
    lock_account(actor)  # two pages of the person act one after the other
    if not can_have_feed(actor):
        raise PermissionDenied


def _renewed(feed: CalendarFeed, act: str) -> CalendarFeed:
    feed.renew()
    feed.save()
    append_audit_entry(actor=feed.user, act=act, thing=feed.user)
    return feed
