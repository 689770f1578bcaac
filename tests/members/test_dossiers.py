"""The dossier as one PDF."""

from datetime import date
from typing import Any

import pytest
import typst
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from members.actions import dossiers
from members.dossiers.making import SOURCE, Advice, contents, make_dossier
from members.models import (
    Application,
    ApplicationDocument,
    ApplicationFormVersion,
    DecisionTerms,
    Declaration,
    DossierFile,
)
from members.tasks_dossiers import make_dossier as job
from records.actions import store_file
from records.binding import _ONLY, bind
from records.models import StoredFile
from records.storage import path_of
from tests.factories import Cast
from tests.files import image, upload
from tests.members.reviews import Review


@pytest.fixture
def review(cast: Cast) -> Review:
    return Review(cast)


def pages(*letters: str) -> bytes:
    """A page for each."""
    said = "#pagebreak()".join(letters)
    pdf: bytes = typst.compile(  # type: ignore[misc]
        f"#set page(width: 100pt, height: 100pt)\n{said}".encode()
    )
    return pdf


def add(review: Review, content: bytes, name: str, content_type: str) -> ApplicationDocument:
    stored = store_file(upload=upload(content, name), content_type=content_type)
    return review.application.documents.create(
        file=stored, kind="other", name=name, uploaded_by=review.contact
    )


def whole(review: Review) -> Application:
    return Application.objects.for_dossier().get(pk=review.application.pk)


def pages_of(pdf: bytes, tmp_path: Any) -> int:
    (tmp_path / "out.pdf").write_bytes(pdf)
    with pytest.raises(typst.TypstError) as error:
        typst.compile(b'#image("out.pdf", page: 999)', root=tmp_path)
    found = _ONLY.search(" ".join([str(error.value), *error.value.hints]))
    assert found is not None
    return int(found[1])


@pytest.mark.parametrize("language", ["ar", "en", "fr"])
def test_annexes_are_bound_or_listed(review: Review, tmp_path: Any, language: str) -> None:
    review.application.documents.all().delete()
    add(review, pages("A", "B", "C"), "ثلاث صفحات.pdf", "application/pdf")
    add(review, image(size=(60, 40)), "picture.png", "image/png")
    add(review, pages("A"), "one page.pdf", "application/pdf")
    add(review, b"%PDF-1.7 and nothing", "damaged.pdf", "application/pdf")
    application = whole(review)
    files = [(path_of(d.file.sha256), d.file.content_type) for d in application.documents.all()]
    with translation.override(language):
        said = contents(application)
        pdf = bind(SOURCE.read_text(), said, files)
    assert pdf is not None
    assert [annex["pages"] for annex in said["annexes"]] == [3, 1, 1, 0]
    assert pages_of(pdf, tmp_path) in (6, 7)  # the front is of a page or two


def test_what_it_says_has_nothing_of_reviewers(review: Review) -> None:
    review.give(review.cast.amal, reasons="Secret reasons.")
    review.note(review.cast.amal, "Secret note.")
    with translation.override("fr"):
        said = str(contents(whole(review)))
    assert "To learn." in said
    assert "Secret" not in said


def test_reviewers_do_not_read_the_opinion_of_the_secretariat_in_it(review: Review) -> None:
    review.application.recommendation = "We recommend it."
    review.application.save(update_fields=["recommendation"])
    assert "We recommend it." in str(contents(whole(review)))
    assert "We recommend it." not in str(contents(whole(review), of_office=False))


def test_it_is_made_by_the_job_for_its_reader(review: Review) -> None:
    cast = review.cast
    ask: dict[str, Any] = {"application": review.application, "language": "ar"}
    dossier = dossiers.ask_for_dossier(**ask, **review.by(cast.amal))
    for actor in (cast.chloe, review.contact):
        with pytest.raises(PermissionDenied):
            dossiers.ask_for_dossier(**ask, **review.by(actor))
    job(dossier_id=dossier.pk, user_id=cast.amal.pk)
    made = DossierFile.objects.get()
    assert made.file is not None
    address = reverse("members:dossier_file", args=[review.application.pk, dossier.pk])
    client = Client()
    client.force_login(cast.amal)
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    for other in (cast.bilal, cast.dina, review.contact):
        client.force_login(other)
        assert client.get(address).status_code == 404
    review.conflict(cast.amal)
    client.force_login(cast.amal)
    assert client.get(address).status_code == 404


