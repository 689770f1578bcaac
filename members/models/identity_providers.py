from typing import Self

from django.db import models
from django.utils import timezone

from members.models.institutions import Institution
from members.sealing import seal, unsealed


def domain_of(email: str) -> str:
    return email.rpartition("@")[2].strip().lower()


class IdentityProviderQuerySet(models.QuerySet["IdentityProvider"]):
    def of_institution(self, pk: int) -> "IdentityProvider | None":
        """That of this institution, on or off."""
        found = self.select_related("institution").prefetch_related("domains")
        return found.filter(institution=pk).first()

    def usable(self) -> Self:
        return self.filter(is_on=True).select_related("institution").prefetch_related("domains")

    def open_to(self, pk: int) -> "IdentityProvider | None":
        """That of this institution, if people sign in through it."""
        return self.usable().filter(institution=pk).first() if 0 < pk < 2**63 else None

    def of_address(self, email: str) -> "IdentityProvider | None":
        """Through which whoever has this address signs in."""
        return self.usable().filter(domains__domain=domain_of(email)).first()


class IdentityProvider(models.Model):
    """Where an institution's own people sign in (OpenID Connect), and are sent back from to us."""

    institution = models.OneToOneField(
        Institution, on_delete=models.PROTECT, related_name="identity_provider"
    )
    issuer = models.CharField(max_length=300)  # as the provider itself writes it, to the letter
    client_id = models.CharField(max_length=190)
    sealed_secret = models.TextField()  # see `members.sealing`
    is_on = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = IdentityProviderQuerySet.as_manager()

    def __str__(self) -> str:
        return self.issuer

    @property
    def client_secret(self) -> str:
        """Raises SealBrokenError."""
        return unsealed(self.sealed_secret)

    @client_secret.setter
    def client_secret(self, secret: str) -> None:
        self.sealed_secret = seal(secret)

    @property
    def domain_names(self) -> list[str]:
        return sorted(each.domain for each in self.domains.all())


class IdentityDomainQuerySet(models.QuerySet["IdentityDomain"]):
    def taken(self, domains: list[str], *, by_others_than: Institution) -> list[str]:
        """Those that are bound to another institution."""
        found = self.filter(domain__in=domains).exclude(provider__institution=by_others_than)
        return sorted(found.values_list("domain", flat=True))


class IdentityDomain(models.Model):
    """What stands behind the @ of an institution's addresses: of one institution alone."""

    provider = models.ForeignKey(IdentityProvider, on_delete=models.CASCADE, related_name="domains")
    domain = models.CharField(max_length=253, unique=True)

    objects = IdentityDomainQuerySet.as_manager()

    def __str__(self) -> str:
        return self.domain
