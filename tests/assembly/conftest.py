"""The network votes: Korea, Nigeria, Poland and Qatar are full members; Mexico has applied."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from assembly import actions
from assembly.enums import MeetingKind
from assembly.models import AgendaItem, Meeting, Poll, RuleSet
from members.actions.decisions import save_terms
from members.enums import ApplicationState, InstitutionKind, MembershipClass
from members.models import Application, DecisionTerms, User
from portal.translations import compile_translations
from tests.factories import Cast, make_user, signed_in


@pytest.fixture(autouse=True, scope="session")
def translations() -> None:
    compile_translations(settings.BASE_DIR)


@pytest.fixture
def rules(db: None) -> RuleSet:
    return actions.create_rule_set(
        version="1", names={"en": "Rules of procedure"}, quorum_rule="3.1", majority_rule="4.2"
    )


def make_meeting(rules: RuleSet | None, *, number: int = 7, in_days: int = 30) -> Meeting:
    day = timezone.now().date() + timedelta(days=in_days)
    return actions.create_meeting(
        kind=MeetingKind.GENERAL_ASSEMBLY,
        number=number,
        cities={"en": "Doha", "ar": "الدوحة"},
        country="QA",
        starts_on=day,
        ends_on=day + timedelta(days=2),
        rules=rules,
    )


@pytest.fixture
def meeting(rules: RuleSet) -> Meeting:
    return make_meeting(rules)


def make_application(contact: User, **fields: Any) -> Application:
    values = {
        "state": ApplicationState.RECOMMENDED,
        "submitted_at": timezone.now(),
        "institution_names": {"en": "Institute of Mexico"},
        "country": "MX",
        "kind": InstitutionKind.STATE_BODY,
        "membership_class": MembershipClass.FULL,
        "aims": "Exchange.",
        **fields,
    }
    application = Application(contact=contact, **values)
    application.search_text = application.searchable()
    application.save()
    return application


@pytest.fixture
def contact(db: None) -> User:
    return make_user("contact")


@pytest.fixture
def application(contact: User) -> Application:
    return make_application(contact)


@pytest.fixture
def item(cast: Cast, meeting: Meeting, application: Application) -> AgendaItem:
    return actions.place_on_agenda(
        meeting=meeting, application=application, actor=cast.dina, mandate=cast.dina_mandate
    )


@pytest.fixture
def poll(cast: Cast, item: AgendaItem) -> Poll:
    return actions.open_roll_call(agenda_item=item, actor=cast.dina, mandate=cast.dina_mandate)


def prepare(application: Application, cast: Cast, **changed: Any) -> DecisionTerms | None:
    """All that may be told with the decision on an application."""
    return save_terms(
        **{
            "application": application,
            "conditions": "With a budget of its own.",
            "reasons": "No budget.",
            "not_before": timezone.now().date() + timedelta(days=365),
            "seen": 0,
            "actor": cast.dina,
            "mandate": cast.dina_mandate,
            **changed,
        }
    )


def answers(cast: Cast, kr: str, ng: str, pl: str, qa: str) -> dict[int, str]:
    return {cast.kr.pk: kr, cast.ng.pk: ng, cast.pl.pk: pl, cast.qa.pk: qa}


@pytest.fixture
def secretariat(cast: Cast) -> Client:
    return signed_in(cast.dina)
