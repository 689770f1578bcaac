from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def address(email: str) -> SafeString:
    """An e-mail address, isolated; where it must break, it breaks before its domain."""
    name, at, domain = email.rpartition("@")
    return format_html('<bdi dir="ltr">{}{}<wbr>{}</bdi>', name, at, domain)
