"""Rooms, and what is said and told."""

from uuid import uuid4

from tests.portal.rights.row import ALL_M, ALL_O, OWN_M, OWN_N, OWN_O, OWN_R, Row
from tests.portal.rights_things import (
    always,
    asked,
    bilal_muted,
    bilateral,
    doubted,
    in_room,
    kr,
    message,
    pdf,
    question,
    reason,
    reported,
    room,
    said,
    sent_file,
    statement,
    statement_draft,
    stopping,
    subject,
    to_be_sent,
    to_come,
    transcript,
    waiting_file,
)

ROWS: dict[str, Row] = {
    "messaging:notifications": Row(
        OWN_O, OWN_R, data=always(rhythm="daily", absence="30", daily_hour="8")
    ),
    "messaging:room_levels": Row(OWN_M, OWN_R),
    "messaging:add_device": Row(OWN_M, "luuuuuuuuu"),
    "messaging:remove_device": Row(OWN_M, OWN_R, data=always(endpoint="https://example.org/")),
    "messaging:stop_letters": Row(ALL_O, ALL_O, stopping),
    "messaging:room_level": Row(OWN_M, "lnnrrnrnrn", room, always(level="all")),
    "messaging:restrict_room": Row(OWN_M, "lnnffnfnrn", room, always(is_restricted="1")),
    "messaging:room_list": Row(OWN_O, OWN_M),
    "messaging:room": Row("lnnoononon", OWN_M, room),
    "messaging:mark_all_read": Row(OWN_M, OWN_R),
    "messaging:mark_unread": Row(OWN_M, "lnnrrnrnrn", room, always(seq="1")),
    "messaging:draft_list": Row(OWN_O, OWN_M),
    "messaging:draft": Row("lnnofnonon", "lnnrfnrnrn", room, message),
    "messaging:schedule_message": Row(OWN_M, "lnnrununun", room, to_come),
    "messaging:scheduled_list": Row(OWN_O, OWN_M),
    "messaging:scheduled": Row("lnnonnnnnn", "lnnrnnnnnn", to_be_sent, to_come),
    "messaging:send_scheduled": Row(OWN_M, "lnnrnnnnnn", to_be_sent),
    "messaging:withdraw_scheduled": Row(OWN_M, "lnnrnnnnnn", to_be_sent),
    "messaging:write_again": Row(OWN_M, "lnnrnnnnnn", to_be_sent),
    "messaging:new_opinion": Row("lnnofnonon", "lnnrfnunun", room, question),
    "messaging:opinion": Row("lnnrrnrnrn", "lnnrfnrnrn", asked, always(choices="1")),
    "messaging:close_opinion": Row(OWN_M, "lnnrfnfnrn", asked),
    "messaging:search": Row(OWN_O, OWN_M),
    "messaging:place": Row("lnnoononon", OWN_M, lambda w: (*room(w), 1)),
    "messaging:day": Row("lnnuununun", OWN_M, room),
    "messaging:sync": Row("innoononon", ALL_M, room),
    "messaging:post_message": Row(OWN_M, "lnnrfnunun", room, message),
    "messaging:message": Row("lnnoononon", OWN_M, said),
    "messaging:message_history": Row("lnnoononon", OWN_M, said),
    "messaging:edit_message": Row(
        OWN_M, "lnnrfnfnfn", said, lambda w: {"body": "B", "version": "1", "client_id": uuid4()}
    ),
    "messaging:delete_message": Row(OWN_M, "lnnrfnfnrn", said, always(reason="It was wrong.")),
    "messaging:translations": Row("lnnoononon", OWN_M, said),
    "messaging:attach_translation": Row(
        OWN_M, "lnnrfnrnrn", said, always(language="fr", kind="courtesy", text="Bonjour")
    ),
    "messaging:remove_translation": Row(OWN_M, "lnnrrnrnrn", lambda w: (*said(w), 1)),
    "messaging:translate_by_machine": Row(OWN_M, OWN_N, said),  # no service in the tests
    "messaging:correct_language": Row(OWN_M, "lnnrfnfnrn", said, always(language="fr")),
    "messaging:react_to_message": Row(OWN_M, "lnnrfnrnrn", said, always(kind="agree", on="true")),
    "messaging:pin_message": Row(OWN_M, "lnnffnfnrn", said, always(on="true")),
    "messaging:ask_acknowledgement": Row(OWN_M, "lnnffnfnrn", said),
    "messaging:acknowledge_message": Row(
        OWN_M, "lnnrfnfnfn", said, lambda w: {"mandate": w.cast.amal_mandate.pk}
    ),
    "messaging:pins": Row("lnnoononon", OWN_M, room),
    "messaging:attach": Row(OWN_M, "lnnofnonon", room, pdf("file")),
    "messaging:attachment": Row("lnnoononon", OWN_M, sent_file),
    "messaging:attachment_preview": Row("lnnoononon", OWN_M, sent_file),
    "messaging:remove_attachment": Row(OWN_M, "lnnonnnnnn", waiting_file),
    "messaging:move_message": Row(OWN_M, "lnnrfnfnrn", said, lambda w: {"subject": w.subject.pk}),
    "messaging:subjects": Row("lnnoononon", "lnnrfnrnrn", room, always(title_en="A")),
    "messaging:subject": Row("lnnoononon", OWN_M, subject),
    "messaging:general": Row("lnnoononon", OWN_M, room),
    "messaging:rename_subject": Row("lnnofnfnon", "lnnrfnfnrn", subject, always(title_en="A")),
    "messaging:close_subject": Row(OWN_M, "lnnrfnfnrn", subject, always(act="close")),
    "messaging:read_room": Row(OWN_M, "lnnrrnrnrn", room, always(seq="1")),
    "messaging:invite_delegation": Row(
        "lffoffffff", "lffrffffff", data=lambda w: {"to": w.cast.qa.pk, "note": "Talk"}
    ),
    "messaging:new_direct": Row(
        "lfooffofoo", "lfrrffrfrr", data=lambda w: {"people": w.cast.bilal.pk}
    ),
    "messaging:leave_room": Row(OWN_M, "lnnffnfnfn", room),
    "messaging:bilateral": Row("lnnonnnnnn", OWN_M, bilateral),
    "messaging:accept_bilateral": Row(OWN_M, "lnnrnnnnnn", bilateral),
    "messaging:decline_bilateral": Row(OWN_M, "lnnrnnnnnn", bilateral, always(reason="No")),
    "messaging:withdraw_bilateral": Row(OWN_M, "lnnfnnnnnn", bilateral),
    "messaging:standing": Row("innoononon", ALL_M, room),
    "messaging:people": Row("innoononon", ALL_M, room),
    "messaging:counts": Row("i" + "o" * 9, ALL_M),
    "messaging:delegation_presence": Row("innoonnnon", ALL_M, kr),
    "messaging:new_room": Row(
        "lffoffffof", "lffuffffof", data=always(kind="plenary", title_en="A")
    ),
    "messaging:room_settings": Row("lnnffnfnon", "lnnffnfnrn", room, always(title_en="A")),
    "messaging:change_state": Row(OWN_M, "lnnffnfnrn", room, always(act="lock")),
    "messaging:add_participant": Row(
        OWN_M, "lnnffnfnrn", room, lambda w: {"who": f"i{w.cast.pl.pk}", "role": "member"}
    ),
    "messaging:participant": Row("lnnffnfnon", "lnnffnfnrn", in_room, always(role="observer")),
    "messaging:remove_participant": Row(OWN_M, "lnnffnfnrn", in_room, always(reason="Done")),
    "messaging:statement_drafts": Row("lnnofnfnfn", OWN_M, room),
    "messaging:new_statement": Row("lnnofnfnfn", "lnnrfnfnfn", room, statement),
    "messaging:statement_draft": Row("lnnonnnnnn", OWN_M, statement_draft),
    "messaging:release_statement": Row(OWN_M, "lnnrnnnnnn", statement_draft),
    "messaging:return_statement": Row(
        OWN_M, "lnnrnnnnnn", statement_draft, always(reason="Too long")
    ),
    "messaging:withdraw_statement": Row(OWN_M, "lnnfnnnnnn", statement_draft),
    "messaging:all_reports": Row("lnnnnnnnon", ALL_M),
    "messaging:reports": Row("lnnffnfnon", OWN_M, room),
    "messaging:settle_report": Row(
        OWN_M,
        "lnnffnfnrn",
        reported,
        always(outcome="nothing", note=""),
    ),
    "messaging:mutes": Row("lnnffnfnon", OWN_M, room),
    "messaging:mute": Row(
        "lnnffnfnon", "lnnffnfnrn", bilal_muted, always(length="day", reason="Calm down.")
    ),
    "messaging:unmute": Row(OWN_M, "lnnffnfnrn", bilal_muted),
    "messaging:report": Row(
        "lnnfononon", "lnnfrnrnrn", said, always(reason="offensive", words="It is.")
    ),
    "messaging:erasure": Row(
        "lnnffnfnon", "lnnffnfnrn", said, always(ground="person", explanation="She asked.")
    ),
    "messaging:answer_erasure": Row(OWN_M, "lnnffnfnrn", doubted, always(do="refuse", note="No")),
    "messaging:reasons": Row("lnnffnfnon", OWN_M, room),
    "messaging:reason_erasure": Row(
        "lnnffnfnon", "lnnffnfnrn", reason, always(ground="person", explanation="She asked.")
    ),
    "messaging:answer_reason_erasure": Row(
        OWN_M, "lnnffnfnrn", reason, always(do="refuse", note="No")
    ),
    "messaging:report_erasure": Row(
        "lnnffnfnon", "lnnffnfnrn", reported, always(ground="person", explanation="She asked.")
    ),
    "messaging:answer_report_erasure": Row(
        OWN_M, "lnnffnfnrn", reported, always(do="refuse", note="No")
    ),
    "messaging:keeping": Row("lnnffnfnon", OWN_M, room),
    "messaging:change_retention": Row(
        OWN_M, "lnnffnfnrn", room, always(months="12", confirmed="0")
    ),
    "messaging:change_hold": Row(OWN_M, "lnnffnfnrn", room, always(do="place", reason="Court")),
    "messaging:transcripts": Row("lnnofnfnon", "lnnrfnfnrn", room, always(language="en")),
    "messaging:transcript_again": Row(OWN_M, "lnnrfnfnrn", transcript),
    "messaging:transcript": Row("lnnofnfnon", OWN_M, lambda w: (*transcript(w), "json")),
}
