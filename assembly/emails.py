"""Letters of the assembly: what they say."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from assembly.models import Meeting
from members.emails import Letter
from members.letters import written_for
from members.models import User


def release_letter(meeting: Meeting, user: User) -> Letter:
    """That decisions wait for this reader."""
    with written_for(user):
        return Letter(
            subject=_("Results wait for you to release them"),
            lines=[
                _(
                    "Decisions of this meeting are prepared: %(meeting)s. Nobody is told of them "
                    "before you, or somebody else who may, release them together."
                ),
            ],
            action=_("Open the meeting"),
            url=settings.PUBLIC_ORIGIN + reverse("assembly:meeting", args=[meeting.pk]),
            params={"meeting": meeting.name},
        )
