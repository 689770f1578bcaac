from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from members.enums import Visibility, WhyClosed
from members.models import PersonProfile, User
from records.languages import spoken

register = template.Library()


@register.filter
def address(email: str) -> SafeString:
    """An e-mail address, isolated; where it must break, it breaks before its domain."""
    name, at, domain = email.rpartition("@")
    return format_html('<bdi dir="ltr">{}{}<wbr>{}</bdi>', name, at, domain)


@register.filter
def why_closed(reason: str) -> str:
    """Why an invitation cannot be accepted, in words."""
    return str(WhyClosed(reason).label)


@register.filter
def seen_form_of_address(person: User) -> SafeString:
    """How to address them, with a space after it, for their own delegation and the secretariat."""
    profile = _profile(person, "form_of_address")
    if profile is None or not profile.form_of_address.text:
        return SafeString("")
    return format_html('<span class="meta">{}</span> ', spoken(profile.form_of_address))


@register.filter
def seen_position(person: User) -> SafeString:
    """Their position, on a line of its own, for their own delegation and the secretariat."""
    profile = _profile(person, "position")
    if profile is None or not profile.position.text:
        return SafeString("")
    return format_html('<br><span class="meta">{}</span>', spoken(profile.position))


def _profile(person: User, part: str) -> PersonProfile | None:
    """Of somebody read by `with_profiles()`, if it shows this part to more than the person."""
    profile: PersonProfile | None = getattr(person, "profile", None)
    hidden = profile is None or profile.shown_to(part) == Visibility.NOBODY
    return None if hidden else profile
