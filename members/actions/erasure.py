"""Leaving: what is a person's alone goes, and the official record stays, without their name.

docs/architecture.md says what goes, what stays and why. There is no way back.
"""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members import signals
from members.actions.people import end_sessions
from members.emails_erasure import send_erasure_letter
from members.enums_applying import PERSONAL_FIELDS
from members.models import (
    Application,
    ApplicationRevision,
    CalendarFeed,
    DossierFile,
    Invitation,
    KnownBrowser,
    PersonProfile,
    SavedFilter,
    User,
)
from members.names import NAMELESS
from members.past_dossiers import CONTACT_CHANGED
from members.permissions.erasure import bars_to_erasure
from records.actions import append_audit_entry, discard_file
from records.models import AuditEntry


class StillBoundError(ValidationError):
    """A mandate has not ended, or an application of theirs is not closed."""

    def __init__(self) -> None:
        super().__init__(
            _("Your account cannot be erased yet: see what must be over first."),
            code="still_bound",
        )


@transaction.atomic
def erase_account(*, actor: User) -> None:
    """Erase the actor's own account, at once and for good. Repeated, it does nothing.

    A letter goes to the address that they had. Sends `person_erased`. Raises StillBoundError.
    """
    # Invitations before the person, as acceptance locks them.
    invited = Invitation.objects.addressed(actor.email).order_by("pk")
    list(invited.select_for_update(no_key=True))
    user = User.objects.select_for_update().get(pk=actor.pk)
    if not user.is_active:
        return
    if any(bars_to_erasure(user)):
        raise StillBoundError
    was = User(
        email=user.email,
        name_latin=user.name_latin,
        name_arabic=user.name_arabic,
        language=user.language,
        time_zone=user.time_zone,
    )
    _forget_said(user)
    _forget_written(user)
    _forget_ways_in(user)
    user.email = f"erased-{user.pk}@erased.invalid"  # an address that can never be one
    user.name_latin = user.name_arabic = NAMELESS
    user.search_text = user.language = user.theme = user.digits = ""
    user.time_zone, user.shows_hijri, user.last_login = "UTC", False, None
    user.is_active = user.is_staff = False
    user.set_unusable_password()
    user.save()
    signals.person_erased.send(User, user=user)
    append_audit_entry(actor=user, act="person.erased", thing=user)
    transaction.on_commit(lambda: send_erasure_letter(was))


def _forget_said(user: User) -> None:
    """What they said of themselves."""
    profile = PersonProfile.objects.filter(user=user).select_related("photo").first()
    if profile is not None:
        photo = profile.photo
        profile.delete()
        if photo:
            discard_file(photo)
    SavedFilter.objects.owned_by(user.pk).filter(is_shared=False).delete()
    for dossier in DossierFile.objects.filter(user=user).select_related("file"):
        stored = dossier.file
        dossier.delete()
        if stored:
            discard_file(stored)


def _forget_written(user: User) -> None:
    """Position and telephone in the applications whose contact they are or were."""
    blank = dict.fromkeys(PERSONAL_FIELDS, "")
    own = Application.objects.of_contact(user.pk)
    own.update(**blank)
    for revision in ApplicationRevision.objects.filter(application__in=own):
        _blank(revision, blank)
    given_away = AuditEntry.objects.filter(act=CONTACT_CHANGED, before__user=user.pk)
    for number, moment in given_away.values_list("object_id", "at"):
        for revision in ApplicationRevision.objects.filter(application=number, at__lt=moment):
            _blank(revision, blank)


def _blank(revision: ApplicationRevision, blank: dict[str, str]) -> None:
    revision.contents = {**revision.contents, **blank}
    revision.save(update_fields=["contents"])


def _forget_ways_in(user: User) -> None:
    """Sessions, second factors, addresses, browsers, the calendar's; links that were sent."""
    end_sessions(user=user, actor=user)
    Authenticator.objects.filter(user=user).delete()
    KnownBrowser.objects.of_person(user).delete()
    CalendarFeed.objects.of_person(user).delete()
    invited = Invitation.objects.filter(email__iexact=user.email)
    invited.filter(accepted_at=None, revoked_at=None).update(revoked_at=timezone.now())
    invited.update(email=f"erased-{user.pk}@erased.invalid", name="")
    EmailAddress.objects.filter(user=user).delete()
    if apps.is_installed("allauth.socialaccount"):
        apps.get_model("socialaccount", "SocialAccount").objects.filter(user=user).delete()
