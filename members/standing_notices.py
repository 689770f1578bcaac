"""Who reads a notice on an institution's standing, and in which languages."""

from members.enums import Capacity
from members.models import Institution, Mandate, User
from members.network import first_language, languages_with

TOLD = (Capacity.HEAD, Capacity.FOCAL_POINT)


def readers_of(institution: Institution) -> list[User]:
    """Its heads and focal points, also while their mandates carry no rights."""
    held = Mandate.objects.in_office().of_institution(institution).for_display()
    found = {m.user_id: m.user for m in held if m.capacity in TOLD}
    return list(found.values())


def languages_of(readers: list[User]) -> list[str]:
    """Those in which they read, in the order of the network, and then those that it has left; the
    first one where nobody reads.
    """
    read = {reader.language or first_language() for reader in readers}
    codes = [code for code, _own_name in languages_with(read) if code in read]
    return codes or [first_language()]
