"""What people say of themselves, and what is kept beside their mandates and sign-ins."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from members.enums import PROFILE_VISIBILITY, Visibility
from members.models.invitations import token_digest
from members.models.people import Mandate, User
from records.languages import Shown, in_language
from records.models import StoredFile

MOST_LETTERS = 5  # of one mandate


class PersonProfileQuerySet(models.QuerySet["PersonProfile"]):
    def of(self, user: User) -> "PersonProfile":
        """The person's; an empty one, not saved, where they never said anything."""
        found = self.select_related("photo").filter(user=user).first()
        return found or PersonProfile(user=user)

    def with_photo(self, sha256: str) -> Self:
        return self.select_related("photo", "user").filter(photo__sha256=sha256)

    def find(self, user_id: int) -> "PersonProfile | None":
        return self.filter(user=user_id).first()


class PersonProfile(models.Model):
    """What a person says of themselves beside the name, and whom each part is shown to."""

    user = models.OneToOneField(
        User, primary_key=True, on_delete=models.CASCADE, related_name="profile"
    )
    forms_of_address = models.JSONField(default=dict)  # language code -> how to address them
    positions = models.JSONField(default=dict)  # language code -> post at the institution
    languages = ArrayField(models.CharField(max_length=3), default=list, blank=True)  # spoken
    photo = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    visibility = models.JSONField(default=dict)  # a key of PROFILE_VISIBILITY -> `Visibility`

    objects = PersonProfileQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.user_id}"

    @property
    def form_of_address(self) -> Shown:
        return in_language(self.forms_of_address)

    @property
    def position(self) -> Shown:
        return in_language(self.positions)

    def shown_to(self, part: str) -> Visibility:
        """Whom a part (a key of PROFILE_VISIBILITY) is shown to."""
        return Visibility(self.visibility.get(part, PROFILE_VISIBILITY[part]))


class AppointmentLetterQuerySet(models.QuerySet["AppointmentLetter"]):
    def find(self, pk: int) -> "AppointmentLetter | None":
        return self.select_related("file", "mandate__institution").filter(pk=pk).first()

    def of_mandate(self, mandate: Mandate) -> Self:
        return self.filter(mandate=mandate).select_related("file", "recorded_by")

    def of_person(self, user: User) -> Self:
        return self.filter(mandate__user=user).select_related("file", "mandate__institution")


class AppointmentLetter(models.Model):
    """A document by which an institution appoints, with the name it was sent under."""

    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="letters")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = AppointmentLetterQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["mandate", "file"], name="letter_is_kept_once")
        ]

    def __str__(self) -> str:
        return self.name


class KnownBrowserQuerySet(models.QuerySet["KnownBrowser"]):
    def of(self, user: User, token: str) -> Self:
        return self.filter(user=user, digest=token_digest(token))

    def of_person(self, user: User) -> Self:
        return self.filter(user=user).order_by("seen_at", "pk")

    def for_letter(self, pk: int) -> "KnownBrowser | None":
        return self.select_related("user").filter(pk=pk).first()


class KnownBrowser(models.Model):
    """A browser in which a person has signed in before, by the digest of the token it carries."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="known_browsers")
    digest = models.CharField(max_length=64)
    browser = models.CharField(max_length=100, blank=True)  # as it called itself then
    seen_at = models.DateTimeField(default=timezone.now)  # the first time

    objects = KnownBrowserQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "digest"], name="browser_is_known_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.digest[:8]}"
