"""What lies open in rooms on the secretariat's desk, added to `members.queues`."""

from django.utils.translation import gettext_lazy as _

from members.queues import QUEUES, Queue
from messaging.models import Erasure, Report, Room

QUEUES.extend(
    [
        Queue(
            "reports",
            _("reports of messages that are open"),
            lambda: Report.objects.in_rooms(Room.objects.of_office()).open().count(),
        ),
        Queue(
            "erasures",
            _("erasures that wait for a second person"),
            lambda: Erasure.objects.in_rooms(Room.objects.of_office()).waiting().count(),
        ),
    ]
)
