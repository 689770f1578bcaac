"""The review of an application at work: points ticked, reviewers who differ, a conflict."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from assembly.actions.papers import ask_for_item_dossier
from assembly.models import AgendaItem
from assembly.tasks import make_item_dossier
from members.actions.checklists import tick_point
from members.actions.decisions import save_terms
from members.actions.dossiers import ask_for_dossier
from members.actions.reviewers import (
    assign_reviewer,
    declare_conflict,
    give_recommendation,
    write_note,
)
from members.enums import ApplicationState as State
from members.models import Application
from members.tasks_dossiers import make_dossier
from tests.site.stage import Stage, user

REMARK = "رأينا الأصل في الدوحة، ونسخته محفوظة."
NOTES = (
    "I met its director in Seoul: the library is real.",
    "شكرًا. وهل يملك المعهد ميزانية مستقلة؟",
)


def terms(stage: Stage, application: Application) -> None:
    """What an applicant is told with the decision."""
    save_terms(
        application=application,
        conditions="أن يكون للمكتب ميزانية مستقلة.\n\nAnd a seat of its own.",
        reasons="Its statutes do not name public diplomacy.",
        not_before=timezone.now().date() + timedelta(days=300),
        seen=0,
        **stage.by_office,
    )


def reviews(stage: Stage) -> None:
    application = Application.objects.filter(state=State.UNDER_REVIEW).order_by("pk")[0]
    for key, remark in (("letter", ""), ("founding", REMARK)):
        tick_point(
            application=application,
            key=key,
            is_met=True,
            remark=remark,
            seen=0,
            **stage.by_office,
        )
    reviewing = [user(name) for name in ("head.kr", "focal.ng", "head.tr")]
    for reviewer in reviewing:
        assign_reviewer(application=application, user=reviewer, **stage.by_office)
    korea, nigeria, turkey = [_by(reviewer) for reviewer in reviewing]
    for by, body in ((korea, NOTES[0]), (nigeria, NOTES[1])):
        write_note(application=application, body=body, client_id=uuid4(), **by)
    for by, advice, mission, reasons in (
        (korea, "admit", 5, "Its mission is ours, and it has the means for it."),
        (nigeria, "defer", 2, "ننتظر الميزانية.\n\nThen we shall see."),
    ):
        give_recommendation(
            application=application,
            advice=advice,
            reasons=reasons,
            scores={"mission": mission, "standing": 3},
            guide_version=0,
            seen=0,
            **by,
        )
    dossier = ask_for_dossier(application=application, language="ar", **korea)
    make_dossier(dossier_id=dossier.pk, user_id=dossier.user_id)
    declare_conflict(
        application=application, reason="I sat on its council until last year.", **turkey
    )


def papers(stage: Stage) -> None:
    """The dossier of a question that is to be voted on, as the assembly reads it."""
    item = AgendaItem.objects.filter(application__state=State.ON_AGENDA, poll=None).order_by("pk")[
        0
    ]
    dossier = ask_for_item_dossier(item=item, language="ar", **_by(user("head.kr")))
    make_item_dossier(dossier_id=dossier.pk)


def _by(reviewer: Any) -> dict[str, Any]:
    return {"actor": reviewer, "mandate": reviewer.mandates.order_by("pk")[0]}
