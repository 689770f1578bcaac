"""The only writes of the assembly.

A refusal that is nobody's fault (too late, twice, incomplete) is a ValidationError with a code
and a message for the reader; a missing right is PermissionDenied. Neither leaves a trace.
"""

from assembly.actions.meetings import (
    add_agenda_item,
    change_agenda_titles,
    create_meeting,
    create_rule_set,
    place_on_agenda,
    record_past_delegations,
)
from assembly.actions.results import (
    TermsOwedError,
    defer_question,
    hold_results,
    prepare_terms,
    release_results,
)
from assembly.actions.rooms import RoomThere, open_meeting_room
from assembly.actions.votes import certify_roll_call, open_roll_call, save_roll_call

__all__ = [
    "RoomThere",
    "TermsOwedError",
    "add_agenda_item",
    "certify_roll_call",
    "change_agenda_titles",
    "create_meeting",
    "create_rule_set",
    "defer_question",
    "hold_results",
    "open_meeting_room",
    "open_roll_call",
    "place_on_agenda",
    "prepare_terms",
    "record_past_delegations",
    "release_results",
    "save_roll_call",
]
