"""The people and the things that every address of the portal is asked about."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from assembly import actions as assembly
from members.actions.application_forms import keep_field, publish_form
from members.actions.fields import add_field
from members.actions.group_life import change_group
from members.actions.groups import create_group
from members.actions.invitations import invite_to_delegation
from members.actions.join_requests import ask_to_join
from members.actions.persons import change_photo
from members.actions.profiles import change_logo
from members.application_definitions import AskedField
from members.enums import ApplicationState, Capacity, GroupKind, GroupRole, MembershipState
from members.models import (
    Application,
    ApplicationEditor,
    AppointmentLetter,
    InformationRequest,
    Invitation,
    MembershipDocument,
    Presidency,
    User,
)
from messaging.actions import (
    ask_acknowledgement,
    ask_for_erasure,
    ask_for_reason_erasure,
    ask_for_report_erasure,
    ask_for_transcript,
    ask_opinion,
    attach_file,
    invite_delegation,
    issue_statement,
    make_transcript,
    mute_person,
    open_room,
    open_subject,
    post_message,
    report_message,
    schedule_message,
)
from messaging.enums import ParticipantRole, RoomKind
from messaging.models import Record, StatementDraft
from messaging.transcripts.heads import write_heads
from portal.actions.news import create_item, publish_item
from portal.actions.pages import save_page
from portal.actions.pictures import add_picture
from portal.enums import PageKey
from portal.models import NewsItem, NewsPicture
from records.actions import store_file
from tests.assembly.conftest import make_application, make_meeting
from tests.factories import Cast, make_institution, make_mandate, make_user
from tests.files import image, upload
from tests.members.group_space import make_date, make_file


class World:
    """The cast, the other roles, and one of each thing, in a state in which it can be acted on."""

    def __init__(self) -> None:
        cast = self.cast = Cast()
        self.users: dict[str, User] = {
            "amal": cast.amal,
            "chloe": cast.chloe,
            "dina": cast.dina,
            **{
                name: make_user(name)
                for name in ("nobody", "observer", "suspended", "focal", "contact", "former")
            },
        }
        self._seat("observer", cast.kr, Capacity.OBSERVER)
        self._seat("focal", cast.ng, Capacity.FOCAL_POINT)
        self._seat("suspended", make_institution("SD", state=MembershipState.SUSPENDED))
        before = make_institution("BR")
        Presidency.objects.create(
            institution=before, starts_on=date(2016, 1, 1), ends_on=date(2019, 5, 3)
        )
        self._seat("former", before, Capacity.SECRETARIAT)
        self.ground = MembershipDocument.objects.create(
            membership=cast.kr.membership,
            file=store_file(upload=upload(), content_type="application/pdf"),
            name="decision.pdf",
        )
        self.letter = AppointmentLetter.objects.create(
            mandate=cast.amal_mandate,
            file=self.ground.file,
            name="letter.pdf",
            recorded_by=cast.dina,
        )
        self.field = add_field(names={"en": "Arts"}, actor=None)
        shown = change_logo(
            institution=cast.kr,
            upload=upload(image(), "logo.png"),
            actor=cast.amal,
            mandate=cast.amal_mandate,
        )
        assert shown.logo is not None
        self.logo = shown.logo.sha256
        photo = change_photo(actor=cast.amal, upload=upload(image(), "photo.png")).photo
        assert photo is not None
        self.photo = photo.sha256
        cast.kr.refresh_from_db()
        self.room = open_room(
            kind=RoomKind.GROUP,
            titles={"en": "Working group"},
            delegations={cast.kr: ParticipantRole.MEMBER, cast.ng: ParticipantRole.MEMBER},
        )
        self.bilateral = invite_delegation(
            to=cast.kr,
            note="Talk",
            language="en",
            with_office=False,
            actor=cast.bilal,
            mandate=cast.bilal_mandate,
        )
        self.said = post_message(
            room=self.room,
            author=cast.amal,
            mandate=cast.amal_mandate,
            body="Good morning",
            client_id=uuid4(),
        )
        self.draft = self._draft()
        ask_acknowledgement(room=self.room, seq=self.said.seq, until=None, actor=cast.dina)
        self.sent, self.waiting = (
            attach_file(
                room=self.room,
                actor=cast.amal,
                upload=upload(image(), "view.png"),
                content_type="image/png",
            )
            for _ in range(2)
        )
        post_message(
            room=self.room,
            author=cast.amal,
            mandate=cast.amal_mandate,
            body="The view",
            client_id=uuid4(),
            files=[self.sent.pk],
        )
        self.subject = open_subject(
            room=self.room, titles={"en": "Minutes"}, actor=cast.amal, mandate=cast.amal_mandate
        )
        self._order()
        self.room.refresh_from_db()
        self.asked = ask_opinion(
            room=self.room,
            author=cast.amal,
            mandate=cast.amal_mandate,
            question="Where?",
            options=["Doha", "Seoul"],
            client_id=uuid4(),
        )
        self.scheduled = schedule_message(
            room=self.room,
            author=cast.amal,
            mandate=cast.amal_mandate,
            body="Good evening",
            reply_to=None,
            client_id=uuid4(),
            due_at=timezone.now() + timedelta(days=1),
        )
        self.transcript = ask_for_transcript(
            room=self.room, actor=cast.amal, language="en", first=1, last=1
        )
        make_transcript(transcript_id=self.transcript.pk)
        write_heads()
        self._applications()
        self._groups()
        rules = assembly.create_rule_set(
            version="1", names={"en": "Rules"}, quorum_rule="3.1", majority_rule="4.2"
        )
        self.rules = rules
        self.meeting = make_meeting(rules)
        by_dina: dict[str, Any] = {"actor": cast.dina, "mandate": cast.dina_mandate}
        self.opened = assembly.place_on_agenda(
            meeting=self.meeting, application=self.apps["to_vote"], **by_dina
        )
        self.poll = assembly.open_roll_call(agenda_item=self.opened, **by_dina)
        self.unopened = assembly.place_on_agenda(
            meeting=self.meeting, application=self.apps["to_open"], **by_dina
        )
        self.invitation = invite_to_delegation(
            institution=cast.kr,
            email="new@example.org",
            name="New",
            language="en",
            capacity=Capacity.ADVISER,
            actor=cast.dina,
        )
        jobs = ProcrastinateJob.objects.filter(task_name="members.send_invitation")
        jobs.update(status="failed")
        self.failed = jobs.get()
        self.news, self.news_draft, self.picture = make_news(cast)
        self.reset = (
            user_pk_to_url_str(cast.bilal),
            default_token_generator.make_token(cast.bilal),
        )

    def _seat(self, name: str, institution: Any, capacity: Capacity = Capacity.HEAD) -> None:
        make_mandate(self.users[name], institution, capacity)

    def _draft(self) -> StatementDraft:
        kr = self.cast.kr
        kr.statements_need_release = True
        kr.save()
        adviser = make_mandate(make_user("adviser"), kr, Capacity.ADVISER)
        adviser.may_issue_statements = True
        adviser.save()
        draft = issue_statement(
            room=self.room,
            author=adviser.user,
            mandate=adviser,
            body="Ours",
            client_id=uuid4(),
        )
        assert isinstance(draft, StatementDraft)
        return draft

    def _order(self) -> None:
        """A person who is muted, a message that was reported and is to be erased."""
        cast = self.cast
        self.doubted = post_message(
            room=self.room,
            author=cast.bilal,
            mandate=cast.bilal_mandate,
            body="Nonsense!",
            client_id=uuid4(),
        )
        mute_person(
            room=self.room, user=cast.bilal, length="hour", reason="Calm down.", actor=cast.dina
        )
        at: dict[str, Any] = {"room": self.room, "seq": self.doubted.seq}
        self.report = report_message(**at, reason="offensive", words="Look!", actor=cast.amal)
        self.reason = Record.objects.get(kind="participant.muted").seq
        second = make_user("second")
        make_mandate(second, cast.qa, Capacity.SECRETARIAT)
        asked: dict[str, Any] = {"ground": "person", "explanation": "She asked.", "actor": second}
        ask_for_erasure(**at, **asked)
        ask_for_reason_erasure(room=self.room, seq=self.reason, **asked)
        ask_for_report_erasure(report=self.report, **asked)

    def _groups(self) -> None:
        """One that Korea chairs, with Nigeria; one that Nigeria asks to join; an empty one."""
        cast = self.cast
        of_kind: dict[str, Any] = {"kind": GroupKind.WORKING_GROUP, "names": {"en": "Group"}}
        chair = {cast.kr: GroupRole.CHAIR}
        self.group = create_group(**of_kind, members={**chair, cast.ng: GroupRole.MEMBER})
        change_group(
            group=self.group,
            names={"en": "Group"},
            mandate_texts={"en": "To report."},
            mandate_states={"en": "final"},
            starts_on=None,
            ends_on=None,
            secretariat_chairs=False,
            version=0,
            actor=cast.dina,
            mandate=cast.dina_mandate,
        )
        by_chair = {"actor": cast.amal, "mandate": cast.amal_mandate}
        self.group_file = make_file(self.group, by_chair)
        self.group_date = make_date(self.group, by_chair)
        self.empty_group = create_group(**of_kind, members={})
        focal = self.users["focal"]
        self.join_request = ask_to_join(
            group=create_group(**of_kind, members=chair),
            role=GroupRole.MEMBER,
            words="We wish to help.",
            actor=focal,
            mandate=focal.mandates.get(),
        )

    def _applications(self) -> None:
        state = ApplicationState
        contact = self.users["contact"]
        keep_field(
            name="aims", said=AskedField({}, {"en": "Why?"}, "now"), version=None, actor=None
        )
        publish_form(actor=None)
        self.apps: dict[str, Application] = {
            "draft": make_application(contact, state=state.DRAFT, submitted_at=None),
            "submitted": make_application(contact, state=state.SUBMITTED),
            "asked": make_application(contact, state=state.INFORMATION_REQUESTED),
            "reviewed": make_application(contact, state=state.UNDER_REVIEW),
            "recommended": make_application(contact),
            "to_vote": make_application(contact),
            "to_open": make_application(contact),
            "admitted": make_application(
                contact, state=state.ADMITTED, decided_at=timezone.now(), institution=None
            ),
            "signed": make_application(
                contact,
                state=state.CHARTER_SIGNED,
                decided_at=timezone.now(),
                institution=make_institution("MX", state=MembershipState.CANDIDATE),
            ),
        }
        self.apps["reviewed"].reviewers.create(user=self.cast.amal, assigned_by=self.cast.dina)
        InformationRequest.objects.create(
            application=self.apps["asked"], asked_by=self.cast.dina, question="Which laws?"
        )
        self.editor, self.place_invitation = let_in(self.apps["submitted"], contact)
        stored = store_file(upload=upload(), content_type="application/pdf")
        self.apps["admitted"].charters.create(file=stored, name="charter.pdf", by=self.cast.dina)
        self.dossier = self.apps["reviewed"].dossiers.create(
            user=self.cast.amal,
            language="en",
            asked_at=timezone.now(),
            made_at=timezone.now(),
            file=stored,
        )
        self.document = self.apps["submitted"].documents.create(
            file=stored, kind="credentials", name="letter.pdf", uploaded_by=contact
        )


def let_in(application: Application, contact: User) -> tuple[ApplicationEditor, Invitation]:
    """One who writes it too, and one who is invited to."""
    invitation = Invitation(
        email="editor@example.org",
        name="Editor",
        language="en",
        application=application,
        application_place="editor",
        invited_by=contact,
    )
    invitation.renew()
    invitation.save()
    return application.editors.create(user=make_user("editor")), invitation


def make_news(cast: Cast) -> tuple[NewsItem, NewsItem, NewsPicture]:
    """A published item, a draft, and the draft's second picture. A page was written too."""
    by: dict[str, Any] = {"actor": cast.dina, "mandate": cast.dina_mandate}
    texts = {"titles": {"en": "News"}, "bodies": {"en": "It is so."}, "states": {"en": "final"}}
    published = publish_item(item=create_item(texts=texts, **by), **by)
    draft = create_item(texts=texts, **by)
    for _place in range(2):
        picture = add_picture(
            item=draft, upload=upload(image()), alternatives={}, decorative=True, **by
        )
    save_page(key=PageKey.LEGAL, texts=texts, version=None, **by)
    return published, draft, picture
