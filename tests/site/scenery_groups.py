"""Groups at work, closed, and asked to let somebody in."""

from datetime import date

from members.actions.group_life import change_group, close_group
from members.actions.groups import change_place, create_group
from members.actions.join_requests import ask_to_join
from members.enums import GroupKind, GroupRole
from members.models import Institution, Mandate
from tests.members.group_space import make_file
from tests.site.scenery_group_space import fill_group
from tests.site.stage import Stage, user

TEXTS = {
    "ar": "تنسيق المواقف بشأن تعديل الميثاق، ورفع توصيات إلى الجمعية العمومية.\n\nويجتمع كل شهر.",
    "en": "To align positions on the amendment of the charter, and to report to the assembly.",
}


def held(name: str) -> Mandate:
    return user(name).mandates.order_by("starts_at", "pk")[0]


def groups(stage: Stage) -> None:
    nigeria, turkey, poland = (Institution.objects.get(country=c) for c in ("NG", "TR", "PL"))
    done = create_group(
        kind=GroupKind.COMMITTEE,
        names={"en": "Committee on the anniversary", "fr": "Comité du dixième anniversaire"},
        members={turkey: GroupRole.CHAIR, stage.korea: GroupRole.MEMBER},
        **stage.by_office,
    )
    network = create_group(
        kind=GroupKind.THEMATIC_NETWORK,
        names={"en": "Network of training centres", "ar": "شبكة مراكز التدريب"},
        mandate_texts={"en": "To share courses and trainers."},
        mandate_states={"en": "final"},
        members={nigeria: GroupRole.CHAIR, turkey: GroupRole.MEMBER},
        **stage.by_office,
    )
    for institution, name in ((nigeria, "focal.ng"), (turkey, "head.tr")):
        change_place(
            group=network,
            institution=institution,
            role=GroupRole.CHAIR if institution == nigeria else GroupRole.MEMBER,
            representative=held(name),
            **stage.by_office,
        )
    charter = create_group(
        kind=GroupKind.CONTACT_GROUP,
        names={"en": "Contact group on the charter", "ar": "فريق الاتصال المعني بالميثاق"},
        mandate_texts=TEXTS,
        mandate_states={"ar": "final", "en": "draft"},
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 6, 30),
        secretariat_chairs=True,
        members={
            stage.korea: GroupRole.CHAIR,
            stage.mandate.institution: GroupRole.MEMBER,
            turkey: GroupRole.MEMBER,
            poland: GroupRole.OBSERVER,
        },
        **stage.by_office,
    )
    change_group(
        group=charter,
        names=charter.names,
        mandate_texts=TEXTS | {"ar": TEXTS["ar"].replace("كل شهر", "كل شهرين")},
        mandate_states=charter.mandate_states,
        starts_on=charter.starts_on,
        ends_on=charter.ends_on,
        secretariat_chairs=True,
        version=0,
        **stage.by_office,
    )
    head = held("head.kr")
    change_place(
        group=charter,
        institution=stage.korea,
        role=GroupRole.CHAIR,
        representative=head,
        **stage.by_office,
    )
    fill_group(charter, head, held("head.tr"))
    make_file(done, {"actor": head.user, "mandate": head}, "Programme of the anniversary")
    asking = held("focal.ng")
    for group in (charter, done):
        ask_to_join(
            group=group,
            role=GroupRole.MEMBER,
            words="نودّ أن نسهم بخبرتنا في صياغة الميثاق.\n\nWe have drafted two of them.",
            actor=asking.user,
            mandate=asking,
        )
    close_group(
        group=done, reason="The anniversary was celebrated. انتهت مهمتها.", **stage.by_office
    )
