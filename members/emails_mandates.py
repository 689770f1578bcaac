"""Letters to the holder of a mandate about it. Jobs carry numbers only; what is said is read when
it is sent.
"""

import logging
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from members.emails import Letter, Words, send
from members.enums import MandateLetter
from members.letters import written_for
from members.models import Mandate, User
from members.permissions.people import MANAGING
from members.tasks import RETRY
from records.models import AuditEntry
from records.reading import written_date

logger = logging.getLogger(__name__)
LETTERS: dict[str, Words] = {
    MandateLetter.SUSPENDED: Words(
        _("Your mandate is suspended"),
        (
            _("Your mandate for %(institution)s (%(capacity)s) is suspended."),
            _(
                "Until it is reinstated, it carries no rights. What you have said and done "
                "stays in the record."
            ),
            _("The reason:"),
        ),
        _("See the mandate"),
    ),
    MandateLetter.REINSTATED: Words(
        _("Your mandate is reinstated"),
        (
            _(
                "Your mandate for %(institution)s (%(capacity)s) is reinstated, and carries its "
                "rights again."
            ),
        ),
        _("See the mandate"),
    ),
    MandateLetter.HANDED_OVER: Words(
        _("Your mandate was handed to a successor"),
        (
            _(
                "Your mandate for %(institution)s (%(capacity)s) has ended, and a successor has "
                "taken it up."
            ),
            _(
                "What you had begun in the rooms of the delegation under this mandate, and what "
                "was still to be sent, has passed to them. Your direct rooms, your bookmarks "
                "and your settings have not."
            ),
        ),
        _("See the mandate"),
    ),
    MandateLetter.ENDED: Words(
        _("Your mandate has ended"),
        (
            _("Your mandate for %(institution)s (%(capacity)s) has ended, on %(day)s."),
            _(
                "What it let you read and do is closed to you since. What you have said and done "
                "stays in the record."
            ),
        ),
        _("See the mandate"),
    ),
    MandateLetter.END_SETTLED: Words(
        _("The last day of your mandate is settled"),
        (
            _("%(day)s is the last day of your mandate for %(institution)s (%(capacity)s)."),
            _(
                "Until then it carries its rights. Afterwards, what it lets you read and do is "
                "closed to you; what you have said and done stays in the record."
            ),
        ),
        _("See the mandate"),
    ),
    MandateLetter.LAID_DOWN: Words(
        _("A mandate was laid down"),
        (
            _(
                "%(person)s has laid down their mandate for %(institution)s (%(capacity)s), on "
                "%(day)s."
            ),
            _(
                "What it let them read and do is closed to them since. What they have said and "
                "done stays in the record. If the seat is to be filled again, invite somebody on "
                "the page of the delegation."
            ),
        ),
        _("Open the delegation"),
    ),
}
ENDS = {MandateLetter.ENDED: "mandate.ended", MandateLetter.END_SETTLED: "mandate.end_settled"}


def mandate_letter(letter: str, about: Mandate, reader: User) -> Letter:
    """The letter of that name for its reader, in their language and time zone."""
    words = LETTERS[letter]
    suspended = letter == MandateLetter.SUSPENDED
    reason = about.suspension_reason if suspended else _said_of(letter, about)
    page = reverse("members:mandate", args=[about.pk])
    if letter == MandateLetter.LAID_DOWN:
        page = reverse("members:delegation", args=[about.institution_id])
    with written_for(reader):
        lines = [str(line) for line in words.lines]
        if reason and letter in ENDS:
            lines.append(gettext("The reason:"))
        params = {
            "institution": about.institution.name.text,
            "capacity": str(about.get_capacity_display()),
            "person": about.user.name,
        }
        if about.last_moment:
            zone = ZoneInfo(reader.time_zone)
            params["day"] = written_date(timezone.localdate(about.last_moment, zone))
        return Letter(
            subject=str(words.subject),
            lines=lines,
            action=str(words.action),
            url=settings.PUBLIC_ORIGIN + page,
            quote=reason,
            params=params,
        )


def _said_of(letter: str, about: Mandate) -> str:
    """The reason that was given for the end, which the audit log alone keeps."""
    if letter not in ENDS:
        return ""
    entry = AuditEntry.objects.about(about).filter(act=ENDS[MandateLetter(letter)]).first()
    return str(entry.after.get("reason", "")) if entry and entry.after else ""


def defer_mandate_letter(letter: MandateLetter, about: Mandate, *, actor: User | None) -> None:
    """In the caller's transaction; who does it to themselves is not told."""
    if actor is None or actor.pk != about.user_id:
        send_mandate_letter.defer(letter=letter.value, mandate_id=about.pk)


def tell_managers_laid_down(about: Mandate) -> None:
    """In the caller's transaction: the others who manage the delegation; where nobody does, the
    secretariat.
    """
    others = Mandate.objects.running().exclude(user=about.user_id)
    managers = others.of_institution(about.institution).filter(capacity__in=MANAGING)
    office = Mandate.objects.of_secretariat().exclude(user=about.user_id)
    told = sorted({each.user_id for each in managers} or {each.user_id for each in office})
    for user_id in told:
        send_mandate_letter.defer(
            letter=MandateLetter.LAID_DOWN.value, mandate_id=about.pk, user_id=user_id
        )


@app.task(name="members.send_mandate_letter", retry=RETRY)
def send_mandate_letter(*, letter: str, mandate_id: int, user_id: int | None = None) -> None:
    """Send one letter, to the holder or to `user_id`; one that was overtaken meanwhile is not."""
    about = Mandate.objects.for_display().find(mandate_id)
    reader = about and (User.objects.numbered(user_id) if user_id else about.user)
    if about is None or not reader or not reader.is_active or not _stands(letter, about):
        logger.info("No letter: %s of mandate %s is past", letter, mandate_id)
        return
    send(mandate_letter(letter, about, reader), reader)


def _stands(letter: str, about: Mandate) -> bool:
    """Whether it is still as the letter would say."""
    if letter in (MandateLetter.HANDED_OVER, MandateLetter.ENDED, MandateLetter.LAID_DOWN):
        return about.is_ended
    if letter == MandateLetter.END_SETTLED:
        return about.ends_at is not None and not about.is_ended
    return (about.suspended_at is not None) == (letter == MandateLetter.SUSPENDED)
