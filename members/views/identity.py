"""Signing in through an institution's own provider, and the page on which that is settled."""

from typing import Any

import requests
from allauth.account.adapter import get_adapter
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import BaseReauthenticateView
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from members.actions.identity_providers import ProviderChangedError, settle_identity_provider
from members.discovery import DiscoveryError, discovered
from members.forms.identity_providers import AddressForm, IdentityProviderForm
from members.http import acting, person, prove_before_form, secretariat_only
from members.identity import (
    InstitutionOAuth2Adapter,
    Proved,
    begin,
    callback_path,
    refusal,
    to_prove_again,
)
from members.models import IdentityProvider, Institution, Invitation, User
from members.permissions.identity import access_identity, access_provider
from members.throttle import origin_of, within_limit
from members.views.proofs import given_up

LANGUAGE_KEY = "sign_in_language"  # in the web session: of the page from which it began
MINUTE = 60


@require_http_methods(["GET", "POST"])
@never_cache
def institution_sign_in(request: HttpRequest) -> HttpResponse:
    """The address tells whose provider it is."""
    if request.user.is_authenticated:
        return redirect(get_adapter().get_login_redirect_url(request))
    form = AddressForm(
        request.POST if request.method == "POST" else None,
        initial={"next": get_next_redirect_url(request) or ""},
    )
    if form.is_bound and not may_go_on(request):
        return render(request, "429.html", status=429)
    if form.is_bound and form.is_valid():
        identity = IdentityProvider.objects.of_address(form.cleaned_data["email"])
        if identity is not None:
            return sent_on(request, identity)
        form.add_error(
            "email", _("No institution signs in through its own provider with such addresses.")
        )
    status = 422 if form.is_bound else 200
    return render(request, "members/identity_address.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@never_cache
def sign_in_through(request: HttpRequest, pk: int) -> HttpResponse:
    """An institution's own link, which it can put on its intranet."""
    identity = access_provider(pk)
    if request.user.is_authenticated:
        return redirect(get_adapter().get_login_redirect_url(request))
    if request.method == "GET":
        context = {"institution": identity.institution, "next": get_next_redirect_url(request)}
        return render(request, "members/identity_through.html", context)
    if not may_go_on(request):
        return render(request, "429.html", status=429)
    return sent_on(request, identity)


def may_go_on(request: HttpRequest) -> bool:
    return within_limit("institution-sign-in", origin_of(request), limit=30, seconds=MINUTE)


def sent_on(
    request: HttpRequest,
    identity: IdentityProvider,
    *,
    invitation: Invitation | None = None,
    confirms: User | None = None,
) -> HttpResponse:
    """A page that leads on: the content policy lets no form end at another's address."""
    next_url = get_next_redirect_url(request)
    try:
        url = begin(request, identity, next_url, invitation=invitation, confirms=confirms)
    except (OAuth2Error, requests.RequestException):
        return refusal(request, identity, "failed", to_prove_again(request, next_url))
    request.session[LANGUAGE_KEY] = translation.get_language()
    context = {"institution": identity.institution, "url": url}
    return render(request, "members/identity_sent_on.html", context)


@require_GET
@never_cache
def institution_callback(request: HttpRequest, pk: int) -> HttpResponse:
    """Back from the provider, in the language of the page from which it began."""
    language = str(request.session.get(LANGUAGE_KEY, ""))
    if language in settings.LANGUAGE_CODES:
        translation.activate(language)
        request.LANGUAGE_CODE = language
    identity = access_provider(pk)
    try:
        view = OAuth2CallbackView.adapter_view(InstitutionOAuth2Adapter(request, str(pk)))
        response: HttpResponse = view(request)
    except SocialApp.DoesNotExist as error:  # it was turned off at this moment
        raise Http404 from error
    except (OAuth2Error, requests.RequestException):
        return refusal(request, identity, "failed", to_prove_again(request))
    # Not within allauth's view: that would take a refusal of the act for one of the provider's.
    return _go_on(request, response.url) if isinstance(response, Proved) else response


def _go_on(request: HttpRequest, url: str) -> HttpResponse:
    """As allauth goes on after a password: what was posted at this address is done now, by its own
    view, which asks again what it always asks; else the page opens.
    """
    if given_up(request, url):
        return redirect(get_adapter().get_login_redirect_url(request))
    request.GET = QueryDict(urlencode({"next": url}))  # where allauth looks for it
    view = BaseReauthenticateView()
    view.setup(request)
    response: HttpResponse = view.form_valid(None)
    return response


@require_http_methods(["GET", "POST"])
@secretariat_only
def identity_provider(request: HttpRequest, pk: int) -> HttpResponse:
    institution = access_identity(request.user, pk)
    prove_before_form(request)  # the client secret is typed here
    kept = IdentityProvider.objects.of_institution(pk)
    form = IdentityProviderForm(
        request.POST if request.method == "POST" else None, institution=institution, kept=kept
    )
    if not form.is_bound:
        return _page(request, institution, form, kept)
    if not form.is_valid():
        return _page(request, institution, form, kept, status=422)
    try:
        settle_identity_provider(institution=institution, **form.cleaned_data, **acting(request))
    except ProviderChangedError as error:
        form.add_error(None, error)
        return _page(request, institution, form, kept, status=409)
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, institution, form, kept, status=422)
    messages.success(request, _("The sign-in of the institution is settled."))
    return redirect("members:identity_provider", pk)


@require_POST
@secretariat_only
def check_identity_provider(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the provider what it says of itself, and tell what came."""
    institution = access_identity(request.user, pk)
    kept = IdentityProvider.objects.of_institution(pk)
    if kept is None:
        raise Http404
    if not within_limit("identity-check", str(person(request).pk), limit=10, seconds=MINUTE):
        return render(request, "429.html", status=429)
    came: dict[str, Any] = {"checked": True}
    try:
        came["document"] = discovered(kept.issuer)
    except DiscoveryError as error:
        came |= {"reason": error.reason, "said": error.said}
    form = IdentityProviderForm(institution=institution, kept=kept)
    return _page(request, institution, form, kept, **came)


def _page(
    request: HttpRequest,
    institution: Institution,
    form: IdentityProviderForm,
    kept: IdentityProvider | None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {
        "institution": institution,
        "form": form,
        "kept": kept,
        "callback": settings.PUBLIC_ORIGIN + callback_path(institution.pk),
        "origin": settings.PUBLIC_ORIGIN,
        **more,
    }
    return render(request, "members/identity_provider.html", context, status=status)
