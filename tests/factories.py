"""The cast and the network of the tests.

amal heads the delegation of Korea; bilal heads that of Nigeria and sits in the same rooms; chloe
is a stranger (a delegate of Poland, in no common group); dina is of the secretariat (Qatar).
"""

import time
from datetime import date, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from members.enums import Capacity, MembershipClass, MembershipState
from members.models import Institution, Mandate, Membership, Presidency, User

PASSWORD = "correct horse battery staple"


def make_user(name: str, **fields: Any) -> User:
    return User.objects.create_user(
        email=f"{name}@example.org", password=PASSWORD, name=name.title(), **fields
    )


def make_institution(
    country: str,
    *,
    membership_class: str = MembershipClass.FULL,
    state: str = MembershipState.ACTIVE,
    **fields: Any,
) -> Institution:
    institution = Institution.objects.create(
        country=country, names={"en": f"Institution {country}"}, **fields
    )
    Membership.objects.create(
        institution=institution,
        membership_class=membership_class,
        state=state,
        since=date(2014, 10, 23),
        joined_on=None if state == MembershipState.CANDIDATE else date(2014, 10, 23),
    )
    return institution


def make_mandate(user: User, institution: Institution, capacity: str = Capacity.HEAD) -> Mandate:
    return Mandate.objects.create(
        user=user,
        institution=institution,
        capacity=capacity,
        starts_at=timezone.now() - timedelta(days=30),
    )


def make_presidency(institution: Institution) -> Presidency:
    return Presidency.objects.create(institution=institution, starts_on=date(2019, 5, 4))


def signed_in(user: User, *, proved: bool = True) -> Client:
    """`proved`: they have just given their password again, as grave acts ask."""
    client = Client()
    client.force_login(user)
    if proved:
        session = client.session
        session["account_authentication_methods"] = [
            {"method": "password", "at": time.time(), "reauthenticated": True}
        ]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()
    return client


class Cast:
    """Four people, four institutions, Qatar presiding."""

    def __init__(self) -> None:
        self.kr = make_institution("KR")
        self.ng = make_institution("NG")
        self.pl = make_institution("PL")
        self.qa = make_institution("QA")
        self.presidency = make_presidency(self.qa)
        self.amal = make_user("amal")
        self.bilal = make_user("bilal")
        self.chloe = make_user("chloe")
        self.dina = make_user("dina")
        self.amal_mandate = make_mandate(self.amal, self.kr)
        self.bilal_mandate = make_mandate(self.bilal, self.ng)
        self.chloe_mandate = make_mandate(self.chloe, self.pl, Capacity.DELEGATE)
        self.dina_mandate = make_mandate(self.dina, self.qa, Capacity.SECRETARIAT)
