"""Applications in every state, for the tests."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from procrastinate.contrib.django.models import ProcrastinateJob

from members.actions import applicants, charters
from members.actions import applications as review
from members.enums import ApplicationState as State
from members.enums import DocumentKind
from members.models import Application, CharterVersion, User
from records.forms import StoredFileField
from tests.factories import Cast
from tests.files import PDF, upload

FIELDS: dict[str, Any] = {
    "institution_names": {"en": "Institute of Matters", "ar": "معهد الشؤون"},
    "acronym": "IM",
    "country": "MX",
    "kind": "research_body",
    "membership_class": "full",
    "aims": "To learn.\n\nأن نتعلم.",
    "website": "https://example.org/",
    "contact_position": "Director",
    "contact_phone": "+52 55 1234",
    "letter_text": "We ask to join.",
}
EXPLANATION = {"en": "12 in favour: adopted", "ar": "12 مؤيدًا: اعتُمد", "fr": "12 pour : adopté"}


def checked(content: bytes = PDF, name: str = "file.pdf") -> UploadedFile:
    """An upload as a form hands it on."""
    cleaned = StoredFileField().clean(upload(content, name))
    assert isinstance(cleaned, UploadedFile)
    return cleaned


def jobs() -> list[dict[str, Any]]:
    """The letters about applications that wait to be sent, in order."""
    waiting = ProcrastinateJob.objects.filter(
        task_name="members.send_application_letter", status="todo"
    ).order_by("id")
    return [job.args for job in waiting]


def told(application: Application) -> list[tuple[str, int]]:
    """Which letters go to whom."""
    return [(j["letter"], j["user_id"]) for j in jobs() if j["application_id"] == application.pk]


def send_the_charter(application: Application, cast: Cast) -> None:
    in_force = CharterVersion.objects.text_for(application.contact)
    charters.send_charter(
        application=application,
        upload=None if in_force else checked(PDF + b"to be signed", "charter.pdf"),
        actor=cast.dina,
        mandate=cast.dina_mandate,
    )


def application_in(state: str, cast: Cast, contact: User) -> Application:
    """An application of `contact` that went the straight way to `state`."""
    application = applicants.start_application(actor=contact)
    by_dina: dict[str, Any] = {"actor": cast.dina, "mandate": cast.dina_mandate}
    if state == State.DRAFT:
        return application
    applicants.save_application(application=application, fields=FIELDS, actor=contact)
    applicants.add_document(
        application=application, kind=DocumentKind.CREDENTIALS, upload=checked(), actor=contact
    )
    if state == State.WITHDRAWN:
        return applicants.withdraw_application(application=application, actor=contact)
    application = applicants.submit_application(application=application, actor=contact)
    if state == State.SUBMITTED:
        return application
    review.start_review(application=application, **by_dina)
    if state == State.UNDER_REVIEW:
        return Application.objects.get(pk=application.pk)
    if state == State.INFORMATION_REQUESTED:
        review.request_information(application=application, question="Which laws?", **by_dina)
        return Application.objects.get(pk=application.pk)
    application = review.recommend_application(
        application=application,
        favourable=state != State.NOT_RECOMMENDED,
        reasons="It meets the charter.",
        incomplete_because="Its papers are with the board.",
        **by_dina,
    )
    if state in (State.RECOMMENDED, State.NOT_RECOMMENDED):
        return application
    application = review.place_application_on_agenda(application=application, **by_dina)
    if state == State.ON_AGENDA:
        return application
    decision = state if state in (State.DEFERRED, State.DECLINED) else State.ADMITTED
    application = review.decide_application(
        application=application, to=decision, explanation=EXPLANATION, **by_dina
    )
    if state == decision:
        return application
    if state == State.LAPSED:
        return review.let_admission_lapse(
            application=application, reason="No answer.", seen=State.ADMITTED, **by_dina
        )
    send_the_charter(application, cast)
    application = applicants.hand_in_charter(
        application=application, upload=checked(PDF + b"charter"), actor=contact
    )
    if state == State.CHARTER_SIGNED:
        return application
    return review.activate_application(application=application, **by_dina)
