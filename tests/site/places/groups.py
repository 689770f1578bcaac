"""Groups, and what they keep."""

from tests.site.places.place import Place
from tests.site.things.groups import group, group_date, group_file, group_place, join_request

DRAFT_TITLE = "Draft amendment of the charter"
PLACES: dict[str, list[Place]] = {
    "members:group": [
        Place(group("contact_group")),
        Place(group("thematic_network"), state="network"),
        Place(group("committee"), state="closed"),
        Place(lambda: (987_654,), state="missing", answers="lnn"),
    ],
    "members:edit_group": [Place(group("contact_group"))],
    "members:group_versions": [
        Place(group("contact_group")),
        Place(group("thematic_network"), state="empty"),
    ],
    "members:group_version": [Place(lambda: (*group("contact_group")(), 1))],
    "members:close_group": [Place(group("contact_group"))],
    "members:reopen_group": [Place(group("committee"))],
    "members:add_group_members": [Place(group("contact_group"))],
    "members:group_place": [
        Place(group_place("contact_group", "TR")),
        Place(group_place("contact_group", "KR"), state="chair"),
    ],
    "members:remove_group_member": [
        Place(group_place("contact_group", "TR")),
        Place(group_place("contact_group", "KR"), state="leaving"),
    ],
    "members:group_files": [
        Place(group("contact_group")),
        Place(group("thematic_network"), state="empty", answers="lno"),
        Place(group("committee"), state="closed"),
    ],
    "members:group_file": [
        Place(group_file(DRAFT_TITLE)),
        Place(group_file("Old note"), state="removed"),
    ],
    "members:group_file_version": [Place(lambda: (*group_file(DRAFT_TITLE)(), 1))],
    "members:remove_group_file": [Place(group_file(DRAFT_TITLE))],
    "members:restore_group_file": [Place(group_file("Old note"))],
    "members:group_calendar": [
        Place(group("contact_group")),
        Place(group("thematic_network"), state="empty", answers="lno"),
        Place(group("committee"), state="closed"),
    ],
    "members:group_calendar_file": [Place(group("contact_group"))],
    "members:new_group_date": [Place(group("contact_group"))],
    "members:group_date": [
        Place(group_date("First reading")),
        Place(group_date("Days of study"), state="cancelled"),
    ],
    "members:group_date_file": [Place(group_date("First reading"))],
    "members:edit_group_date": [Place(group_date("First reading"))],
    "members:cancel_group_date": [Place(group_date("First reading"))],
    "members:ask_to_join": [Place(group("thematic_network"))],
    "members:join_request": [
        Place(join_request("pending"), also=("focal",)),
        Place(join_request("declined"), state="declined", also=("focal",), answers="lno"),
    ],
    "members:accept_join_request": [Place(join_request("pending"))],
    "members:decline_join_request": [Place(join_request("pending"))],
    "members:withdraw_join_request": [Place(join_request("pending"))],
}
