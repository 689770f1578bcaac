"""Pictures of institutions: who reads their files, who puts them in.

What is published is seen as the institution's page is; what is not, by its delegates and the
secretariat.
"""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from members.models import Institution, InstitutionPicture
from members.permissions.people import (
    Someone,
    access_delegation,
    access_institution,
    can_change_profile,
    can_see_people,
    running_mandates,
)
from records.models import StoredFile


def access_picture_file(user: Someone, pk: int, sha256: str) -> tuple[StoredFile, bool]:
    """The file of a picture in one of its sizes, and whether the public may see it. Raises
    Http404.
    """
    found = list(InstitutionPicture.objects.of_file(pk, sha256).with_files())
    if any(picture.is_published for picture in found):
        is_public = Institution.objects.public().find(pk) is not None
        if is_public or can_see_people(user):
            return found[0].file_of(sha256), is_public
    if found and any(m.is_of_secretariat or m.institution_id == pk for m in running_mandates(user)):
        return found[0].file_of(sha256), False
    raise Http404


def access_picture(user: Someone, pk: int, picture_id: int) -> tuple[Institution, int]:
    """An institution, and the place of a picture among those that it shows, from 0. Raises
    Http404.
    """
    institution = access_institution(user, pk)
    ids = [entry["id"] for entry in institution.pictures]
    if picture_id not in ids:
        raise Http404
    return institution, ids.index(picture_id)


def access_pictures(user: Someone, pk: int) -> Institution:
    """The institution whose pictures one may change. Raises Http404; PermissionDenied to its other
    delegates.
    """
    institution = access_delegation(user, pk)
    if not can_change_profile(user, institution):
        raise PermissionDenied
    return institution


def access_kept_picture(
    user: Someone, pk: int, picture_id: int
) -> tuple[Institution, InstitutionPicture]:
    """A picture that the institution has sent, shown or not, for who may change it. Raises as
    above.
    """
    institution = access_pictures(user, pk)
    picture = InstitutionPicture.objects.find(institution, picture_id)
    if picture is None:
        raise Http404
    return institution, picture
