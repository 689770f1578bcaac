"""To a person: somebody signed in as them in a browser that they never used before."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from members.emails import Letter, Words, send
from members.letters import written_for
from members.models import KnownBrowser
from members.tasks import RETRY
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
