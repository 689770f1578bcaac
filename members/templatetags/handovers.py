"""When a handover takes effect, for readers in other zones than the network's."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from records.reading import written_date

register = template.Library()


@register.simple_tag
def network_zone() -> str:
    return str(settings.NETWORK_TIME_ZONE)


@register.simple_tag
def moment_in_zones(moment: datetime) -> SafeString:
    """In the network's zone, and beside it in the reader's where that is another."""
    own = timezone.get_current_timezone_name()
    zones = [settings.NETWORK_TIME_ZONE, *([own] if own != settings.NETWORK_TIME_ZONE else [])]
    said = [_said(moment, zone) for zone in zones]
    return format_html('{}<br><span class="meta">{}</span>', *said) if said[1:] else said[0]


def _said(moment: datetime, zone: str) -> SafeString:
    local = moment.astimezone(ZoneInfo(zone))
    return format_html(
        '<time datetime="{}">{}</time> (<bdi>{}</bdi>)',
        local.isoformat(timespec="seconds"),
        written_date(local, "DATETIME_FORMAT"),
        zone,
    )
