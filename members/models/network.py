"""What the network says of itself and in its letters: versions, none of which is ever changed.

The latest is in force. Number 0, which is no row, is what the portal was deployed with.
"""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from members.enums import MembershipClass
from members.models.people import User
from members.models.presidencies import network_zone
from members.network import first_language
from records.models import StoredFile


class NetworkVersionQuerySet(models.QuerySet["NetworkVersion"]):
    def in_order(self) -> Self:
        """With who made them, the latest first."""
        return self.select_related("made_by").order_by("-number")

    def find(self, number: int) -> "NetworkVersion | None":
        return self.filter(number=number).first()

    def current(self) -> "NetworkVersion":
        """While the secretariat has settled nothing, one that says nothing (number 0)."""
        return self.in_order().first() or NetworkVersion(number=0)


class NetworkVersion(models.Model):
    """What the network is called, how it is reached, in which languages it works; read through
    `members.network`.

    A language without a name has the one of the deployment.
    """

    number = models.PositiveIntegerField(unique=True)
    names = models.JSONField(default=dict)
    short_names = models.JSONField(default=dict)
    contacts = models.JSONField(default=dict)  # lines of an address, under letters and pages
    full_names = models.JSONField(default=dict)  # of the classes of membership
    associate_names = models.JSONField(default=dict)
    observer_names = models.JSONField(default=dict)
    # Codes in their order, the first for whoever's is not known; none: all that are deployed.
    languages = models.JSONField(default=list)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)

    objects = NetworkVersionQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.number)

    @property
    def names_shown(self) -> dict[str, str]:
        """Those of the deployment where it has none."""
        return {**settings.NETWORK_NAME, **self.names}

    @property
    def language_names(self) -> list[tuple[str, str]]:
        """Code and own name of those that were settled, in their order."""
        names = dict(settings.LANGUAGES)
        return [(code, names.get(code, code)) for code in self.languages]

    @property
    def class_names(self) -> dict[str, dict[str, str]]:
        """Value of the class → language → its name, where the network has settled one."""
        return {
            MembershipClass.FULL: self.full_names,
            MembershipClass.ASSOCIATE: self.associate_names,
            MembershipClass.OBSERVER: self.observer_names,
        }


class LetterTextQuerySet(models.QuerySet["LetterText"]):
    def of_letter(self, letter: str, language: str) -> Self:
        """All versions, with who made them, the latest first."""
        found = self.filter(letter=letter, language=language).select_related("made_by")
        return found.order_by("-number")

    def find(self, letter: str, language: str, number: int) -> "LetterText | None":
        return self.of_letter(letter, language).filter(number=number).first()

    def in_force(self, letter: str, language: str) -> "LetterText":
        """Number 0, without a text, while the secretariat has written none."""
        none = LetterText(letter=letter, language=language, number=0)
        return self.of_letter(letter, language).first() or none

    def languages_of(self, letter: str) -> set[str]:
        """In which it has, or once had, a text of the secretariat's own."""
        found = self.filter(letter=letter).order_by()
        return set(found.values_list("language", flat=True).distinct())

    def written(self) -> dict[str, list[str]]:
        """Letter → languages in which the secretariat's own text is in force. One query."""
        latest = self.order_by("letter", "language", "-number").distinct("letter", "language")
        found: dict[str, list[str]] = {}
        for letter, language, body in latest.values_list("letter", "language", "body"):
            if body:
                found.setdefault(letter, []).append(language)
        return found


class LetterText(models.Model):
    """The secretariat's own text of a letter in one language, with marks as `{institution}`.

    Without a body: the text that comes with the portal is in force again.
    """

    letter = models.CharField(max_length=60)  # a key of `members.letter_book`
    language = models.CharField(max_length=10)
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)

    objects = LetterTextQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["letter", "language", "number"], name="one_letter_text_a_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.letter} {self.language} {self.number}"


class CharterVersionQuerySet(models.QuerySet["CharterVersion"]):
    def in_order(self) -> Self:
        """With their files and who made them, the latest first."""
        return self.select_related("made_by").prefetch_related("texts__file").order_by("-number")

    def find(self, number: int) -> "CharterVersion | None":
        return self.in_order().filter(number=number).first()

    def latest_number(self) -> int:
        return self.aggregate(most=models.Max("number"))["most"] or 0

    def in_force(self) -> "CharterVersion | None":
        """Today, by the days of the network: the one that began last."""
        found = self.in_order().filter(in_force_on__lte=timezone.localdate(timezone=network_zone()))
        return found.order_by("-in_force_on", "-number").first()

    def text_for(self, reader: User | None) -> "CharterText | None":
        """The file of the version in force, in the reader's language where there is one."""
        version = self.in_force()
        return version.text_in(reader.language if reader else "") if version else None


class CharterVersion(models.Model):
    """The charter as it stands from a day on, in one language or several."""

    number = models.PositiveIntegerField(unique=True)
    in_force_on = models.DateField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)

    objects = CharterVersionQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.number)

    def text_in(self, language: str) -> "CharterText":
        """In that language, else in the first of the network, else as texts fall back."""
        texts = {text.language: text for text in self.texts.all()}
        for code in (language, first_language(), settings.LANGUAGE_CODE):
            if code in texts:
                return texts[code]
        return next(iter(texts.values()))


class CharterText(models.Model):
    """The file of a version in one language."""

    version = models.ForeignKey(CharterVersion, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=10)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(fields=["version", "language"], name="one_charter_a_language")
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.language}"
