"""What the portal hears from below."""

from typing import Any

from django.dispatch import receiver

from members.enums import HandoverState
from members.models import Handover, User
from members.network import first_language
from members.signals import person_erased, presidency_changed
from portal.actions.exports import forget_exports
from portal.actions.packs import ask_for_pack
from portal.models import HandoverPack


@receiver(presidency_changed)
def make_pack_at_the_moment(handover: Handover, **_: Any) -> None:
    """Whoever has not asked for it before finds it none the less."""
    if handover.state == HandoverState.EFFECTIVE and not HandoverPack.objects.of(handover):
        ask_for_pack(handover=handover, language=first_language(), actor=None)


@receiver(person_erased)
def forget_copies(user: User, **_: Any) -> None:
    forget_exports(user=user)
