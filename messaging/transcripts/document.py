"""The document of a transcript: what docs/proofs.md describes."""

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils import translation
from django.utils.formats import date_format
from django.utils.html import strip_tags
from django.utils.translation import get_language_info, gettext, ngettext

from members.models import Mandate
from members.network import name_of_network
from messaging.acts import act_in_words
from messaging.acts_subjects import Titles, subject_line
from messaging.enums import POSTS, ErasedFor, ParticipantRole, RecordKind, TranslationKind
from messaging.models import Attachment, Participant, Record, Room, Subject, Transcript
from messaging.occasions import occasions_of
from messaging.transcripts import signing
from messaging.transcripts.issued import issue_in_words
from records.languages import in_language

FORMAT = "majlis-transcript/1"
RENDERING = 1  # majlis_verify.page
STEP = 200  # records between two reports of progress


def build_document(
    transcript: Transcript, report: Callable[[int], None] = lambda done: None
) -> dict[str, Any]:
    """The signed document; `report` is told how many records are done. Raises NoSigningKey."""
    room, language = transcript.room, transcript.language
    with translation.override(language):
        hidden = Record.objects.deleted_messages(room)
        ends = {"message__seq__gte": transcript.first_seq, "message__seq__lte": transcript.last_seq}
        files = Attachment.objects.by_message(room, **ends)
        subjects = Subject.objects.titles(room)
        records = []
        first: Record | None = None
        last: Record | None = None
        asked = Record.objects.between(room, transcript.first_seq, transcript.last_seq)
        for record in asked.iterator(chunk_size=STEP):
            first, last = first or record, record
            records.append(_entry(record, hidden, files, subjects))
            if len(records) % STEP == 0:
                report(len(records))
        if first is None or last is None:
            raise LookupError(f"no records {transcript}")
        document = {
            "format": FORMAT,
            "rendering": RENDERING,
            "network": name_of_network().text,
            "origin": settings.PUBLIC_ORIGIN,
            "title": gettext("Transcript: %(room)s") % {"room": room.title.text},
            "language": {
                "code": language,
                "direction": "rtl" if translation.get_language_bidi() else "ltr",
            },
            "made_at": signing.now(),
            "room": {"id": room.pk, "kind": room.kind, "titles": room.titles},
            "range": {"first": first.seq, "last": last.seq},
            "summary": [*_summary(first, last, len(records)), *_occasion(room)],
            "participants": _participants(first, last),
            "words": _words(),
            "previous_hash": bytes(first.previous_hash).hex(),
            "records": records,
            "head": {"seq": last.seq, "hash": bytes(last.hash).hex()},
        }
        return signing.signed(document)


def _entry(
    record: Record, hidden: set[int], files: dict[int, list[Attachment]], subjects: Titles
) -> dict[str, Any]:
    withheld = _reason(record, hidden)
    attached = (
        files.get(record.message_id or 0, []) if record.kind in POSTS and not withheld else []
    )
    return {
        "content": record.content(),
        "hash": bytes(record.hash).hex(),
        "text": None if withheld else record.text,
        "salt": None if withheld else bytes(record.text_salt or b"").hex(),
        "withheld": withheld,
        "shown": {
            "when": written(record.at),
            "who": _who(record),
            "line": subject_line(record, subjects) or _line(record),
            "withheld": _withheld(withheld),
        },
        **({"files": [_file(each) for each in attached]} if attached else {}),
    }


def _file(attachment: Attachment) -> dict[str, Any]:
    """A file's name, with what proves it; how large it is, as people have it; its digest."""
    return {
        "name": attachment.name,
        "salt": bytes(attachment.name_salt).hex(),
        "sha256": attachment.file.sha256,
        "size": filesizeformat(attachment.file.size),
    }


def withheld_between(room: Room, first: int, last: int) -> set[int]:
    """The numbers of the records of a range whose texts no transcript may hold now."""
    asked = Record.objects.between(room, first, last)
    hidden = Record.objects.deleted_messages(room)
    return {record.seq for record in asked.iterator(chunk_size=STEP) if _reason(record, hidden)}


def _reason(record: Record, hidden: set[int]) -> str:
    """Why the text of `record` is withheld; "" where it is not."""
    if record.text is None or record.text_salt is None:
        return "erased"
    if record.text and record.message_id in hidden and record.kind != RecordKind.MESSAGE_DELETED:
        return "deleted"
    return ""


def _withheld(reason: str) -> str:
    match reason:
        case "deleted":
            return gettext("The message was deleted. The digest of its text:")
        case "erased":
            return gettext("The text was erased. Its digest:")
    return ""


def _who(record: Record) -> list[str]:
    """Who did it: name, delegation, capacity; none for what the portal did by itself."""
    if record.actor is None:
        return []
    who = [record.actor.name]
    if record.mandate:
        who.append(in_language(record.mandate.institution.names).text)
        who.append(str(record.mandate.get_capacity_display()))
    return who


