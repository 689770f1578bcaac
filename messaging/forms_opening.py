"""What is said of a room before it is opened."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from members.enums import GroupRole, MembershipClass
from members.models import Group, Institution
from messaging.actions.opening import COMMON, WITHIN_GROUP, roles_in_common
from messaging.enums import ParticipantRole, RoomKind
from messaging.forms_rooms import RoomTextsForm

ROLES = {
    GroupRole.CHAIR: ParticipantRole.CHAIR,
    GroupRole.MEMBER: ParticipantRole.MEMBER,
    GroupRole.OBSERVER: ParticipantRole.OBSERVER,
}


class DelegationsForm(forms.Form):
    """Which delegations a room is opened for, and which of them chairs it.

    `groups` are those within which the person may open one; with `is_office` also without any.
    """

    group = forms.ChoiceField(
        label=_("Group"),
        required=False,
        help_text=_("A room of a group is for members of the group alone."),
    )
    delegations = forms.MultipleChoiceField(label=_("Delegations"), required=False)
    chair = forms.ChoiceField(
        label=_("Chaired by"),
        required=False,
        help_text=_("The secretariat chairs every room that is opened here."),
    )

    def __init__(self, *args: Any, groups: list[Group], is_office: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_office = is_office
        self.groups = {str(group.pk): group for group in groups}
        self.active = {str(i.pk): i for i in Institution.objects.in_directory()}
        named = [(pk, i.name.text) for pk, i in self.active.items()]
        none = [("", _("no group"))] if is_office else []
        self._choices("group", [*none, *((pk, g.name.text) for pk, g in self.groups.items())])
        self._choices("delegations", named)
        self._choices("chair", [("", _("the secretariat alone")), *named])
        if not is_office:  # who chairs the group chairs its rooms
            del self.fields["chair"]

    def _choices(self, name: str, choices: Any) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.cleaned_data["group"] = self.groups.get(self.cleaned_data.get("group", ""))
        return self.cleaned_data

    def check_chosen(self) -> None:
        """That the delegations are of the group, are any, and that who chairs is one of them."""
        group = self.cleaned_data.get("group")
        chosen = set(self.cleaned_data.get("delegations", []))
        if group:
            members = {str(m.institution_id) for m in group.members.for_rooms()}
            if chosen - members:
                names = pgettext("between things", ", ").join(
                    self.active[pk].name.text for pk in sorted(chosen - members)
                )
                self.add_error(
                    "delegations", _("Not members of this group: %(names)s.") % {"names": names}
                )
        if not chosen:
            self.add_error("delegations", _("Choose one delegation at least."))
        chair = self.cleaned_data.get("chair")
        if chair and chair not in chosen:
            self.add_error("chair", _("Choose a delegation that is in the room."))

    def roles(self) -> dict[Institution, str]:
        """Institution -> role, of a valid form."""
        group, chosen = self.cleaned_data["group"], self.cleaned_data["delegations"]
        roles = {self.active[pk]: ParticipantRole.MEMBER for pk in chosen}
        if group:
            for member in group.members.for_rooms():
                if member.institution in roles or (
                    not self.is_office and member.role == GroupRole.CHAIR
                ):
                    roles[member.institution] = ROLES[GroupRole(member.role)]
        if chair := self.cleaned_data.get("chair"):
            roles[self.active[chair]] = ParticipantRole.CHAIR
        return dict(roles)

    @property
    def checklist(self) -> list[tuple[str, list[tuple[str, Institution, bool]]]]:
        """By class of membership: value, institution, whether chosen."""
        chosen = set(self["delegations"].value() or [])
        found: dict[str, list[tuple[str, Institution, bool]]] = {}
        for pk, institution in self.active.items():
            [membership] = institution.current_memberships
            label = str(MembershipClass(membership.membership_class).label)
            found.setdefault(label, []).append((pk, institution, pk in chosen))
        return list(found.items())


class NewRoomForm(DelegationsForm, RoomTextsForm):
    """A room to be opened. `roles()` says who will be in it, and in which role."""

    kind = forms.ChoiceField(label=_("Kind of room"))

    def __init__(self, *args: Any, groups: list[Group], is_office: bool, **kwargs: Any) -> None:
        super().__init__(*args, groups=groups, is_office=is_office, **kwargs)
        kinds = (*WITHIN_GROUP[::-1], *COMMON) if is_office else WITHIN_GROUP
        self._choices("kind", [(kind.value, kind.label) for kind in kinds])
        self.order_fields(["kind", *DelegationsForm.base_fields])

    def clean(self) -> dict[str, Any]:
        super().clean()
        kind = self.cleaned_data.get("kind")
        if kind in COMMON:
            self.cleaned_data["group"] = None
            return self.cleaned_data
        if self.cleaned_data["group"] is None and (kind == RoomKind.GROUP or not self.is_office):
            self.add_error("group", _("Choose the group."))
        self.check_chosen()
        return self.cleaned_data

    def roles(self) -> dict[Institution, str]:
        kind = self.cleaned_data["kind"]
        return roles_in_common(kind, self.active.values()) if kind in COMMON else super().roles()
