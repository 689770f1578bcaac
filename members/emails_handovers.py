"""Letters about handovers of the presidency: what they say. How they are sent is in `emails`."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.emails import Letter, Words
from members.letters import written_for
from members.models import Handover, User
from records.reading import written_date

LETTERS: dict[str, Words] = {
    "scheduled": Words(
        _("The presidency is to pass to another institution"),
        (
            _("The presidency passes from %(outgoing)s to %(incoming)s: %(moment)s (%(zone)s)."),
            _(
                "From that moment %(incoming)s runs the secretariat, and the office of "
                "%(outgoing)s can only read. Until then it can be moved or taken back."
            ),
        ),
        _("What passes, and what follows"),
    ),
    "moved": Words(
        _("The presidency passes at another time"),
        (
            _(
                "The presidency passes from %(outgoing)s to %(incoming)s at another time: "
                "%(moment)s (%(zone)s)."
            ),
        ),
        _("What passes, and what follows"),
    ),
    "cancelled": Words(
        _("The handover of the presidency was cancelled"),
        (
            _(
                "The presidency does not pass from %(outgoing)s to %(incoming)s. All is as it was "
                "before, for this reason:"
            ),
        ),
        _("See the handover"),
    ),
    "effective": Words(
        _("The presidency has passed to another institution"),
        (
            _("The presidency has passed from %(outgoing)s to %(incoming)s."),
            _("The secretariat is with %(incoming)s; the office of %(outgoing)s can only read."),
        ),
        _("See the handover"),
    ),
}


def handover_letter(letter: str, handover: Handover, user: User, *, linked: bool = True) -> Letter:
    """The letter of that name (a key of LETTERS) for this reader, in their time zone. `linked`:
    whether they can open the page of the handover.
    """
    words = LETTERS[letter]
    with written_for(user):
        moment = handover.takes_effect_at.astimezone(ZoneInfo(user.time_zone))
        return Letter(
            subject=str(words.subject),
            lines=[str(line) for line in words.lines],
            action=str(words.action if linked else _("The public pages of the network")),
            url=settings.PUBLIC_ORIGIN
            + (reverse("members:handover", args=[handover.pk]) if linked else "/"),
            quote=handover.reason if letter == "cancelled" else "",
            params={
                "outgoing": handover.outgoing.institution.name.text,
                "incoming": handover.institution.name.text,
                "moment": written_date(moment, "DATETIME_FORMAT"),
                "zone": user.time_zone,
            },
        )
