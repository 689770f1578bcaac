"""The letters of the steps of an application, whose texts the secretariat may write itself.

Which there are, and what each knows, is code; their words are data (`LetterText`).
"""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members import emails, emails_admission, emails_applying, emails_people, emails_reviews
from members.audit_words import ACTS
from members.emails import Letter, Rendered, Words, rendered, usual_body
from members.enums_applying import ApplicationPlace
from members.letter_marks import LINK, WORDS
from members.letters import written_for
from members.models import Invitation, LetterText, User
from members.network import languages_with
from records.reading import written_date

APPLICANTS = _("whoever writes the application")
CONTACT = _("the contact person of the application")
OFFICE = _("the secretariat")
REVIEWER = _("the reviewer")
INVITED = _("the person who is invited")

MARKS: dict[str, Any] = {  # what stands for each
    "name": _("name of the reader"),
    "institution": _("name of the institution that applies"),
    "person": _("the person the letter is about"),
    "day": _("day until which the answer is awaited"),
    "date": _("day until which the link works"),
    "network": _("name of the network"),
    "network_short": _("short name of the network"),
    WORDS: _("what a person wrote: the question, the decision, the reason"),
    LINK: _("link to the page where the reader goes on"),
}


class Usual(NamedTuple):
    """The text that comes with the portal, with marks."""

    subject: str
    body: str


class BookLetter(NamedTuple):
    """`marks`: those that the letter knows beside the ones that every letter does."""

    key: str
    step: Any
    reader: Any
    words: Words
    marks: tuple[str, ...]
    quotes: bool
    is_named: bool  # whether its reader is known by name

    @property
    def title(self) -> str:
        return capfirst(str(self.step))

    @property
    def known(self) -> tuple[str, ...]:
        """All marks of the body, in the order in which they are explained."""
        names = {*self.marks, "network", "network_short", LINK}
        names |= {"name"} if self.is_named else set()
        names |= {WORDS} if self.quotes else set()
        return tuple(name for name in MARKS if name in names)

    @property
    def required(self) -> tuple[str, ...]:
        return (WORDS, LINK) if self.quotes else (LINK,)

    @property
    def known_in_subject(self) -> tuple[str, ...]:
        return tuple(name for name in self.known if name not in (WORDS, LINK))

    def explained(self) -> list[tuple[str, Any, bool]]:
        """Mark, what stands for it, and whether it cannot be left out."""
        return [(f"{{{name}}}", MARKS[name], name in self.required) for name in self.known]

    def usual(self, language: str) -> Usual:
        marks = {name: f"{{{name}}}" for name in self.marks}
        with written_for(None, language):
            lines = [str(line) for line in (self.words.greeting, *self.words.lines)]
            closing = [str(line) for line in self.words.closing]
            body = usual_body(lines, closing, self.marks)
            if not self.quotes:
                body = body.replace(f"{{{WORDS}}}\n\n", "")
            return Usual(str(self.words.subject) % marks, body)


