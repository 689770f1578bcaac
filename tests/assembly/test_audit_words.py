"""The audit log says the assembly's acts in words, in the reader's language."""

from django.utils import translation

from assembly.models import Poll
from members.audit import described
from records.models import AuditEntry
from tests.assembly.test_votes import N, Y, certify, save
from tests.factories import Cast


def test_a_certified_vote_is_said_in_words(cast: Cast, poll: Poll) -> None:
    save(poll, cast, Y, Y, Y, N)
    certify(poll, cast)
    entries = list(AuditEntry.objects.filter(act__in=["roll_call.certified", "meeting.created"]))
    with translation.override("fr"):
        changes = [change for said in described(entries) for change in said.changes]
    words = {change.name: change.after for change in changes}
    assert words["type"] == "assemblée générale"
    assert words["pays"] == "Qatar"
    assert "Institution KR : pour" in words["liste d’émargement"].replace("\u00a0", " ")
    assert "adopté" in words["dépouillement"]
