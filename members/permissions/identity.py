"""Through whose provider somebody signs in, and who settles that."""

from django.http import Http404

from members.models import IdentityProvider, Institution, Invitation, Mandate, User
from members.models.identity_providers import domain_of
from members.permissions.people import Someone, is_secretariat


def can_settle_identity(user: Someone) -> bool:
    """Who vouches for whom is the network's: the secretariat settles it for every institution."""
    return is_secretariat(user)


def access_identity(user: Someone, pk: int) -> Institution:
    """The institution whose sign-in the person may settle. Raises Http404."""
    institution = Institution.objects.find(pk) if 0 < pk < 2**63 else None
    if institution is None or not can_settle_identity(user):
        raise Http404
    return institution


def access_provider(pk: int) -> IdentityProvider:
    """The provider of this institution, for everybody, if it is on. Raises Http404."""
    provider = IdentityProvider.objects.open_to(pk)
    if provider is None:
        raise Http404
    return provider


def is_address_of(provider: IdentityProvider, email: str) -> bool:
    """Whether the provider may say anything about whoever has this address."""
    return domain_of(email) in provider.domain_names


def let_in(provider: IdentityProvider, email: str) -> User | None:
    """Whom the provider signs in by this address: a person who sits, is to sit, or is invited to
    sit in the delegation of its own institution. Not who sat there once: they may sit elsewhere.
    """
    user = User.objects.of_email(email)
    if user is None or not user.is_active or not is_address_of(provider, user.email):
        return None
    held = Mandate.objects.unended().of_institution(provider.institution).of_person(user.pk)
    invited = Invitation.objects.open().of_institution(provider.institution).addressed(user.email)
    return user if held.exists() or invited.exists() else None
