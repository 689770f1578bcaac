from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from members.enums_standing import NoticeState, NoticeSubject
from members.models.institutions import Institution
from members.models.people import Mandate, User
from records.languages import Shown, in_language


class StandingNoticeQuerySet(models.QuerySet["StandingNotice"]):
    def drafts(self) -> Self:
        return self.filter(state=NoticeState.DRAFT)

    def sent(self, at: datetime | None = None) -> Self:
        """Those that were sent, until then; the latest first."""
        found = self.filter(state=NoticeState.SENT)
        found = found.filter(sent_at__lte=at) if at else found
        return found.order_by("-sent_at", "-pk")

    def on(self, subject: str) -> Self:
        return self.filter(subject=subject)

    def of_institution(self, institution: Institution) -> Self:
        return self.filter(institution=institution)

    def for_display(self) -> Self:
        people = ("created_by", "sent_by", "sent_mandate__institution", "discarded_by")
        return self.select_related("institution", *people).prefetch_related("recipients")

    def of_person(self, user: User) -> Self:
        """That the person drafted, sent or discarded, or that were sent to them: then with
        `.was_received`.
        """
        received = StandingNotice.recipients.through.objects.filter(
            standingnotice=OuterRef("pk"), user=user
        )
        own = Q(created_by=user) | Q(sent_by=user) | Q(discarded_by=user)
        found = self.annotate(was_received=Exists(received))
        found = found.filter(own | Q(was_received=True)).select_related("institution")
        return found.order_by("pk")

    def newest_first(self) -> Self:
        return self.order_by("-pk")

    def find(self, pk: int) -> "StandingNotice | None":
        return self.filter(pk=pk).first()


class StandingNotice(models.Model):
    """What the secretariat writes to an institution about its standing. The portal drafts it, a
    person sends it or discards it; what was sent is never changed.
    """

    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, related_name="standing_notices"
    )
    subject = models.CharField(max_length=20, choices=NoticeSubject)
    state = models.CharField(max_length=20, choices=NoticeState, default=NoticeState.DRAFT)
    titles = models.JSONField(default=dict)  # language code -> heading of the letter
    bodies = models.JSONField(default=dict)  # language code -> the letter
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    sent_mandate = models.ForeignKey(
        Mandate, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    recipients = models.ManyToManyField(User, blank=True, related_name="+")
    discarded_at = models.DateTimeField(null=True, blank=True)
    discarded_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = StandingNoticeQuerySet.as_manager()
    was_received: bool  # set by `of_person()`

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "subject"],
                condition=Q(state="draft"),
                name="one_drafted_notice",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | ~Q(state="sent") & Q(sent_at=None),
                name="sent_notice_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution_id} {self.subject} {self.state}"

    @property
    def is_draft(self) -> bool:
        return self.state == NoticeState.DRAFT

    @property
    def is_sent(self) -> bool:
        return self.state == NoticeState.SENT

    @property
    def stage(self) -> NoticeState:
        return NoticeState(self.state)

    @property
    def title(self) -> Shown:
        return in_language(self.titles)

    @property
    def body(self) -> Shown:
        return in_language(self.bodies)
