"""What the secretariat advises the assembly on an application, in words."""

from django.utils.translation import gettext as _

from assembly.models import AgendaItem
from members.dossiers.making import Advice


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
