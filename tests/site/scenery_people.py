"""What people say of themselves: the head of Korea's delegation says all there is to say. A letter
of appointment, a mandate that is suspended, and one that is being handed over.
"""

from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from members.actions.invitations import invite_to_delegation
from members.actions.mandates import record_letters, suspend_mandate
from members.actions.people import create_person, start_mandate
from members.actions.persons import change_person_profile, change_photo
from members.enums import Capacity
from members.models import Mandate, User
from records.forms import PictureField, StoredFileField
from tests.files import PDF, image


def persons(stage: Any) -> None:
    head = User.objects.get(email="head.kr@demo.example")
    said: dict[str, Any] = {
        "name_latin": head.name_latin,
        "name_arabic": "رئيس وفد كوريا",
        "forms_of_address": {"en": "H.E. Ambassador", "ar": "سعادة السفير"},
        "positions": {"en": "President of the Foundation", "ar": "رئيس المؤسسة"},
        "languages": ["en", "ko"],
        "visibility": {"position": "delegation", "email": "members"},
    }
    change_person_profile(actor=head, said=said)
    photo = PictureField().clean(SimpleUploadedFile("photo.png", image(size=(300, 300))))
    change_photo(actor=head, upload=photo)
    letter = StoredFileField().clean(SimpleUploadedFile("letter of appointment.pdf", PDF))
    held = Mandate.objects.get(user=head)
    record_letters(of=held, uploads=[letter], **stage.by_office)
    guest = create_person(
        email="guest.kr@demo.example", name="ضيف الوفد", password=str(uuid4()), language="ar"
    )
    seat = start_mandate(user=guest, institution=stage.korea, capacity=Capacity.ADVISER)
    suspend_mandate(suspending=seat, reason="Called back by the ministry.", **stage.by_office)
    invite_to_delegation(
        institution=stage.korea,
        email="next.head@demo.example",
        name="Next head",
        language="en",
        capacity=Capacity.HEAD,
        succeeds=held,
        **stage.by_office,
    )
