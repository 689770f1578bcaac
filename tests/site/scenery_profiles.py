"""Korea's profile, filled in and changed, with pictures; a field of work that is retired."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from members.actions import pictures
from members.actions.fields import add_field, retire_field
from members.actions.profiles import change_logo, change_profile
from members.models import InstitutionPicture
from records.forms import PictureField
from tests.files import image


def profiles(stage: Any) -> None:
    korea, by_office = stage.korea, stage.by_office
    retired = add_field(names={"en": "Telegraphy", "ar": "البرق"}, **by_office)
    said: dict[str, Any] = {
        "short_names": {"en": "Korea Foundation", "fr": "Fondation de Corée"},
        "addresses": {"en": "55 Sinjung-ro\nSeogwipo 63565"},
        "descriptions": {"en": "It links people.\n\nSince 1991.", "ar": "تصل بين الناس."},
        "description_states": {"en": "final", "ar": "draft"},
        "languages": ["en", "ko"],
        "telephone": "+82 64 804 1000",
        "website": "https://www.kf.example/",
        "social_accounts": {"youtube": "https://www.youtube.com/@korea-foundation-example"},
        "fields": sorted([*korea.profile()["fields"], retired.pk]),
    }
    change_profile(institution=korea, said=said, version=None, **by_office)
    retire_field(field=retired, retired=True, **by_office)
    picture = PictureField().clean(SimpleUploadedFile("logo.png", image(size=(300, 120))))
    change_logo(institution=korea, upload=picture, **by_office)
    said["descriptions"] = {**said["descriptions"], "en": "It links peoples.\n\nSince 1991."}
    change_profile(institution=korea, said=said, version=None, **by_office)
    _pictures(stage)


def _pictures(stage: Any) -> None:
    """Two that are shown, the second of them moved to the front; one that was taken out."""
    for size, captions, alternatives in (
        ((960, 640), {"en": "The hall", "ar": "القاعة"}, {"en": "Rows of chairs"}),
        ((400, 900), {}, {"ar": "بوابة عالية", "fr": "Une haute porte"}),
        ((300, 200), {"fr": "La cour"}, {"fr": "Une cour"}),
    ):
        pictures.add_picture(
            institution=stage.korea,
            upload=SimpleUploadedFile("picture.png", image(size=size)),
            captions=captions,
            alternatives=alternatives,
            credit="Amal & Cie" if captions else "",
            **stage.by_office,
        )
    *_shown, second, third = InstitutionPicture.objects.filter(institution=stage.korea).order_by(
        "pk"
    )
    pictures.remove_picture(picture=third, **stage.by_office)
    pictures.move_picture(picture=second, place=1, **stage.by_office)
