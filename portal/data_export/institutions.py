"""What a person wrote of institutions, and to them."""

from collections.abc import Iterable, Iterator

from django.utils.translation import pgettext, pgettext_lazy

from members.models import (
    Field,
    InstitutionPicture,
    ProfileProposal,
    ProfileVersion,
    StandingNotice,
    User,
)
from members.profile_changes import Change, Names, Profile, profile_changes
from portal.data_export.files import name_in_archive
from portal.data_export.parts import Row

SAVED = pgettext_lazy("of a profile", "saved")
DRAFTED = pgettext_lazy("of a notice", "drafted")
SENT = pgettext_lazy("of a notice", "sent")
DISCARDED = pgettext_lazy("of a notice", "discarded")
RECEIVED = pgettext_lazy("of a notice", "received")


def profile_change_rows(user: User) -> Iterator[Row]:
    """What they made another, not the whole: most of a profile is of others. Of a proposal that
    went on from one before, what is new in it too.
    """
    names = Field.objects.names_by_number()
    for version in ProfileVersion.objects.saved_by_person(user):
        yield {
            "institution": version.institution.name.text,
            "state": str(SAVED),
            "number": version.number,
            "since": version.at,
            "text": _said(_changes(version.before, version.profile, names)),
            "file": name_in_archive(version) if version.has_new_logo else "",
        }
    for proposal in ProfileProposal.objects.made_by_person(user):
        institution = proposal.institution
        seen = proposal.seen
        if seen is None and proposal.seen_version == institution.profile_version:
            seen = institution.profile()
        changes = _changes(seen, proposal.profile, names)
        if proposal.before is not None:
            new = {each.label for each in _changes(proposal.before, proposal.profile, names)}
            changes = [each for each in changes if each.label in new]
        yield {
            "institution": institution.name.text,
            "state": str(proposal.get_state_display()),
            "number": proposal.number,
            "since": proposal.at,
            "text": _said(changes),
            "file": name_in_archive(proposal) if proposal.has_new_logo else "",
        }


def _changes(old: Profile | None, new: Profile, names: Names) -> list[Change]:
    """The logo and the pictures apart. Where nothing is known from before, nobody can tell."""
    if old is None:
        return []
    before, after = ({**profile, "logo": "", "pictures": []} for profile in (old, new))
    return profile_changes(before, after, names, drafts=True)


def _said(changes: Iterable[Change]) -> str:
    pattern = pgettext("a thing and its value", "%(name)s: %(value)s")
    return "\n".join(pattern % {"name": each.label, "value": each.after} for each in changes)


def picture_rows(user: User) -> Iterator[Row]:
    for picture in InstitutionPicture.objects.added_by_person(user):
        yield {
            "institution": picture.institution.name.text,
            "since": picture.added_at,
            "file": name_in_archive(picture),
        }


def notice_rows(user: User) -> Iterator[Row]:
    """The words of one that they sent are theirs; a draft may be written on by others since."""
    for notice in StandingNotice.objects.of_person(user):
        acts = (
            (notice.created_by_id == user.pk, DRAFTED, notice.created_at, notice.version == 1),
            (notice.sent_by_id == user.pk, SENT, notice.sent_at, True),
            (notice.discarded_by_id == user.pk, DISCARDED, notice.discarded_at, False),
            (notice.was_received, RECEIVED, notice.sent_at, False),
        )
        for is_theirs, act, at, has_text in acts:
            if is_theirs:
                yield {
                    "institution": notice.institution.name.text,
                    "subject": str(notice.get_subject_display()),
                    "act": str(act),
                    "since": at,
                    "text": _letter(notice) if has_text else "",
                }


def _letter(notice: StandingNotice) -> str:
    """In every language that it is written in."""
    texts = [
        f"{notice.titles.get(code, '')}\n\n{body}".strip() for code, body in notice.bodies.items()
    ]
    return "\n\n".join(filter(None, texts))
