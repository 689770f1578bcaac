"""Translations of a message: a page to attach and remove them, and what a machine makes of it."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from members.http import mandate_of, person
from members.network import languages_with, read_in
from messaging import machine
from messaging.actions import (
    MessageGone,
    TranslatedByAnother,
    attach_translation,
    correct_language,
    remove_translation,
)
from messaging.enums import TranslationKind
from messaging.forms_translation import LanguageForm, MessageLanguageForm, TranslationForm
from messaging.models import Message, Translation
from messaging.permissions import RoomAccess, Seat, access_message
from messaging.translation_rights import can_correct_language, can_remove, seats_to_translate
from records.message_markdown import render_message


@login_required
@require_GET
def translations(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    """All translations of a message, what one may do with them, and a machine's where asked for
    (`?machine=fr`).
    """
    access, message = access_message(person(request), pk, seq)
    return _page(request, access, message)


def _offered(access: RoomAccess, message: Message) -> dict[str, list[Seat]]:
    return {kind: seats_to_translate(access, message, kind) for kind in TranslationKind.values}


def _page(
    request: HttpRequest,
    access: RoomAccess,
    message: Message,
    *,
    form: TranslationForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user = person(request)
    offered = _offered(access, message)
    standing = list(Translation.objects.of(message))
    context: dict[str, Any] = {
        "room": access.room,
        "message": message,
        "translations": [(each, can_remove(access, user, each)) for each in standing],
        "machine_name": settings.TRANSLATION_NAME,
    }
    if message.stands:
        if any(offered.values()):
            context["form"] = form or _form(request, message, offered, standing)
        if can_correct_language(access, user, message):
            context["language_form"] = MessageLanguageForm(
                initial={"language": message.language}, auto_id="own_%s"
            )
        if machine.is_offered(access.room):
            context["machine_form"] = LanguageForm(
                initial={"language": get_language()}, used=[user.language]
            )
            context |= _by_machine(request, message)
    return render(request, "messaging/translations.html", context, status=status)


def _form(
    request: HttpRequest,
    message: Message,
    offered: dict[str, list[Seat]],
    standing: Iterable[Translation],
    data: QueryDict | None = None,
) -> TranslationForm:
    """Into the network's languages, the person's own, and those of what stands already."""
    own = person(request).language
    used = {own, *(each.language for each in standing)}
    page = read_in(get_language() or "", own)
    codes = (page, *dict(languages_with(used)))
    first = next((code for code in codes if code != message.language), page)
    return TranslationForm(
        data,
        offered=offered,
        used=used,
        initial={"language": first, "kind": TranslationKind.COURTESY},
    )


def _by_machine(request: HttpRequest, message: Message) -> dict[str, Any]:
    asked = {"language": request.GET.get("machine", "")}
    form = LanguageForm(asked, used=[person(request).language])
    if "machine" not in request.GET or not form.is_valid():
        return {}
    language = form.cleaned_data["language"]
    if not machine.may_ask(person(request)):
        return {"machine_fault": _("You ask for many translations. Try again in a minute.")}
    try:
        text = machine.translate(message, language)
    except machine.Unavailable:
        return {"machine_fault": _("The translation service does not answer. Try again later.")}
    return {"machine_language": language, "machine_text": text}


@login_required
@require_POST
def attach(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    user = person(request)
    access, message = access_message(user, pk, seq)
    offered = _offered(access, message)
    if not any(offered.values()):
        raise PermissionDenied
    form = _form(request, message, offered, Translation.objects.of(message), request.POST)
    if not form.is_valid():
        return _page(request, access, message, form=form, status=422)
    seats = offered[form.cleaned_data["kind"]]
    chosen = mandate_of(request)
    mandate = next((s.mandate for s in seats if s.mandate == chosen), seats[0].mandate)
    try:
        attach_translation(
            room=access.room, seq=seq, actor=user, mandate=mandate, **form.cleaned_data
        )
    except MessageGone:
        form.add_error(None, _("This message was deleted meanwhile."))
        return _page(request, *access_message(user, pk, seq), form=form, status=409)
    except TranslatedByAnother as error:
        name = error.standing.author.name
        reason = _("%(name)s attached one into this language. They or the chair can remove it.")
        form.add_error(None, reason % {"name": name})
        return _page(request, access, message, form=form, status=409)
    return redirect(_address(pk, seq))


@login_required
@require_POST
def remove(request: HttpRequest, pk: int, seq: int, number: int) -> HttpResponse:
    user = person(request)
    _access, message = access_message(user, pk, seq)
    if translation := Translation.objects.find(message, number):
        remove_translation(translation=translation, actor=user)
    return redirect(_address(pk, seq))


@login_required
@require_POST
def language(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    """The language that a message is in, corrected."""
    user = person(request)
    access, message = access_message(user, pk, seq)
    form = MessageLanguageForm(request.POST)
    if not form.is_valid():
        return _page(request, access, message, status=422)
    try:
        correct_language(room=access.room, seq=seq, actor=user, **form.cleaned_data)
    except MessageGone:
        return _page(request, *access_message(user, pk, seq), status=409)
    return redirect(_address(pk, seq))


@login_required
@require_POST
def by_machine(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    """What the machine makes of a message in the language of the page: for the room's script."""
    access, message = access_message(person(request), pk, seq)
    if not machine.is_offered(access.room) or not message.stands:
        return JsonResponse({"reason": _("This message cannot be translated.")}, status=404)
    spoken = get_language() or settings.LANGUAGE_CODE
    if not machine.may_ask(person(request)):
        reason = _("You ask for many translations. Try again in a minute.")
        return JsonResponse({"reason": reason}, status=429)
    try:
        text = machine.translate(message, spoken)
    except machine.Unavailable:
        reason = _("The translation service does not answer. Try again later.")
        return JsonResponse({"reason": reason}, status=503)
    label = _("Translated by a machine (%(name)s): an aid, not what was said.")
    return JsonResponse(
        {
            "label": label % {"name": settings.TRANSLATION_NAME},
            "language": spoken,
            "html": render_message(text),
        }
    )


def _address(pk: int, seq: int) -> str:
    return reverse("messaging:translations", args=[pk, seq])
