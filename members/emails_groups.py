"""Letters about groups: what they say. How they are sent is in `emails`."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.emails import Letter, Words
from members.letters import written_for
from members.models import Group, Institution, JoinRequest, User

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
}
_QUOTED = {"asked": "words", "declined": "reason"}  # of the request, as a person wrote it
_ABOUT_GROUP = frozenset({"accepted", "added", "removed"})


def group_letter(
    letter: str,
    group: Group,
    institution: Institution,
    user: User,
    request: JoinRequest | None = None,
) -> Letter:
    """The letter of that name (a key of LETTERS) for this reader."""
    words = LETTERS[letter]
    with written_for(user):
        path = (
            reverse("members:group", args=[group.pk])
            if request is None or letter in _ABOUT_GROUP
            else reverse("members:join_request", args=[request.pk])
        )
        return Letter(
            subject=str(words.subject),
            lines=[str(line) for line in words.lines],
            action=str(words.action),
            url=settings.PUBLIC_ORIGIN + path,
            quote=getattr(request, _QUOTED[letter]) if letter in _QUOTED else "",
            params={"institution": institution.name.text, "group": group.name.text},
        )
