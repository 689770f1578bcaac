"""Letters about the dates of groups: what they say. How they are sent is in `emails`."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.emails import Letter, Words
from members.group_times import said_elsewhere, said_in
from members.letters import written_for
from members.models import GroupDateVersion, User

LETTERS: dict[str, Words] = {
    "set": Words(
        gettext_lazy("A new date in the calendar of a group"),
        (gettext_lazy("“%(group)s” has a new date: “%(title)s”."),),
    ),
    "moved": Words(
        gettext_lazy("A date of a group was moved"),
        (gettext_lazy("“%(title)s”, a date of “%(group)s”, was moved. This holds now:"),),
    ),
    "cancelled": Words(
        gettext_lazy("A date of a group was cancelled"),
        (gettext_lazy("“%(title)s”, a date of “%(group)s”, was cancelled. It was to be:"),),
    ),
}


def date_letter(version: GroupDateVersion, user: User) -> Letter:
    """The letter about that version (`told`: a key of LETTERS), by the clocks of this reader."""
    words = LETTERS[version.told]
    date = version.date
    with written_for(user), timezone.override(ZoneInfo(user.time_zone)):
        params = {
            "group": date.group.name.text,
            "title": version.title.text,
            "when": said_in(version),
            "place": version.place,
        }
        lines = [*map(str, words.lines), "%(when)s"]
        for number, other in enumerate(said_elsewhere(version)):
            params[f"other_{number}"] = other
            lines.append(f"%(other_{number})s")
        if version.place:
            lines.append(_("Place: %(place)s"))
        if version.is_cancelled:
            lines.append(_("The reason given:"))
        return Letter(
            subject=str(words.subject),
            lines=lines,
            action=_("Open the date"),
            url=settings.PUBLIC_ORIGIN
            + reverse("members:group_date", args=[date.group_id, date.pk]),
            quote=version.cancel_reason,
            params=params,
        )
