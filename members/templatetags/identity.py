from django import template

from members.models import IdentityProvider

register = template.Library()


@register.simple_tag
def institutions_sign_in() -> bool:
    """Whether people of any institution sign in through its own provider."""
    return IdentityProvider.objects.usable().exists()
