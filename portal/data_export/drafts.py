"""What a person has begun in rooms and not said yet."""

from collections.abc import Iterator

from django.utils.translation import pgettext_lazy

from members.models import User
from messaging.enums import DraftState
from messaging.models import MessageDraft, StatementDraft
from portal.data_export.parts import Row

WRITTEN = pgettext_lazy("export", "written")
ANSWERED = pgettext_lazy("export", "answered")


def message_draft_rows(user: User) -> Iterator[Row]:
    for draft in MessageDraft.objects.own(user):
        yield {
            "room": draft.room.title.text,
            "since": draft.changed_at,
            "answers": draft.reply_to,
            "text": draft.body,
        }


def statement_draft_rows(user: User) -> Iterator[Row]:
    """Their own, the released ones by the number of the message that has the text; and what they
    answered to those of others: the reason is theirs, and the draft is not.
    """
    for draft in StatementDraft.objects.of_person(user):
        row = {
            "room": draft.room.title.text,
            "state": str(draft.get_state_display()),
            "number": draft.message.seq if draft.message else None,
            "erased": draft.erased_at,
        }
        if draft.author_id == user.pk:
            written = {"act": str(WRITTEN), "since": draft.created_at, "text": draft.body}
            yield {**row, **written}
        else:
            reason = draft.reason if draft.state == DraftState.RETURNED else ""
            yield {**row, "act": str(ANSWERED), "since": draft.answered_at, "text": reason}
