from collections.abc import Collection, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Prefetch, Q, Subquery
from django.utils import timezone
from django_countries.fields import CountryField

from members.countries import all_names, codes_in_order
from members.enums import (
    InstitutionKind,
    MembershipAct,
    MembershipClass,
    MembershipState,
    SocialNetwork,
)
from members.models.directory import DirectoryQuerySet, place_in
from members.models.fields import Field
from members.models.queue import perhaps_same
from members.models.sorting import name_indexes, sort_names
from records.folding import fold
from records.languages import Shown, final_only, in_language
from records.models import StoredFile

PROFILE = (  # what a version of the profile keeps, beside fields of work and the logo
    "names",
    "short_names",
    "descriptions",
    "description_states",
    "languages",
    "addresses",
    "telephone",
    "website",
    "social_accounts",
    "pictures",
)

if TYPE_CHECKING:
    from members.models.groups import GroupMember
    from members.models.presidencies import Presidency


def official_place(path: str) -> Func:
    """For `order_by`: the place of the country at `path` in the English alphabet of countries."""
    return place_in(codes_in_order(), path)


class InstitutionQuerySet(DirectoryQuerySet):
    def with_membership(self) -> Self:
        """Each with its current memberships (none or one) in `.current_memberships`."""
        return self.prefetch_related(
            Prefetch(
                "memberships",
                queryset=Membership.objects.current(),
                to_attr="current_memberships",
            )
        )

    def active(self) -> Self:
        """Institutions that are part of the network today."""
        return self.filter(  # at most one membership is current: no row comes twice
            memberships__until=None, memberships__state=MembershipState.ACTIVE
        )

    def members(self) -> Self:
        """Active and suspended ones."""
        return self.filter(
            memberships__until=None,
            memberships__state__in=(MembershipState.ACTIVE, MembershipState.SUSPENDED),
        )

    def members_on(self, day: date) -> Self:
        """Those who were so on a day before."""
        stood = Membership.objects.filter(
            Q(since=None) | Q(since__lte=day),
            Q(until=None) | Q(until__gt=day),
            institution=OuterRef("pk"),
            state__in=(MembershipState.ACTIVE, MembershipState.SUSPENDED),
        )
        return self.filter(Exists(stood))

    def public(self) -> Self:
        """Those whose page everyone may see: they are or were members."""
        standing = Membership.objects.public().filter(institution=OuterRef("pk"))
        return self.filter(Exists(standing))

    def public_in_order(self) -> Self:
        return self.public().in_official_order()

    def of_a_country(self) -> Self:
        return self.exclude(country="")

    def in_official_order(self) -> Self:
        """By the English name of the country; bodies without a country come last."""
        return self.order_by(official_place("country"), "pk")

    def listed(self) -> Self:
        """What the directory lists, in the official order, with `joined_on`, `current_class`."""
        found = self.active().annotate(
            current_class=F("memberships__membership_class"), joined_on=F("memberships__joined_on")
        )
        return found.in_official_order()

    def in_directory(self) -> Self:
        """As `listed()`, each with its membership."""
        return self.listed().with_membership()

    def with_fields(self) -> Self:
        return self.prefetch_related("fields_of_work")

    def with_joining(self) -> Self:
        """`.joined_on`: when the first membership began (None: the source does not say)."""
        first = Membership.objects.public().filter(institution=OuterRef("pk")).order_by("pk")
        return self.annotate(joined_on=Subquery(first.values("since")[:1]))

    def for_page(self) -> Self:
        """With all that an institution's own page shows of it."""
        return (
            self.with_membership()
            .with_joining()
            .select_related("logo")
            .prefetch_related(
                Prefetch("memberships", queryset=Membership.objects.history(), to_attr="history"),
                "presidencies",
                "groups__group",
                "fields_of_work",
            )
        )

    def find(self, pk: int) -> "Institution | None":
        return self.filter(pk=pk).first()

    def of_country(self, code: str) -> Self:
        return self.filter(country=code)

    def of_field(self, field: Field) -> Self:
        """Those who work in it, by their numbers: the order in which they are locked."""
        return self.filter(fields_of_work=field).order_by("pk")

    def with_logo(self, sha256: str) -> Self:
        """Those that show this logo today."""
        return self.filter(logo__sha256=sha256).select_related("logo")

    def country_codes(self) -> set[str]:
        """Codes of the countries that institutions are of."""
        return {code for code in self.values_list("country", flat=True).distinct() if code}

    def ids_of(self, institutions: "Iterable[Institution]") -> set[int]:
        """The numbers of those of them that are among these."""
        found = self.filter(pk__in={institution.pk for institution in institutions})
        return set(found.values_list("pk", flat=True))

    def names_of(self, ids: Iterable[int]) -> dict[int, dict[str, str]]:
        """Names by id, in one query."""
        return dict(self.filter(pk__in=set(ids)).values_list("pk", "names"))

    def perhaps_same(self, names: Collection[str], host: str, country: str) -> Self:
        """As `QueueQuerySet.perhaps_same`."""
        return self.filter(perhaps_same(names, host, country)).order_by("pk")

    def matching(self, folded: str) -> Self:
        """Those whose folded names hold every word of `folded` (see `records.folding`)."""
        found = self
        for word in folded.split():
            found = found.filter(search_text__contains=word)
        return found


