"""To a person: somebody signed in as them in a browser that they never used before, or has their
password and not the code.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from members.emails import Letter, Words, send
from members.letters import written_for
from members.models import KnownBrowser, User
from members.tasks import RETRY
from records.models import AuditEntry
from records.reading import written_date

_WORDS = Words(
    _("A sign-in from a new browser"),
    (
        _(
            "Somebody, probably you, signed in to your account in a browser that was not used for "
            "it before: %(browser)s, %(when)s."
        ),
        _("If it was not you, sign that device out, and change your password."),
    ),
    _("See where you are signed in"),
)

_AT_THE_CODE = Words(
    _("Somebody knows your password"),
    (
        _(
            "Somebody gave your password, in a browser that was not used for your account before, "
            "and then a wrong code: %(when)s. They did not get in."
        ),
        _(
            "If it was you, there is nothing to do. If it was not, set a new password now: the one "
            "that you have is known to others."
        ),
    ),
    _("Set a new password"),
)


def sign_in_letter(seen: KnownBrowser) -> Letter:
    """In the person's language and time zone. It knows no place: an address would not tell one."""
    zone = ZoneInfo(seen.user.time_zone)
    with written_for(seen.user), timezone.override(zone):
        moment = written_date(timezone.localtime(seen.seen_at), "DATETIME_FORMAT")
        return Letter(
            subject=str(_WORDS.subject),
            lines=[str(line) for line in _WORDS.lines],
            action=str(_WORDS.action),
            url=settings.PUBLIC_ORIGIN + reverse("usersessions_list"),
            params={"browser": seen.browser or "—", "when": f"{moment} ({seen.user.time_zone})"},
        )


@app.task(name="members.send_sign_in_letter", retry=RETRY)
def send_sign_in_letter(*, browser_id: int) -> None:
    seen = KnownBrowser.objects.for_letter(browser_id)
    if seen is not None and seen.user.is_active:
        send(sign_in_letter(seen), seen.user)


def code_letter(user: User, at: datetime) -> Letter:
    """Its page is before the sign-in: who is shut out can go there too."""
    with written_for(user), timezone.override(ZoneInfo(user.time_zone)):
        moment = written_date(timezone.localtime(at), "DATETIME_FORMAT")
        return Letter(
            subject=str(_AT_THE_CODE.subject),
            lines=[str(line) for line in _AT_THE_CODE.lines],
            action=str(_AT_THE_CODE.action),
            url=settings.PUBLIC_ORIGIN + reverse("account_reset_password"),
            params={"when": f"{moment} ({user.time_zone})"},
        )


@app.task(name="members.send_code_letter", retry=RETRY)
def send_code_letter(*, user_id: int) -> None:
    """Of the last time that the log has."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    last = AuditEntry.objects.page(act="person.code_refused", object_id=user_id).first()
    if user is not None and last is not None:
        send(code_letter(user, last.at), user)
