"""Documents that a group keeps, apart from what is said in its rooms."""

from typing import Self

from django.db import models
from django.db.models import OuterRef, Subquery, Sum
from django.utils import timezone

from members.models.groups import Group
from members.models.people import Mandate
from records.folding import fold
from records.models import StoredFile

MOST_BYTES = 2 * 1024**3  # of all versions of all files of one group


class GroupFileQuerySet(models.QuerySet["GroupFile"]):
    def of_group(self, group: Group) -> Self:
        return self.filter(group=group)

    def kept(self) -> Self:
        return self.filter(removed_at=None)

    def removed(self) -> Self:
        return self.exclude(removed_at=None)

    def matching(self, folded: str) -> Self:
        """Those whose title and name hold every word of `folded` (see `records.folding`)."""
        found = self
        for word in folded.split():
            found = found.filter(search_text__contains=word)
        return found

    def for_list(self) -> Self:
        """With all that a row of the list shows, the last changed first."""
        return self.select_related(
            "file", "saved_by__user", "saved_by__institution", "removed_by__user"
        ).order_by("-saved_at", "-pk")

    def find(self, group: Group, pk: int) -> "GroupFile | None":
        found = self.of_group(group).for_list().select_related("put_in_by")
        return found.filter(pk=pk).first() if 0 < pk < 2**63 else None

    def same(self, group: Group, title: str, sha256: str) -> "GroupFile | None":
        """A kept one of this title with this very content."""
        return self.of_group(group).kept().filter(title=title, file__sha256=sha256).first()


class Document(models.Model):
    """A document as it stands, or stood in one version."""

    title = models.CharField(max_length=200)
    language = models.CharField(max_length=5, blank=True)  # it is in; "": in several, or none
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)  # of the file, as it was sent
    number = models.PositiveIntegerField(default=1)  # of the version
    saved_by = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True

    @property
    def kind(self) -> str:
        """As people call it: the ending of its name."""
        return self.name.rpartition(".")[2].upper()


class GroupFile(Document):
    """A document of a group, as its last version has it."""

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="files")
    put_in_by = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        Mandate, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    search_text = models.TextField(blank=True, editable=False)  # title and name, folded

    objects = GroupFileQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["group", "-saved_at"], name="group_file_by_time")]

    def __str__(self) -> str:
        return f"{self.group_id}/{self.pk}"

    @property
    def is_removed(self) -> bool:
        return self.removed_at is not None

    def searchable(self) -> str:
        """What `search_text` must hold."""
        return fold(f"{self.title} {self.name}")


class GroupFileVersionQuerySet(models.QuerySet["GroupFileVersion"]):
    def with_before(self) -> Self:
        """`.before`: the number of the file that stood before."""
        earlier = GroupFileVersion.objects.filter(
            document=OuterRef("document"), number__lt=OuterRef("number")
        ).order_by("-number")
        return self.annotate(before=Subquery(earlier.values("file")[:1]))

    def of_document(self, document: GroupFile) -> Self:
        """The latest first, with `.before`."""
        found = self.filter(document=document).with_before().order_by("-number")
        return found.select_related("file", "saved_by__user", "saved_by__institution")

    def saved_by_person(self, user_id: int) -> Self:
        """In whose name ever, in order, with the group and `.before`."""
        found = self.filter(saved_by__user=user_id).with_before().order_by("pk")
        return found.select_related("file", "document__group")

    def find(self, document: GroupFile, number: int) -> "GroupFileVersion | None":
        found = self.filter(document=document).select_related("file")
        return found.filter(number=number).first() if 0 < number < 2**31 else None

    def bytes_in(self, group: Group) -> int:
        found = self.filter(document__group=group)
        return found.aggregate(total=Sum("file__size"))["total"] or 0


class GroupFileVersion(Document):
    """What a document of a group was from one change to the next. Never changed, never removed."""

    document = models.ForeignKey(GroupFile, on_delete=models.PROTECT, related_name="versions")

    objects = GroupFileVersionQuerySet.as_manager()
    before: int | None  # set by `with_before()`

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="group_file_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.document_id}/{self.number}"

    @property
    def has_new_content(self) -> bool:
        """Whether it brought another file; else another title or language alone."""
        return self.before != self.file_id
