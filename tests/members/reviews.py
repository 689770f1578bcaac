"""An application under review, for the tests: amal and bilal review it, dina runs the review."""

from typing import Any
from uuid import uuid4

from members.actions import reviewers
from members.enums import ApplicationState as State
from members.models import Application, User
from tests.factories import Cast, make_user
from tests.members.applications import application_in

SCORES = {"mission": 4, "standing": 2, "capacity": 5}


class Review:
    """`by(who)` is who acts; `given` gives that person's recommendation."""

    def __init__(self, cast: Cast, *people: User) -> None:
        self.cast = cast
        self.contact = make_user("contact")
        self.application: Application = application_in(State.UNDER_REVIEW, cast, self.contact)
        for user in people or (cast.amal, cast.bilal):
            self.assign(user)

    def assign(self, user: User) -> None:
        reviewers.assign_reviewer(
            application=self.application, user=user, **self.by(self.cast.dina)
        )

    @staticmethod
    def by(user: User) -> dict[str, Any]:
        return {"actor": user, "mandate": user.mandates.first()}

    def give(self, user: User, **changed: Any) -> Any:
        return reviewers.give_recommendation(
            **{
                "application": self.application,
                "advice": "admit",
                "reasons": f"Reasons of {user.name}.",
                "scores": SCORES,
                "guide_version": 0,
                "seen": 0,
                **self.by(user),
                **changed,
            }
        )

    def note(self, user: User, body: str = "", **changed: Any) -> Any:
        return reviewers.write_note(
            **{
                "application": self.application,
                "body": body or f"Note of {user.name}.",
                "client_id": uuid4(),
                **self.by(user),
                **changed,
            }
        )

    def conflict(self, user: User) -> Any:
        return reviewers.declare_conflict(
            application=self.application, reason=f"Kin of {user.name}.", **self.by(user)
        )
