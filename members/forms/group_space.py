"""What a group keeps in its files and its calendar."""

from datetime import UTC, datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from members.forms.applications import NeutralLineField
from members.forms.people import time_zones
from members.languages import language_word
from members.models import GroupDate, GroupFile
from members.network import languages_with
from records.forms import ClientIdField, DayField, StoredFileField, VersionedForm
from records.inspection import ALL_EXTENSIONS
from records.zones import NoSuchTime, moment_of

FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST = timedelta(days=366)


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("Title or name of the file"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "dir": "auto"}),
    )


class GroupFileForm(forms.Form):
    """A file to put in; or, of one that is there, its next version."""

    title = NeutralLineField(
        label=_("Title"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    language = forms.ChoiceField(label=_("Language of the document"), required=False)
    file = StoredFileField(
        label=_("File"),
        kinds=ALL_EXTENSIONS,
        help_text=_(
            "PDF, a picture, or a document of Word, Excel, PowerPoint or OpenDocument: without "
            "macros."
        ),
    )

    def __init__(self, *args: Any, document: GroupFile | None = None, **kwargs: Any) -> None:
        if document:
            kwargs["initial"] = {"title": document.title, "language": document.language}
        super().__init__(*args, **kwargs)
        languages = languages_with({document.language} if document else ())
        cast(forms.ChoiceField, self.fields["language"]).choices = [
            *((code, language_word(code)) for code, _own_name in languages),
            ("", _("several languages, or another")),
        ]
        if document is None:
            self.fields["language"].initial = ""
            return
        self.fields["file"].required = False
        self.fields["file"].label = _("New version of the file")
        self.fields["file"].help_text = _(
            "Leave this empty to change the title or the language alone. The versions until now "
            "can still be read."
        )

    def values(self) -> dict[str, Any]:
        """What `put_in_file` and `change_file` take of a valid form."""
        upload = self.cleaned_data["file"]
        return {
            "title": self.cleaned_data["title"],
            "language": self.cleaned_data["language"],
            "upload": upload,
            "content_type": upload.checked_type if upload else "",
        }


class GroupFileChangeForm(VersionedForm, GroupFileForm):
    """As above, opened on a version."""

    def __init__(self, *args: Any, document: GroupFile, **kwargs: Any) -> None:
        super().__init__(*args, document=document, **kwargs)
        self.fields["version"].initial = document.number


class HourField(forms.TimeField):
    default_error_messages = {"invalid": _("This is no hour. Write it as 09:30.")}

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
        super().__init__(
            input_formats=["%H:%M", "%H:%M:%S"], required=False, widget=widget, **kwargs
        )


class GroupDateForm(VersionedForm):
    """A date: its days, with hours or whole, by the clocks of one zone."""

    client_id = ClientIdField()
    first_day = DayField(label=_("First day"))
    first_hour = HourField(label=_("Begins at"), help_text=_("Without hours it is of whole days."))
    last_day = DayField(
        label=_("Last day"), required=False, help_text=_("Leave this empty for a single day.")
    )
    last_hour = HourField(label=_("Ends at"))
    zone = forms.ChoiceField(label=_("Time zone of these hours"), choices=time_zones)
    place = NeutralLineField(
        label=_("Place"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    link = forms.URLField(
        label=_("Link to take part"),
        required=False,
        max_length=500,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"dir": "ltr"}),
    )

    def __init__(
        self, *args: Any, zone: str = "UTC", date: GroupDate | None = None, **kwargs: Any
    ) -> None:
        kwargs["initial"] = self.initial_of(date) if date else {"zone": zone, "version": 0}
        super().__init__(*args, **kwargs)
        if date:
            del self.fields["client_id"]
        self.add_texts("title", _("Title"))
        self.add_texts("description", _("Description"), long=True, max_length=5000)

    @staticmethod
    def initial_of(date: GroupDate) -> dict[str, Any]:
        texts = {"title": date.titles, "description": date.descriptions}
        return {
            **{f"{field}_{code}": t for field, said in texts.items() for code, t in said.items()},
            "first_day": date.first_day,
            "last_day": date.last_day,
            "first_hour": date.first_hour,
            "last_hour": date.last_hour,
            "zone": date.zone,
            "place": date.place,
            "link": date.link,
            "version": date.number,
        }

    def clean_link(self) -> str:
        link: str = self.cleaned_data["link"]
        if link and not link.startswith(("https://", "http://")):
            raise ValidationError(_("Give an address that begins with https."))
        return link

    def clean(self) -> None:
        super().clean()
        self.require_one("title")
        said = self.cleaned_data
        if any(
            name in self.errors for name in ("first_day", "last_day", "first_hour", "last_hour")
        ):
            return
        first, last = said["first_day"], said.get("last_day") or said["first_day"]
        if not all(FIRST_YEAR <= day.year < LAST_YEAR for day in (first, last)):
            self.add_error("first_day", _("This year is too far away."))
        elif last < first:
            self.add_error("last_day", _("The last day is before the first."))
        elif last - first > LONGEST:
            self.add_error("last_day", _("That is longer than a year."))
        elif (said.get("first_hour") is None) != (said.get("last_hour") is None):
            self.add_error("last_hour", _("Give both hours, or none for whole days."))
        elif "zone" not in self.errors:
            self._reckon(first, last)

    def _reckon(self, first: Any, last: Any) -> None:
        said = self.cleaned_data
        zone = ZoneInfo(said["zone"])
        said["has_hours"] = said["first_hour"] is not None
        if not said["has_hours"]:
            said["starts_at"] = datetime.combine(first, time(), zone).astimezone(UTC)
            after = last + timedelta(days=1)
            said["ends_at"] = datetime.combine(after, time(), zone).astimezone(UTC)
            return
        for moment, day, hour in (
            ("starts_at", first, "first_hour"),
            ("ends_at", last, "last_hour"),
        ):
            try:
                local = datetime.combine(day, said[hour])
                said[moment] = moment_of(local, zone).astimezone(UTC)
            except NoSuchTime:
                gap = _("On that day the clocks of %(zone)s go forward and leave this hour out.")
                self.add_error(hour, gap % {"zone": zone.key})
                return
        if said["ends_at"] <= said["starts_at"]:
            self.add_error("last_hour", _("It would end before it begins."))

    def said(self) -> dict[str, Any]:
        """What `set_date` and `change_date` take of a valid form."""
        names = ("starts_at", "ends_at", "has_hours", "zone", "place", "link")
        return {
            "titles": self.texts("title"),
            "descriptions": self.texts("description"),
            **{name: self.cleaned_data[name] for name in names},
        }
