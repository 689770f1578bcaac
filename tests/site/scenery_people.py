"""What people say of themselves: the head of Korea's delegation says all there is to say."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from members.actions.persons import change_person_profile, change_photo
from members.models import User
from records.forms import PictureField
from tests.files import image


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
