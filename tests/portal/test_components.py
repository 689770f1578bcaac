"""Components as templates, and the book that shows them."""

from typing import Any

import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.test import Client
from django.utils import translation

from assembly.enums import ItemStanding, Outcome
from members.enums import ApplicationState, MembershipState
from portal.templatetags.components import TONES, avatar_tone, initials, tone
from records.forms import SpokenForm
from records.languages import TextState
from tests.factories import Cast


def _render(source: str, **context: Any) -> str:
    return " ".join(Template(source).render(Context(context)).split())


def test_a_component_knows_its_parameters_and_nothing_else_of_the_page() -> None:
    html = _render(
        '{% component "card" title="Rooms" %}<p>{{ title }}</p>{% endcomponent %}',
        title="the page's",
        url="/elsewhere/",
    )
    assert html == (
        '<article class="card"> <h3 class="card__title">Rooms</h3> '
        "<p>the page&#x27;s</p> </article>"
    )


def test_a_part_stands_where_the_component_puts_it() -> None:
    html = _render(
        '{% component "page_header" title="Meetings" %}'
        '{% part "actions" %}<a href="/new/">{{ word }}</a>{% endpart %}{% endcomponent %}',
        word="<New>",
    )
    assert '<div class="page-header__actions"><a href="/new/">&lt;New&gt;</a></div>' in html


def test_components_stand_in_each_other() -> None:
    html = _render(
        '{% component "card" title="A" %}{% component "card" title="B" %}'
        '{% part "actions" %}b{% endpart %}{% endcomponent %}'
        '{% part "actions" %}a{% endpart %}{% endcomponent %}'
    )
    inner, outer = html.split("</article>")[:2]
    assert '<div class="card__actions">b</div>' in inner
    assert '<div class="card__actions">a</div>' in outer


def test_what_is_no_parameter_is_refused() -> None:
    with pytest.raises(TemplateSyntaxError):
        Template('{% component "card" "Rooms" %}{% endcomponent %}')


def test_a_breadcrumb_ends_with_the_page_itself() -> None:
    html = _render("{% breadcrumb '/rooms/' 'Rooms' 'Plenary' %}")
    assert '<li><a href="/rooms/">Rooms</a></li><li aria-current="page">Plenary</li>' in html
    assert "aria-current" not in _render("{% breadcrumb '/rooms/' 'Rooms' %}")


def test_every_tone_belongs_to_a_state_that_there_is() -> None:
    known = {
        state.value
        for states in (ApplicationState, MembershipState, TextState, ItemStanding, Outcome)
        for state in states
    }
    planned = {"published", "accepted", "expired", "failed", "refused", "scheduled"}
    assert set(TONES) <= known | planned


def test_a_badge_says_the_state_in_its_tone() -> None:
    assert {state: tone(state) for state in ApplicationState} == {
        state: state.tone for state in ApplicationState
    }
    html = _render('{% include "includes/_badge.html" %}', state=MembershipState.SUSPENDED)
    assert html.endswith('<span class="badge badge--warning">suspended</span>')


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Amal Kim", "AK"),
        ("Chloé de la Tour", "CT"),
        ("Youssef", "Y"),
        ("أمل الهاشمي", "أ\u200cه"),
        ("Head of delegation (Korea)", "HK"),
        ("", "?"),
        ("1 2 3", "?"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_an_avatar_has_the_same_tone_everywhere() -> None:
    assert [avatar_tone(name) for name in ("Amal", "Bilal", "أمل")] == ["1", "3", "3"]


class Texts(SpokenForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_texts("title", "Title", max_length=5)
        self.with_states()


def test_languages_stand_as_fieldsets_with_their_states() -> None:
    form = Texts(initial={"title_ar": "مجلس", "state_ar": "final", "title_fr": "Salut"})
    html = _render('{% include "includes/_language_tabs.html" %}', form=form)
    legends = [part.split("</legend>")[0] for part in html.split("<legend data-title>")[1:]]
    assert [legend.split("badge--")[1].split('"')[0] for legend in legends] == [
        "success",
        "missing",
        "neutral",
    ]
    assert html.count("<fieldset") == 3 + 3  # a language each, and the radios of its state
    assert "data-refused" not in html


def test_a_language_with_errors_is_marked() -> None:
    form = Texts({"title_en": "far too long", "state_ar": "draft", "state_en": "draft"})
    assert not form.is_valid()
    html = _render('{% include "includes/_language_tabs.html" with tabs_id="news" %}', form=form)
    assert 'id="news-en" data-panel data-refused' in html
    assert 'id="news-ar" data-panel>' in html


def test_a_file_field_is_one_that_can_show_progress() -> None:
    class Upload(forms.Form):
        file = forms.FileField()
        name = forms.CharField()

    html = _render(
        "{% for field in form %}{% include 'includes/_field.html' %}{% endfor %}", form=Upload()
    )
    assert html.count("data-file-field") == 1


@pytest.mark.parametrize("language", ["ar", "en", "fr"])
@pytest.mark.django_db
def test_the_specimen_book_shows_both_directions_and_both_themes(
    client: Client, settings: Any, language: str
) -> None:
    settings.DEMO = True
    html = client.get(f"/{language}/styleguide/").content.decode()
    for part in (
        'lang="ar" dir="rtl" data-theme="light"',
        'lang="ar" dir="rtl" data-theme="dark"',
        'lang="en" dir="ltr" data-theme="light"',
        'lang="en" dir="ltr" data-theme="dark"',
    ):
        assert html.count(part) == 19
    ids = [piece.split('"')[0] for piece in html.split(' id="')[1:]]
    assert sorted(ids) == sorted(set(ids))


def test_the_specimen_book_is_the_secretariats_outside_the_demonstration(
    client: Client, cast: Cast
) -> None:
    assert client.get("/en/styleguide/").status_code == 404
    client.force_login(cast.amal)
    assert client.get("/en/styleguide/").status_code == 404
    assert "/en/styleguide/" not in client.get("/en/").content.decode()
    client.force_login(cast.dina)
    assert client.get("/en/styleguide/").status_code == 200
    assert "/en/styleguide/" in client.get("/en/").content.decode()


@pytest.mark.parametrize(
    ("theme", "attribute", "scheme"),
    [("", "", "light dark"), ("dark", ' data-theme="dark"', "dark")],
)
def test_a_page_obeys_the_theme_that_a_person_chose(
    client: Client, cast: Cast, theme: str, attribute: str, scheme: str
) -> None:
    cast.amal.theme = theme
    cast.amal.save()
    client.force_login(cast.amal)
    html = client.get("/en/").content.decode()
    assert f'<html lang="en" dir="ltr"{attribute}>' in html
    assert f'<meta name="color-scheme" content="{scheme}">' in html


def test_the_bar_has_four_places_and_more(client: Client, cast: Cast) -> None:
    client.force_login(cast.amal)
    with translation.override("en"):
        html = client.get("/en/members/").content.decode()
    bar = html.split('<nav class="bar')[1].split("</nav>")[0]
    assert bar.count('class="bar__link"') == 4
    assert '<details class="bar__more"' in bar
