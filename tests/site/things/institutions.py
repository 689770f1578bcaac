"""Institutions of the scenery, their profiles and standing: arguments for an address."""

from collections.abc import Callable

from members.models import (
    Dues,
    Field,
    Institution,
    InstitutionPicture,
    Membership,
    MembershipDocument,
    StandingNotice,
)


def notice(state: str) -> Callable[[], tuple[int, int]]:
    """Of Korea: one of each state."""

    def args() -> tuple[int, int]:
        found = StandingNotice.objects.get(state=state)
        return found.institution_id, found.pk

    return args


def owed() -> tuple[int, int]:
    """Of Korea, overdue."""
    found = Dues.objects.get(amount="12500.50")
    return found.institution_id, found.year


def of_country(code: str) -> Callable[[], tuple[int]]:
    return lambda: (Institution.objects.get(country=code).pk,)


def standing(code: str, act: str) -> Callable[[], tuple[int, str]]:
    return lambda: (*of_country(code)(), act)


def ground() -> tuple[int, int]:
    """A document of why an institution is suspended."""
    found = MembershipDocument.objects.get(
        membership__institution__country="LT", name__endswith="pdf"
    )
    return found.membership.institution_id, found.pk


def without_day() -> tuple[int]:
    """A member whose first day is not recorded."""
    found = Membership.objects.history().filter(since=None, until=None).first()
    assert found
    return (found.institution_id,)


def korea() -> tuple[int]:
    return (Institution.objects.get(country="KR").pk,)


def field_of_work(*, retired: bool = False) -> Callable[[], tuple[int]]:
    return lambda: (Field.objects.filter(is_retired=retired)[0].pk,)


def korean_logo() -> tuple[int, str]:
    shown = Institution.objects.select_related("logo").get(country="KR")
    assert shown.logo is not None
    return shown.pk, shown.logo.sha256


def korean_picture(place: int) -> Callable[[], tuple[int, int]]:
    """`place`: among those that are published, from 0."""

    def found() -> tuple[int, int]:
        shown = Institution.objects.get(country="KR")
        return shown.pk, shown.pictures[place]["id"]

    return found


def korean_picture_taken_out() -> tuple[int, int]:
    shown = Institution.objects.get(country="KR")
    beside = InstitutionPicture.objects.beside(shown, shown.pictures)
    return shown.pk, beside[0].pk


def korean_picture_file() -> tuple[int, str]:
    shown = Institution.objects.get(country="KR")
    return shown.pk, shown.pictures[0]["small"][0]


def nigeria() -> tuple[int]:
    return (Institution.objects.get(country="NG").pk,)
