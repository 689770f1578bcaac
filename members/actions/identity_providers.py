"""An institution's own sign-in, as the secretariat settles it."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import IdentityDomain, IdentityProvider, Institution, Mandate, User
from members.permissions.identity import can_settle_identity
from records.actions import append_audit_entry

SETTLED = ("issuer", "client_id", "is_on")


class ProviderChangedError(ValidationError):
    def __init__(self) -> None:
        super().__init__(
            _("Somebody else has changed this meanwhile. This is how it stands now."), code="stale"
        )


class DomainTakenError(ValidationError):
    def __init__(self, domains: list[str]) -> None:
        told = _("Bound to another institution already: %(domains)s")
        super().__init__(told % {"domains": ", ".join(domains)}, code="taken")


@transaction.atomic
def settle_identity_provider(
    *,
    institution: Institution,
    issuer: str,
    client_id: str,
    client_secret: str,
    domains: list[str],
    is_on: bool,
    version: int,
    actor: User,
    mandate: Mandate | None,
) -> IdentityProvider:
    """Bind the institution's sign-in and e-mail domains to its provider.

    `client_secret` "": the one that is kept stays. `version` is the one that was seen, 0 where
    there was none. Safe to repeat: what stands already is not written twice.

    Raises PermissionDenied, ProviderChangedError, DomainTakenError, ValidationError("no_secret").
    """
    if not can_settle_identity(actor):
        raise PermissionDenied
    Institution.objects.select_for_update(no_key=True).get(pk=institution.pk)
    kept = IdentityProvider.objects.of_institution(institution.pk)
    before = _as_logged(kept) if kept else {}
    after = {
        "issuer": issuer,
        "client_id": client_id,
        "email_domains": sorted(domains),
        "is_on": is_on,
    }
    if kept and not client_secret and before == after:
        return kept
    if (kept.version if kept else 0) != version:
        raise ProviderChangedError
    if kept is None and not client_secret:
        raise ValidationError(_("Enter the client secret."), code="no_secret")
    if taken := IdentityDomain.objects.taken(domains, by_others_than=institution):
        raise DomainTakenError(taken)
    changed = kept or IdentityProvider(institution=institution, version=0)
    changed.issuer, changed.client_id, changed.is_on = issuer, client_id, is_on
    if client_secret:
        changed.client_secret = client_secret
    changed.version += 1
    changed.changed_at = timezone.now()
    changed.save()
    changed.domains.exclude(domain__in=domains).delete()
    for domain in sorted(set(domains) - set(changed.domains.values_list("domain", flat=True))):
        try:
            with transaction.atomic():
                changed.domains.create(domain=domain)
        except IntegrityError as error:  # another institution's was settled at this moment
            raise DomainTakenError([domain]) from error
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="institution.sign_in_settled",
        thing=institution,
        before=before,
        after={**after, "secret_changed": bool(client_secret)},
    )
    return IdentityProvider.objects.select_related("institution").get(pk=changed.pk)


def _as_logged(provider: IdentityProvider) -> dict[str, object]:
    said = {name: getattr(provider, name) for name in SETTLED}
    return {**said, "email_domains": provider.domain_names}
