"""Who has a private calendar address, and what is read at it."""

from django.http import Http404

from members.models import CalendarFeed, GroupDate, GroupMember, Mandate, User
from members.models.group_dates import GroupDateQuerySet
from members.permissions.people import Someone, owes_second_factor, running_mandates


def can_have_feed(user: Someone) -> bool:
    """Every delegate."""
    return bool(running_mandates(user))


def access_feed(token: str) -> CalendarFeed:
    """The feed of this address, while its person would be let in: with a running mandate, and the
    second factor that it asks for. Raises Http404.
    """
    feed = CalendarFeed.objects.by_token(token)
    if feed is None or not can_have_feed(feed.user) or owes_second_factor(feed.user):
        raise Http404
    return feed


def dates_for(user: User) -> GroupDateQuerySet:
    """The dates of which the person is told (see `group_space.readers_of`), as it is at this
    moment: of the groups in which their delegations have a place, for the secretariat of those that
    it chairs. Those of the last year and to come.
    """
    mandates: list[Mandate] = running_mandates(user)
    places = GroupMember.objects.current().of_institutions([m.institution_id for m in mandates])
    is_office = any(m.is_of_secretariat for m in mandates)
    return GroupDate.objects.told(places.values("group"), office=is_office)
