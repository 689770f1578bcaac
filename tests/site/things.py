"""Things of the scenery by what tells them from others: arguments for an address."""

from collections.abc import Callable
from typing import Any

from django.conf import settings

from assembly.models import AgendaItem, Meeting
from members.models import (
    Application,
    ApplicationFormVersion,
    AppointmentLetter,
    DossierFile,
    Dues,
    Field,
    Group,
    GroupDate,
    GroupFile,
    Institution,
    InstitutionPicture,
    Invitation,
    JoinRequest,
    Mandate,
    MembershipDocument,
    PersonProfile,
    SavedFilter,
    StandingNotice,
    User,
)
from messaging.models import (
    Attachment,
    BilateralInvitation,
    Erasure,
    Message,
    MessageMarks,
    Mute,
    Record,
    Report,
    Room,
    ScheduledMessage,
    StatementDraft,
    Subject,
    Transcript,
)
from messaging.news_letters import stop_address
from portal.mail import read_letters


def application(state: str) -> Callable[[], tuple[int]]:
    return lambda: (Application.objects.filter(state=state).order_by("pk")[0].pk,)


def notice(state: str) -> Callable[[], tuple[int, int]]:
    """Of Korea: one of each state."""

    def args() -> tuple[int, int]:
        found = StandingNotice.objects.get(state=state)
        return found.institution_id, found.pk

    return args


def owed() -> tuple[int, int]:
    """Of Korea, overdue."""
    found = Dues.objects.get(amount="12500.50")
    return found.institution_id, found.year


def korean_dossier() -> tuple[int, int]:
    dossier = DossierFile.objects.get(user__email="head.kr@demo.example")
    return dossier.application_id, dossier.pk


def written(state: str, section: str) -> Callable[[], tuple[int, str]]:
    return lambda: (*application(state)(), section)


def editor() -> tuple[int, int]:
    found = Application.objects.get(state="submitted").editors.all()[0]
    return found.application_id, found.pk


def place_invitation() -> tuple[int, int]:
    of = Application.objects.get(state="submitted")
    return of.pk, Invitation.objects.to_application(of.pk)[0].pk


def form_part(of: str) -> Callable[[], tuple[str]]:
    """The first question or kind of document of the form of today."""

    def args() -> tuple[str]:
        current = ApplicationFormVersion.objects.current()
        assert current is not None
        return (current.definition[of][0]["key"],)

    return args


def document(kind: str) -> Callable[[], tuple[int, int]]:
    def args() -> tuple[int, int]:
        of = Application.objects.get(state="submitted")
        return of.pk, of.documents.get(kind=kind).pk

    return args


def of_country(code: str) -> Callable[[], tuple[int]]:
    return lambda: (Institution.objects.get(country=code).pk,)


def standing(code: str, act: str) -> Callable[[], tuple[int, str]]:
    return lambda: (*of_country(code)(), act)


def ground() -> tuple[int, int]:
    """A document of why an institution is suspended."""
    found = MembershipDocument.objects.get(
        membership__institution__country="LT", name__endswith="pdf"
    )
    return found.membership.institution_id, found.pk


def item(state: str = "", *, voted: bool | None = None, called: bool | None = None) -> Any:
    """The question of an application in `state`; `called`: whether everybody has answered."""

    def args() -> tuple[int, int]:
        for each in AgendaItem.objects.for_vote().exclude(application=None):
            assert each.application is not None
            vote = each.vote
            if each.application.state != state or (vote is not None) != voted:
                continue
            if vote is None or called is None or called == all(vote.choices.values()):
                return each.meeting_id, each.position
        raise LookupError(state)

    return args


def plain_item() -> tuple[int, int]:
    found = AgendaItem.objects.filter(application=None).order_by("pk")[0]
    return found.meeting_id, found.position


def invitation(email: str) -> Callable[[], tuple[str]]:
    return lambda: (Invitation.objects.get(email=email).token,)


def invitation_number() -> tuple[int]:
    return (Invitation.objects.get(email="new.person@demo.example").pk,)


def korea() -> tuple[int]:
    return (Institution.objects.get(country="KR").pk,)


