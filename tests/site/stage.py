"""Who acts in the scenery."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from members.actions import people
from members.enums import ApplicationState as State
from members.models import Mandate, User
from records.forms import StoredFileField
from tests.processes import DEMO_PASSWORD


class Stage:
    """Who acts, found once."""

    def __init__(self) -> None:
        self.office = user("secretariat")
        self.mandate = Mandate.objects.get(user=self.office)
        self.contact = user("contact.mx")
        self.welcomed = people.create_person(
            email="contact.uy@demo.example",
            name="Contact (Uruguay)",
            password=DEMO_PASSWORD,
            language="en",
        )
        self.korea = user("head.kr").mandates.first().institution
        self.by_office: dict[str, Any] = {"actor": self.office, "mandate": self.mandate}

    def contact_of(self, state: str) -> User:
        """All are of one person, but the one that makes its contact a delegate."""
        return self.welcomed if state == State.ACTIVE else self.contact


def user(name: str) -> User:
    return User.objects.get(email=f"{name}@demo.example")


def checked(content: bytes, name: str) -> Any:
    """An upload as a form hands it on."""
    return StoredFileField().clean(SimpleUploadedFile(name, content))