def test_nothing_is_made_for_whom_it_concerns_no_longer(review: Review) -> None:
    amal = review.cast.amal
    dossier = dossiers.ask_for_dossier(
        application=review.application, language="en", **review.by(amal)
    )
    review.conflict(amal)
    job(dossier_id=dossier.pk, user_id=amal.pk)
    assert DossierFile.objects.get().made_at is None


@pytest.mark.django_db(transaction=True)
def test_asked_for_again_the_one_before_is_gone(cast: Cast) -> None:
    review = Review(cast)
    ask: dict[str, Any] = {"application": review.application, "language": "en"}
    first = dossiers.ask_for_dossier(**ask, **review.by(cast.amal))
    job(dossier_id=first.pk, user_id=cast.amal.pk)
    old = DossierFile.objects.get().file
    assert old is not None
    dossiers.ask_for_dossier(**ask, **review.by(cast.amal))
    assert DossierFile.objects.get().file is None
    assert not StoredFile.objects.filter(pk=old.pk).exists()


def said_of(application: Application, **changed: Any) -> str:
    fresh = Application.objects.for_dossier().get(pk=application.pk)
    with translation.override("en"):
        return str(contents(fresh, **changed))


def test_it_says_who_declared_and_how_the_contact_is_reached(review: Review) -> None:
    cast, application = review.cast, review.application
    application.editors.create(user=cast.chloe)
    Declaration.objects.update_or_create(
        application=application,
        defaults={
            "user": review.contact,
            "name": "Contact of Then",
            "capacity": "Director-General",
            "words": "All of it is true.",
            "language": "en",
        },
    )
    said = said_of(application)
    for words in (
        "Director",
        "contact@example.org",
        "+52 55 1234",
        cast.chloe.name,
        "All of it is true.",
        "Contact of Then",
        "Director-General",
    ):
        assert words in said
    told = said_of(application, advice=Advice("Yes.", "Reasons."))
    assert "All of it is true." in told
    for words in ("contact@example.org", "+52 55 1234", cast.chloe.name):
        assert words not in told


def test_it_says_the_version_of_the_form(review: Review) -> None:
    version = ApplicationFormVersion.objects.create(number=37, published_at=timezone.now())
    Application.objects.filter(pk=review.application.pk).update(form_version=version)
    assert "Version of the form" in said_of(review.application)
    assert "37" in said_of(review.application)


def test_it_says_the_terms_that_were_told_and_no_others(review: Review) -> None:
    application = review.application
    words = ("First so.", "A budget.", "No laws.", "2031")

    def said() -> list[str]:
        found = said_of(application)
        return [each for each in words if each in found]

    first = DecisionTerms.objects.create(
        application=application,
        conditions="A budget.",
        reasons="No laws.",
        not_before=date(2031, 5, 7),
        explanation={"en": "First so."},
        by=review.cast.dina,
    )
    assert said() == []
    first.state, first.told_at = "deferred", timezone.now()
    first.save()
    assert said() == ["First so.", "A budget."]
    DecisionTerms.objects.create(
        application=application,
        state="declined",
        told_at=timezone.now(),
        reasons="No laws.",
        not_before=date(2031, 5, 7),
    )
    assert said() == list(words)


def test_what_is_not_bound_is_named_with_its_address(review: Review) -> None:
    damaged = add(review, b"%PDF-1.7 and nothing", "damaged.pdf", "application/pdf")
    place = reverse("members:application_document", args=[review.application.pk, damaged.pk])
    with translation.override("en"):
        assert place in said_of(review.application)
        assert make_dossier(whole(review)) is not None
    client = Client()
    page = reverse("members:assessment", args=[review.application.pk])
    for user, link in ((review.cast.amal, "#documents"), (review.cast.dina, "/#documents")):
        client.force_login(user)
        shown = client.get(page).content.decode()
        assert "Files that cannot be bound into it" in shown
        assert f'{link}">' in shown
