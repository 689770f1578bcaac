"""Names and languages of the network, a letter in its words, the charter in two versions."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from members.actions.charters import send_charter
from members.actions.network import add_charter, settle_network, write_letter_text
from members.models import Application
from tests.files import PDF
from tests.site.stage import checked

LETTER = "application.information_requested"


def network(stage: Any) -> None:
    by_office = stage.by_office
    facts: dict[str, Any] = {
        "names": {"en": "Global Network of Public Diplomacy"},
        "short_names": {"en": "GNPD", "ar": "الشبكة"},
        "contacts": {
            "en": "Secretariat, P.O. Box 1, Doha\nsecretariat@network.example",
            "ar": "الأمانة العامة، الدوحة\nsecretariat@network.example",
        },
        "full_names": {},
        "associate_names": {"en": "partner", "fr": "membre partenaire"},
        "observer_names": {},
        "languages": ["en", "ar", "fr"],
    }
    settle_network(**facts, version=0, **by_office)
    settle_network(**{**facts, "names": {}, "languages": []}, version=1, **by_office)
    for number, word in enumerate(("asks", "kindly asks")):
        write_letter_text(
            letter=LETTER,
            language="en",
            subject="A question on the application of {institution}",
            body=f"Dear {{name}},\n\n{{network}} {word}:\n\n{{words}}\n\n{{link}}\n\nThe office",
            version=number,
            **by_office,
        )
    today = timezone.localdate()
    for number, day in enumerate((date(2020, 1, 1), today + timedelta(days=30))):
        add_charter(
            files={
                "ar": checked(PDF + b"ar%d" % number, "ميثاق الشبكة.pdf"),
                "en": checked(PDF + b"en%d" % number, "Charter of the network.pdf"),
            },
            in_force_on=day,
            version=number,
            **by_office,
        )
    send_charter(application=Application.objects.get(state="admitted"), upload=None, **by_office)
