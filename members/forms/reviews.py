"""All checking of what is written in the review of an application."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _

from members.enums import MembershipClass
from members.enums_reviews import BEST_SCORE, Advice
from members.forms.applications import NeutralLineField, NeutralTextField
from members.forms.information_requests import MOST_DAYS
from members.models import Mandate, Recommendation, ReviewGuide, network_today
from members.review_defaults import default_labels
from records.forms import DayField, SpokenField, VersionField, languages_to_ask
from records.reading import number

REMARK_MAX = 1000
LABEL_MAX = 300
ARTICLE_MAX = 40
MOST = 30  # points, or criteria
EMPTY_ROWS = 2


class TickForm(forms.Form):
    """A point met, or not, with a remark. `seen`: the tick that the page showed, 0 for none."""

    met = forms.ChoiceField(choices=[("yes", _("met")), ("no", _("not met"))])
    remark = NeutralLineField(label=_("Remark"), required=False, max_length=REMARK_MAX)
    seen = VersionField(max_value=2**63 - 1)


class ReviewDayForm(forms.Form):
    """Until when a recommendation is asked."""

    due_on = DayField(
        label=_("Recommendation asked until"),
        required=False,
        help_text=_("The last day. The reviewer is reminded three days before, and after it."),
    )

    def clean_due_on(self) -> Any:
        day, today = self.cleaned_data["due_on"], network_today()
        if day and not today < day <= today + timedelta(days=MOST_DAYS):
            raise forms.ValidationError(_("Choose a day to come, within a year."))
        return day


class AssignForm(ReviewDayForm):
    """Whom the secretariat asks to review."""

    person = forms.TypedChoiceField(label=_("Person"), coerce=int)
    field_order = ("person", "due_on")

    def __init__(self, *args: Any, mandates: list[Mandate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person"]
        field.choices = [("", "—")] + [
            (m.user_id, f"{m.user.name} · {m.institution.name.text}") for m in mandates
        ]


class ConflictForm(forms.Form):
    reason = NeutralTextField(
        label=_("What binds you"),
        help_text=_("The secretariat reads it. You then read nothing more of this review."),
        max_length=2000,
        rows=3,
    )


class NoteForm(forms.Form):
    body = NeutralTextField(
        label=_("Note"),
        help_text=_("The reviewers of this application read it, and nobody else."),
        max_length=5000,
        rows=3,
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"client_id": uuid4()})
        super().__init__(*args, **kwargs)


class AdviceForm(forms.Form):
    """A reviewer's recommendation. `scores()` are those that were given."""

    advice = forms.ChoiceField(
        label=_("Your recommendation"), choices=Advice.choices, widget=forms.RadioSelect
    )
    membership_class = forms.ChoiceField(
        label=_("In which class, where it is another"),
        required=False,
        choices=[("", "—"), *MembershipClass.choices],
    )
    reasons = NeutralTextField(label=_("Reasons"), max_length=5000, rows=5)
    seen = VersionField()
    guide_version = VersionField()

    def __init__(
        self, *args: Any, guide: ReviewGuide, last: Recommendation | None, **kwargs: Any
    ) -> None:
        initial: dict[str, Any] = {
            "seen": last.version if last else 0,
            "guide_version": guide.version,
        }
        if last:
            initial |= {
                "advice": last.advice,
                "membership_class": last.membership_class,
                "reasons": last.reasons,
                **{f"score_{key}": str(score) for key, score in last.scores.items()},
            }
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.guide = guide
        marks = [(str(mark), str(mark)) for mark in range(BEST_SCORE + 1)]
        for each in guide.scales:
            self.fields[f"score_{each.key}"] = forms.ChoiceField(
                label=each.label.text,
                required=False,
                choices=[("", _("not scored")), *marks],
                help_text=lazystr(
                    _("Weight %(weight)s; from 0 to %(best)s.")
                    % {"weight": each.weight, "best": BEST_SCORE}
                ),
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("advice") == Advice.ADMIT_AS and not cleaned.get("membership_class"):
            self.add_error("membership_class", _("Say in which class."))
        return cleaned

    def scores(self) -> dict[str, int]:
        typed = {each.key: self.cleaned_data[f"score_{each.key}"] for each in self.guide.scales}
        return {key: int(score) for key, score in typed.items() if score}


class GuideRowForm(forms.Form):
    """A point or a criterion, in every language. Left empty, or marked, it is not on the list."""

    key = forms.SlugField(required=False, max_length=40, widget=forms.HiddenInput)
    place = forms.IntegerField(
        label=_("Place in the list"), required=False, min_value=1, max_value=MOST + EMPTY_ROWS
    )
    leave_out = forms.BooleanField(label=_("Leave out"), required=False)
    weighted = False

    def __init__(self, *args: Any, asked: list[tuple[str, str]], **kwargs: Any) -> None:
        """`asked`: code and own name of the languages."""
        super().__init__(*args, **kwargs)
        self.asked = asked
        for code, own_name in asked:
            self.fields[f"label_{code}"] = SpokenField(code, label=own_name, max_length=LABEL_MAX)
        labels = [f"label_{code}" for code, _name in asked]
        self.order_fields(["key", *labels, "article", "weight", "place"])

    def labels(self) -> dict[str, str]:
        """What the portal says itself goes on to be said in all its languages, asked or not."""
        sent = [
            code
            for code, _name in self.asked
            if self.add_prefix(f"label_{code}") in self.data  # as many as the page then asked for
        ]
        typed = {code: " ".join(self.cleaned_data[f"label_{code}"].split()) for code in sent}
        labels = {code: text for code, text in typed.items() if text}
        own = default_labels(self.cleaned_data["key"])
        says_own = labels == {code: own[code] for code in sent if code in own}
        return own if says_own else labels

    def row(self) -> dict[str, Any] | None:
        """As the guide keeps it; None for a row that is not to be there."""
        labels = self.labels()
        if not labels or self.cleaned_data["leave_out"]:
            return None
        key = self.cleaned_data["key"] or uuid4().hex[:12]
        weight = {"weight": self.cleaned_data["weight"]} if self.weighted else {}
        article = self.cleaned_data.get("article", "")
        return {"key": key, "labels": labels, **({"article": article} if article else {}), **weight}


class PointRowForm(GuideRowForm):
    article = NeutralLineField(
        label=_("Article of the charter"),
        required=False,
        max_length=ARTICLE_MAX,
        help_text=_("Which one asks for it, for example 4.2."),
    )


class CriterionRowForm(GuideRowForm):
    weight = forms.IntegerField(
        label=_("Weight"), required=False, min_value=1, max_value=10, initial=1
    )
    weighted = True

    def clean_weight(self) -> int:
        return self.cleaned_data["weight"] or 1


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    """A row of a guide, as its form shows it."""
    labels = {f"label_{code}": text for code, text in row["labels"].items()}
    kept = {"weight": row.get("weight"), "article": row.get("article", "")}
    return {"key": row["key"], **labels, **kept}


def _is_own(row: dict[str, Any]) -> bool:
    """Whether it says what the portal says itself."""
    return bool(row["labels"] == default_labels(row["key"]))


class GuideVersionsForm(forms.Form):
    """Which two versions are compared; anything else is the last one with the one before."""

    before = forms.TypedChoiceField(label=_("Before"), coerce=int)
    after = forms.TypedChoiceField(label=_("After"), coerce=int)

    def __init__(self, *args: Any, versions: list[ReviewGuide], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.versions = {guide.version: guide for guide in versions}
        latest = max(self.versions)
        for name, first in (("before", max(latest - 1, 0)), ("after", latest)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
            field.choices = [(version, number(version)) for version in self.versions]
            field.initial = first

    def chosen(self) -> tuple[ReviewGuide, ReviewGuide]:
        said = self.cleaned_data if self.is_bound and self.is_valid() else {}
        before, after = (
            self.versions[said.get(name, self.fields[name].initial)] for name in ("before", "after")
        )
        return before, after


class GuideForm(forms.Form):
    """Both lists and the version they were made of."""

    version = VersionField()

    def __init__(self, *args: Any, guide: ReviewGuide, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"version": guide.version}, **kwargs})
        self.asked = self._asked(guide)
        self.points = self._rows("point", PointRowForm, guide.points)
        self.criteria = self._rows("criterion", CriterionRowForm, guide.criteria)

    def _asked(self, guide: ReviewGuide) -> list[tuple[str, str]]:
        """The languages of the network, and others in which the secretariat has written."""
        if self.is_bound:
            return languages_to_ask(self.data)
        written = [row for row in (*guide.points, *guide.criteria) if not _is_own(row)]
        return languages_to_ask(*(_typed(row) for row in written))

    def _rows(
        self, name: str, of: type[GuideRowForm], kept: list[dict[str, Any]]
    ) -> list[GuideRowForm]:
        """Those that stand, and some empty ones; of what was sent, as many as were sent."""
        if self.is_bound:
            sent = range(MOST + EMPTY_ROWS)
            labels = [f"label_{code}" for code, _name in self.asked]
            rows = [n for n in sent if any(f"{name}-{n}-{label}" in self.data for label in labels)]
            return [of(self.data, prefix=f"{name}-{n}", asked=self.asked) for n in rows]
        filled = [_typed(each) | {"place": n} for n, each in enumerate(kept, 1)]
        empty = min(EMPTY_ROWS, MOST - len(filled))
        return [
            of(initial=initial, prefix=f"{name}-{n}", asked=self.asked)
            for n, initial in enumerate([*filled, *[{} for _n in range(empty)]])
        ]

    def is_valid(self) -> bool:
        rows = [row.is_valid() for row in (*self.points, *self.criteria)]
        return super().is_valid() and all(rows)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if all(row.is_valid() for row in self.points) and not self.kept(self.points):
            raise forms.ValidationError(_("At least one point is needed."))
        return cleaned

    @staticmethod
    def kept(rows: list[GuideRowForm]) -> list[dict[str, Any]]:
        """In the order that was asked for: one that was given the place of another goes before it
        where it comes up, and after it where it goes down.
        """

        def place_of(place: int, row: GuideRowForm) -> tuple[int, int, int]:
            wanted = row.cleaned_data.get("place") or place
            return wanted, (wanted > place) - (wanted < place), place

        places = {id(row): place_of(place, row) for place, row in enumerate(rows, 1)}
        found = [row.row() for row in sorted(rows, key=lambda row: places[id(row)])]
        return [row for row in found if row is not None]
