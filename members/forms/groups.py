"""What is said of a group, who is put into it, and what is said to ask for a place."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from members.enums import GroupKind, GroupRole, MembershipClass
from members.forms.applications import NeutralTextField
from members.models import Group, Institution, Mandate
from records.forms import ClientIdField, DayField, VersionedForm

WORDS_MAX = 2000


class GroupForm(VersionedForm):
    """Names, the mandate with a state in each language, the term. The kind is chosen once; of a
    group that is there the form knows the version that it was opened on.
    """

    stated = "mandate"

    client_id = ClientIdField()
    kind = forms.ChoiceField(label=_("Kind of group"), choices=GroupKind)
    starts_on = DayField(
        label=_("First day of its term"),
        required=False,
    )
    ends_on = DayField(
        label=_("Last day of its term"),
        required=False,
        help_text=_("Nothing ends by itself: the secretariat closes the group."),
    )
    secretariat_chairs = forms.BooleanField(
        label=_("The secretariat chairs it too"),
        required=False,
        help_text=_("Beside the institutions that chair; whoever holds the presidency then."),
    )

    def __init__(self, *args: Any, group: Group | None = None, **kwargs: Any) -> None:
        if group:
            kwargs["initial"] = self.initial_of(group)
        super().__init__(*args, **kwargs)
        for name in ("kind", "client_id") if group else ("version",):
            del self.fields[name]
        self.add_texts("name", _("Name of the group"))
        self.add_texts("mandate", _("Mandate of the group"), long=True, max_length=5000)
        self.with_states()
        for name, field in self.fields.items():
            if name.startswith("state_"):
                field.help_text = _(
                    "A draft is seen by those who write it; every delegate reads the final."
                )

    @staticmethod
    def initial_of(group: Group) -> dict[str, Any]:
        texts = {
            "name": group.names,
            "mandate": group.mandate_texts,
            "state": group.mandate_states,
        }
        return {
            **{
                f"{field}_{code}": text
                for field, said in texts.items()
                for code, text in said.items()
            },
            "starts_on": group.starts_on,
            "ends_on": group.ends_on,
            "secretariat_chairs": group.secretariat_chairs,
            "version": group.version,
        }

    def clean(self) -> None:
        super().clean()
        self.require_one("name")
        first, last = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day is before the first."))

    def values(self) -> dict[str, Any]:
        """What `create_group` and `change_group` take, but for the kind."""
        return {
            "names": self.texts("name"),
            "mandate_texts": self.texts("mandate"),
            "mandate_states": self.states("mandate"),
            "starts_on": self.cleaned_data["starts_on"],
            "ends_on": self.cleaned_data["ends_on"],
            "secretariat_chairs": self.cleaned_data["secretariat_chairs"],
        }


class ReasonForm(forms.Form):
    reason = NeutralTextField(rows=4, max_length=WORDS_MAX, label=_("Reason"))

    def __init__(self, *args: Any, help_text: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = help_text


class AddMembersForm(forms.Form):
    """Active institutions that have no place in the group yet, and the role they get."""

    role = forms.ChoiceField(label=_("Role"), initial=GroupRole.MEMBER)
    delegations = forms.MultipleChoiceField(
        label=_("Institutions"), error_messages={"required": _("Choose one institution at least.")}
    )

    def __init__(self, *args: Any, group: Group, roles: list[GroupRole], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seated = {place.institution_id for place in group.places}
        directory = Institution.objects.in_directory()
        self.found = {str(i.pk): i for i in directory if i.pk not in seated}
        _choices(self, "role", [(role.value, role.label) for role in roles])
        _choices(self, "delegations", [(pk, i.name.text) for pk, i in self.found.items()])

    def clean_delegations(self) -> list[Institution]:
        return [self.found[pk] for pk in self.cleaned_data["delegations"]]

    @property
    def checklist(self) -> list[tuple[str, list[tuple[str, Institution, bool]]]]:
        """By class of membership: value, institution, whether chosen."""
        chosen = set(self["delegations"].value() or [])
        found: dict[str, list[tuple[str, Institution, bool]]] = {}
        for pk, institution in self.found.items():
            [membership] = institution.current_memberships
            label = str(MembershipClass(membership.membership_class).label)
            found.setdefault(label, []).append((pk, institution, pk in chosen))
        return list(found.items())


class PlaceForm(forms.Form):
    """The role of an institution in a group, and who represents it: what of the two may be set."""

    role = forms.ChoiceField(label=_("Role"))
    representative = forms.ChoiceField(required=False)

    def __init__(
        self,
        *args: Any,
        roles: list[GroupRole],
        people: list[Mandate] | None,
        is_network: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(m.pk): m for m in people or ()}
        if len(roles) > 1:
            _choices(self, "role", [(role.value, role.label) for role in roles])
        else:
            del self.fields["role"]
        if people is None:
            del self.fields["representative"]
        else:
            named = [
                (pk, f"{m.user.name} · {m.get_capacity_display()}") for pk, m in self.people.items()
            ]
            _choices(self, "representative", [("", _("nobody is named")), *named])
            self.fields["representative"].label, self.fields["representative"].help_text = (
                (_("National focal point in the network"), _("An observer has none."))
                if is_network
                else (_("Person who chairs"), _("Only an institution that chairs has one."))
            )

    def chosen(self, role: str, representative: Mandate | None) -> dict[str, Any]:
        """Both as they are to be: as chosen, or, where that is not asked, as they are."""
        if "representative" in self.fields:
            representative = self.people.get(self.cleaned_data["representative"])
        return {
            "role": GroupRole(self.cleaned_data.get("role", role)),
            "representative": representative,
        }


class JoinForm(forms.Form):
    """In whose name a place is asked for, which, and why."""

    mandate = forms.ChoiceField(label=_("Institution"))
    role = forms.ChoiceField(
        label=_("As"),
        choices=[(role.value, role.label) for role in (GroupRole.MEMBER, GroupRole.OBSERVER)],
        initial=GroupRole.MEMBER,
        widget=forms.RadioSelect,
    )
    words = NeutralTextField(
        rows=4,
        max_length=WORDS_MAX,
        label=_("What you wish to bring to the group"),
        help_text=_("Whoever chairs the group and the secretariat read it."),
    )

    def __init__(self, *args: Any, mandates: list[Mandate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mandates = {str(m.pk): m for m in mandates}
        _choices(self, "mandate", [(k, m.institution.name.text) for k, m in self.mandates.items()])
        if len(mandates) == 1:
            del self.fields["mandate"]

    def asking(self) -> Mandate:
        """Of a valid form: the mandate by which is asked."""
        [*mandates] = self.mandates.values()
        return self.mandates[self.cleaned_data["mandate"]] if len(mandates) > 1 else mandates[0]


def _choices(form: forms.Form, name: str, choices: Any) -> None:
    cast(forms.ChoiceField, form.fields[name]).choices = choices