class Institution(models.Model):
    """An organisation that is, was or asks to be part of the network."""

    names = models.JSONField(default=dict)  # language code -> official name
    acronym = models.CharField(max_length=40, blank=True)
    country = CountryField(blank=True)  # blank for an international organisation
    kind = models.CharField(max_length=40, choices=InstitutionKind, blank=True)
    facts_version = models.PositiveIntegerField(default=0)  # of acronym, country and kind
    website = models.URLField(blank=True)
    short_names = models.JSONField(default=dict)  # language code -> official short name
    fields_of_work = models.ManyToManyField(Field, blank=True, related_name="institutions")
    languages = ArrayField(models.CharField(max_length=3), default=list, blank=True)  # of work
    addresses = models.JSONField(default=dict)  # language code -> postal address
    telephone = models.CharField(max_length=40, blank=True)
    social_accounts = models.JSONField(default=dict)  # `SocialNetwork` -> address
    logo = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    pictures = models.JSONField(default=list)  # in their order, see `members.pictures`
    profile_version = models.PositiveIntegerField(default=0)
    descriptions = models.JSONField(default=dict)  # language code -> what it is and does
    description_states = models.JSONField(default=dict)  # see `records.languages`
    note = models.TextField(blank=True)
    source = models.CharField(max_length=200, blank=True)
    statements_need_release = models.BooleanField(default=False)  # by a second person
    search_text = models.TextField(blank=True, editable=False)  # folded, see `searchable()`
    sort_names = sort_names("names")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = InstitutionQuerySet.as_manager()
    current_memberships: list["Membership"]
    current_class: str  # set by `listed()`
    joined_on: date | None  # set by `listed()` and `with_joining()`
    history: list["Membership"]  # set by `for_page()`

    class Meta:
        indexes = [
            models.Index(fields=["country", "id"], name="institution_of_country"),
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="institution_search"),
            *name_indexes("institution"),
        ]

    def __str__(self) -> str:
        return self.name.text

    @property
    def name(self) -> Shown:
        return in_language(self.names)

    @property
    def description(self) -> Shown:
        """What everyone may read: the languages that are final."""
        return in_language(final_only(self.descriptions, self.description_states))

    @property
    def address(self) -> Shown:
        return in_language(self.addresses)

    @property
    def accounts(self) -> list[tuple[str, str]]:
        """Its social accounts: the network's name, and the address there."""
        said = ((network, self.social_accounts.get(network)) for network in SocialNetwork)
        return [(str(network.label), address) for network, address in said if address]

    def searchable(self) -> str:
        """What `search_text` must hold: names, acronym, country and fields of work in every
        language, folded.
        """
        words = [*self.names.values(), *self.short_names.values(), self.acronym]
        if self.country:
            words += all_names(self.country.code)
        if self.pk:
            words += [name for f in self.fields_of_work.all() for name in f.names.values()]
        return fold(" ".join(words))

    def facts(self) -> dict[str, str]:
        """What it is, as the secretariat says: no part of the profile."""
        country = str(self.country.code or "") if self.country else ""
        return {"acronym": self.acronym, "country": country, "kind": str(self.kind)}

    def profile(self) -> dict[str, Any]:
        """All that the institution says of itself, as a version keeps it; the logo apart."""
        said = {key: getattr(self, key) for key in PROFILE}
        return {**said, "fields": sorted(f.pk for f in self.fields_of_work.all())}

    @property
    def contents(self) -> dict[str, Any]:
        """As `ProfileVersion.contents`, as it stands now."""
        return {**self.profile(), "logo": self.logo.sha256 if self.logo else ""}

    @property
    def membership(self) -> "Membership | None":
        """The current membership. Costs a query unless read through `with_membership()`."""
        if not hasattr(self, "current_memberships"):
            self.current_memberships = list(self.memberships.current())
        return self.current_memberships[0] if self.current_memberships else None

    @property
    def places(self) -> "list[GroupMember]":
        """Its places today in groups that are at work, of `for_page()`."""
        return [p for p in self.groups.all() if p.until is None and not p.group.is_closed]

    @property
    def terms(self) -> "list[Presidency]":
        """Its presidencies that have begun, of `for_page()`: a scheduled one can be taken back."""
        return [term for term in self.presidencies.all() if term.starts_at <= timezone.now()]

    @property
    def is_active(self) -> bool:
        return self.membership is not None and self.membership.state == MembershipState.ACTIVE

    @property
    def is_suspended(self) -> bool:
        return self.membership is not None and self.membership.state == MembershipState.SUSPENDED


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> Self:
        return self.filter(until=None)

    def public(self) -> Self:
        """Standing that everyone may know: a candidate is not a member yet, and one that withdrew
        has never been.
        """
        candidates = self.exclude(state=MembershipState.CANDIDATE)
        return candidates.exclude(act=MembershipAct.CANDIDACY_END)

    def of_institution(self, institution: Institution) -> Self:
        return self.filter(institution=institution)

    def oldest_first(self) -> Self:
        return self.order_by(F("since").asc(nulls_first=True), "pk")

    def history(self) -> Self:
        """Everything public that ever stood, the oldest first."""
        return self.public().oldest_first()

    def find(self, pk: int) -> "Membership | None":
        return self.select_related("institution").filter(pk=pk).first()

    def before(self, standing: "Membership") -> "Membership | None":
        """The row that `standing` has closed."""
        earlier = self.filter(institution=standing.institution_id, pk__lt=standing.pk)
        return earlier.order_by("-pk").first()

    def entered_as(self, entered: "Membership", institution: Institution) -> "Membership | None":
        """One that the same person has entered in the very same words."""
        said = ("membership_class", "since", "reason", "decision", "recorded_by")
        found = self.filter(**{name: getattr(entered, name) for name in said}, act="")
        same = {"names": institution.names, **institution.facts()}
        found = found.filter(**{f"institution__{name}": value for name, value in same.items()})
        return found.select_related("institution").first()

    def with_grounds(self) -> Self:
        """Each with who recorded it and its documents."""
        return self.select_related("recorded_by").prefetch_related("documents__file")

    def active(self) -> Self:
        return self.current().filter(state=MembershipState.ACTIVE)

    def years_of_joining(self) -> set[int | None]:
        """In which years the active members became members; None: no source says."""
        found = self.active().order_by().values_list("joined_on__year", flat=True)
        return set(found.distinct())

    def observing(self) -> set[int]:
        """Institutions that are observers now."""
        found = self.current().filter(membership_class=MembershipClass.OBSERVER)
        return set(found.values_list("institution", flat=True))

    def entitled_to_vote(self) -> Self:
        """Active full members: who decides in the assembly (one institution, one vote)."""
        return self.active().filter(membership_class=MembershipClass.FULL)


