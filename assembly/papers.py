"""What the secretariat advises the assembly on an application, in words."""

from collections.abc import Callable

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from assembly.models import AgendaItem
from members.dossiers.making import Advice
from members.models import ApplicationDocument


def advice_on(item: AgendaItem) -> Advice:
    """In the active language."""
    if item.is_recommended is None:
        return Advice("", item.recommendation)
    verdict = (
        _("The secretariat recommends the admission.")
        if item.is_recommended
        else _("The secretariat does not recommend the admission.")
    )
    return Advice(verdict, item.recommendation)


def address_in(item: AgendaItem) -> Callable[[ApplicationDocument], str]:
    """Where those who decide the question find a document, in the active language."""

    def address(document: ApplicationDocument) -> str:
        place = [item.meeting_id, item.position, document.pk]
        origin: str = settings.PUBLIC_ORIGIN
        return origin + reverse("assembly:item_document", args=place)

    return address
