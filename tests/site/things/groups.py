"""Groups of the scenery and what they keep: arguments for an address."""

from collections.abc import Callable

from members.models import Group, GroupDate, GroupFile, Institution, JoinRequest


def group(kind: str) -> Callable[[], tuple[int]]:
    return lambda: (Group.objects.filter(kind=kind).order_by("-pk")[0].pk,)


def group_place(kind: str, country: str) -> Callable[[], tuple[int, int]]:
    return lambda: (*group(kind)(), Institution.objects.get(country=country).pk)


def group_file(title: str) -> Callable[[], tuple[int, int]]:
    return lambda: GroupFile.objects.values_list("group", "pk").get(title=title)


def group_date(title: str) -> Callable[[], tuple[int, int]]:
    return lambda: GroupDate.objects.values_list("group", "pk").get(titles__en=title)


def join_request(state: str) -> Callable[[], tuple[int]]:
    return lambda: (JoinRequest.objects.get(state=state).pk,)