class Membership(models.Model):
    """An institution's standing over a time. A change closes the row and opens the next."""

    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, related_name="memberships"
    )
    membership_class = models.CharField(max_length=20, choices=MembershipClass)
    state = models.CharField(max_length=20, choices=MembershipState)
    since = models.DateField(null=True, blank=True)  # null: the source does not say
    until = models.DateField(null=True, blank=True)  # null: it still stands
    # `since` of the first public one of the institution: never changed, like `since` itself.
    joined_on = models.DateField(null=True, blank=True)
    reason = models.TextField(blank=True)
    # Of a row that an act of the secretariat has opened; "" and None where the portal did.
    act = models.CharField(max_length=20, choices=MembershipAct, blank=True)
    decision = models.CharField(max_length=300, blank=True)  # what it rests on, in words
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(since=None) | Q(until__gte=F("since")),
                name="membership_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["institution"], condition=Q(until=None), name="one_current_membership"
            ),
        ]
        indexes = [
            models.Index(
                fields=["membership_class", "joined_on"],
                condition=Q(until=None, state="active"),
                name="membership_joined",
            )
        ]

    def __str__(self) -> str:
        return f"{self.institution_id} {self.membership_class} {self.state}"

    @property
    def has_grounds(self) -> bool:
        return bool(self.act or self.reason or self.decision)