def field_of_work(*, retired: bool = False) -> Callable[[], tuple[int]]:
    return lambda: (Field.objects.filter(is_retired=retired)[0].pk,)


def korean_logo() -> tuple[int, str]:
    shown = Institution.objects.select_related("logo").get(country="KR")
    assert shown.logo is not None
    return shown.pk, shown.logo.sha256


def korean_picture(place: int) -> Callable[[], tuple[int, int]]:
    """`place`: among those that are published, from 0."""

    def found() -> tuple[int, int]:
        shown = Institution.objects.get(country="KR")
        return shown.pk, shown.pictures[place]["id"]

    return found


def korean_picture_taken_out() -> tuple[int, int]:
    shown = Institution.objects.get(country="KR")
    beside = InstitutionPicture.objects.beside(shown, shown.pictures)
    return shown.pk, beside[0].pk


def korean_picture_file() -> tuple[int, str]:
    shown = Institution.objects.get(country="KR")
    return shown.pk, shown.pictures[0]["small"][0]


def saved_filter() -> tuple[int]:
    return (SavedFilter.objects.filter(is_shared=True)[0].pk,)


def nigeria() -> tuple[int]:
    return (Institution.objects.get(country="NG").pk,)


def group(kind: str) -> Callable[[], tuple[int]]:
    return lambda: (Group.objects.filter(kind=kind).order_by("-pk")[0].pk,)


def group_place(kind: str, country: str) -> Callable[[], tuple[int, int]]:
    return lambda: (*group(kind)(), Institution.objects.get(country=country).pk)


def group_file(title: str) -> Callable[[], tuple[int, int]]:
    return lambda: GroupFile.objects.values_list("group", "pk").get(title=title)


def group_date(title: str) -> Callable[[], tuple[int, int]]:
    return lambda: GroupDate.objects.values_list("group", "pk").get(titles__en=title)


def join_request(state: str) -> Callable[[], tuple[int]]:
    return lambda: (JoinRequest.objects.get(state=state).pk,)


def mandate(name: str) -> Callable[[], tuple[int]]:
    return lambda: (Mandate.objects.get(user__email=f"{name}@demo.example").pk,)


def letter_of(name: str) -> Callable[[], tuple[int, int]]:
    def found() -> tuple[int, int]:
        kept = AppointmentLetter.objects.get(mandate__user__email=f"{name}@demo.example")
        return kept.mandate_id, kept.pk

    return found


def person_of(name: str) -> Callable[[], tuple[int]]:
    return lambda: (User.objects.get(email=f"{name}@demo.example").pk,)


def photo_of(name: str) -> Callable[[], tuple[int, str]]:
    def found() -> tuple[int, str]:
        profile = PersonProfile.objects.get(user__email=f"{name}@demo.example")
        assert profile.photo is not None
        return profile.pk, profile.photo.sha256

    return found


def meeting(number: int) -> Callable[[], tuple[int]]:
    return lambda: (Meeting.objects.general_assemblies().get(number=number).pk,)


def meeting_of(kind: str, number: int) -> Callable[[], tuple[int]]:
    return lambda: (Meeting.objects.get(kind=kind, number=number).pk,)


def meeting_room(kind: str, number: int) -> Callable[[], tuple[int]]:
    return lambda: (Room.objects.get(meeting__kind=kind, meeting__number=number).pk,)


def room(place: int) -> Callable[[], tuple[int]]:
    """Of the groups' rooms, by place."""
    return lambda: (list(Room.objects.exclude(group=None).order_by("pk"))[place].pk,)


def to_be_sent(state: str) -> Callable[[], tuple[int]]:
    """The message of Korea's head that is to be sent later, in this state."""
    return lambda: (ScheduledMessage.objects.get(state=state).pk,)


def opinion(*, closed: bool) -> Callable[[], tuple[int, int]]:
    """The poll of opinion of the secretariat that runs, or the one that was closed."""

    def args() -> tuple[int, int]:
        asked = Message.objects.filter(opinion__closed_at__isnull=not closed)
        found = asked.exclude(opinion=None).order_by("-pk")[0]
        return found.room_id, found.seq

    return args


