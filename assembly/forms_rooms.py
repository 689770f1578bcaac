"""What is said of a meeting's room before it is opened."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from messaging.forms_opening import DelegationsForm


class MeetingRoomForm(DelegationsForm):
    """The delegations of a meeting that is not of all: those chosen, or a whole group."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, is_office=True, **kwargs)
        self.fields["group"].help_text = _(
            "A room of a group is for members of the group alone: for all of them, where no "
            "delegation is chosen below."
        )

    def clean(self) -> dict[str, Any]:
        super().clean()
        group = self.cleaned_data.get("group")
        if group and not self.cleaned_data.get("delegations") and "delegations" not in self.errors:
            members = {str(member.institution_id) for member in group.members.for_rooms()}
            self.cleaned_data["delegations"] = [pk for pk in self.active if pk in members]
        self.check_chosen()
        return self.cleaned_data
