"""The pages that say no say their language and direction too."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation
from django.views.csrf import csrf_failure
from django.views.defaults import bad_request, page_not_found, permission_denied, server_error

from portal.serve import TOO_LARGE
from tests.factories import Cast

LANGUAGES = [("ar", "rtl"), ("en", "ltr"), ("fr", "ltr")]


def answers(request: HttpRequest) -> list[HttpResponse]:
    return [
        bad_request(request, Exception()),
        permission_denied(request, PermissionDenied()),
        page_not_found(request, Exception()),
        csrf_failure(request),
        server_error(request),
    ]


@pytest.mark.parametrize(("language", "direction"), LANGUAGES)
def test_each_says_its_language_and_direction(
    rf: RequestFactory, db: None, language: str, direction: str
) -> None:
    titles = set()
    with translation.override(language):
        for answer in answers(rf.get(f"/{language}/nowhere/")):
            page = answer.content.decode()
            assert f'<html lang="{language}" dir="{direction}"' in page
            title = re.search(r"<title>(.*?)</title>", page, re.S)
            assert title is not None
            titles.add(title[1])
    assert len(titles) == 5


@pytest.mark.parametrize(("language", "direction"), LANGUAGES)
def test_what_is_not_there_and_what_may_not_be_done(
    client: Client, cast: Cast, language: str, direction: str
) -> None:
    client.force_login(cast.amal)
    for path, status in (("/nowhere/", 404), ("/members/0/", 404)):
        answer = client.get(f"/{language}{path}")
        assert answer.status_code == status
        assert f'<html lang="{language}" dir="{direction}"' in answer.content.decode()


def test_a_fault_needs_no_request_to_say_so() -> None:
    with translation.override("ar"):
        assert '<html lang="ar" dir="rtl"' in render_to_string("500.html")


def test_too_large_is_said_in_three_languages_each_in_its_direction() -> None:
    page = TOO_LARGE.decode()
    assert page.startswith("<!doctype html><html lang=en dir=ltr>")
    assert "<p lang=ar dir=rtl>" in page
    assert "<p lang=fr>" in page
