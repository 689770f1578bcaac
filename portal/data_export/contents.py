"""What belongs to a person, part by part: their own, and of others no more than where it stands.

A part's rows are plain values by key, as the JSON has them; its columns say how a page calls them.
Nothing that would open something (passwords, keys, tokens, session keys) is read. Whoever adds a
row that refers to a person says in `tests/portal/test_data_export_whole.py` which part has it, or
why none has.
"""

from portal.data_export.contents_account import ACCOUNT
from portal.data_export.contents_rooms import ROOMS
from portal.data_export.contents_work import WORK

PARTS = (*ACCOUNT, *ROOMS, *WORK)
