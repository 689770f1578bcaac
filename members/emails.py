"""Letters about applications: what they say, and how they are sent.

Each is written when it is sent, in the reader's language, as plain text and as simple HTML with
`lang` and `dir`. Names stand isolated in the HTML; in plain text they are left as they are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.application_parts import asked_text
from members.duplicates import duplicates_text
from members.letter_marks import LINK, WORDS, blocks_of, filled, filled_html
from members.letters import as_paragraph, message_of, tongue, written_for
from members.models import Application, DecisionTerms, InformationRequest, LetterText, User
from members.network import contact_of_network, name_of_network, short_name_of_network
from records.languages import in_language
from records.reading import written_date


class Words(NamedTuple):
    """A letter as the table below has it: lazy texts, `%(institution)s` to be filled in."""

    subject: Any
    lines: tuple[Any, ...]
    action: Any = ""
    greeting: Any = _("Dear %(name)s,")
    closing: tuple[Any, ...] = ()  # below the link


@dataclass(frozen=True)
class Letter:
    """A letter in the reader's language."""

    subject: str
    lines: list[str]
    action: str
    url: str
    quote: str = ""  # what a person wrote, shown as they wrote it
    params: dict[str, str] = field(default_factory=dict)
    own: LetterText | None = None  # the secretariat's words instead of all these
    greeting: str = ""
    closing: list[str] = field(default_factory=list)

    def body(self) -> str:
        if self.own:
            return self.own.body
        lines = [self.greeting or gettext("Dear %(name)s,"), *self.lines]
        return usual_body(lines, self.closing, self.params)


class Rendered(NamedTuple):
    """A letter as it goes out."""

    subject: str
    text: str
    parts: list[SafeString | None]  # paragraphs as HTML; None: here stands what a person wrote
    quote: str
    foot: SafeString  # how the network is reached


def usual_body(lines: Iterable[str], closing: Iterable[str], params: Iterable[str]) -> str:
    """The text of a letter that comes with the portal, with marks, in the active language."""
    marks = {name: f"{{{name}}}" for name in (*params, "name")}
    return "\n\n".join(
        [
            *(line % marks for line in lines),
            f"{{{WORDS}}}",
            f"{{{LINK}}}",
            *(line % marks for line in closing),
            gettext("Yours faithfully,") + "\n" + gettext("The secretariat"),
        ]
    )


def rendered(letter: Letter, name: str) -> Rendered:
    """In the active language, to a reader of that name. Also what a preview shows."""
    values = {
        "network": name_of_network().text,
        "network_short": short_name_of_network().text,
        **letter.params,
        "name": name,
    }
    link = format_html('<a href="{}">{}</a>', letter.url, letter.action)
    texts: list[str] = []
    parts: list[SafeString | None] = []
    for block in blocks_of(letter.body()):
        if block == f"{{{WORDS}}}":
            if letter.quote:
                texts.append(f"----\n{letter.quote}\n----")
                parts.append(None)
            continue
        address = letter.url if block != f"{{{LINK}}}" else f"{letter.action}\n{letter.url}"
        texts.append(filled(block, {**values, LINK: address}))
        parts.append(filled_html(block, values, link))
    contact = contact_of_network().text
    if contact:
        texts.append(f"--\n{contact}")
    return Rendered(
        filled(letter.own.subject, values) if letter.own else letter.subject,
        "\n\n".join(texts),
        parts,
        letter.quote,
        as_paragraph(contact),
    )


def message(letter: Letter, user: User, *, reply_to: str = "") -> EmailMultiAlternatives:
    """To the person, in their language. Not sent."""
    with written_for(user):
        return message_to(user.email, user.name, letter, reply_to=reply_to)


def message_to(
    email: str, name: str, letter: Letter, *, reply_to: str = ""
) -> EmailMultiAlternatives:
    """The same in the active language."""
    made = rendered(letter, name)
    context = {"letter": made, **tongue()}
    html = render_to_string("members/emails/letter.html", context)
    return message_of(made.subject, made.text, html, email, reply_to=reply_to)


