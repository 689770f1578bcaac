"""No row that refers to a person is forgotten: each is in the copy of their data, or left out for a
reason that stands here.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from members.models import Mandate, Reviewer, User
from portal.data_export.contents import PARTS

# Why none has it.
ACTS = "an act of an office, in the audit log of one's own acts; its words are the office's"
BESIDE = "by which mandate; the person stands beside it"
OTHERS = "what others wrote, or who they are"
ITSELF = "the copy itself"
MADE = "made for reading from what others wrote"

# The field that refers to a person -> the part that has the row, or why none has.
BY_PERSON = {
    "account.EmailAddress.user": "addresses",
    "admin.LogEntry.user": "nothing is ever written there: the admin is for reading",
    "assembly.Poll.certified_by": ACTS,
    "assembly.Poll.opened_by": ACTS,
    "members.Application.contact": "applications",
    "members.ApplicationDocument.uploaded_by": "documents",
    "members.ApplicationEditor.user": "applications",
    "members.ApplicationFormVersion.published_by": ACTS,
    "members.ApplicationRevision.actor": "application_changes",
    "members.AppointmentLetter.recorded_by": ACTS,
    "members.CalendarFeed.user": "calendar",
    "members.CharterRefusal.by": ACTS,
    "members.CharterSending.by": ACTS,
    "members.CharterVersion.made_by": ACTS,
    "members.DecisionTerms.by": ACTS,
    "members.Declaration.user": "declarations",
    "members.DossierFile.user": MADE,
    "members.GroupVersion.actor": ACTS,
    "members.Handover.cancelled_by": ACTS,
    "members.Handover.scheduled_by": ACTS,
    "members.IncompleteClosing.by": ACTS,
    "members.InformationRequest.asked_by": ACTS,
    "members.InstitutionPicture.added_by": "pictures",
    "members.Invitation.invited_by": OTHERS,
    "members.Invitation.sent_again_by": OTHERS,
    "members.KnownBrowser.user": "browsers",
    "members.LetterText.made_by": ACTS,
    "members.Mandate.user": "mandates",
    "members.Membership.recorded_by": ACTS,
    "members.NetworkVersion.made_by": ACTS,
    "members.PersonProfile.user": "profile",
    "members.ProfileProposal.actor": "profiles",
    "members.ProfileProposal.decided_by": ACTS,
    "members.ProfileVersion.actor": "profiles",
    "members.ReviewGuide.made_by": ACTS,
    "members.Reviewer.assigned_by": ACTS,
    "members.Reviewer.user": "reviews",
    "members.SavedFilter.owner": "filters",
    "members.StandingNotice.created_by": "notices",
    "members.StandingNotice.discarded_by": "notices",
    "members.StandingNotice.recipients": "notices",
    "members.StandingNotice.sent_by": "notices",
    "members.Tick.by": "checklists",
    "messaging.Acknowledgement.user": "acknowledgements",
    "messaging.Attachment.uploader": "message_files",
    "messaging.Erasure.answered_by": ACTS,
    "messaging.Erasure.asked_by": "its explanation may say what was erased; the audit log has it",
    "messaging.Hold.lifted_by": ACTS,
    "messaging.Hold.placed_by": ACTS,
    "messaging.Mention.user": OTHERS,
    "messaging.Message.author": "messages",
    "messaging.MessageDraft.user": "message_drafts",
    "messaging.Mute.user": "mutes",
    "messaging.NotificationLevel.user": "notification_levels",
    "messaging.NotificationSettings.user": "notifications",
    "messaging.OpinionAnswer.user": "opinions",
    "messaging.Participant.user": "rooms",
    "messaging.PushDevice.user": "push_devices",
    "messaging.Reaction.user": "reactions",
    "messaging.ReadMark.user": "read_marks",
    "messaging.Record.actor": "room_acts",
    "messaging.Report.reporter": "reports",
    "messaging.Report.settled_by": ACTS,
    "messaging.ScheduledMessage.author": "scheduled",
    "messaging.StatementDraft.author": "statement_drafts",
    "messaging.Subject.opened_by": "room_acts",
    "messaging.ToldMark.user": "told_marks",
    "messaging.Transcript.asked_by": "transcripts",
    "messaging.Translation.author": "translations",
    "mfa.Authenticator.user": "second_factors",
    "portal.DataExport.user": ITSELF,
    "portal.HandoverPack.asked_by": ACTS,
    "portal.NewsItem.author": "texts",
    "portal.TextVersion.actor": "texts",
    "socialaccount.SocialAccount.user": "sign_ins",
    "usersessions.UserSession.user": "devices",
}
# The same of those that refer to a mandate, and by it to its holder.
BY_MANDATE = {
    "members.AppointmentLetter.mandate": "letters",
    "members.GroupDate.saved_by": "group_dates",
    "members.GroupDateVersion.saved_by": "group_dates",
    "members.GroupFile.put_in_by": "group_files",
    "members.GroupFile.removed_by": ACTS,
    "members.GroupFile.saved_by": "group_files",
    "members.GroupFileVersion.saved_by": "group_files",
    "members.GroupMember.representative": "group_places",
    "members.GroupVersion.mandate": BESIDE,
    "members.HandoverMandate.mandate": "what becomes of a mandate: the mandates say it",
    "members.InstitutionPicture.mandate": BESIDE,
    "members.Invitation.succeeds": OTHERS,
    "members.JoinRequest.answered_by": "join_answers",
    "members.JoinRequest.asked_by": "join_requests",
    "members.Mandate.succeeds": OTHERS,
    "members.ProfileProposal.mandate": BESIDE,
    "members.ProfileVersion.mandate": BESIDE,
    "members.StandingNotice.sent_mandate": BESIDE,
    "messaging.Acknowledgement.mandate": BESIDE,
    "messaging.BilateralInvitation.answered_by": "bilateral",
    "messaging.BilateralInvitation.invited_by": "bilateral",
    "messaging.Erasure.mandate": BESIDE,
    "messaging.Message.mandate": BESIDE,
    "messaging.MessageDraft.mandate": BESIDE,
    "messaging.Mute.mandate": "room_acts",
    "messaging.OpinionAnswer.mandate": BESIDE,
    "messaging.Reaction.mandate": BESIDE,
    "messaging.Record.mandate": BESIDE,
    "messaging.Report.mandate": BESIDE,
    "messaging.ScheduledMessage.mandate": BESIDE,
    "messaging.Statement.released_by": "statement_drafts",
    "messaging.StatementDraft.answered_by": "statement_drafts",
    "messaging.StatementDraft.mandate": BESIDE,
    "messaging.StatementDraft.passed_to": OTHERS,
    "messaging.Transcript.mandate": BESIDE,
    "messaging.Translation.mandate": BESIDE,
    "portal.NewsItem.mandate": BESIDE,
    "portal.TextVersion.mandate": BESIDE,
}
# The same of those that refer to a review, and by it to its reviewer.
BY_REVIEWER = {
    "members.Recommendation.reviewer": "reviews",
    "members.ReviewNote.reviewer": "reviews",
}
# Of the account itself: the column of the part that has it, or why none has.
OF_ACCOUNT = {
    "id": "a number of the database",
    "password": "would open the account",
    "last_login": "last_login",
    "email": "email",
    "name_latin": "name_latin",
    "name_arabic": "name_arabic",
    "language": "language",
    "time_zone": "time_zone",
    "theme": "theme",
    "digits": "digits",
    "shows_hijri": "shows_hijri",
    "search_text": "the names, folded",
    "is_active": "who asks for a copy has an account",
    "is_staff": "is_technical",
    "created_at": "since",
}
REASON = 12  # a reason is longer than this, and has a space


def referring_to(wanted: type[models.Model]) -> Iterator[str]:
    """Every field of the project that does. Of a table that a field makes for itself, the field."""
    for model in apps.get_models():
        for field in model._meta.get_fields():
            own = field.concrete and not field.auto_created
            if own and field.is_relation and field.related_model is wanted:
                yield f"{model._meta.label}.{field.name}"


def is_reason(said: str) -> bool:
    return len(said) > REASON and " " in said


@pytest.mark.parametrize(
    ("model", "table"), [(User, BY_PERSON), (Mandate, BY_MANDATE), (Reviewer, BY_REVIEWER)]
)
def test_every_row_of_a_person_is_in_a_part_or_left_out_for_a_reason(
    model: type[models.Model], table: dict[str, str]
) -> None:
    assert set(referring_to(model)) == set(table)
    parts = {part.key for part in PARTS}
    assert {said for said in table.values() if said not in parts and not is_reason(said)} == set()


def test_every_part_is_of_something_that_is_listed() -> None:
    """But for those that are of no row that refers to a person."""
    apart: dict[str, Any] = {
        "account": "the person",
        "application_answers": "of their applications",
        "audit": "by number, not by reference",
        "invitations": "by address",
        "suspensions": "of their mandates, from the audit log",
    }
    listed = {*BY_PERSON.values(), *BY_MANDATE.values(), *apart}
    assert {part.key for part in PARTS} - listed == set()
    assert len({part.key for part in PARTS}) == len(PARTS)


def test_everything_of_the_account_is_in_it_or_left_out_for_a_reason() -> None:
    fields = {field.name for field in User._meta.concrete_fields}
    assert fields == set(OF_ACCOUNT)
    [columns] = [set(part.columns) for part in PARTS if part.key == "account"]
    said = {words for words in OF_ACCOUNT.values() if not is_reason(words)}
    assert said == columns - {"name"}
