"""Where a visitor can go: every URL name of the portal, with arguments from a real database.

A name without arguments is a place by itself. One with arguments must be in PLACES, in every state
that looks different; a name that is nowhere fails `test_pages.test_every_address_is_a_place`.

What the visitors are answered is what `tests.portal.rights` says of their like, unless the place
says otherwise, in the same letters (and g for 410, gone).
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from assembly.models import Meeting
from members.models import Handover, Institution, User
from messaging.models import (
    Room,
)
from portal.models import NewsItem
from tests.portal.rights import ROLES as LIKE
from tests.portal.rights import TABLE, TABLES
from tests.site.scenery_network import LETTER
from tests.site.things import (
    acted_on,
    application,
    direct,
    document,
    drafted,
    editor,
    field_of_work,
    form_part,
    ground,
    group,
    group_date,
    group_file,
    group_place,
    invitation,
    invitation_number,
    invited,
    issued,
    item,
    join_request,
    korea,
    korean_dossier,
    korean_logo,
    korean_picture,
    korean_picture_file,
    korean_picture_taken_out,
    letter,
    letter_of,
    mandate,
    marked,
    meeting,
    meeting_of,
    meeting_room,
    nigeria,
    notice,
    of_country,
    opinion,
    orderly,
    owed,
    participant,
    person_of,
    photo_of,
    place_invitation,
    plain_item,
    reason_to_be_erased,
    report_number,
    report_to_be_erased,
    reported,
    room,
    saved_filter,
    sent_file,
    standing,
    stopping,
    subject,
    to_be_erased,
    to_be_sent,
    transcript,
    written,
)

DRAFT_TITLE = "Draft amendment of the charter"
PEOPLE = {  # who visits: their address, and who is their like in TABLE
    "out": ("", "out"),
    "delegate": ("head.kr@demo.example", "amal"),
    "secretariat": ("secretariat@demo.example", "dina"),
    # Only where a place asks for them:
    "focal": ("focal.ng@demo.example", "focal"),
    "observer": ("observer@demo.example", "observer"),
    "contact": ("contact.mx@demo.example", "contact"),
    "welcomed": ("contact.uy@demo.example", "contact"),  # whose institution is a member now
    "guarded": ("delegate.kr@demo.example", "amal"),  # who has a second factor
    "half": ("delegate.kr@demo.example", "out"),  # and has given the first alone
    "suspended": ("head.lt@demo.example", "suspended"),
}
EVERYBODY = ("out", "delegate", "secretariat")
KOREAN = PEOPLE["delegate"][0]
NOT_A_NAME = "(nothing)"  # an address that leads nowhere


@dataclass(frozen=True)
class Place:
    """An address of a URL name. `args` is asked of the database when everything is arranged."""

    args: Callable[[], tuple[Any, ...]] = tuple
    state: str = ""  # what tells it from the name's other places
    query: str = ""
    also: tuple[str, ...] = ()  # who comes beside EVERYBODY, and is answered 200
    answers: str = ""  # to EVERYBODY, instead of TABLE's; a letter each, - for who does not come
    asks_password: bool = False  # whoever comes has just given their password again


@dataclass(frozen=True)
class Found:
    """A place as the visitors get it. `paths`: by language, one where all are the same."""

    name: str
    state: str
    paths: dict[str, str]
    answers: dict[str, str] = field(default_factory=dict)  # by who visits
    asks_password: bool = False

    @property
    def title(self) -> str:
        """For file names."""
        return "-".join(filter(None, (self.name.replace(":", "-"), self.state)))


def reset() -> tuple[str, str]:
    user = User.objects.get(email="delegate.ng@demo.example")
    return user_pk_to_url_str(user), default_token_generator.make_token(user)


def unproved() -> tuple[str]:
    return (EmailConfirmationHMAC(EmailAddress.objects.order_by("pk")[0]).key,)


def handover_number() -> tuple[int]:
    return (Handover.objects.get().pk,)


def item_of(stage: str) -> Callable[[], tuple[int]]:
    """The newest news item of a stage (see `portal.enums.NewsStage`)."""
    return lambda: (next(i.pk for i in NewsItem.objects.order_by("-pk") if i.stage == stage),)


def english_item() -> tuple[int]:
    """A public one that is final in English alone."""
    return (next(i.pk for i in NewsItem.objects.published() if i.final_languages == ["en"]),)


def picture_of(stage: str) -> Callable[[], tuple[str]]:
    def args() -> tuple[str]:
        found = NewsItem.objects.with_pictures()
        lead = next(i.lead for i in found if i.stage == stage and i.lead)
        return (lead.small.sha256,)

    return args


def news_picture() -> tuple[int, int]:
    found = NewsItem.objects.with_pictures()
    return next((i.pk, i.lead.pk) for i in found if i.stage == "draft" and i.lead)


ASKED = ("contact",)
OPEN_VOTE = {"voted": True, "called": False}
WHOLE_VOTE = {"voted": True, "called": True}
PROVED: dict[str, Any] = {"asks_password": True, "answers": "lno"}
PLACES: dict[str, list[Place]] = {
    "sign_in_through": [Place(korea, answers="orr")],
    "institution_callback": [Place(korea, answers="f--")],  # as if from a provider, unasked
    "admin:app_list": [Place(lambda: ("members",))],
    **{f"admin:{table}_change": [Place(lambda: (1,))] for table in TABLES},
    "members:identity_provider": [
        Place(korea, **PROVED),
        Place(nigeria, state="none", **PROVED),
    ],
    "members:check_identity_provider": [Place(korea)],
    "account_login": [
        Place(),
        Place(state="next", query="?next=/en/rooms/", answers="orr"),
    ],
    "account_confirm_email": [
        Place(unproved, answers="o--"),  # it signs out who is somebody else
        Place(lambda: ("abc:def",), state="unknown"),
    ],
    "account_reset_password_from_key": [
        Place(reset, answers="r--"),
        Place(lambda: ("zz", "abc-def"), state="unknown", answers="ooo"),
    ],
    "mfa_index": [Place(also=("guarded",))],
    "mfa_authenticate": [Place(also=("half",))],
    "mfa_activate_totp": [Place(asks_password=True, answers="loo")],
    "mfa_deactivate_totp": [Place(asks_password=True, also=("guarded",))],
    "mfa_view_recovery_codes": [Place(asks_password=True, also=("guarded",))],
    "mfa_generate_recovery_codes": [Place(asks_password=True, also=("guarded",), answers="loo")],
    "mfa_download_recovery_codes": [Place(asks_password=True, also=("guarded",))],
    "members:directory": [
        Place(),
        Place(state="found", query="?q=korea"),
        Place(state="empty", query="?q=nothing-of-this-name"),
    ],
    "members:directory_print": [
        Place(),
        Place(state="found", query="?q=korea&membership_class=full"),
        Place(state="empty", query="?q=nothing-of-this-name"),
    ],
    "members:institution": [
        Place(korea),
        Place(lambda: (Institution.objects.get(country="UY").pk,), state="new"),
        Place(of_country("LT"), state="suspended", also=("suspended",)),
        Place(of_country("HU"), state="history"),
        Place(lambda: (987_654,), state="missing", answers="nnn"),
    ],
    "members:change_standing": [
        *(
            Place(standing("KR", act), state=act, **PROVED)
            for act in ("class_change", "suspension")
        ),
        *(
            Place(standing("LT", act), state=act, **PROVED)
            for act in ("reinstatement", "withdrawal")
        ),
        Place(standing("QA", "suspension"), state="presides", asks_password=True, answers="lnc"),
    ],
    "members:membership_document": [Place(ground, also=("suspended",), answers="lno")],
    "members:delegation": [
        Place(korea),
        Place(
            lambda: (Institution.objects.get(country="NG").pk,),
            state="managed",
            also=("focal",),
            answers="lno",
        ),
    ],
    "members:group": [
        Place(group("contact_group")),
        Place(group("thematic_network"), state="network"),
        Place(group("committee"), state="closed"),
        Place(lambda: (987_654,), state="missing", answers="lnn"),
    ],
    "members:edit_group": [Place(group("contact_group"))],
    "members:close_group": [Place(group("contact_group"))],
    "members:reopen_group": [Place(group("committee"))],
    "members:add_group_members": [Place(group("contact_group"))],
    "members:group_place": [
        Place(group_place("contact_group", "TR")),
        Place(group_place("contact_group", "KR"), state="chair"),
    ],
    "members:remove_group_member": [
        Place(group_place("contact_group", "TR")),
        Place(group_place("contact_group", "KR"), state="leaving"),
    ],
    "members:group_files": [
        Place(group("contact_group")),
        Place(group("thematic_network"), state="empty", answers="lno"),
        Place(group("committee"), state="closed"),
    ],
    "members:group_file": [
        Place(group_file(DRAFT_TITLE)),
        Place(group_file("Old note"), state="removed"),
    ],
    "members:group_file_version": [Place(lambda: (*group_file(DRAFT_TITLE)(), 1))],
    "members:remove_group_file": [Place(group_file(DRAFT_TITLE))],
    "members:restore_group_file": [Place(group_file("Old note"))],
    "members:group_calendar": [
        Place(group("contact_group")),
        Place(group("thematic_network"), state="empty", answers="lno"),
        Place(group("committee"), state="closed"),
    ],
    "members:group_calendar_file": [Place(group("contact_group"))],
    "members:new_group_date": [Place(group("contact_group"))],
    "members:group_date": [
        Place(group_date("First reading")),
        Place(group_date("Days of study"), state="cancelled"),
    ],
    "members:group_date_file": [Place(group_date("First reading"))],
    "members:edit_group_date": [Place(group_date("First reading"))],
    "members:cancel_group_date": [Place(group_date("First reading"))],
    "members:ask_to_join": [Place(group("thematic_network"))],
    "members:join_request": [
        Place(join_request("pending"), also=("focal",)),
        Place(join_request("declined"), state="declined", also=("focal",), answers="lno"),
    ],
    "members:accept_join_request": [Place(join_request("pending"))],
    "members:decline_join_request": [Place(join_request("pending"))],
    "members:withdraw_join_request": [Place(join_request("pending"))],
    "members:invite": [Place(korea)],
    "members:invite_several": [Place(korea)],
    "members:empty_list": [
        Place(lambda: (*korea(), "csv")),
        Place(lambda: (*korea(), "xlsx"), state="workbook"),
        Place(lambda: (*korea(), "pdf"), state="unknown", answers="lnn"),
    ],
    "members:resend_invitation": [Place(invitation_number)],
    "members:revoke_invitation": [Place(invitation_number)],
    "members:invitation": [
        Place(invitation("new.person@demo.example")),
        Place(invitation("observer@demo.example"), state="known", also=("observer",)),
        Place(invitation("late.person@demo.example"), state="expired", answers="ggg"),
        Place(invitation("wrong.person@demo.example"), state="revoked", answers="ggg"),
        Place(invitation("adviser.kr@demo.example"), state="accepted", answers="ggg"),
        Place(lambda: ("no-such-token",), state="unknown", answers="nnn"),
        Place(invitation("new.person@kr.demo.example"), state="provider"),
    ],
    "members:calendar_feed": [
        Place(asks_password=True, answers="loo"),
    ],
    "members:calendar_feed_file": [Place(lambda: ("no-such-token",))],
    "members:new_charter_version": [Place(**PROVED)],
    "members:accept_through": [Place(invitation("new.person@kr.demo.example"))],
    "members:mandate": [
        Place(mandate("head.kr")),
        Place(mandate("guest.kr"), state="suspended"),
    ],
    "members:record_letters": [Place(mandate("head.kr"))],
    "members:appointment_letter": [Place(letter_of("head.kr"))],
    "members:suspend_mandate": [
        Place(mandate("delegate.kr"), asks_password=True, answers="loo"),
        Place(mandate("head.kr"), state="own", asks_password=True, answers="lfo"),
    ],
    "members:reinstate_mandate": [Place(mandate("guest.kr"))],
    "members:hand_over_mandate": [Place(mandate("head.kr"), asks_password=True, answers="loo")],
    "members:end_mandate": [
        Place(mandate("head.kr"), asks_password=True, answers="loo"),
        Place(mandate("focal.kr"), state="last", asks_password=True, answers="loo"),
    ],
    "members:allow_statements": [Place(mandate("delegate.kr"))],
    "members:require_release": [Place(korea)],
    "members:schedule_handover": [Place(nigeria, answers="lno", asks_password=True)],
    "members:presidency": [Place()],
    "members:handover": [Place(handover_number, state="cancelled", answers="lno")],
    "members:move_handover": [Place(handover_number, answers="lnc")],
    "members:cancel_handover": [Place(handover_number, answers="lnc")],
    "members:next_presidency": [
        Place(answers="lno"),
        Place(state="empty", query="?institution=", answers="lnu"),
    ],
    "members:person": [
        Place(person_of("head.kr")),
        Place(person_of("head.ng"), state="bare"),
    ],
    "members:person_photo": [Place(photo_of("head.kr"))],
    "members:person_profile": [Place(also=("contact", "observer"))],
    "members:own_photo": [Place()],
    "members:remove_photo": [Place()],
    "members:settings": [Place(also=("contact", "observer"))],
    "members:application_list": [
        Place(also=("contact", "observer")),
        *(Place(state=tab, query=f"?tab={tab}") for tab in ("applicant", "assembly", "closed")),
        Place(state="narrowed", query="?q=house&kind=research_body&order=country"),
        Place(state="nothing", query="?q=nobody&overdue=on"),
    ],
    "members:application": [
        *(
            Place(application(state), state=state, also=ASKED)
            for state in (
                "submitted",
                "under_review",
                "information_requested",
                "recommended",
                "not_recommended",
                "on_agenda",
                "admitted",
                "deferred",
                "declined",
                "charter_signed",
            )
        ),
        Place(application("active"), state="active", also=("welcomed",)),
    ],
    "members:application_form": [
        Place(application("draft"), also=ASKED),
        Place(application("information_requested"), state="asked", also=ASKED, answers="lnf"),
    ],
    "members:application_section": [
        *(
            Place(written("draft", section), state=section, also=ASKED)
            for section in ("institution", "contact", "reasons", "documents", "declaration")
        ),
        Place(
            written("information_requested", "reasons"), state="asked", also=ASKED, answers="lnf"
        ),
    ],
    "members:renew_application_form": [Place(application("draft"))],
    "members:form_version": [Place(lambda: (1,)), Place(lambda: (9,), state="none", answers="lnn")],
    "members:form_question": [
        Place(lambda: ("new",), state="new"),
        Place(form_part("questions"), state="one"),
    ],
    "members:form_document": [
        Place(lambda: ("new",), state="new"),
        Place(form_part("documents"), state="one"),
    ],
    "members:form_help": [Place(lambda: ("aims",))],
    "members:move_form_question": [Place(form_part("questions"))],
    "members:remove_form_part": [Place(form_part("documents"))],
    "members:application_revisions": [
        Place(application("submitted"), state="submitted", also=ASKED),
        Place(application("under_review"), also=ASKED),
    ],
    "members:application_people": [
        Place(application("draft"), state="draft", also=ASKED, answers="lnn"),
        Place(application("submitted"), also=ASKED),
        Place(application("declined"), state="closed", also=ASKED),
    ],
    "members:invite_application_editor": [Place(application("submitted"))],
    "members:revoke_application_place": [Place(place_invitation)],
    "members:transfer_application": [Place(application("submitted"))],
    "members:remove_application_editor": [Place(editor)],
    "members:answer_application": [Place(application("information_requested"))],
    "members:hand_in_charter": [Place(application("admitted"))],
    "members:withdraw_application": [Place(application("submitted"), also=ASKED)],
    "members:application_document": [
        Place(document("credentials"), also=ASKED),
        Place(document("other"), state="picture", also=ASKED),
    ],
    "members:start_review": [Place(application("submitted"))],
    "members:request_information": [Place(application("under_review"))],
    "members:recommend_application": [Place(application("under_review"))],
    "members:activate_application": [Place(application("charter_signed"))],
    "members:people": [
        Place(),
        Place(state="narrowed", query="?capacity=head&no_factor=on&order=institution"),
        Place(state="ended", query="?state=ended"),
        Place(state="unseated", query="?state=none&order=seen"),
        Place(state="nothing", query="?q=nobody&institution=nowhere"),
    ],
    "members:saved_filter": [Place(saved_filter)],
    "members:remove_filter": [Place(saved_filter)],
    "members:assessment": [
        Place(application("under_review"), also=("focal",)),
        Place(application("recommended"), state="closed", answers="lno"),
    ],
    "members:tick_point": [Place(lambda: (*application("under_review")(), "letter"))],
    "members:assign_reviewer": [Place(application("under_review"))],
    "members:release_reviewer": [
        Place(lambda: (*application("under_review")(), User.objects.get(email=KOREAN).pk))
    ],
    "members:declare_conflict": [Place(application("under_review"))],
    "members:write_review_note": [Place(application("under_review"))],
    "members:give_recommendation": [Place(application("under_review"))],
    "members:charter": [
        Place(application("admitted")),
        Place(application("charter_signed"), state="signed"),
        Place(application("active"), state="active"),
    ],
    "members:send_charter": [Place(application("admitted"))],
    "members:refuse_charter": [Place(application("charter_signed"))],
    "members:tick_step": [Place(lambda: (*application("active")(), "web_page"))],
    "members:welcome_member": [Place(application("active"))],
    "members:charter_file": [Place(application("admitted"), also=("contact",))],
    "members:make_dossier": [Place(application("under_review"))],
    "members:dossier_file": [Place(korean_dossier)],
    "members:audit_log": [
        Place(),
        Place(state="filtered", query="?object_type=members.application"),
        Place(state="older", query="?before=40"),
        Place(state="refused", query="?before=x&until=2026-01-01&since=2026-01-02", answers="lnu"),
        Place(state="nothing", query="?who=nobody"),
    ],
    "messaging:notifications": [Place(also=("observer",))],
    "messaging:room_levels": [Place()],
    "messaging:add_device": [Place()],
    "messaging:remove_device": [Place()],
    "messaging:stop_letters": [
        Place(stopping("head.kr")),
        Place(stopping("head.ng"), state="done"),
    ],
    "messaging:room_level": [Place(room(0))],
    "messaging:restrict_room": [Place(room(0))],
    "messaging:room_list": [Place(also=("observer",))],
    "messaging:room": [
        Place(room(0), also=("observer",)),
        Place(room(1), state="long"),
        Place(room(-1), state="quiet"),
        Place(lambda: (Room.objects.get(kind="announcements").pk,), state="announcements"),
        Place(direct, state="direct", answers="lon"),
        Place(meeting_room("general_assembly", 7), state="meeting"),
        Place(meeting_room("working_group", 5), state="meeting_over"),
    ],
    "messaging:search": [
        Place(),
        Place(state="found", query="?q=the"),
        Place(state="files", query="?with_files=on"),
        Place(state="nothing", query="?q=zephyr"),
        Place(state="refused", query="?q=a", answers="luu"),
    ],
    "messaging:attach": [Place(room(0))],
    "messaging:attachment": [
        Place(sent_file("application/pdf")),
        Place(sent_file("image/png"), state="picture"),
    ],
    "messaging:attachment_preview": [Place(sent_file("image/png"))],
    "messaging:remove_attachment": [Place(sent_file("image/png"))],
    "messaging:place": [
        Place(lambda: (*room(0)(), 5)),
        Place(lambda: (*room(1)(), 8), state="long"),
    ],
    "messaging:draft_list": [Place()],
    "messaging:draft": [Place(room(0))],
    "messaging:schedule_message": [Place(room(0))],
    "messaging:scheduled_list": [Place()],
    "messaging:scheduled": [Place(to_be_sent("waiting"), answers="lon")],
    "messaging:send_scheduled": [Place(to_be_sent("waiting"))],
    "messaging:withdraw_scheduled": [Place(to_be_sent("waiting"))],
    "messaging:write_again": [Place(to_be_sent("failed"))],
    "messaging:new_opinion": [
        Place(room(0)),
        Place(lambda: (Room.objects.get(kind="plenary").pk,), state="plenary", answers="lfo"),
    ],
    "messaging:opinion": [Place(opinion(closed=False), answers="lrr")],
    "messaging:close_opinion": [Place(opinion(closed=False))],
    "messaging:day": [Place(room(0), state="refused", query="?day=")],
    "messaging:sync": [Place(room(0), query="?after=0")],
    "messaging:post_message": [Place(room(0))],
    "messaging:message": [
        Place(acted_on("edited")),
        Place(acted_on("deleted"), state="deleted"),
        Place(issued, state="statement"),
        Place(marked, state="marked"),
        Place(opinion(closed=False), state="opinion"),
        Place(opinion(closed=True), state="opinion-closed"),
    ],
    "messaging:message_history": [
        Place(acted_on("edited")),
        Place(acted_on("deleted"), state="deleted"),
    ],
    "messaging:edit_message": [Place(acted_on("edited"))],
    "messaging:delete_message": [Place(acted_on("edited"))],
    "messaging:translations": [
        Place(acted_on("edited")),
        Place(acted_on("deleted"), state="deleted"),
    ],
    "messaging:attach_translation": [Place(acted_on("edited"))],
    "messaging:remove_translation": [Place(lambda: (*acted_on("edited")(), 1))],
    "messaging:translate_by_machine": [Place(acted_on("edited"))],
    "messaging:correct_language": [Place(acted_on("edited"))],
    "messaging:react_to_message": [Place(marked)],
    "messaging:pin_message": [Place(marked)],
    "messaging:ask_acknowledgement": [Place(marked)],
    "messaging:acknowledge_message": [Place(marked)],
    "messaging:pins": [Place(room(0))],
    "messaging:move_message": [Place(acted_on("edited"))],
    "messaging:subjects": [
        Place(lambda: subject("Budget")()[:1]),
        Place(room(0), state="empty"),
    ],
    "messaging:subject": [
        Place(subject("Budget")),
        Place(subject("Venue"), state="closed"),
        Place(subject("Interpreters and translators"), state="empty"),
    ],
    "messaging:general": [
        Place(lambda: subject("Budget")()[:1]),
        Place(room(-1), state="whole"),
    ],
    "messaging:rename_subject": [Place(subject("Budget"))],
    "messaging:close_subject": [Place(subject("Budget"))],
    "messaging:read_room": [Place(room(0))],
    "messaging:leave_room": [Place(direct, answers="lmm")],
    "messaging:bilateral": [
        Place(invited("pending"), answers="lon"),
        Place(invited("accepted"), state="accepted", answers="lon"),
    ],
    "messaging:accept_bilateral": [Place(invited("pending"))],
    "messaging:decline_bilateral": [Place(invited("pending"))],
    "messaging:withdraw_bilateral": [Place(invited("pending"))],
    "messaging:standing": [Place(room(0))],
    "messaging:delegation_presence": [Place(korea)],
    "messaging:people": [Place(room(0))],
    "messaging:new_room": [Place(answers="loo")],
    "messaging:room_settings": [
        Place(room(0), answers="loo"),
        Place(lambda: (Room.objects.exclude(archived_at=None)[0].pk,), state="archived"),
    ],
    "messaging:change_state": [Place(room(0))],
    "messaging:add_participant": [Place(room(0))],
    "messaging:participant": [Place(participant, answers="loo")],
    "messaging:remove_participant": [Place(participant)],
    "messaging:statement_drafts": [Place(room(0), answers="lof")],
    "messaging:new_statement": [Place(room(0), answers="lof")],
    "messaging:statement_draft": [
        Place(drafted("waiting"), answers="lon"),
        Place(drafted("returned"), state="returned", answers="lon"),
    ],
    "messaging:release_statement": [Place(drafted("waiting"))],
    "messaging:return_statement": [Place(drafted("waiting"))],
    "messaging:withdraw_statement": [Place(drafted("waiting"))],
    "messaging:mark_unread": [Place(room(0))],
    "messaging:reports": [
        Place(orderly(), answers="loo"),
        Place(room(0), state="none", answers="loo"),
    ],
    "messaging:settle_report": [Place(report_number)],
    "messaging:mutes": [
        Place(orderly(), answers="loo"),
        Place(room(1), state="none", answers="lfo"),
    ],
    "messaging:mute": [Place(orderly(1), answers="loo")],
    "messaging:unmute": [Place(orderly(1))],
    "messaging:report": [
        Place(acted_on("edited"), answers="loo"),
        Place(reported, state="made", answers="loo"),
    ],
    "messaging:erasure": [
        Place(acted_on("edited"), answers="lfo"),
        Place(to_be_erased("asked"), state="asked", answers="lfo"),
        Place(to_be_erased("done"), state="done", answers="lfo"),
    ],
    "messaging:answer_erasure": [Place(to_be_erased("asked"))],
    "messaging:reasons": [
        Place(orderly(), answers="lfo"),
        Place(room(1), state="none", answers="lfo"),
    ],
    "messaging:reason_erasure": [
        Place(reason_to_be_erased("asked"), state="asked", answers="lfo"),
        Place(reason_to_be_erased("done"), state="done", answers="lfo"),
    ],
    "messaging:answer_reason_erasure": [Place(reason_to_be_erased("asked"))],
    "messaging:report_erasure": [Place(report_to_be_erased, answers="lfo")],
    "messaging:answer_report_erasure": [Place(report_to_be_erased)],
    "messaging:keeping": [
        Place(orderly(), answers="loo"),
        Place(room(1), state="asked", query="?months=6", answers="lfo"),
    ],
    "messaging:change_retention": [Place(room(0))],
    "messaging:change_hold": [Place(room(0))],
    "messaging:transcripts": [
        Place(room(0)),
        Place(lambda: transcript("ready")()[:1], state="made"),
    ],
    "messaging:transcript": [Place(transcript("ready", "json"))],
    "messaging:transcript_again": [Place(transcript("failed"))],
    "assembly:meeting": [
        Place(meeting(7)),
        Place(meeting(6), state="past"),
        Place(meeting_of("board", 12), state="board"),
        Place(meeting_of("working_group", 5), state="over"),
    ],
    "assembly:open_room": [
        Place(meeting(7), state="there", answers="lfr"),
        Place(meeting_of("board", 12), state="chosen"),
        Place(meeting_of("conference", 3), state="all"),
    ],
    "assembly:hold_results": [Place(meeting(7))],
    "assembly:release_results": [Place(meeting(7))],
    "assembly:decision_terms": [Place(item("on_agenda", voted=False))],
    "assembly:add_item": [Place(meeting(7))],
    "assembly:place_application": [Place(application("recommended"))],
    "assembly:agenda_item": [
        Place(plain_item, state="plain"),
        Place(item("on_agenda", voted=False), state="unopened"),
        Place(item("on_agenda", **OPEN_VOTE), state="open"),
        Place(item("admitted", **WHOLE_VOTE), state="adopted"),
        Place(item("declined", **WHOLE_VOTE), state="not_adopted"),
        Place(item("deferred", **WHOLE_VOTE), state="no_quorum"),
    ],
    "assembly:open_vote": [Place(item("on_agenda", voted=False))],
    "assembly:roll_call": [
        Place(item("on_agenda", **OPEN_VOTE)),
        Place(item("on_agenda", **WHOLE_VOTE), state="whole"),
        Place(item("admitted", **WHOLE_VOTE), state="certified", answers="lfr"),
    ],
    "assembly:review": [
        Place(item("on_agenda", **WHOLE_VOTE)),
        Place(item("on_agenda", **OPEN_VOTE), state="incomplete"),
    ],
    "assembly:certify": [Place(item("on_agenda", **WHOLE_VOTE))],
    "assembly:agenda_titles": [Place(plain_item)],
    "members:country": [
        Place(lambda: ("KR",), state="settled"),
        Place(lambda: ("QA",)),
        Place(lambda: ("ZZ",), state="unknown", answers="lnn"),
    ],
    "members:network_version": [
        Place(lambda: (2,), state="in_force"),
        Place(lambda: (1,), state="earlier"),
        Place(lambda: (0,), state="deployed"),
        Place(lambda: (9,), state="none", answers="lnn"),
    ],
    "members:return_network": [Place(lambda: (1,))],
    "members:charter_text": [Place(lambda: (1, "ar")), Place(lambda: (1, "fr"), answers="lnn")],
    "members:letter_text": [
        Place(lambda: ("application.submitted", "ar")),
        Place(lambda: (LETTER, "en"), state="own"),
        Place(lambda: ("invitation.apply", "fr"), state="invitation"),
        Place(lambda: ("application.none", "en"), state="none", answers="lnn"),
    ],
    "members:letter_version": [
        Place(lambda: (LETTER, "en", 1)),
        Place(lambda: (LETTER, "en", 0), state="usual"),
        Place(lambda: (LETTER, "en", 9), state="none", answers="lnn"),
    ],
    "members:return_letter": [Place(lambda: (LETTER, "en", 1))],
    "members:countries": [
        Place(),
        Place(state="all", query="?all=1"),
        Place(state="found", query="?q=korea"),
    ],
    "members:end_session": [Place(lambda: (987_654,))],
    "members:field": [Place(field_of_work()), Place(field_of_work(retired=True), state="retired")],
    "members:retire_field": [Place(field_of_work())],
    "members:move_field": [Place(field_of_work())],
    "members:profile": [
        Place(korea),
        Place(nigeria, state="returned", also=("focal",), answers="lno"),
    ],
    "members:profile_releases": [Place()],
    "members:profile_proposal": [
        Place(lambda: (*korea(), 2)),
        Place(lambda: (*korea(), 1), state="returned"),
        Place(lambda: (*korea(), 99), state="missing", answers="lnn"),
    ],
    "members:release_profile": [Place(lambda: (*korea(), 2))],
    "members:return_profile": [Place(lambda: (*korea(), 2))],
    "assembly:attendance": [
        Place(meeting(6)),
        Place(meeting(7), state="to_come", answers="lnn"),
    ],
    "assembly:standing_monitor": [
        Place(),
        Place(state="wanting", query="?wants=any&order=dues"),
        Place(state="empty", query="?q=nothing-of-this-name"),
    ],
    "assembly:standing": [
        Place(korea),
        Place(nigeria, state="own", also=("focal",), answers="lno"),
        Place(of_country("LT"), state="suspended", answers="lno"),
        Place(lambda: (987_654,), state="missing", answers="lnn"),
    ],
    "assembly:new_dues": [Place(korea)],
    "assembly:dues": [Place(owed)],
    "assembly:draft_notice": [Place(korea)],
    "assembly:notice": [
        Place(notice("draft")),
        Place(notice("sent"), state="sent", answers="loo"),
        Place(notice("discarded"), state="discarded"),
    ],
    "assembly:discard_notice": [Place(notice("draft"))],
    "members:profile_logo": [Place(korea), Place(nigeria, state="none", answers="lno")],
    "members:remove_logo": [Place(korea)],
    "members:logo": [Place(korean_logo)],
    "members:picture": [
        Place(korean_picture(0)),
        Place(korean_picture(1), state="last"),
        Place(lambda: (*korea(), 987_654), state="missing", answers="nnn"),
    ],
    "members:picture_file": [Place(korean_picture_file)],
    "members:profile_pictures": [Place(korea), Place(nigeria, state="none", answers="lno")],
    "members:profile_picture": [
        Place(korean_picture(0)),
        Place(korean_picture_taken_out, state="taken_out"),
    ],
    "members:move_picture": [Place(korean_picture(1))],
    "members:remove_picture": [Place(korean_picture(1))],
    "members:restore_picture": [Place(korean_picture_taken_out)],
    "members:profile_versions": [Place(korea), Place(nigeria, state="none", answers="lno")],
    "members:profile_version": [
        Place(lambda: (*korea(), 1)),
        Place(lambda: (*korea(), 3), state="logo"),
        Place(lambda: (*korea(), 6), state="picture"),
        Place(lambda: (*korea(), 9), state="order"),
        Place(lambda: (*korea(), 0), state="first"),
    ],
    "members:take_back_profile": [Place(lambda: (*korea(), 0))],
    "members:reset_country": [Place(lambda: ("KR",))],
    "mfa_add_webauthn": [Place(asks_password=True, answers="loo")],
    "mfa_edit_webauthn": [Place(lambda: (987_654,), asks_password=True, answers="lnn")],
    "mfa_remove_webauthn": [Place(lambda: (987_654,), asks_password=True, answers="lnn")],
    "picture": [
        Place(picture_of("published"), answers="ooo"),
        Place(picture_of("draft"), state="draft"),
    ],
    "portal:calendar_meeting": [
        Place(meeting(7)),
        Place(meeting(6), state="past"),
        Place(lambda: (Meeting.objects.get(kind="board").pk,), state="not_public", answers="nnn"),
    ],
    "portal:calendar_meeting_feed": [Place(meeting(7))],
    "portal:news_list": [
        Place(),
        Place(state="year", query="?year=2020"),
        Place(state="empty", query="?year=1999"),
    ],
    "portal:news_item": [
        Place(item_of("published")),
        Place(english_item, state="english"),
        Place(item_of("draft"), state="draft", answers="nnr"),
        Place(item_of("withdrawn"), state="withdrawn", answers="nnr"),
    ],
    "portal:news_preview": [Place(item_of("draft"))],
    "portal:news_edit": [
        Place(item_of("draft")),
        Place(item_of("published"), state="published"),
    ],
    "portal:news_publication": [
        Place(item_of("draft")),
        Place(item_of("scheduled"), state="scheduled"),
        Place(item_of("published"), state="published"),
    ],
    "portal:news_deletion": [
        Place(item_of("draft")),
        Place(item_of("published"), state="published", answers="lnr"),
    ],
    "portal:news_withdrawal": [Place(item_of("published"))],
    "portal:news_pictures": [
        Place(item_of("draft")),
        Place(item_of("scheduled"), state="none"),
    ],
    "portal:news_picture": [Place(news_picture)],
    "portal:news_picture_lead": [Place(news_picture)],
    "portal:news_picture_removal": [Place(news_picture)],
    "portal:news_versions": [Place(item_of("draft"))],
    "portal:news_version": [
        Place(lambda: (*item_of("draft")(), 1), state="first"),
        Place(lambda: (*item_of("draft")(), 2)),
    ],
    "portal:page_edit": [
        Place(lambda: ("legal",), state="written"),
        Place(lambda: ("privacy",)),
    ],
    "portal:page_preview": [Place(lambda: ("legal",)), Place(lambda: ("charter",), state="own")],
    "portal:page_reset": [Place(lambda: ("legal",))],
    "portal:page_versions": [
        Place(lambda: ("legal",)),
        Place(lambda: ("privacy",), state="none"),
    ],
    "portal:page_version": [Place(lambda: ("legal", 2))],
    "portal:search": [
        Place(also=("contact",)),
        Place(state="found", query="?q=korea", also=("contact",)),
        Place(state="kind", query="?q=korea&kind=institutions"),
        Place(state="nothing", query="?q=zephyr-of-nowhere"),
        Place(state="refused", query="?q=x", answers="uuu"),
    ],
    "portal:styleguide": [Place(answers="ooo")],  # the demo network shows it to everybody
    "portal:send_letter_again": [Place(lambda: (987_654,))],
    "portal:handover_pack": [Place(handover_number, answers="lnn")],
    "portal:handover_pack_file": [Place(handover_number)],
    "portal:your_data": [Place(answers="loo")],
    "portal:data_export": [Place(lambda: (987_654,), asks_password=True, answers="lnn")],
    "portal:home": [Place(also=("focal", "observer", "contact", "welcomed", "suspended"))],
    "portal:mail": [Place(answers="lno")],
    "portal:letter": [Place(letter, answers="lno")],
}


def names_without_a_place() -> set[str]:
    """URL names that nobody would visit: they take arguments, and PLACES does not know any."""
    return {n for n, row in TABLE.items() if row.args is not TABLE["root"].args} - PLACES.keys()


def listed() -> list[dict[str, Any]]:
    """All places of this database, as what JSON can say."""
    return [asdict(found) for found in _found()]


def _found() -> Iterator[Found]:
    for name, row in TABLE.items():
        for place in PLACES.get(name, [Place()]):
            expected = place.answers or [row.get[LIKE.index(PEOPLE[who][1])] for who in EVERYBODY]
            args = place.args()
            yield Found(
                name=name,
                state=place.state,
                paths=_paths(lambda name=name, args=args: reverse(name, args=args), place.query),
                answers={
                    who: letter
                    for who, letter in zip(EVERYBODY, expected, strict=True)
                    if letter != "-"
                }
                | dict.fromkeys(place.also, "o"),
                asks_password=place.asks_password,
            )
    nowhere = {language: f"/{language}/nothing/here/" for language, _ in settings.LANGUAGES}
    yield Found(NOT_A_NAME, "", nowhere, dict.fromkeys(EVERYBODY, "n"))


def _paths(address: Callable[[], str], query: str) -> dict[str, str]:
    paths = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            paths[language] = address() + query
    if len(set(paths.values())) == 1:
        return {settings.LANGUAGE_CODE: paths[settings.LANGUAGE_CODE]}
    return paths