def _line(record: Record) -> str:
    """What was done, in words; "" for a message, which speaks for itself."""
    about: dict[str, Any] = {"number": record.message.seq if record.message else 0}
    match record.kind:
        case RecordKind.MESSAGE_POSTED:
            return ""
        case RecordKind.STATEMENT_ISSUED | RecordKind.CORRIGENDUM_ISSUED:
            return issue_in_words(record)
        case RecordKind.MESSAGE_EDITED:
            return gettext("New version of message %(number)s:") % about
        case RecordKind.MESSAGE_DELETED:  # the reason is its text
            return gettext("Message %(number)s was deleted.") % about
        case RecordKind.TRANSLATION_ATTACHED:  # the translation is its text
            official = record.detail.get("kind") == TranslationKind.OFFICIAL
            said = gettext("Official translation of message %(number)s (%(language)s):")
            if not official:
                said = gettext("Courtesy translation of message %(number)s (%(language)s):")
            return said % {**about, "language": _language(record)}
        case RecordKind.TRANSLATION_REMOVED:
            said = gettext("The translation of message %(number)s (%(language)s) was removed.")
            return said % {**about, "language": _language(record)}
        case RecordKind.LANGUAGE_CORRECTED:
            said = gettext("Message %(number)s is said to be in another language: %(language)s.")
            return said % {**about, "language": _language(record)}
        case RecordKind.OPINION_ASKED:  # the question and the options are its text
            return gettext("Poll of opinion – no legal force")
        case RecordKind.OPINION_GIVEN:
            about["choices"] = ", ".join(str(n) for n in record.detail["choices"])
            return gettext("Opinion on message %(number)s: %(choices)s") % about
        case RecordKind.OPINION_CLOSED:
            return gettext("The poll of opinion of message %(number)s was closed.") % about
        case RecordKind.TEXT_ERASED if record.detail.get("ground") == ErasedFor.RETENTION:
            return (
                gettext(
                    "The text of message %(number)s was erased: the room keeps texts no longer."
                )
                % about
            )
        case RecordKind.TEXT_ERASED:
            return gettext("The text of message %(number)s was erased for legal reasons.") % about
    words = act_in_words(record) if record.kind in RecordKind.values else ""
    return unescape(strip_tags(words)) or str(record.get_kind_display())


def _language(record: Record) -> str:
    return str(get_language_info(record.detail["language"])["name_translated"])


def _participants(first: Record, last: Record) -> list[dict[str, Any]]:
    """The delegations that were in the room in the time of the range, with who spoke for them.

    Whoever holds a mandate could read along; only those who acted in the range are named.
    """
    spoke: defaultdict[int, dict[int, Mandate]] = defaultdict(dict)
    acted = Record.objects.between(first.room, first.seq, last.seq).exclude(mandate=None)
    for record in acted.select_related("mandate__institution", "mandate__user"):
        if record.mandate:
            spoke[record.mandate.institution_id][record.mandate.pk] = record.mandate
    found = []
    for each in Participant.objects.present(first.room, first.at, last.at):
        if each.office:
            name, people = gettext("Secretariat"), []
        elif each.institution_id:
            name = in_language(each.institution.names).text  # type: ignore[union-attr]
            people = _people(spoke.pop(each.institution_id, {}))
        else:
            name, people = each.user.name, []  # type: ignore[union-attr]
        role = str(each.get_role_display()) if each.role != ParticipantRole.MEMBER else ""
        found.append({"name": name, "role": role, "people": people})
    for mandates in spoke.values():  # of the presidency's institution, for the office
        name = in_language(next(iter(mandates.values())).institution.names).text
        found.append({"name": name, "role": "", "people": _people(mandates)})
    return found


def _people(mandates: dict[int, Mandate]) -> list[dict[str, str]]:
    return [
        {"name": mandate.user.name, "capacity": str(mandate.get_capacity_display())}
        for mandate in mandates.values()
    ]


def _summary(first: Record, last: Record, count: int) -> list[str]:
    return [
        gettext("Records %(first)s to %(last)s") % {"first": first.seq, "last": last.seq}
        + " · "
        + ngettext("%(count)s record", "%(count)s records", count) % {"count": count},
        gettext("From %(start)s to %(end)s")
        % {"start": written(first.at), "end": written(last.at)},
    ]


def _occasion(room: Room) -> list[str]:
    """The meeting whose room it is, if it is one's."""
    found = occasions_of([room]).get(room.pk)
    if found is None:
        return []
    said = {"name": found.name, "days": unescape(strip_tags(found.days)), "place": found.place}
    return [gettext("Meeting: %(name)s, %(place)s, %(days)s") % said]


def _words() -> dict[str, str]:
    return {
        "participants": gettext("Participants"),
        "record": gettext("The record"),
        "proof": gettext("Proof"),
        "explanation": gettext(
            "Each record is chained to the one before it, and the whole is signed. Here anybody "
            "can find out whether this file is whole and true:"
        ),
        "address": f"{settings.PUBLIC_ORIGIN}/{translation.get_language()}/verify/",
        "before": gettext("Hash before the first record"),
        "end": gettext("Hash at the end"),
        "key": gettext("Signed with the key"),
        "page": gettext("Page"),
    }


def written(moment: datetime) -> str:
    """In UTC, and in the network's zone where that is another."""
    utc = moment.astimezone(UTC)
    text = f"{date_format(utc, 'j F Y')} · {utc:%H:%M} UTC"
    if settings.NETWORK_TIME_ZONE == "UTC":
        return text
    local = moment.astimezone(ZoneInfo(settings.NETWORK_TIME_ZONE))
    day = "" if local.date() == utc.date() else date_format(local, "j F") + " "
    return f"{text} ({day}{local:%H:%M} {settings.NETWORK_TIME_ZONE})"
