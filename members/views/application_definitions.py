"""The form of applications, as the secretariat prepares and publishes it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from members.actions import application_forms as actions
from members.actions.application_forms import StaleFormError
from members.actions.applications import WrongStateError
from members.application_definitions import Definition, mark_of, read_definition
from members.application_parts import FIELD_LABELS
from members.enums_applying import ASKING_SECTIONS, SECTION_FIELDS, SECTION_OF, Need, QuestionKind
from members.forms.application_definitions import (
    AskedFieldForm,
    DeclarationWordsForm,
    DocumentEditForm,
    QuestionEditForm,
    SeenForm,
)
from members.http import acting, prove_again, secretariat_only
from members.languages import language_words
from members.models import ApplicationFormVersion
from members.permissions.applications import access_own_application
from records.forms import VersionedForm

NEW = "new"


def _standing() -> tuple[ApplicationFormVersion | None, Definition, int]:
    """What is in preparation, else the form of today; what it asks; and its mark."""
    row = ApplicationFormVersion.objects.in_preparation()
    shown = row or ApplicationFormVersion.objects.current()
    written = shown.definition if shown else {}
    return shown, read_definition(written), mark_of(written)


@require_GET
@secretariat_only
def form_definition(request: HttpRequest) -> HttpResponse:
    shown, definition, mark = _standing()
    versions = ApplicationFormVersion.objects.published().select_related("published_by")
    return _show(request, shown, definition, editable=True, versions=versions, mark=mark)


@require_GET
@secretariat_only
def form_version(request: HttpRequest, number: int) -> HttpResponse:
    """One that was published, as it stands with the applications that have it."""
    shown = ApplicationFormVersion.objects.of_number(number)
    if shown is None:
        raise Http404
    return _show(request, shown, read_definition(shown.definition), editable=False, versions=[])


def _show(
    request: HttpRequest,
    shown: ApplicationFormVersion | None,
    definition: Definition,
    **more: Any,
) -> HttpResponse:
    sections = [
        {
            "label": section.label,
            "fields": [
                {
                    "name": name,
                    "label": FIELD_LABELS[name],
                    "said": definition.field(name),
                    "need": Need(definition.need_of(name)).label,
                }
                for name in SECTION_FIELDS[section]
            ],
            "questions": [
                {
                    "said": question,
                    "kind": QuestionKind(question.kind).label,
                    "need": Need(question.need).label,
                }
                for question in definition.of_section(section)
            ],
        }
        for section in ASKING_SECTIONS
    ]
    documents = [
        {
            "said": document,
            "need": Need(document.need).label,
            "languages": language_words(document.languages),
        }
        for document in definition.documents
    ]
    context = {
        "shown": shown,
        "sections": sections,
        "documents": documents,
        "declared": definition.declared(),
        **more,
    }
    return render(request, "members/form_definition.html", context)


@require_http_methods(["GET", "POST"])
@secretariat_only
def form_question(request: HttpRequest, key: str) -> HttpResponse:
    _row, definition, mark = _standing()
    question = definition.question(key)
    gone = _is_gone(request, question, key, mark)
    form = QuestionEditForm(
        request.POST if request.method == "POST" else None,
        initial={
            "version": mark,
            **(QuestionEditForm.initial_of(question) if question else {}),
        },
    )
    return _part(
        request,
        form,
        _("Question of the form"),
        lambda: actions.keep_question(
            question=form.question("" if key == NEW else key),
            version=form.cleaned_data["version"],
            **acting(request),
        ),
        key=question.key if question else "",
        gone_to=reverse("members:form_question", args=[NEW]) if gone else "",
    )


@require_http_methods(["GET", "POST"])
@secretariat_only
def form_document(request: HttpRequest, key: str) -> HttpResponse:
    _row, definition, mark = _standing()
    document = next((each for each in definition.documents if each.key == key), None)
    gone = _is_gone(request, document, key, mark)
    form = DocumentEditForm(
        request.POST if request.method == "POST" else None,
        initial={
            "version": mark,
            **(DocumentEditForm.initial_of(document) if document else {}),
        },
    )
    return _part(
        request,
        form,
        _("Document that the form asks for"),
        lambda: actions.keep_document(
            document=form.document("" if key == NEW else key),
            version=form.cleaned_data["version"],
            **acting(request),
        ),
        key=document.key if document else "",
        gone_to=reverse("members:form_document", args=[NEW]) if gone else "",
    )


@require_http_methods(["GET", "POST"])
@secretariat_only
def form_field(request: HttpRequest, field: str) -> HttpResponse:
    """How a field is asked that every application has."""
    _row, definition, mark = _standing()
    if field not in SECTION_OF:
        raise Http404
    form = AskedFieldForm(
        request.POST if request.method == "POST" else None,
        field=field,
        initial={"version": mark, **AskedFieldForm.initial_of(definition.field(field))},
    )
    return _part(
        request,
        form,
        _("How it is asked: %(field)s") % {"field": FIELD_LABELS[field]},
        lambda: actions.keep_field(
            name=field,
            said=form.said(),
            version=form.cleaned_data["version"],
            **acting(request),
        ),
    )


@require_http_methods(["GET", "POST"])
@secretariat_only
def form_declaration(request: HttpRequest) -> HttpResponse:
    """What who submits declares."""
    _row, definition, mark = _standing()
    form = DeclarationWordsForm(
        request.POST if request.method == "POST" else None,
        initial={"version": mark, **DeclarationWordsForm.initial_of(definition.declaration)},
    )
    return _part(
        request,
        form,
        _("Declaration"),
        lambda: actions.keep_declaration(
            words=form.texts("words"),
            version=form.cleaned_data["version"],
            **acting(request),
        ),
    )


def _is_gone(request: HttpRequest, part: object, key: str, mark: int) -> bool:
    """Whether it was removed after this page was opened: who typed into it is told, and can ask
    for it anew. Raises Http404 where there is none.
    """
    if part is not None or key == NEW:
        return False
    seen = _seen(request)
    if request.method != "POST" or seen is None or seen == mark:
        raise Http404
    return True


def _seen(request: HttpRequest) -> int | None:
    """The mark of what the page showed whose button was pressed."""
    form = SeenForm(request.POST)
    return form.cleaned_data["version"] if form.is_valid() else None


def _part(
    request: HttpRequest,
    form: VersionedForm,
    title: str,
    act: Callable[[], object],
    key: str = "",
    gone_to: str = "",
) -> HttpResponse:
    """One part of the form, for its page: what was typed stays, whatever was refused."""
    context: dict[str, Any] = {"form": form, "title": title, "key": key, "gone_to": gone_to}
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "members/form_part.html", context, status=status)
    try:
        act()
    except StaleFormError as error:
        form.take_version(error.version)
        return render(request, "members/form_part.html", {**context, "stale": True}, status=409)
    except ValidationError as error:
        form.add_error(None, error)
        return render(request, "members/form_part.html", context, status=422)
    messages.success(request, _("Kept in preparation. Applicants see it once it is published."))
    return redirect("members:form_definition")


@require_POST
@secretariat_only
def remove_form_part(request: HttpRequest, key: str) -> HttpResponse:
    try:
        actions.remove_part(key=key, version=_seen(request), **acting(request))
    except StaleFormError as error:
        return _other(request, error)
    messages.success(request, _("It is asked no more, once this is published."))
    return redirect("members:form_definition")


@require_POST
@secretariat_only
def move_form_question(request: HttpRequest, key: str) -> HttpResponse:
    """`to`: "up", or anything else for down."""
    actions.move_question(key=key, up=request.POST.get("to") == "up", **acting(request))
    return redirect("members:form_definition")


@require_POST
@secretariat_only
def publish_form(request: HttpRequest) -> HttpResponse:
    prove_again(request)
    try:
        actions.publish_form(version=_seen(request), **acting(request))
    except StaleFormError as error:
        return _other(request, error)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(
            request, _("This is the form from now on. What was submitted keeps the form it had.")
        )
    return redirect("members:form_definition")


@require_POST
@secretariat_only
def discard_form(request: HttpRequest) -> HttpResponse:
    try:
        actions.discard_form(version=_seen(request), **acting(request))
    except StaleFormError as error:
        return _other(request, error)
    messages.success(request, _("What was in preparation is gone."))
    return redirect("members:form_definition")


def _other(request: HttpRequest, error: StaleFormError) -> HttpResponse:
    """Back to the form as it is now, where the button can be pressed again."""
    messages.error(request, error.messages[0])
    return redirect("members:form_definition")


@require_POST
@login_required
def renew_application_form(request: HttpRequest, pk: int) -> HttpResponse:
    """The applicants of a draft go on with the form of today."""
    application = access_own_application(request.user, pk)
    try:
        actions.renew_application_form(application=application, **acting(request))
    except WrongStateError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("The draft goes on with the form of today."))
    return redirect("members:application_form", pk)
