"""Applications of the scenery, and the form that they are written in: arguments for an address."""

from collections.abc import Callable

from members.models import Application, ApplicationFormVersion, DossierFile, Invitation


def application(state: str) -> Callable[[], tuple[int]]:
    return lambda: (Application.objects.filter(state=state).order_by("pk")[0].pk,)


def korean_dossier() -> tuple[int, int]:
    dossier = DossierFile.objects.get(user__email="head.kr@demo.example")
    return dossier.application_id, dossier.pk


def written(state: str, section: str) -> Callable[[], tuple[int, str]]:
    return lambda: (*application(state)(), section)


def editor() -> tuple[int, int]:
    found = Application.objects.get(state="submitted").editors.all()[0]
    return found.application_id, found.pk


def place_invitation() -> tuple[int, int]:
    of = Application.objects.get(state="submitted")
    return of.pk, Invitation.objects.to_application(of.pk)[0].pk


def form_part(of: str) -> Callable[[], tuple[str]]:
    """The first question or kind of document of the form of today."""

    def args() -> tuple[str]:
        current = ApplicationFormVersion.objects.current()
        assert current is not None
        return (current.definition[of][0]["key"],)

    return args


def document(kind: str) -> Callable[[], tuple[int, int]]:
    def args() -> tuple[int, int]:
        of = Application.objects.get(state="submitted")
        return of.pk, of.documents.get(kind=kind).pk

    return args
