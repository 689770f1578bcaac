from datetime import UTC, date, datetime
from typing import Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django_countries.fields import CountryField

from members.application_definitions import Definition, read_definition
from members.countries import all_names
from members.enums import (
    APPLICATION_TRANSITIONS,
    DAYS_OF_STEP,
    ApplicationState,
    DocumentKind,
    InstitutionKind,
    MembershipClass,
    QueueTab,
)
from members.enums_applying import CLOSED_APPLICATIONS, Need
from members.models.institutions import Institution
from members.models.presidencies import network_today
from members.models.queue import APPLICATION_INDEXES, QueueQuerySet
from members.models.sorting import sort_names
from records.folding import fold, holds
from records.languages import Shown, in_language
from records.models import StoredFile


def _written_by(user_id: int) -> Q:
    edited = apps.get_model("members", "ApplicationEditor").objects.filter(user_id=user_id)
    return Q(contact_id=user_id) | Q(pk__in=edited.values("application"))


class ApplicationQuerySet(QueueQuerySet):
    def find(self, pk: int) -> "Application | None":
        return self.filter(pk=pk).first()

    def of_contact(self, user_id: int) -> Self:
        """Those whose contact the person is, the latest first."""
        return self.filter(contact_id=user_id).order_by("-created_at", "-pk")

    def of_applicant(self, user_id: int) -> Self:
        """Those that the person writes, as contact or as editor, the latest first."""
        return self.filter(_written_by(user_id)).order_by("-created_at", "-pk")

    def asked_from(self, email: str) -> Self:
        """Drafts that somebody began for this address and nobody has taken up."""
        return self.filter(contact=None, state=ApplicationState.DRAFT, invitation__email=email)

    def untouched(self) -> Self:
        return self.filter(
            state=ApplicationState.DRAFT,
            institution_names={},
            aims="",
            section_saves={},
            documents=None,
            editors=None,
        )

    def that_admitted(self, institution_id: int) -> "Application | None":
        """By which an institution became the member that it is."""
        found = self.filter(institution=institution_id, state=ApplicationState.ACTIVE)
        return found.select_related("institution").order_by("-pk").first()

    def in_queue(self) -> Self:
        """What the secretariat sees: everything submitted, the longest waiting first."""
        return (
            self.exclude(submitted_at=None).select_related("contact").order_by("state_since", "pk")
        )

    def submitted_before(self, moment: datetime) -> Self:
        return self.filter(submitted_at__lt=moment)

    def open_for_secretariat(self) -> Self:
        """Of the queue, what is not closed."""
        return self.exclude(state__in=QueueTab.CLOSED.states)

    def visible_to(self, user_id: int, *, of_secretariat: bool) -> Self:
        """One's own; for the secretariat, all submitted: as `can_see_application` has it."""
        seen = _written_by(user_id)
        if of_secretariat:
            seen |= Q(submitted_at__isnull=False)
        return self.filter(seen)

    def matching(self, folded: str) -> Self:
        """Those whose names, acronym or country hold every word of `folded`, the latest first."""
        return self.naming(folded).order_by("-created_at", "-pk")

    def handed_in_but(self, application: "Application") -> Self:
        """All that were submitted but this one."""
        return self.handed_in().exclude(pk=application.pk)

    def handed_in(self) -> Self:
        return self.exclude(submitted_at=None)

    def of_country(self, code: str) -> Self:
        """ "" for bodies without a country."""
        return self.filter(country=code)

    def counts_by_state(self) -> dict[str, int]:
        """How many of these are in each state, in one query."""
        return dict(self.order_by().values_list("state").annotate(number=models.Count("pk")))

    def by_month(self, field: str, since: datetime) -> dict[date, int]:
        """How many were submitted or decided (`submitted_at`, `decided_at`) in each month (UTC)."""
        month = TruncMonth(field, tzinfo=UTC, output_field=models.DateField())
        found = self.order_by().filter(**{f"{field}__gte": since}).values_list(month)
        return dict(found.annotate(number=models.Count("pk")))

    def for_dossier(self) -> Self:
        """With everything that its pages show."""
        found = self.select_related("contact", "institution", "form_version", "declaration")
        return found.prefetch_related(
            "documents__file",
            "information_requests__asked_by",
            "information_requests__items",
            "editors__user",
        )


