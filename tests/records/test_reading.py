"""Numbers and dates as each reader has them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from records.reading import as_read_by, hijri_days, number, written_date


@dataclass
class Reader:
    digits: str = "arabic_indic"
    shows_hijri: bool = False


DAY = date(2026, 11, 25)


def rendered(
    text: str, language: str = "ar", reader: Reader | None = None, **context: object
) -> str:
    with translation.override(language), as_read_by(reader or Reader()):
        return Template("{% load i18n %}" + text).render(Context(context))


def test_numbers_of_the_interface_are_in_the_readers_digits() -> None:
    assert rendered("{{ n|number }}", n=1204) == "١٢٠٤"
    assert rendered("{{ n|number }}", reader=Reader(digits="european"), n=1204) == "1204"
    assert rendered("{{ n|number }}", reader=Reader(digits=""), n=1204) == "1204"
    assert rendered("{{ n|number }}", language="fr", n=1204) == "1204"


def test_ids_and_values_stay_european() -> None:
    assert rendered('<li id="r{{ n }}" data-seq="{{ n }}">', n=12) == '<li id="r12" data-seq="12">'


def test_numbers_in_translated_sentences_are_too() -> None:
    page = (
        "{% blocktranslate with number=page total=last %}"
        "{{ number }} / {{ total }}{% endblocktranslate %}"
    )
    assert rendered(page, page=3, last=14) == "٣ / ١٤"
    own = "{% blocktranslate %}Quorum {{ quorum }}{% endblocktranslate %}"
    assert rendered(own, quorum=11).endswith("١١")
    counted = (
        "{% blocktranslate count n=n %}{{ n }} vote{% plural %}{{ n }} votes{% endblocktranslate %}"
    )
    assert rendered(counted, n=1) == "١ vote"
    assert rendered(counted, n=12) == "١٢ votes"
    kept = "{% blocktranslate asvar said %}{{ n }}!{% endblocktranslate %}{{ said }}"
    assert rendered(kept, n=12) == "١٢!"


def test_a_text_inside_a_sentence_is_left_as_it_was_written() -> None:
    text = "{% blocktranslate %}{{ name }}{% endblocktranslate %}"
    assert rendered(text, name="Rule 12") == "Rule 12"


def test_dates_for_people_change_and_dates_for_programs_do_not() -> None:
    assert rendered("{{ d|date }}", d=DAY) == "٢٥ نوفمبر ٢٠٢٦"
    assert rendered('{{ d|date:"Y-m-d" }} {{ d|date:"c" }}', d=DAY) == "2026-11-25 2026-11-25"
    assert rendered('{{ d|date:"H:i" }}', d=datetime(2026, 11, 25, 9, 5, tzinfo=UTC)) == "٠٩:٠٥"
    assert rendered("{{ d|date }}|", d=None) == "|"
    assert rendered("{{ d|date }}", language="en", d=DAY) == "25 November 2026"


def test_the_hijri_day_stands_beside_the_gregorian_where_it_is_wanted() -> None:
    wanted = Reader(digits="", shows_hijri=True)
    moment = datetime(2026, 11, 25, 9, 5, tzinfo=UTC)
    assert rendered("{{ d|date }}", reader=wanted, d=DAY) == (
        "25 نوفمبر 2026 (15 جمادى الآخرة 1448 هـ)"
    )
    assert rendered('{{ d|date:"DATETIME_FORMAT" }}', reader=wanted, d=moment) == (
        "25 نوفمبر 2026 (15 جمادى الآخرة 1448 هـ)، 09:05"
    )
    assert rendered('{{ d|date:"F Y" }}', reader=wanted, d=DAY) == "نوفمبر 2026"
    assert rendered("{{ d|date }}", language="en", reader=wanted, d=DAY) == "25 November 2026"
    assert rendered("{{ d|date }}", reader=Reader(shows_hijri=True), d=DAY) == (
        "٢٥ نوفمبر ٢٠٢٦ (١٥ جمادى الآخرة ١٤٤٨ هـ)"
    )


@pytest.mark.parametrize("day", [date(1924, 7, 31), date(2077, 11, 17), date(1648, 10, 24)])
def test_outside_the_settled_calendar_the_gregorian_stands_alone(day: date) -> None:
    with translation.override("ar"), as_read_by(Reader(shows_hijri=True)):
        assert hijri_days(day) == ""
        assert "هـ" not in written_date(day)


def test_several_days_are_one_span_in_both_calendars() -> None:
    with translation.override("ar"), as_read_by(Reader(shows_hijri=True)):
        assert hijri_days(date(2020, 1, 20), date(2020, 1, 22)) == "25–27 جمادى الأولى 1441 هـ"
        assert hijri_days(date(2020, 1, 24), date(2020, 1, 27)) == (
            "29 جمادى الأولى – 2 جمادى الآخرة 1441 هـ"
        )


def test_the_hijri_day_is_of_the_readers_zone() -> None:
    late = datetime(2026, 11, 25, 22, 0, tzinfo=UTC)
    with (
        translation.override("ar"),
        as_read_by(Reader(shows_hijri=True)),
        timezone.override("Asia/Qatar"),
    ):
        assert hijri_days(late) == "16 جمادى الآخرة 1448 هـ"


def test_a_choice_is_over_with_its_page() -> None:
    with translation.override("ar"):
        with as_read_by(Reader()):
            assert number(5) == "٥"
        assert number(5) == "5"
