"""Meetings of the scenery and their agendas: arguments for an address."""

from collections.abc import Callable
from typing import Any

from assembly.models import AgendaItem, ItemDossier, Meeting
from messaging.models import Room


def item(state: str = "", *, voted: bool | None = None, called: bool | None = None) -> Any:
    """The question of an application in `state`; `called`: whether everybody has answered."""

    def args() -> tuple[int, int]:
        for each in AgendaItem.objects.for_vote().exclude(application=None):
            assert each.application is not None
            vote = each.vote
            if each.application.state != state or (vote is not None) != voted:
                continue
            if vote is None or called is None or called == all(vote.choices.values()):
                return each.meeting_id, each.position
        raise LookupError(state)

    return args


def item_document() -> tuple[int, int, int]:
    found = AgendaItem.objects.filter(
        application__state="on_agenda", poll=None, application__documents__isnull=False
    ).order_by("pk")[0]
    assert found.application is not None
    return found.meeting_id, found.position, found.application.papers[0].pk


def item_dossier() -> tuple[int, int, str]:
    found = ItemDossier.objects.select_related("item").exclude(file=None).order_by("pk")[0]
    return found.item.meeting_id, found.item.position, found.language


def plain_item() -> tuple[int, int]:
    found = AgendaItem.objects.filter(application=None).order_by("pk")[0]
    return found.meeting_id, found.position


def meeting(number: int) -> Callable[[], tuple[int]]:
    return lambda: (Meeting.objects.general_assemblies().get(number=number).pk,)


def meeting_of(kind: str, number: int) -> Callable[[], tuple[int]]:
    return lambda: (Meeting.objects.get(kind=kind, number=number).pk,)


def meeting_room(kind: str, number: int) -> Callable[[], tuple[int]]:
    return lambda: (Room.objects.get(meeting__kind=kind, meeting__number=number).pk,)
