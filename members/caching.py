"""What everyone may see may be kept by browsers and proxies, which ask again by its ETag."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import (
    get_conditional_response,
    patch_cache_control,
    patch_vary_headers,
    set_response_etag,
)

View = Callable[..., HttpResponse]


def public_page(view: View) -> View:
    """A view whose answer to a stranger is the same for all strangers.

    It is compressed here, where there is no proxy that does: safe, because it holds no secret whose
    length could tell (BREACH), neither a token nor anything of a person. An answer that does hold
    such a thing, or a message for this visitor alone, goes out as if it were not public.
    """

    @wraps(view)
    def public(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        told = request.user.is_authenticated or len(get_messages(request)) > 0
        response = view(request, *args, **kwargs)
        tokens = request.META.get("CSRF_COOKIE_NEEDS_UPDATE", False)
        if told or tokens or response.cookies or response.status_code != 200:
            return response
        patch_vary_headers(response, ["Cookie"])
        patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
        set_response_etag(response)
        answer = get_conditional_response(request, etag=response["ETag"], response=response)
        assert isinstance(answer, HttpResponse)  # noqa: S101  it was given one
        if answer.status_code != 200:
            return answer
        return _compressor.process_response(request, answer)  # type: ignore[return-value]

    return public


def _no_view(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError


_compressor = GZipMiddleware(_no_view)
