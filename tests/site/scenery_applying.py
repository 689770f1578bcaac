"""Applications that several people write."""

from members.actions import application_people, invitations, people
from members.enums import ApplicationState as State
from members.models import Application, User
from tests.processes import DEMO_PASSWORD
from tests.site.stage import Stage

WITH_EDITORS = (State.DRAFT, State.SUBMITTED, State.INFORMATION_REQUESTED)


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
