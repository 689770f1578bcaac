"""Every string in three languages, whole."""

import os
import re
import time
from pathlib import Path

import pytest
from allauth.account.forms import LoginForm
from django.contrib.auth.password_validation import password_validators_help_texts
from django.template import Context, Template
from django.utils import translation

from portal.embedded import ROOT
from portal.translations import catalogues, compile_translations
from tests.translations import (
    LANGUAGES,
    apps,
    disagreements,
    faults,
    has_gettext,
    read,
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


def test_french_punctuation_never_begins_a_line() -> None:
    said = {f"{app.name}: {message.string}" for app in apps() for message in read(app, "fr")}
    said |= {path.read_text() for path in ROOT.glob("portal/pages/*.fr.md")}
    parted = {found[0] for text in said for found in re.finditer(r".{12} [:;?!»](?!-)|« .*", text)}
    assert parted == set()  # a no-break space stands there


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


def test_arabic_says_each_of_its_six_plural_forms() -> None:
    with translation.override("ar"):
        said = [ngettext_of(n) for n in (0, 1, 2, 3, 11, 100)]
    assert said == [
        "لا رسائل غير مقروءة",
        "رسالة واحدة غير مقروءة",
        "رسالتان غير مقروءتين",
        "# رسائل غير مقروءة",
        "# رسالة غير مقروءة",
        "# رسالة غير مقروءة",
    ]


def ngettext_of(n: int) -> str:
    template = Template(
        "{% load i18n %}{% blocktranslate count number=n %}{{ number }} unread message"
        "{% plural %}{{ number }} unread messages{% endblocktranslate %}"
    )
    return re.sub("[0-9]+", "#", template.render(Context({"n": n})))


LITERAL = re.compile(r"""([\"'`])((?:(?!\1)[^\\\n]|\\.)*)\1""")


@pytest.mark.parametrize(
    "path",
    sorted({*ROOT.glob("*/static/**/*.js")} - {*ROOT.glob("var/static/**/*.js")}),
    ids=lambda path: str(path.name),
)
def test_a_script_has_no_words_of_its_own(path: Path) -> None:
    code = re.sub(r"//.*", "", path.read_text())
    words = [text for _mark, text in LITERAL.findall(code) if re.match(r"[A-Z][a-z]+ [a-z]", text)]
    assert words == []
