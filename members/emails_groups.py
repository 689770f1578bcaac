"""Letters about groups: what they say. How they are sent is in `emails`."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.emails import Letter, Words
from members.letters import written_for
from members.models import Group, GroupMember, Institution, JoinRequest, User

_ROLE = _("Its role there: %(role)s.")
LETTERS: dict[str, Words] = {
    "asked": Words(
        _("An institution asks to join a group"),
        (
            _(
                "%(institution)s asks to join “%(group)s”. Whoever chairs the group, or the "
                "secretariat, answers."
            ),
            _("It writes:"),
        ),
        _("Answer the request"),
    ),
    "withdrawn": Words(
        _("A request to join a group was withdrawn"),
        (_("%(institution)s has withdrawn its request to join “%(group)s”."),),
        _("See the request"),
    ),
    "accepted": Words(
        _("Your institution is in the group"),
        (
            _("The request of %(institution)s to join “%(group)s” was accepted."),
            _("The group’s room is open to your delegation."),
        ),
        _("Go to the group"),
    ),
    "declined": Words(
        _("The request to join a group was declined"),
        (_("The request of %(institution)s to join “%(group)s” was declined, for this reason:"),),
        _("See the request"),
    ),
    "added": Words(
        _("Your institution is in the group"),
        (
            _("%(institution)s was given a place in “%(group)s”."),
            _ROLE,
            _("The group’s room is open to your delegation."),
        ),
        _("Go to the group"),
    ),
    "removed": Words(
        _("Your institution is no longer in the group"),
        (
            _("The place of %(institution)s in “%(group)s” has ended."),
            _("The group’s rooms are closed to your delegation. What it said stays in the record."),
        ),
        _("Go to the group"),
    ),
    "place": Words(
        _("The place of your institution in a group has changed"),
        (_("%(institution)s has another role or representative in “%(group)s”."), _ROLE),
        _("Go to the group"),
    ),
    "named": Words(
        _("You represent your institution in a group"),
        (_("You represent %(institution)s in “%(group)s”."),),
        _("Go to the group"),
    ),
    "closed": Words(
        _("A group was closed"),
        (
            _("“%(group)s”, in which %(institution)s has a place, was closed."),
            _("Its rooms can still be read, and nobody writes in them any more."),
            _("The reason given:"),
        ),
        _("Go to the group"),
    ),
    "reopened": Words(
        _("A group is at work again"),
        (
            _("“%(group)s”, in which %(institution)s has a place, was reopened."),
            _("Its rooms are open to your delegation again."),
        ),
        _("Go to the group"),
    ),
}
_CHAIRS = _("Who chairs the group in its name: %(person)s.")
_IS_FOCAL_POINT = _("Its national focal point in the network: %(person)s.")
_YOU_CHAIR = _("You chair the group in its name.")
_YOU_ARE_FOCAL_POINT = _("You are its national focal point in the network.")
_QUOTED = {"asked": "words", "declined": "reason"}  # of the request, as a person wrote it
_ABOUT_REQUEST = frozenset({"asked", "withdrawn", "declined"})


def group_letter(
    letter: str,
    group: Group,
    institution: Institution,
    user: User,
    request: JoinRequest | None = None,
    place: GroupMember | None = None,
) -> Letter:
    """The letter of that name (a key of LETTERS) for this reader. `place`: of the institution, with
    who represents it.
    """
    words = LETTERS[letter]
    with written_for(user):
        path = (
            reverse("members:join_request", args=[request.pk])
            if request and letter in _ABOUT_REQUEST
            else reverse("members:group", args=[group.pk])
        )
        quote = group.closing_reason if letter == "closed" else ""
        named = place.representative if place else None
        return Letter(
            subject=str(words.subject),
            lines=[str(line) for line in (*words.lines, *_of_representative(letter, place))],
            action=str(words.action),
            url=settings.PUBLIC_ORIGIN + path,
            quote=getattr(request, _QUOTED[letter]) if letter in _QUOTED else quote,
            params={
                "institution": institution.name.text,
                "group": group.name.text,
                "role": str(place.get_role_display()) if place else "",
                "person": named.user.name if named else "",
            },
        )


def _of_representative(letter: str, place: GroupMember | None) -> list[Any]:
    """As what somebody represents the institution: to themselves, and to the others."""
    if place is None or not place.is_represented or letter not in ("place", "named"):
        return []
    if place.is_chair:
        return [_YOU_CHAIR if letter == "named" else _CHAIRS]
    return [_YOU_ARE_FOCAL_POINT if letter == "named" else _IS_FOCAL_POINT]
