"""Jobs about groups, deferred in the transaction they tell of. One a reader, numbers alone."""

import logging
from collections.abc import Collection

from procrastinate.contrib.django import app

from members import emails, emails_groups
from members.models import Group, GroupMember, Institution, JoinRequest, User
from members.permissions.groups import (
    deciders_of,
    members_told,
    representatives_of,
    speakers_of,
)
from members.tasks import RETRY

logger = logging.getLogger(__name__)
TOLD_TO_DECIDERS = frozenset({"asked", "withdrawn"})


def tell_deciders(letter: str, request: JoinRequest) -> None:
    """That somebody asks ("asked"), or asks no more ("withdrawn")."""
    for user in deciders_of(request):
        _defer(letter, request.group, request.institution, user, request)


def tell_answer(request: JoinRequest) -> None:
    """To those who speak for the institution: that it was accepted or declined."""
    for user in speakers_of(request.institution):
        _defer(str(request.state), request.group, request.institution, user, request)


def tell_speakers(letter: str, group: Group, institution: Institution) -> None:
    """That others have given the institution a place ("added"), or taken it away ("removed")."""
    for user in speakers_of(institution):
        _defer(letter, group, institution, user, None)


def tell_place(place: GroupMember, actor: User | None) -> None:
    """That the institution has another role, or another person represents it: one letter to that
    person ("named"), one to each other who speaks for it ("place").
    """
    told = {actor.pk} if actor else set()
    named = place.representative
    if named and named.user_id not in told:
        _defer("named", place.group, place.institution, named.user, None, place)
        told.add(named.user_id)
    for user in speakers_of(place.institution):
        if user.pk not in told:
            _defer("place", place.group, place.institution, user, None, place)


def tell_members(letter: str, group: Group, actor: User) -> None:
    """To whoever speaks for an institution in the group or represents it: that it is closed
    ("closed") or at work again ("reopened"). Who does so for several is told once.
    """
    for user, institution in members_told(group).items():
        if user.pk != actor.pk:
            _defer(letter, group, institution, user, None)


def _defer(
    letter: str,
    group: Group,
    institution: Institution,
    user: User,
    request: JoinRequest | None,
    place: GroupMember | None = None,
) -> None:
    send_group_letter.defer(
        letter=letter,
        group_id=group.pk,
        institution_id=institution.pk,
        user_id=user.pk,
        request_id=request.pk if request else None,
        place_id=place.pk if place else None,
    )


@app.task(name="members.send_group_letter", retry=RETRY)
def send_group_letter(
    *,
    letter: str,
    group_id: int,
    institution_id: int,
    user_id: int,
    request_id: int | None = None,
    place_id: int | None = None,
) -> None:
    """Send one, in the reader's language: not to whom it concerns no longer, nor of old news."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    group = Group.objects.find(group_id)
    institution = Institution.objects.find(institution_id)
    request = JoinRequest.objects.find(request_id) if request_id else None
    if (
        user is None
        or group is None
        or institution is None
        or not _is_news(letter, group, institution, request, place_id)
        or user not in _readers(letter, group, institution, request)
    ):
        logger.info("No letter: %s of group %s to user %s is past", letter, group_id, user_id)
        return
    place = group.place_of(institution.pk)
    emails.send(emails_groups.group_letter(letter, group, institution, user, request, place), user)


def _is_news(
    letter: str,
    group: Group,
    institution: Institution,
    request: JoinRequest | None,
    place_id: int | None,
) -> bool:
    if request:
        return request.is_pending if letter == "asked" else str(request.state) == letter
    if letter in ("closed", "reopened"):
        return group.is_closed == (letter == "closed")
    place = group.place_of(institution.pk)
    if letter in ("place", "named"):
        return place is not None and place.pk == place_id
    return (place is not None) == (letter == "added")


def _readers(
    letter: str, group: Group, institution: Institution, request: JoinRequest | None
) -> Collection[User]:
    if request and letter in TOLD_TO_DECIDERS:
        return deciders_of(request)
    if letter in ("closed", "reopened"):
        return members_told(group)
    if letter == "named":
        return representatives_of(group, institution)
    return speakers_of(institution)