def invited(state: str) -> Callable[[], tuple[int]]:
    """The invitation to a bilateral room in this state that Korea answers, or answered."""
    return lambda: (BilateralInvitation.objects.get(state=state, to__country="KR").pk,)


def stopping(name: str) -> Callable[[], tuple[str]]:
    """The address that stops the e-mails of that person."""
    return lambda: (stop_address(User.objects.get(email=f"{name}@demo.example")).rsplit("/", 2)[1],)


def participant() -> tuple[int, int]:
    found = room(0)()[0]
    of = Room.objects.get(pk=found).participants.exclude(institution=None).order_by("pk")[1]
    return found, of.pk


def acted_on(act: str) -> Callable[[], tuple[int, int]]:
    """A message that was edited or deleted, in a room of EVERYBODY who is signed in."""

    def args() -> tuple[int, int]:
        found = Record.objects.filter(kind=f"message.{act}", room__group__isnull=False)
        message = found.order_by("pk")[0].message
        assert message is not None
        return message.room_id, message.seq

    return args


def issued() -> tuple[int, int]:
    """A statement of Korea that was put right."""
    found = Record.objects.filter(kind="statement.issued", mandate__institution__country="KR")
    return found[0].room_id, found[0].seq


def drafted(state: str) -> Callable[[], tuple[int, int]]:
    """The statement of Korea in this state that waits or waited for its release."""

    def args() -> tuple[int, int]:
        found = StatementDraft.objects.get(state=state)
        return found.room_id, found.pk

    return args


def orderly(*more: int) -> Callable[[], tuple[int, ...]]:
    """The room in which order was kept, and who is muted there."""

    def args() -> tuple[int, ...]:
        mute = Mute.objects.get()
        return (mute.room_id, mute.user_id) if more else (mute.room_id,)

    return args


def direct() -> tuple[int]:
    """Of the heads of two delegations."""
    return (Room.objects.get(kind="direct").pk,)


def subject(title: str) -> Callable[[], tuple[int, int]]:
    """By its English title."""

    def args() -> tuple[int, int]:
        found = Subject.objects.get(titles__en=title)
        return found.room_id, found.pk

    return args


def marked() -> tuple[int, int]:
    """A message with all the marks that there are."""
    message = MessageMarks.objects.filter(request__isnull=False, pin__isnull=False)[0].message
    return message.room_id, message.seq


def reported() -> tuple[int, int]:
    """A message that the delegate has reported."""
    message = Report.objects.get(reporter__email="head.kr@demo.example").message
    return message.room_id, message.seq


def report_number() -> tuple[int, int]:
    found = Report.objects.filter(outcome="")[0]
    return found.message.room_id, found.pk


def report_to_be_erased() -> tuple[int, int]:
    found = Erasure.objects.get(report__isnull=False).report
    assert found is not None
    return found.message.room_id, found.pk


def reason_to_be_erased(state: str) -> Callable[[], tuple[int, int]]:
    def args() -> tuple[int, int]:
        record = Erasure.objects.get(state=state, record__isnull=False).record
        assert record is not None
        return record.room_id, record.seq

    return args


def to_be_erased(state: str) -> Callable[[], tuple[int, int]]:
    def args() -> tuple[int, int]:
        message = Erasure.objects.get(state=state, message__isnull=False).message
        assert message is not None
        return message.room_id, message.seq

    return args


def transcript(state: str, *more: str) -> Callable[[], tuple[Any, ...]]:
    def args() -> tuple[Any, ...]:
        found = Transcript.objects.filter(state=state)[0]
        return found.room_id, found.pk, *more

    return args


def sent_file(kind: str) -> Callable[[], tuple[int, int]]:
    """The newest file of a message that is of this type."""

    def args() -> tuple[int, int]:
        sent = Attachment.objects.exclude(message=None).filter(file__content_type=kind)
        found = sent.order_by("-pk")[0]
        return found.room_id, found.pk

    return args


def letter() -> tuple[str]:
    return (read_letters(settings.VAR_DIR / "mail")[0].key,)
