"""Every string in three languages, whole."""

import os
import time
from pathlib import Path

import pytest
from allauth.account.forms import LoginForm
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils import translation

from portal.embedded import ROOT
from portal.translations import catalogues, compile_translations
from tests.translations import (
    LANGUAGES,
    apps,
    disagreements,
    faults,
    has_gettext,
    uncollected,
)

PO = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 "
": n%100>=11 && n%100<=99 ? 4 : 5;\\n"

msgid "room"
msgstr "غرفة"

#, fuzzy
msgid "guessed"
msgstr "تخمين"
"""


def test_every_app_has_both_languages() -> None:
    assert len(catalogues(ROOT)) == len(LANGUAGES) * len(apps())


def test_nothing_is_empty_fuzzy_or_short_of_a_placeholder() -> None:
    assert faults() == []


def test_no_two_apps_translate_one_string_differently() -> None:
    assert disagreements() == []


def test_words_of_the_libraries_are_said_in_our_manner() -> None:
    with translation.override("ar"):
        label = str(LoginForm().fields["login"].label)
        help_text = password_validators_help_texts()[0]
    assert label == "البريد الإلكتروني"
    assert help_text == "الحد الأدنى لطول كلمة المرور 12 حرفًا."


@pytest.mark.skipif(not has_gettext(), reason="gettext is not installed")
def test_every_string_of_the_code_is_collected() -> None:
    assert uncollected() == []


def test_compiles_what_is_newer_and_only_that(tmp_path: Path) -> None:
    source = tmp_path / "app" / "locale" / "ar" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(PO)
    (written,) = compile_translations(tmp_path)
    content = written.read_bytes()
    assert "غرفة".encode() in content
    assert "تخمين".encode() not in content  # guesses are not shown to readers
    assert compile_translations(tmp_path) == []
    later = time.time() + 5
    os.utime(source, (later, later))
    assert compile_translations(tmp_path) == [written]
