"""The dossier of an application as one PDF: what it says in a language, and its annexes.

Nothing of reviewers is in it: neither notes nor recommendations. The assembly's has less: not how
the contact is reached, nor what was asked and answered in the review.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from members.application_parts import answered, field_label, part_of
from members.countries import country_name
from members.enums import ApplicationState
from members.languages import language_word
from members.models import Application, ApplicationDocument, DecisionTerms
from records.binding import bind
from records.languages import in_language
from records.reading import number, written_date
from records.storage import path_of

Row = Callable[[Any, Any], dict[str, Any]]  # a label, and a text as blocks
SOURCE = Path(__file__).with_name("dossier.typ")


class Advice(NamedTuple):
    """What the secretariat advises the assembly, in the words of the question that is put."""

    verdict: str
    reasons: str


def make_dossier(
    application: Application,
    *,
    of_office: bool = True,
    advice: Advice | None = None,
    address: Callable[[ApplicationDocument], str] | None = None,
) -> bytes | None:
    """In the active language; None where it could not be made in time. `application` was read by
    `for_dossier()`. `of_office`: with the opinion of the secretariat, which reviewers do not read
    before they have given theirs. `advice`: for the assembly, with this. `address`: where its
    readers find a file that is not bound.
    """
    documents = application.papers if advice else list(application.documents.all())
    files = [(path_of(d.file.sha256), d.file.content_type) for d in documents]
    said = contents(application, of_office=of_office, advice=advice, address=address)
    return bind(SOURCE.read_text(), said, files)


def contents(
    application: Application,
    *,
    of_office: bool = True,
    advice: Advice | None = None,
    address: Callable[[ApplicationDocument], str] | None = None,
) -> dict[str, Any]:
    """What the front says, as plain JSON, in the active language."""
    language = get_language() or settings.LANGUAGE_CODE
    frame = "rtl" if get_language_info(language)["bidi"] else "ltr"

    def row(label: Any, text: Any) -> dict[str, Any]:
        blocks = [b for b in re.split(r"\n\s*\n", str(text).strip()) if b]
        return {"label": str(label), "blocks": [[_side(b, frame), b] for b in blocks]}

    label = partial(field_label, application)
    form = application.form_version
    country = country_name(application.country.code).text if application.country else ""
    contact = application.contact
    facts = [
        *[row(_official_name(c), n) for c, n in application.institution_names.items()],
        row(label("acronym"), application.acronym),
        row(label("country"), country),
        row(label("kind"), application.get_kind_display()),
        row(label("membership_class"), application.get_membership_class_display()),
        row(label("website"), application.website),
        row(_("Contact"), contact.name if contact else ""),
        row(label("contact_position"), application.contact_position),
        *([] if advice else _reached(application, row)),
        row(_("State"), application.get_state_display()),
        row(_("Version of the form"), number(form.number) if form else ""),
    ]
    asked = []
    for each in [] if advice else application.information_requests.all():
        asked += [
            row(_("The secretariat asked:"), each.question),
            *[
                row(part_of(application, item.about).label, f"{item.question}\n\n{item.answer}")
                for item in each.items.all()
            ],
            row(_("The applicant answered:"), each.answer),
        ]
    more = [
        row(
            in_language(question.labels).text,
            answered(question, application.more_answers.get(question.key, "")),
        )
        for question in application.definition.questions
    ]
    opinion = [row("", application.recommendation)] if of_office else []
    if advice:
        opinion = [row("", advice.verdict), row(_("Reasons"), advice.reasons)]
    parts = [
        (_("The application"), facts),
        (label("aims"), [row("", application.aims)]),
        (label("letter_text"), [row("", application.letter_text)]),
        (_("Further questions"), more),
        (_("Questions and answers"), asked),
        (_("Declaration"), _declared(application, row)),
        (_("Opinion of the secretariat"), opinion),
        (_("The decision of the general assembly"), _decided(application, row)),
    ]
    told = [
        {"title": str(title), "rows": [r for r in rows if r["blocks"]]} for title, rows in parts
    ]
    made = _("Made on %(day)s.") % {"day": date_format(timezone.localdate(), "DATE_FORMAT")}
    return {
        "language": language,
        "direction": frame,
        "network": _("Dossier"),
        "title": application.name.text,
        "made": made,
        "parts": [part for part in told if part["rows"]],
        "annexes_title": _("Annexes"),
        "not_bound": _("not bound: open the file itself"),
        "annexes": [
            {
                "kind": str(document.get_kind_display()),
                "name": [_side(document.name, frame), document.name],
                "facts": f"{document.file.content_type} · {filesizeformat(document.file.size)}",
                "sha256": document.file.sha256,
                "address": (address or _address)(document),
            }
            for document in (application.papers if advice else application.documents.all())
        ],
    }


def _reached(application: Application, row: Row) -> list[dict[str, Any]]:
    """How the contact is reached, and who writes the application with them."""
    contact = application.contact
    editors = [editor.user.name for editor in application.editors.all()]
    return [
        row(_("E-mail address of the contact person"), contact.email if contact else ""),
        row(_("Telephone of the contact person"), application.contact_phone),
        row(_("Editors of the application"), "\n\n".join(editors)),
    ]


def _declared(application: Application, row: Row) -> list[dict[str, Any]]:
    said = application.declaration if hasattr(application, "declaration") else None
    if said is None:
        return []
    day = written_date(timezone.localtime(said.at), "DATETIME_FORMAT")
    return [
        row("", said.words),
        row(_("Declared by"), said.name),
        row(_("In which capacity"), said.capacity),
        row(_("Declared on"), day),
    ]


def _decided(application: Application, row: Row) -> list[dict[str, Any]]:
    """What was decided, the latest first, and the terms that the applicant was told with it."""
    found = []
    for terms in DecisionTerms.objects.told(application.pk):
        declined = terms.state == ApplicationState.DECLINED
        again = terms.again_from
        found += [
            row("", in_language(terms.explanation).text),
            row(_("The reasons") if declined else _("The conditions"), terms.words),
            row(_("May apply again from"), written_date(again) if again else ""),
        ]
    if found:
        found.append(row(_("Class of membership"), application.get_admitted_class_display()))
    return found


def _address(document: ApplicationDocument) -> str:
    place = [document.application_id, document.pk]
    origin: str = settings.PUBLIC_ORIGIN
    return origin + reverse("members:application_document", args=place)


def _official_name(code: str) -> str:
    return _("Official name (%(language)s)") % {"language": language_word(code)}


def _side(text: str, otherwise: str) -> str:
    """That of the first letter that has one, as browsers do for dir="auto"."""
    for character in text:
        match unicodedata.bidirectional(character):
            case "L":
                return "ltr"
            case "R" | "AL":
                return "rtl"
    return otherwise
