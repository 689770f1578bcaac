"""What rooms say of themselves, for templates."""

from django import template
from django.utils.safestring import SafeString

from messaging.acts import act_line
from messaging.models import Record

register = template.Library()


@register.filter(name="act_line")
def line_of(record: Record) -> SafeString:
    return act_line(record)