def composed(
    key: str, words: Words, *, url: str, quote: str = "", params: Mapping[str, str]
) -> Letter:
    """The letter of that key of `members.letter_book`, in the active language: in the words of
    the secretariat that are in force, else in those of the portal.
    """
    own = LetterText.objects.in_force(key, tongue()["language"])
    return Letter(
        subject=str(words.subject) % params,
        lines=[str(line) for line in words.lines],
        action=str(words.action),
        url=settings.PUBLIC_ORIGIN + url,
        quote=quote,
        params=dict(params),
        own=own if own.body else None,
        greeting=str(words.greeting),
        closing=[str(line) for line in words.closing],
    )


LETTERS: dict[str, Words] = {
    "submitted": Words(
        _("Your membership application was received"),
        (
            _("The application of %(institution)s was submitted. The secretariat will review it."),
            _("You can follow its state at any time, and withdraw it."),
        ),
        _("Follow the application"),
    ),
    "under_review": Words(
        _("Your membership application is under review"),
        (_("The secretariat has begun to review the application of %(institution)s."),),
        _("Follow the application"),
    ),
    "review_resumed": Words(
        _("The review of your membership application goes on"),
        (
            _(
                "The secretariat goes on with the review of the application of %(institution)s "
                "without waiting for the answer it had asked for."
            ),
        ),
        _("Follow the application"),
    ),
    "information_requested": Words(
        _("The secretariat asks for information on your membership application"),
        (_("To go on with the application of %(institution)s, the secretariat asks:"),),
        _("Answer"),
    ),
    "recommended": Words(
        _("The review of your membership application is finished"),
        (
            _("The secretariat recommends the admission of %(institution)s."),
            _("The general assembly decides. You will be told when it is on the agenda."),
        ),
        _("Follow the application"),
    ),
    "not_recommended": Words(
        _("The review of your membership application is finished"),
        (
            _("The secretariat does not recommend the admission of %(institution)s for now."),
            _("The general assembly decides. You will be told when it is on the agenda."),
        ),
        _("Follow the application"),
    ),
    "class_proposed": Words(
        _("Another class of membership is proposed to the general assembly"),
        (
            _(
                "The secretariat proposes to admit %(institution)s in another class of membership "
                "than the one that was sought:"
            ),
            _("The general assembly decides. You may withdraw the application until then."),
        ),
        _("See the application"),
    ),
    "on_agenda": Words(
        _("Your membership application is on the agenda"),
        (_("The general assembly will decide on the admission of %(institution)s."),),
        _("Follow the application"),
    ),
    "admitted": Words(
        _("The general assembly has admitted your institution"),
        (
            _("The general assembly has decided to admit %(institution)s."),
            _(
                "To take its seat, the institution signs the charter. The secretariat sends it to "
                "the contact person of the application; there is nothing to do until then."
            ),
        ),
        _("See the decision"),
    ),
    "deferred": Words(
        _("The decision on your membership application was deferred"),
        (_("The general assembly has not yet decided on the admission of %(institution)s."),),
        _("Follow the application"),
    ),
    "declined": Words(
        _("The decision on your membership application"),
        (_("The general assembly has decided not to admit %(institution)s."),),
        _("See the decision"),
    ),
    "charter_refused": Words(
        _("The signed charter is not in order"),
        (
            _("The charter signed by %(institution)s was checked, and is not in order:"),
            _("Please send another copy on the page of the application."),
        ),
        _("Send the signed charter"),
    ),
    "charter_signed": Words(
        _("The signed charter was received"),
        (
            _(
                "The secretariat checks the charter signed by %(institution)s; the membership "
                "then becomes active."
            ),
        ),
        _("Follow the application"),
    ),
    "active": Words(
        _("Your institution is a member of the network"),
        (
            _("The membership of %(institution)s is active from today. Welcome."),
            _(
                "You are its national focal point: you can enter the rooms, and invite the "
                "people of your delegation."
            ),
        ),
        _("Open the portal"),
    ),
    "withdrawn": Words(
        _("Your membership application was withdrawn"),
        (_("The application of %(institution)s was withdrawn, as its contact person asked."),),
        _("See the application"),
    ),
    "lapsed": Words(
        _("The admission of your institution has lapsed"),
        (
            _(
                "%(institution)s was admitted and has not taken its seat. The secretariat has let "
                "the admission lapse:"
            ),
        ),
        _("See the application"),
    ),
    "secretariat_submitted": Words(
        _("A membership application was submitted"),
        (_("%(institution)s asks to join the network."),),
        _("Open the dossier"),
    ),
    "secretariat_information_given": Words(
        _("An applicant has answered"),
        (_("The information asked of %(institution)s was given. The review can go on."),),
        _("Open the dossier"),
    ),
    "secretariat_withdrawn": Words(
        _("A membership application was withdrawn"),
        (_("%(institution)s has withdrawn its application."),),
        _("Open the dossier"),
    ),
    "secretariat_admitted": Words(
        _("An institution was admitted: please send it the charter"),
        (
            _("The general assembly has decided to admit %(institution)s."),
            _("It waits for the charter, to be signed. Please send it on the page of the arrival."),
        ),
        _("Send the charter"),
    ),
    "secretariat_deferred": Words(
        _("The decision on a membership application was deferred"),
        (_("The general assembly has not yet decided on the admission of %(institution)s."),),
        _("Open the dossier"),
    ),
    "secretariat_declined": Words(
        _("A membership application was declined"),
        (_("The general assembly has decided not to admit %(institution)s."),),
        _("Open the dossier"),
    ),
    "secretariat_charter_signed": Words(
        _("A signed charter was handed in"),
        (_("%(institution)s has sent the signed charter. Please check it."),),
        _("Open the dossier"),
    ),
}
START = Words(
    _("Your membership application: sign in"),
    (
        _("Somebody, probably you, asked to apply for membership of the network."),
        _("This address has an account already: sign in, and start the application there."),
        _("If it was not you, you need do nothing."),
    ),
    _("Sign in and start"),
)


