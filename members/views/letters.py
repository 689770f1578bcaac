"""The letters of the steps of an application, and their texts in each language."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from members.actions import network as actions
from members.forms.network import LetterTextForm, ReturnForm
from members.http import acting, person, prove_again, secretariat_only
from members.letter_book import (
    BOOK,
    BookLetter,
    Usual,
    languages_that_are_read,
    languages_to_write,
    sample,
)
from members.models import LetterText
from members.network import offered_languages
from members.permissions.network import access_book_letter
from records.forms import direction_of

CONFLICT = 409
PREVIEW = "preview"


@require_GET
@secretariat_only
def letter_list(request: HttpRequest) -> HttpResponse:
    own, read = LetterText.objects.written(), languages_that_are_read()
    offered = dict(offered_languages())
    rows = [
        {
            "letter": letter,
            "languages": [
                {
                    "code": code,
                    "name": name,
                    "is_own": code in own.get(letter.key, []),
                    "is_left": code not in offered,
                }
                for code, name in languages_to_write(own.get(letter.key, []), read)
            ],
        }
        for letter in BOOK.values()
    ]
    return render(request, "members/letter_list.html", {"rows": rows})


def _asked(request: HttpRequest, key: str, language: str) -> BookLetter:
    """Also in a language in which it once had a text: its versions stay readable."""
    letter = access_book_letter(request.user, key)
    own = LetterText.objects.languages_of(key)
    if language not in dict(languages_to_write(own, languages_that_are_read())):
        raise Http404
    return letter


def _words(text: LetterText, usual: Usual) -> Usual:
    """What the text says: its own words, or those that come with the portal."""
    return Usual(text.subject, text.body) if text.body else usual


@require_http_methods(["GET", "POST"])
@secretariat_only
def letter_text(request: HttpRequest, key: str, language: str) -> HttpResponse:
    """Write the text, look at it as it would go out (`act`: "preview"), put it in force."""
    letter = _asked(request, key, language)
    stands = LetterText.objects.in_force(key, language)
    usual = letter.usual(language)
    form = LetterTextForm(
        request.POST if request.method == "POST" else None,
        letter=letter,
        language=language,
        initial={**_words(stands, usual)._asdict(), "version": stands.number},
    )
    if not form.is_bound:
        return _page(request, letter, language, form, looks=_words(stands, usual))
    if not form.is_valid():
        return _page(request, letter, language, form, status=422)
    typed = Usual(form.cleaned_data["subject"], form.cleaned_data["body"])
    if request.POST.get("act") == PREVIEW:
        return _page(request, letter, language, form, looks=typed, is_preview=True)
    prove_again(request)
    kept = typed if typed != usual else Usual("", "")  # so that it is translated on with the portal
    try:
        actions.write_letter_text(
            letter=key,
            language=language,
            **kept._asdict(),
            version=form.cleaned_data["version"],
            **acting(request),
        )
    except actions.StaleTextError as error:
        form.take_version(error.version)
        newer = LetterText.objects.in_force(key, language)
        return _page(
            request,
            letter,
            language,
            form,
            status=CONFLICT,
            looks=typed,
            newer=newer,
            theirs=_words(newer, usual),
        )
    messages.success(request, _("The letter goes out with this text from now on."))
    return redirect("members:letter_text", key, language)


def _page(
    request: HttpRequest,
    letter: BookLetter,
    language: str,
    form: LetterTextForm,
    *,
    looks: Usual | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """`looks`: the text that is shown as it would go out; none where it cannot."""
    versions = list(LetterText.objects.of_letter(letter.key, language))
    context = {
        **_about(request, letter, language, looks),
        "form": form,
        "versions": versions,
        "stands": versions[0] if versions else None,
        **more,
    }
    return render(request, "members/letter_text.html", context, status=status)


def _about(
    request: HttpRequest, letter: BookLetter, language: str, looks: Usual | None
) -> dict[str, Any]:
    name = person(request).name
    return {
        "letter": letter,
        "language": language,
        "language_name": dict(settings.LANGUAGES)[language],
        "is_left": language not in dict(offered_languages()),
        "direction": direction_of(language),
        "sample": sample(letter, language, **looks._asdict(), name=name) if looks else None,
    }


@require_GET
@secretariat_only
def letter_version(request: HttpRequest, key: str, language: str, number: int) -> HttpResponse:
    """One version as it went out; 0 is the text that comes with the portal."""
    letter = _asked(request, key, language)
    usual = letter.usual(language)
    shown = LetterText.objects.find(key, language, number) if number else None
    if number and shown is None:
        raise Http404
    words = _words(shown, usual) if shown else usual
    context = {
        **_about(request, letter, language, words),
        "version": shown,
        "number": number,
        "stands": LetterText.objects.in_force(key, language),
    }
    return render(request, "members/letter_version.html", context)


@require_POST
@secretariat_only
def return_letter(request: HttpRequest, key: str, language: str, number: int) -> HttpResponse:
    """Let an earlier text go out again; 0: the one that comes with the portal."""
    _asked(request, key, language)
    shown = LetterText.objects.find(key, language, number) if number else LetterText()
    if shown is None:
        raise Http404
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return redirect("members:letter_version", key, language, number)
    prove_again(request)
    try:
        actions.write_letter_text(
            letter=key,
            language=language,
            subject=shown.subject,
            body=shown.body,
            version=form.cleaned_data["version"],
            **acting(request),
        )
    except actions.StaleTextError as error:
        messages.error(request, error.messages[0])
        return redirect("members:letter_version", key, language, number)
    messages.success(request, _("The letter goes out with this text again."))
    return redirect("members:letter_text", key, language)
