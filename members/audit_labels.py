"""What the audit log means by the keys of points, criteria and parts of applications."""

from collections.abc import Iterable

from django.conf import settings

from members.application_parts import FIELD_LABELS
from members.enums import DocumentKind
from members.enums_applying import ApplicationSection
from members.models import ApplicationFormVersion, ReviewGuide
from members.onboarding import STEPS
from records.languages import in_language
from records.models import AuditEntry

POINTS = ("point", "points", "open_points", "criteria")
PARTS = ("changed", "items", "open_points")


def labels_for(entries: Iterable[AuditEntry]) -> dict[str, str]:
    """Label by key, in the reader's language, as it was put last. Two queries at the most: none
    where no entry has such keys.
    """
    keys = {key for each in entries for key in (*each.before, *each.after)}
    found = {name: str(label) for name, label in FIELD_LABELS.items()}
    found |= {f"onboarding:{key}": str(label) for key, label in STEPS.items()}
    found |= {f"document:{kind.value}": str(kind.label) for kind in DocumentKind}
    found["declaration"] = str(ApplicationSection.DECLARATION.label)
    found["credentials"] = str(DocumentKind.CREDENTIALS.label)
    if keys & set(PARTS):
        for name, texts in ApplicationFormVersion.objects.labels().items():
            found[name] = in_language(texts).text
    if keys & set(POINTS):
        for key, texts in ReviewGuide.objects.labels().items():
            found[f"point:{key}"] = in_language(texts).text
    return found


def label_of(key: str, value: str, labels: dict[str, str]) -> str | None:
    """What `value` is called where an entry has it under `key`; None where it is not known."""
    if key in (*POINTS, "onboarding_point"):
        kind = "onboarding" if key == "onboarding_point" else "point"
        if label := labels.get(f"{kind}:{value}"):
            return label
    if key not in PARTS:
        return None
    name, _slash, language = value.partition("/")
    label = labels.get(name)
    if label and language:
        return f"{label} · {dict(settings.LANGUAGES).get(language, language)}"
    return label