def application_letter(
    letter: str, application: Application, user: User, request: InformationRequest | None = None
) -> Letter:
    """The letter of that name (a key of LETTERS) for this reader."""
    words = LETTERS[letter]
    with written_for(user) as language:
        quote = asked_text(application, request) if request else ""
        if letter == "secretariat_submitted":
            quote = duplicates_text(application)
        if letter in ("admitted", "deferred", "declined"):
            quote = _decision(letter, application, language)
        if letter in ("lapsed", "secretariat_withdrawn"):
            quote = application.ended_because
        if letter == "admitted" and application.admitted_class:
            quote = f"{quote}\n\n{_class_line(application.get_admitted_class_display())}"
        if letter == "class_proposed":
            line = _class_line(application.get_proposed_class_display())
            quote = f"{line}\n\n{application.proposed_class_reason}"
        if letter == "charter_refused" and (refusal := application.charter_refusals.last()):
            quote = refusal.reason
        match letter:
            case "active":
                path = reverse("portal:home")
            case "secretariat_admitted":
                path = reverse("members:charter", args=[application.pk])
            case _:
                path = reverse("members:application", args=[application.pk])
        return composed(
            f"application.{letter}",
            words,
            url=path,
            quote=quote,
            params={"institution": application.name.text or gettext("your institution")},
        )


def _decision(letter: str, application: Application, language: str) -> str:
    """The decision, and what is told with it; of the one that the letter is about."""
    terms = DecisionTerms.objects.told(application.pk).filter(state=letter).first()
    if terms is None:
        return in_language(application.decision, language).text
    told = [in_language(terms.explanation, language).text, terms.words]
    if terms.again_from:
        again = gettext("The institution may apply again from %(day)s.")
        told.append(again % {"day": written_date(terms.again_from)})
    return "\n\n".join(filter(None, told))


def _class_line(label: str) -> str:
    return gettext("Class of membership: %(class)s") % {"class": label}


def start_letter(user: User) -> Letter:
    with written_for(user):
        return composed(
            "application.start", START, url=reverse("members:application_list"), params={}
        )


def send(letter: Letter, user: User, *, reply_to: str = "") -> None:
    """Hand the letter to the mail server. Raises what it raises: the job is then retried."""
    message(letter, user, reply_to=reply_to).send()
