"""Acts of the secretariat on an institution's standing: another class, suspension, reinstatement,
withdrawal. Each closes the current row of its history and opens the next.

They name the standing that their actor has seen (`standing`, the id of a row): what was overtaken
meanwhile is refused, and what was done before by the same person in the same words is not done
again. Rights follow within a second, by `membership_changed`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from members.actions.group_standing import end_places
from members.actions.institutions import open_standing
from members.emails_memberships import defer_letters
from members.enums import MEMBERSHIP_TRANSITIONS, MembershipAct, MembershipClass
from members.models import (
    MAX_MEMBERSHIP_DOCUMENTS,
    Institution,
    Mandate,
    Membership,
    MembershipDocument,
    User,
    network_today,
)
from members.permissions.memberships import acts_open, can_change_standing, classes_open
from records.actions import append_audit_entry, store_file
from records.models import StoredFile

AUDIT_ACTS = {
    MembershipAct.CLASS_CHANGE: "membership.class_changed",
    MembershipAct.SUSPENSION: "membership.suspended",
    MembershipAct.REINSTATEMENT: "membership.reinstated",
    MembershipAct.WITHDRAWAL: "membership.withdrawn",
}


@dataclass(frozen=True)
class Grounds:
    """What an act rests on, and the day from which it holds (today or before).

    `uploads`: files that `StoredFileField` has checked. `decision`: what decided it, in words.
    """

    since: date
    reason: str
    decision: str = ""
    uploads: Sequence[UploadedFile] = ()


class StandingChangedError(ValidationError):
    """The standing is another than the actor saw, or does not allow the act."""

    def __init__(self, standing: Membership) -> None:
        super().__init__(
            _("This cannot be done now. The membership stands thus: %(class)s (%(state)s)."),
            code="standing_changed",
            params={
                "class": standing.get_membership_class_display(),
                "state": standing.get_state_display(),
            },
        )


class PresidesError(ValidationError):
    """The institution presides, or will: the network would be left without a secretariat."""

    def __init__(self) -> None:
        super().__init__(
            _("This institution holds the presidency, or will. Hand it over first."),
            code="presides",
        )


@transaction.atomic
def change_class(
    *,
    institution: Institution,
    standing: int,
    membership_class: MembershipClass | str,
    grounds: Grounds,
    actor: User,
    mandate: Mandate | None = None,
) -> Membership:
    """Make an active member one of another class. Raises as `suspend_membership`."""
    return _act(
        MembershipAct.CLASS_CHANGE,
        institution,
        standing,
        grounds,
        actor,
        mandate,
        membership_class=membership_class,
    )


@transaction.atomic
def suspend_membership(
    *,
    institution: Institution,
    standing: int,
    grounds: Grounds,
    actor: User,
    mandate: Mandate | None = None,
) -> Membership:
    """Suspend an active member: its mandates carry no rights until it is reinstated.

    Raises PermissionDenied, StandingChangedError, PresidesError, and ValidationError with code
    "wrong_day", "same_class" or "too_many_documents".
    """
    return _act(MembershipAct.SUSPENSION, institution, standing, grounds, actor, mandate)


@transaction.atomic
def reinstate_membership(
    *,
    institution: Institution,
    standing: int,
    grounds: Grounds,
    actor: User,
    mandate: Mandate | None = None,
) -> Membership:
    """Make a suspended member active again, in its class. Raises as `suspend_membership`."""
    return _act(MembershipAct.REINSTATEMENT, institution, standing, grounds, actor, mandate)


@transaction.atomic
def withdraw_membership(
    *,
    institution: Institution,
    standing: int,
    grounds: Grounds,
    actor: User,
    mandate: Mandate | None = None,
) -> Membership:
    """End a membership, and the institution's places in groups with it. It comes back by a new
    application alone, and they do not. Raises as `suspend_membership`.
    """
    return _act(MembershipAct.WITHDRAWAL, institution, standing, grounds, actor, mandate)


def _act(
    act: MembershipAct,
    institution: Institution,
    seen: int,
    grounds: Grounds,
    actor: User,
    mandate: Mandate | None,
    *,
    membership_class: str = "",
) -> Membership:
    institution = Institution.objects.select_for_update(no_key=True).get(pk=institution.pk)
    if not can_change_standing(actor):
        raise PermissionDenied
    standing = institution.memberships.current().get()
    files = [
        (store_file(upload=u, content_type=u.checked_type), u.name or "")  # type: ignore[attr-defined]
        for u in grounds.uploads
    ]
    if membership_class in ("", standing.membership_class) and _is_repeat(
        standing, seen, act, grounds, [file for file, _name in files], actor
    ):
        return standing
    if standing.pk != seen or act not in MEMBERSHIP_TRANSITIONS[standing.state]:
        raise StandingChangedError(standing)
    _check(institution, standing, act, grounds, membership_class)
    opened = open_standing(
        institution,
        standing,
        membership_class=membership_class or standing.membership_class,
        state=MEMBERSHIP_TRANSITIONS[standing.state][act],
        since=grounds.since,
        reason=grounds.reason,
        act=act,
        decision=grounds.decision,
        recorded_by=actor,
    )
    for file, name in {file.pk: (file, name) for file, name in files}.values():
        MembershipDocument.objects.create(membership=opened, file=file, name=name)
    defer_letters(opened)
    places = []
    if act == MembershipAct.WITHDRAWAL:
        places = end_places(
            institution=institution, since=grounds.since, reason=grounds.reason, mandate=mandate
        )
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act=AUDIT_ACTS[act],
        thing=opened,
        before={"class": standing.membership_class, "state": standing.state},
        after={
            "institution": institution.pk,
            "class": str(opened.membership_class),
            "state": str(opened.state),
            "from": grounds.since.isoformat(),
            "sha256": sorted({file.sha256 for file, _name in files}),
        },
    )
    for entry in places:
        append_audit_entry(actor=actor, mandate=mandate, **entry)
    return opened


def _is_repeat(
    standing: Membership,
    seen: int,
    act: MembershipAct,
    grounds: Grounds,
    files: Sequence[StoredFile],
    actor: User,
) -> bool:
    """Whether `standing` came of these very words of the actor's, from what they had seen."""
    previous = Membership.objects.before(standing)
    return (
        previous is not None
        and previous.pk == seen
        and standing.act == act
        and standing.recorded_by_id == actor.pk
        and (standing.since, standing.reason, standing.decision)
        == (grounds.since, grounds.reason, grounds.decision)
        and set(standing.documents.values_list("file", flat=True)) == {file.pk for file in files}
    )


def _check(
    institution: Institution,
    standing: Membership,
    act: MembershipAct,
    grounds: Grounds,
    membership_class: str,
) -> None:
    if membership_class == standing.membership_class:
        raise ValidationError(_("It is of this class already."), code="same_class")
    if act not in acts_open(institution, standing) or (
        membership_class and membership_class not in classes_open(institution, standing)
    ):
        raise PresidesError
    if not (standing.since or date.min) <= grounds.since <= network_today():
        raise ValidationError(
            _("The day must not lie in the future, nor before the standing of now began."),
            code="wrong_day",
        )
    if len(grounds.uploads) > MAX_MEMBERSHIP_DOCUMENTS:
        raise ValidationError(
            _("An act can have at most %(number)s documents."),
            code="too_many_documents",
            params={"number": MAX_MEMBERSHIP_DOCUMENTS},
        )
