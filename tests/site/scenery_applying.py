"""Applications that several people write."""

from members.actions import application_forms as form
from members.actions import application_people, invitations, people
from members.application_definitions import AskedDocument, AskedField, Question
from members.enums import ApplicationState as State
from members.models import Application, User
from tests.processes import DEMO_PASSWORD
from tests.site.stage import Stage

WITH_EDITORS = (State.DRAFT, State.SUBMITTED, State.INFORMATION_REQUESTED)

STAFF = Question(
    key="",
    section="institution",
    kind="choice",
    labels={"en": "How many people work there?", "ar": "كم عدد العاملين؟", "fr": "Combien ?"},
    helps={"en": "In all offices.", "ar": "في جميع المكاتب."},
    need="now",
    options=[{"en": "Fewer than ten", "ar": "أقل من عشرة"}, {"en": "More", "ar": "أكثر"}],
)
COURSES = Question(
    key="",
    section="reasons",
    kind="text",
    labels={"en": "Which courses does it hold?", "ar": "ما الدورات التي تعقدها؟"},
    helps={},
    need="no",
    options=[],
)
STATUTES = AskedDocument(
    key="",
    labels={"en": "Statutes", "ar": "النظام الأساسي", "fr": "Statuts"},
    helps={"en": "As they were adopted."},
    languages=["ar", "en"],
    need="review",
)


def asking(stage: Stage) -> None:
    """A form that asks for more, published; and a change of it that is not yet."""
    for question in (STAFF, COURSES):
        form.keep_question(question=question, version=None, **stage.by_office)
    form.keep_document(document=STATUTES, version=None, **stage.by_office)
    form.publish_form(**stage.by_office)
    aims = AskedField(
        labels={"en": "What it aims at", "ar": "ما تسعى إليه"},
        helps={"en": "In three."},
        need="now",
    )
    form.keep_field(name="aims", said=aims, version=None, **stage.by_office)


def applying(stage: Stage, asked: dict[str, Application]) -> None:
    """An editor who has accepted, one who has not yet, and somebody who is to be the contact."""
    people.create_person(
        email="editor.mx@demo.example",
        name="محررة (المكسيك)",
        password=DEMO_PASSWORD,
        language="ar",
    )
    for state in WITH_EDITORS:
        application = Application.objects.get(pk=asked[state].pk)
        for email, name in (
            ("editor.mx@demo.example", "محررة"),
            (f"second.{state}@demo.example", "Second editor"),
        ):
            invitation = application_people.invite_editor(
                application=application,
                email=email,
                name=name,
                language="ar",
                actor=stage.contact_of(state),
            )
            user = User.objects.of_email(email)
            if user is not None:
                invitations.accept_invitation(
                    invitation=invitation, token=invitation.token, actor=user
                )
    application_people.invite_contact(
        application=asked[State.SUBMITTED],
        email="next.contact@demo.example",
        name="Next contact",
        language="fr",
        actor=stage.contact_of(State.SUBMITTED),
    )


def more_answers(application: Application) -> dict[str, str]:
    """To the questions that the form adds."""
    staff, courses = application.definition.questions
    return {staff.key: "More", courses.key: "For young diplomats.\n\nللدبلوماسيين الشباب."}
