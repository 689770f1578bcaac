"""Through whose provider somebody signs in, and who settles that."""

from django.http import Http404

from members.models import IdentityProvider, Institution, Invitation, Mandate, User
from members.models.identity_providers import domain_of
from members.permissions.invitations import standing_among
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


def accepts_through(invitation: Invitation) -> IdentityProvider | None:
    """The provider by which whoever is invited can prove the address, in the place of a password:
    that of the institution to which they come, where the address is its own.
    """
    if invitation.institution_id is None or not invitation.name:
        return None
    provider = IdentityProvider.objects.open_to(invitation.institution_id)
    return provider if provider and is_address_of(provider, invitation.email) else None


def vouches_for(user: User) -> IdentityProvider | None:
    """Through which provider the person signs in, and can prove again who they are."""
    provider = IdentityProvider.objects.of_address(user.email)
    return provider if provider and let_in(provider, user.email) else None


def let_in(provider: IdentityProvider, email: str) -> User | None:
    """Whom the provider signs in by this address: a person who sits, is to sit, or is invited to
    sit in the delegation of its own institution. Not who sat there once: they may sit elsewhere.
    """
    user = User.objects.of_email(email)
    if user is None or not user.is_active or not is_address_of(provider, user.email):
        return None
    held = Mandate.objects.unended().of_institution(provider.institution).of_person(user.pk)
    invited = Invitation.objects.open().of_institution(provider.institution).addressed(user.email)
    return user if held.exists() or standing_among(invited) else None
