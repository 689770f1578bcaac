"""Who may read of a profile what not everyone reads: its earlier versions, and their logos; and
who says what an institution is.
"""

from django.http import Http404

from members.models import Institution, ProfileProposal, ProfileVersion
from members.permissions.people import (
    Someone,
    access_delegation,
    access_institution,
    can_see_people,
    is_secretariat,
    running_mandates,
)
from records.models import StoredFile


def access_profile_version(user: Someone, pk: int, number: int) -> ProfileVersion:
    """A version of a profile: for the institution's delegates and the secretariat. Raises Http404.

    Its institution is as `access_delegation` finds it.
    """
    institution = access_delegation(user, pk)
    version = institution.profile_versions.in_order().with_logos().find(number)
    if version is None:
        raise Http404
    version.institution = institution
    return version


def can_correct_facts(user: Someone) -> bool:
    """Acronym, country and kind: the secretariat alone, for the network's lists hang on them."""
    return is_secretariat(user)


def access_facts(user: Someone, pk: int) -> Institution:
    """An institution whose facts the person may correct. Raises Http404."""
    if not can_correct_facts(user):
        raise Http404
    return access_institution(user, pk)


def access_logo(user: Someone, pk: int, sha256: str) -> tuple[StoredFile, bool]:
    """The file of a logo, and whether the public may see it: today's, of a public institution.

    Delegates see today's logo of any; those of before, and those that wait, are for who may read
    the versions. Raises Http404.
    """
    institution = Institution.objects.with_logo(sha256).find(pk)
    if institution is not None and institution.logo is not None:
        is_public = Institution.objects.public().find(pk) is not None
        if is_public or can_see_people(user):
            return institution.logo, is_public
    may_read = any(m.is_of_secretariat or m.institution_id == pk for m in running_mandates(user))
    if may_read:
        version = ProfileVersion.objects.with_logos().of_logo(pk, sha256).first()
        found = version or ProfileProposal.objects.of_logo(pk, sha256).first()
        if found is not None and found.logo is not None:
            return found.logo, False
    raise Http404
