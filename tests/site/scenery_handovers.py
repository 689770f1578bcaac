"""A handover of the presidency to Nigeria that was scheduled and cancelled."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from members.actions.handovers import cancel_handover, schedule_handover
from tests.site.stage import user


def handovers(stage: Any) -> None:
    delegate = user("delegate.ng")
    settled = schedule_handover(
        institution=delegate.mandates.get().institution,
        takes_effect_at=timezone.now() + timedelta(days=90),
        ending=[stage.mandate],
        beginning=[delegate],
        **stage.by_office,
    )
    cancel_handover(
        handover=settled,
        reason="The assembly has put the decision off.\n\nأرجأت الجمعية العمومية القرار.",
        **stage.by_office,
    )