class Application(models.Model):
    """An institution's request to join.

    `state` is changed by `members.actions.applications.change_state` only.
    """

    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,  # until the person who asked to apply has accepted the link sent to them
        blank=True,
        on_delete=models.PROTECT,
        related_name="applications",
    )
    state = models.CharField(
        max_length=30, choices=ApplicationState, default=ApplicationState.DRAFT
    )
    state_since = models.DateTimeField(auto_now_add=True)
    created_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    institution_names = models.JSONField(default=dict)
    acronym = models.CharField(max_length=40, blank=True)
    country = CountryField(blank=True)
    kind = models.CharField(max_length=40, choices=InstitutionKind, blank=True)
    membership_class = models.CharField(max_length=20, choices=MembershipClass, blank=True)
    aims = models.TextField(blank=True)
    website = models.URLField(blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    contact_position = models.CharField(max_length=150, blank=True)
    letter_text = models.TextField(blank=True)
    ended_because = models.TextField(blank=True)  # where it was withdrawn or has lapsed
    search_text = models.TextField(blank=True, editable=False)  # folded, see `searchable()`
    sort_names = sort_names("institution_names")
    form_version = models.ForeignKey(  # None: none was published when it was begun
        "members.ApplicationFormVersion",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="applications",
    )
    more_answers = models.JSONField(default=dict)  # key of a question of the form -> answer
    section_saves = models.JSONField(default=dict)  # section -> its version, by whom, when

    recommendation = models.TextField(blank=True)
    # What the secretariat proposes to the assembly instead of the class that is sought; "": that.
    proposed_class = models.CharField(max_length=20, choices=MembershipClass, blank=True)
    proposed_class_reason = models.TextField(blank=True)
    admitted_class = models.CharField(max_length=20, choices=MembershipClass, blank=True)
    decision = models.JSONField(default=dict)  # language code -> why the assembly decided so
    institution = models.OneToOneField(  # made on admission
        Institution, null=True, blank=True, on_delete=models.PROTECT, related_name="application"
    )

    objects = ApplicationQuerySet.as_manager()
    is_owed_charter: bool  # of `with_owed_charter()`

    class Meta:
        indexes = APPLICATION_INDEXES
        constraints = [
            models.CheckConstraint(
                condition=~Q(
                    state__in=["admitted", "declined", "charter_signed", "active"], decided_at=None
                ),
                name="decided_application_has_date",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"]) | Q(submitted_at__isnull=False),
                name="submitted_application_has_date",
            ),
            models.CheckConstraint(
                condition=Q(proposed_class="") | ~Q(proposed_class_reason=""),
                name="proposed_class_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name.text or f"#{self.pk}"

    @property
    def name(self) -> Shown:
        return in_language(self.institution_names)

    def searchable(self) -> str:
        """What `search_text` must hold: names, acronym and country, in every language, folded."""
        countries = all_names(self.country.code) if self.country else []
        return fold(" ".join([*self.institution_names.values(), self.acronym, *countries]))

    @property
    def days_waiting(self) -> int:
        """For how many days it has been in this state."""
        return (timezone.now() - self.state_since).days

    @property
    def is_overdue(self) -> bool:
        """Whether the step takes longer than it should."""
        return self.days_waiting > DAYS_OF_STEP.get(self.state, self.days_waiting)

    @property
    def tone(self) -> str:
        return ApplicationState(self.state).tone

    @property
    def is_open_to_applicant(self) -> bool:
        """Whether the contact may still change what it says and its documents."""
        return self.state in (ApplicationState.DRAFT, ApplicationState.INFORMATION_REQUESTED)

    def applicant_ids(self) -> list[int]:
        """Who writes it: its contact, then its editors."""
        contact = [self.contact_id] if self.contact_id else []
        return [*contact, *(editor.user_id for editor in self.editors.all())]

    def section_version(self, section: str) -> int:
        """How often a section of the form was changed."""
        return int(self.section_saves.get(section, {}).get("version", 0))

    @property
    def is_closed(self) -> bool:
        return self.state in CLOSED_APPLICATIONS

    @property
    def can_be_withdrawn(self) -> bool:
        return ApplicationState.WITHDRAWN in APPLICATION_TRANSITIONS[self.state]

    @property
    def open_request(self) -> "InformationRequest | None":
        """What the secretariat waits for. Costs a query unless read through `for_dossier()`."""
        return next((r for r in self.information_requests.all() if r.answered_at is None), None)

    @property
    def class_asked(self) -> str:
        """In which class the assembly is asked to admit it."""
        return self.proposed_class or self.membership_class

    @property
    def papers(self) -> "list[ApplicationDocument]":
        """The documents that go before an assembly."""
        signed = DocumentKind.SIGNED_CHARTER
        return [document for document in self.documents.all() if document.kind != signed]

    def missing(self) -> list[str]:
        """What must be there before it can be submitted and is not, in the order of the form.

        Names as in `members.application_parts`.
        """
        return self._owed(Need.NOW)

    def needed(self) -> int:
        """How much must be there before it can be submitted."""
        asked = self.definition
        fields = [name for name in self._present() if asked.need_of(name) == Need.NOW]
        return len(fields) + len(asked.owed({}, (), Need.NOW))

    def missing_by_review(self) -> list[str]:
        """What must be there by the end of the review and is not."""
        return self._owed(Need.REVIEW)

    def _owed(self, need: Need) -> list[str]:
        asked = self.definition
        there = [(document.kind, document.language) for document in self.documents.all()]
        present = self._present()
        fields = [name for name in present if not present[name] and asked.need_of(name) == need]
        return fields + asked.owed(self.more_answers, there, need)

    def _present(self) -> dict[str, bool]:
        """Whether each field of every application is filled in, in the order of the form.

        A letter of intent may be text or file; an international organisation has no country.
        """
        kinds = {document.kind for document in self.documents.all()}
        return {
            "institution_names": bool(self.name.text),
            "acronym": bool(self.acronym.strip()),
            "country": bool(self.country) or self.kind == InstitutionKind.INTERNATIONAL,
            "kind": bool(self.kind),
            "membership_class": bool(self.membership_class),
            "website": bool(self.website),
            "contact_position": bool(self.contact_position.strip()),
            "contact_phone": bool(self.contact_phone.strip()),
            "aims": bool(self.aims.strip()),
            "letter_text": bool(self.letter_text.strip()) or DocumentKind.LETTER_OF_INTENT in kinds,
            "credentials": DocumentKind.CREDENTIALS in kinds,
        }

    @property
    def definition(self) -> Definition:
        """What its version of the form asks for. A query unless read through `for_dossier()`."""
        return read_definition(self.form_version.definition if self.form_version else {})


class ApplicationDocumentQuerySet(models.QuerySet["ApplicationDocument"]):
    def visible_to(self, user_id: int, *, of_secretariat: bool) -> Self:
        """Those of the applications that the person may see."""
        seen = Application.objects.visible_to(user_id, of_secretariat=of_secretariat)
        return self.filter(application__in=seen)

    def uploaded_by_person(self, user_id: int) -> Self:
        """With their files."""
        return self.filter(uploaded_by=user_id).select_related("file").order_by("pk")

    def matching(self, folded: str) -> "list[ApplicationDocument]":
        """Those whose name holds every word of `folded`, the latest first."""
        found = self.select_related("application").order_by("-created_at", "-pk")
        return [each for each in found if holds(fold(each.name), folded)]

    def find(self, pk: int) -> "ApplicationDocument | None":
        return self.select_related("file", "application").filter(pk=pk).first()


class ApplicationDocument(models.Model):
    """A file of an application, with the name its owner gave it."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="documents")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=60, choices=DocumentKind)  # or a kind of the form
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=10, blank=True)  # of the text, where it was asked
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ApplicationDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "created_at", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_kind_display(self) -> str:  # type: ignore[no-redef]
        """What it is called, also where the kind is of the application's form."""
        asked = self.application.definition.document(self.kind) if ":" in self.kind else None
        if asked is not None:
            return in_language(asked.labels).text
        return str(dict(DocumentKind.choices).get(self.kind, self.kind))


class InformationRequest(models.Model):
    """What the secretariat asked of the applicant, and the answer."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="information_requests"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    question = models.TextField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)  # the last day, as the network has days
    reminded_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(answered_at=None),
                name="one_open_information_request",
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.asked_at}"

    @property
    def has_answer(self) -> bool:
        """Whether anything was answered: the review may have gone on without."""
        return bool(self.answer) or any(item.answer for item in self.items.all())

    @property
    def is_overdue(self) -> bool:
        return self.due_on is not None and self.due_on < network_today()
