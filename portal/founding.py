"""What a network needs before its first page: one institution that presides, and its office."""

from collections.abc import Iterable
from datetime import date

from django.db import connection, transaction

from members.actions.fields import add_field
from members.actions.institutions import change_membership, create_institution
from members.actions.invitations import invite_to_delegation
from members.enums import Capacity, MembershipClass, MembershipState
from members.models import Field, Institution, Invitation, Presidency
from messaging.actions import open_room
from messaging.enums import ParticipantRole, RoomKind
from messaging.models import Room
from records.actions import append_audit_entry

COMMON_ROOMS = {
    RoomKind.PLENARY: (
        {"en": "Plenary", "ar": "الجلسة العامة", "fr": "Plénière"},
        {
            "en": "All delegations, on everything that concerns the whole network.",
            "ar": "لجميع الوفود، في كل ما يخص الشبكة بأسرها.",
            "fr": "Toutes les délégations, pour tout ce qui concerne l’ensemble du réseau.",
        },
    ),
    RoomKind.ANNOUNCEMENTS: (
        {"en": "Announcements", "ar": "الإعلانات", "fr": "Annonces"},
        {
            "en": "The secretariat writes; all delegations read.",
            "ar": "تكتب فيها الأمانة العامة وتقرؤها جميع الوفود.",
            "fr": "Le secrétariat écrit ; toutes les délégations lisent.",
        },
    ),
}
FIELDS = {  # of work, to begin with: the secretariat has the list from there
    "culture": {
        "en": "Cultural diplomacy",
        "ar": "الدبلوماسية الثقافية",
        "fr": "Diplomatie culturelle",
    },
    "heritage": {
        "en": "Arts and heritage",
        "ar": "الفنون والتراث",
        "fr": "Arts et patrimoine",
    },
    "language": {
        "en": "Language and literature",
        "ar": "اللغة والأدب",
        "fr": "Langue et littérature",
    },
    "exchange": {
        "en": "Academic exchange",
        "ar": "التبادل الأكاديمي",
        "fr": "Échanges universitaires",
    },
    "training": {
        "en": "Training and capacity building",
        "ar": "التدريب وبناء القدرات",
        "fr": "Formation et renforcement des capacités",
    },
    "research": {
        "en": "Research and publications",
        "ar": "البحوث والنشر",
        "fr": "Recherche et publications",
    },
    "media": {
        "en": "Media and digital communication",
        "ar": "الإعلام والاتصال الرقمي",
        "fr": "Médias et communication numérique",
    },
    "youth": {
        "en": "Youth and volunteering",
        "ar": "الشباب والتطوع",
        "fr": "Jeunesse et volontariat",
    },
}


class AlreadyFoundedError(Exception):
    """The database holds a network."""


@transaction.atomic
def found_network(
    *,
    names: dict[str, str],
    acronym: str,
    country: str,
    presides_from: date,
    email: str,
    person: str,
    language: str,
) -> Invitation:
    """The first member, its presidency, the rooms of all, and an invitation for its secretariat.

    Everybody else comes by invitation from there. Raises AlreadyFoundedError.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('majlis founding'))")
    if Institution.objects.exists():
        raise AlreadyFoundedError
    institution = create_institution(names=names, acronym=acronym, country=country)
    change_membership(
        institution=institution,
        membership_class=MembershipClass.FULL,
        state=MembershipState.ACTIVE,
        since=None,
    )
    record_presidency(institution=institution, starts_on=presides_from)
    open_common_rooms(members=[institution], observers=[])
    lay_down_fields()
    return invite_to_delegation(
        institution=institution,
        email=email,
        name=person,
        language=language,
        capacity=Capacity.SECRETARIAT,
    )


@transaction.atomic
def record_presidency(
    *,
    institution: Institution,
    starts_on: date,
    ends_on: date | None = None,
    interim: bool = False,
) -> Presidency:
    """Note who presides, and from when. Raises IntegrityError where two would overlap."""
    presidency = Presidency(institution=institution, interim=interim)
    presidency.starts_on, presidency.ends_on = starts_on, ends_on
    presidency.save()
    append_audit_entry(
        actor=None,
        act="presidency.recorded",
        thing=presidency,
        after={
            "institution": institution.pk,
            "from": starts_on.isoformat(),
            "to": ends_on.isoformat() if ends_on else None,
        },
    )
    return presidency


@transaction.atomic
def open_common_rooms(
    *, members: Iterable[Institution], observers: Iterable[Institution]
) -> dict[RoomKind, Room]:
    """Plenary and announcements. In the second the secretariat alone writes."""
    members, observers = list(members), list(observers)
    rooms = {}
    for kind, (titles, purposes) in COMMON_ROOMS.items():
        writes = kind == RoomKind.PLENARY
        role = ParticipantRole.MEMBER if writes else ParticipantRole.OBSERVER
        delegations: dict[Institution, str] = {member: role for member in members}
        delegations |= {observer: ParticipantRole.OBSERVER for observer in observers}
        rooms[kind] = open_room(
            kind=kind, titles=titles, purposes=purposes, delegations=delegations
        )
    return rooms


@transaction.atomic
def lay_down_fields() -> dict[str, Field]:
    """The first fields of work, by their keys in FIELDS."""
    return {key: add_field(names=names, actor=None) for key, names in FIELDS.items()}
