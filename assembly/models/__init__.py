"""Where they decide: meetings, their rules, agendas and votes.

`assembly.actions` holds the only writes. Nothing that was decided is deleted.
"""

from assembly.models.delegations import MeetingDelegation
from assembly.models.meetings import AgendaItem, Meeting
from assembly.models.papers import ItemDossier
from assembly.models.polls import Poll, RollEntry
from assembly.models.rules import RuleSet

__all__ = [
    "AgendaItem",
    "ItemDossier",
    "Meeting",
    "MeetingDelegation",
    "Poll",
    "RollEntry",
    "RuleSet",
]