_TEXTS: dict[str, Mapping[str, Words]] = {
    "admission": emails_admission.LETTERS,
    "application": {**emails.LETTERS, "start": emails.START},
    "applying": emails_applying.LETTERS,
    "invitation": {
        "apply": emails_people.LETTERS[""],
        "contact": emails_people.LETTERS[ApplicationPlace.CONTACT],
        "editor": emails_people.LETTERS[ApplicationPlace.EDITOR],
    },
    "review": emails_reviews.LETTERS,
}
_NOBODY: tuple[str, ...] = ()
_OF, _PERSON, _DAY = ("institution",), ("institution", "person"), ("institution", "day")
_INVITATION = ("institution", "person", "date")
_TO_APPLY = ACTS["application.asked_for"]
_RECEIVED, _CHANGED = ACTS["application.charter_received"], ACTS["application.contact_changed"]
_OVERDUE = _("answer of the applicant overdue")
# In the order of an application's life: the key, when it is sent, to whom, what it knows, and
# whether it quotes what a person wrote.
_TABLE: tuple[tuple[str, Any, Any, tuple[str, ...], bool], ...] = (
    ("invitation.apply", _TO_APPLY, _("who asked to apply, without an account"), ("date",), False),
    ("application.start", _TO_APPLY, _("who asked to apply, with an account"), _NOBODY, False),
    ("invitation.editor", _("editor of the application invited"), INVITED, _INVITATION, False),
    (
        "invitation.contact",
        ACTS["application.contact_invited"],
        INVITED,
        _INVITATION,
        False,
    ),
    ("applying.editor_joined", ACTS["application.editor_joined"], CONTACT, _PERSON, False),
    ("applying.editor_left", ACTS["application.editor_left"], CONTACT, _PERSON, False),
    (
        "applying.editor_removed",
        ACTS["application.editor_removed"],
        _("who was taken out"),
        _PERSON,
        False,
    ),
    ("applying.contact_taken_over", _CHANGED, _("the new contact person"), _OF, False),
    ("applying.contact_given_away", _CHANGED, _("the contact person before"), _PERSON, False),
    ("applying.secretariat_contact_changed", _CHANGED, OFFICE, _PERSON, False),
    ("application.submitted", ACTS["application.submitted"], APPLICANTS, _OF, False),
    ("application.secretariat_submitted", ACTS["application.submitted"], OFFICE, _OF, True),
    ("application.under_review", ACTS["application.review_started"], APPLICANTS, _OF, False),
    (
        "application.information_requested",
        ACTS["application.information_requested"],
        APPLICANTS,
        _OF,
        True,
    ),
    (
        "applying.information_due",
        _("answer of the applicant due soon"),
        APPLICANTS,
        _DAY,
        True,
    ),
    ("applying.information_overdue", _OVERDUE, APPLICANTS, _DAY, True),
    ("applying.secretariat_information_overdue", _OVERDUE, OFFICE, _DAY, False),
    (
        "application.secretariat_information_given",
        ACTS["application.information_given"],
        OFFICE,
        _OF,
        False,
    ),
    ("application.review_resumed", ACTS["application.review_resumed"], APPLICANTS, _OF, False),
    ("review.assigned", ACTS["reviewer.assigned"], REVIEWER, _OF, False),
    ("review.due", _("recommendation of the reviewer due soon"), REVIEWER, _DAY, False),
    ("review.overdue", _("recommendation of the reviewer overdue"), REVIEWER, _DAY, False),
    ("review.released", ACTS["reviewer.released"], REVIEWER, _OF, False),
    ("review.all_given", _("recommendations of all reviewers given"), OFFICE, _OF, False),
    ("review.conflict", ACTS["reviewer.conflict_declared"], OFFICE, _PERSON, False),
    ("application.recommended", ACTS["application.recommended"], APPLICANTS, _OF, False),
    ("application.not_recommended", ACTS["application.not_recommended"], APPLICANTS, _OF, False),
    (
        "application.class_proposed",
        _("another class of membership proposed"),
        APPLICANTS,
        _OF,
        True,
    ),
    ("application.on_agenda", ACTS["application.placed_on_agenda"], APPLICANTS, _OF, False),
    ("application.admitted", ACTS["application.admitted"], APPLICANTS, _OF, True),
    ("application.deferred", ACTS["application.deferred"], APPLICANTS, _OF, True),
    ("application.declined", ACTS["application.declined"], APPLICANTS, _OF, True),
    ("application.secretariat_admitted", ACTS["application.admitted"], OFFICE, _OF, False),
    ("application.secretariat_deferred", ACTS["application.deferred"], OFFICE, _OF, False),
    ("application.secretariat_declined", ACTS["application.declined"], OFFICE, _OF, False),
    ("admission.charter", ACTS["application.charter_sent"], CONTACT, _OF, False),
    ("application.charter_signed", _RECEIVED, APPLICANTS, _OF, False),
    ("application.secretariat_charter_signed", _RECEIVED, OFFICE, _OF, False),
    ("application.charter_refused", ACTS["application.charter_refused"], APPLICANTS, _OF, True),
    ("application.active", ACTS["application.activated"], CONTACT, _OF, False),
    ("admission.welcome", _("words of welcome to the new member"), CONTACT, _OF, True),
    ("application.withdrawn", ACTS["application.withdrawn"], APPLICANTS, _OF, False),
    ("application.secretariat_withdrawn", ACTS["application.withdrawn"], OFFICE, _OF, True),
    ("application.lapsed", ACTS["application.lapsed"], APPLICANTS, _OF, True),
)


def _letter(key: str, step: Any, reader: Any, marks: tuple[str, ...], quotes: bool) -> BookLetter:
    of, _dot, name = key.partition(".")
    return BookLetter(
        key, step, reader, _TEXTS[of][name], marks, quotes, is_named=of != "invitation"
    )


BOOK: dict[str, BookLetter] = {row[0]: _letter(*row) for row in _TABLE}


def languages_that_are_read() -> set[str]:
    """In which letters go out: those of active people, and of who is invited and may still come."""
    return User.objects.languages_read() | Invitation.objects.languages_open()


def languages_to_write(own: Collection[str], read: Collection[str]) -> list[tuple[str, str]]:
    """Code and own name of the languages in which a letter can have words of its own: those of the
    network, and of those that it has left the ones in which there are some (`own`) or in which
    letters still go out (`read`).
    """
    return languages_with({*own, *read})


def sample(letter: BookLetter, language: str, *, subject: str, body: str, name: str) -> Rendered:
    """The text as it would go out to a reader of that name, about an institution that is not."""
    with written_for(None, language):
        facts = _facts()
        return rendered(
            Letter(
                subject="",
                lines=[],
                action=str(letter.words.action),
                url=settings.PUBLIC_ORIGIN + reverse("members:application_list"),
                quote=facts[WORDS] if letter.quotes else "",
                params={mark: facts[mark] for mark in letter.marks},
                own=LetterText(subject=subject, body=body),
            ),
            name,
        )


def _facts() -> Mapping[str, str]:
    day = written_date(timezone.localdate() + timedelta(days=14))
    return {
        "institution": gettext("Institute of the Example"),
        "person": gettext("A colleague"),
        "day": day,
        "date": day,
        WORDS: gettext("Here stands what was written, as it was written."),
    }
