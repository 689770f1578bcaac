"""What the secretariat watches: profiles that wait or were returned, dues, notices."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from members.actions.dues import settle_dues
from members.actions.notices import discard_notice, draft_notice, send_notice
from members.actions.profiles import change_profile
from members.actions.releases import return_profile, settle_release_rule
from members.models import Institution, Mandate, ProfileProposal
from tests.site.stage import user

REASONS = "The description names a person.\n\nيذكر الوصف شخصًا بعينه."


def watched(stage: Any) -> None:
    settle_release_rule(is_on=True, **stage.by_office)
    for country, head, returned in (
        ("KR", "head.kr", True),
        ("NG", "focal.ng", True),
        ("KR", "head.kr", False),
    ):
        institution = Institution.objects.get(country=country)
        actor = user(head)
        said = institution.profile()
        said["descriptions"] = {**said["descriptions"], "fr": "Elle relie\nles peuples."}
        said["website"] = f"https://www.example/{'old' if returned else 'new'}"
        said["pictures"] = said["pictures"][::-1]
        proposal = change_profile(
            institution=institution,
            said=said,
            version=None,
            actor=actor,
            mandate=Mandate.objects.filter(user=actor).first(),
        )
        assert isinstance(proposal, ProfileProposal)
        if returned:
            return_profile(proposal=proposal, reasons=REASONS, **stage.by_office)
    _dues(stage)
    _notices(stage)


def _dues(stage: Any) -> None:
    year = timezone.now().year
    for back, more in (
        (0, {"due_on": timezone.now().date() + timedelta(days=30)}),
        (1, {"amount": Decimal("12500.50"), "currency": "USD"}),
        (2, {"amount": Decimal(5000), "currency": "QAR", "paid_on": date(year - 2, 2, 1)}),
        (3, {"waiver_reason": "By decision 7/4 of the assembly.\nبقرار من الجمعية."}),
    ):
        said = {
            "amount": None,
            "currency": "",
            "due_on": date(year - back, 3, 31),
            "paid_on": None,
            "waiver_reason": "",
            **more,
        }
        settle_dues(
            institution=stage.korea, year=year - back, said=said, version=0, **stage.by_office
        )


def _notices(stage: Any) -> None:
    for subject, act in (("absences", "send"), ("profile", "discard"), ("dues", "")):
        texts = {
            "titles": {"ar": "رسالة من الأمانة العامة", "en": "A word from the secretariat"},
            "bodies": {
                "ar": "تفيد سجلات الشبكة بما يأتي:\n\n– سنة\n– سنة أخرى",
                "en": "According to the records:\n\n– one year\n– another",
            },
        }
        notice = draft_notice(institution=stage.korea, subject=subject, **texts, **stage.by_office)
        if act == "send":
            send_notice(notice=notice, version=1, **texts, **stage.by_office)
        elif act == "discard":
            discard_notice(notice=notice, version=1, **stage.by_office)
