"""The charter sent, its signed copy refused, and what is ticked until a member has arrived."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from members.actions.applications import WrongStateError, lock_application, move
from members.actions.checklists import add_tick
from members.enums import ApplicationState as State
from members.enums_reviews import TickList
from members.models import (
    Application,
    CharterRefusal,
    CharterSending,
    CharterVersion,
    Mandate,
    Tick,
    User,
)
from members.onboarding import BY_HAND, WELCOME
from members.permissions.applications import can_review
from members.tasks_admission import tell_charter, tell_welcome
from records.actions import append_audit_entry, store_file


@transaction.atomic
def send_charter(
    *, application: Application, upload: UploadedFile | None, actor: User, mandate: Mandate | None
) -> CharterSending:
    """To the contact of an admitted institution, by e-mail, to be signed: the version in force, in
    their language. Before any version is in force: `upload`, or without it the file that was sent
    last to anybody. Sent again, it is another letter.

    Raises PermissionDenied, WrongStateError, ValidationError ("no_charter", "in_force").
    """
    application = _locked(application, actor, State.ADMITTED)
    text = CharterVersion.objects.text_for(application.contact)
    if text is not None:
        if upload is not None:
            raise ValidationError(
                _("A version of the charter is in force: that one is sent."), code="in_force"
            )
        file, name = text.file, text.name
    elif upload is not None:
        file = store_file(
            upload=upload,
            content_type=upload.checked_type,  # type: ignore[attr-defined]
        )
        name = upload.name or ""
    else:
        last = CharterSending.objects.newest()
        if last is None:
            raise ValidationError(_("Choose the file of the charter."), code="no_charter")
        file, name = last.file, last.name
    sending = CharterSending.objects.create(
        application=application, file=file, name=name, text=text, by=actor
    )
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="application.charter_sent",
        thing=application,
        after={"sha256": file.sha256, **({"version": text.version.number} if text else {})},
    )
    tell_charter(sending)
    return sending


@transaction.atomic
def refuse_charter(
    *, application: Application, reason: str, actor: User, mandate: Mandate | None
) -> Application:
    """The signed copy is not in order: the contact is told why and sends another.

    Raises PermissionDenied, WrongStateError.
    """
    application = _locked(application, actor, State.CHARTER_SIGNED)
    CharterRefusal.objects.create(application=application, reason=reason, by=actor)
    return move(
        application,
        to=State.ADMITTED,
        actor=actor,
        mandate=mandate,
        act="application.charter_refused",
        letter="charter_refused",
    )


@transaction.atomic
def tick_step(
    *,
    application: Application,
    key: str,
    is_met: bool,
    seen: int,
    actor: User,
    mandate: Mandate | None,
) -> Tick | None:
    """A step of onboarding that the portal cannot see by itself.

    Raises PermissionDenied, WrongStateError, StaleError, ValidationError("no_point").
    """
    application = _locked(application, actor, State.ACTIVE)
    if key not in BY_HAND:
        raise ValidationError(_("This is not ticked by hand."), code="no_point")
    return add_tick(
        application,
        TickList.ONBOARDING,
        key=key,
        is_met=is_met,
        remark="",
        seen=seen,
        guide_version=0,
        actor=actor,
        mandate=mandate,
    )


@transaction.atomic
def welcome_member(
    *, application: Application, words: str, actor: User, mandate: Mandate | None
) -> Tick | None:
    """The secretariat's own words to the contact, by e-mail; once.

    Safe to repeat with the same words. Raises PermissionDenied, WrongStateError, and
    ValidationError where a colleague has welcomed them with others.
    """
    application = _locked(application, actor, State.ACTIVE)
    before = Tick.objects.latest_of(application.pk, TickList.ONBOARDING).get(WELCOME)
    if before is not None:
        if before.remark != words:
            raise ValidationError(_("A colleague has sent the welcome already."), code="welcomed")
        return before
    tick = add_tick(
        application,
        TickList.ONBOARDING,
        key=WELCOME,
        is_met=True,
        remark=words,
        seen=0,
        guide_version=0,
        actor=actor,
        mandate=mandate,
    )
    tell_welcome(application)
    return tick


def _locked(application: Application, actor: User, state: str) -> Application:
    application = lock_application(application)
    if not can_review(actor, application):
        raise PermissionDenied
    if application.state != state:
        raise WrongStateError(application)
    return application
