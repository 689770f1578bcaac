from django.urls import path

from messaging.views import (
    acts,
    attachments,
    bilateral,
    counts,
    direct,
    marks,
    mentions,
    message_marks,
    messages,
    opening,
    places,
    reading,
    rooms,
    search,
    settings,
    statements,
    subjects,
    transcripts,
    translations,
)

app_name = "messaging"
urlpatterns = [
    path("rooms/", rooms.room_list, name="room_list"),
    path("rooms/new/", opening.new_room, name="new_room"),
    path("rooms/direct/new/", direct.new_direct, name="new_direct"),
    path("rooms/<int:pk>/leave/", direct.leave_room, name="leave_room"),
    path("rooms/bilateral/new/", bilateral.invite_delegation, name="invite_delegation"),
    path("rooms/bilateral/<int:pk>/", bilateral.bilateral, name="bilateral"),
    path("rooms/bilateral/<int:pk>/accept/", bilateral.accept_bilateral, name="accept_bilateral"),
    path(
        "rooms/bilateral/<int:pk>/decline/", bilateral.decline_bilateral, name="decline_bilateral"
    ),
    path(
        "rooms/bilateral/<int:pk>/withdraw/",
        bilateral.withdraw_bilateral,
        name="withdraw_bilateral",
    ),
    path("rooms/counts", counts.counts, name="counts"),
    path("rooms/read/", marks.mark_all_read, name="mark_all_read"),
    path("rooms/search/", search.search, name="search"),
    path("rooms/<int:pk>/", rooms.room, name="room"),
    path("rooms/<int:pk>/at/<int:seq>/", places.place, name="place"),
    path("rooms/<int:pk>/on/", places.day, name="day"),
    path("rooms/<int:pk>/sync", reading.sync, name="sync"),
    path("rooms/<int:pk>/messages/", messages.post_message, name="post_message"),
    path("rooms/<int:pk>/messages/<int:seq>/", acts.message, name="message"),
    path("rooms/<int:pk>/messages/<int:seq>/history/", acts.history, name="message_history"),
    path("rooms/<int:pk>/messages/<int:seq>/edit/", acts.edit, name="edit_message"),
    path("rooms/<int:pk>/messages/<int:seq>/delete/", acts.delete, name="delete_message"),
    path(
        "rooms/<int:pk>/messages/<int:seq>/translations/",
        translations.translations,
        name="translations",
    ),
    path(
        "rooms/<int:pk>/messages/<int:seq>/translations/new/",
        translations.attach,
        name="attach_translation",
    ),
    path(
        "rooms/<int:pk>/messages/<int:seq>/translations/machine/",
        translations.by_machine,
        name="translate_by_machine",
    ),
    path(
        "rooms/<int:pk>/messages/<int:seq>/translations/<int:number>/removal/",
        translations.remove,
        name="remove_translation",
    ),
    path(
        "rooms/<int:pk>/messages/<int:seq>/language/",
        translations.language,
        name="correct_language",
    ),
    path("rooms/<int:pk>/statements/", statements.statement_drafts, name="statement_drafts"),
    path("rooms/<int:pk>/statements/new/", statements.new_statement, name="new_statement"),
    path(
        "rooms/<int:pk>/statements/<int:draft>/", statements.statement_draft, name="statement_draft"
    ),
    path(
        "rooms/<int:pk>/statements/<int:draft>/release/",
        statements.release_statement,
        name="release_statement",
    ),
    path(
        "rooms/<int:pk>/statements/<int:draft>/return/",
        statements.return_statement,
        name="return_statement",
    ),
    path(
        "rooms/<int:pk>/statements/<int:draft>/withdrawal/",
        statements.withdraw_statement,
        name="withdraw_statement",
    ),
    path(
        "rooms/<int:pk>/messages/<int:seq>/reactions/", message_marks.react, name="react_to_message"
    ),
    path("rooms/<int:pk>/messages/<int:seq>/pin/", message_marks.pin, name="pin_message"),
    path(
        "rooms/<int:pk>/messages/<int:seq>/request/",
        message_marks.ask,
        name="ask_acknowledgement",
    ),
    path(
        "rooms/<int:pk>/messages/<int:seq>/acknowledgements/",
        message_marks.acknowledge,
        name="acknowledge_message",
    ),
    path("rooms/<int:pk>/pins", message_marks.pins, name="pins"),
    path("rooms/<int:pk>/files/", attachments.attach, name="attach"),
    path("rooms/<int:pk>/files/<int:attachment>/", attachments.attachment, name="attachment"),
    path(
        "rooms/<int:pk>/files/<int:attachment>/preview/",
        attachments.attachment_preview,
        name="attachment_preview",
    ),
    path(
        "rooms/<int:pk>/files/<int:attachment>/removal/",
        attachments.remove_attachment,
        name="remove_attachment",
    ),
    path("rooms/<int:pk>/messages/<int:seq>/move/", subjects.move_message, name="move_message"),
    path("rooms/<int:pk>/subjects/", subjects.subjects, name="subjects"),
    path("rooms/<int:pk>/subjects/<int:subject>/", subjects.subject, name="subject"),
    path(
        "rooms/<int:pk>/subjects/<int:subject>/name/",
        subjects.rename_subject,
        name="rename_subject",
    ),
    path(
        "rooms/<int:pk>/subjects/<int:subject>/state/",
        subjects.close_subject,
        name="close_subject",
    ),
    path("rooms/<int:pk>/read/", reading.read_room, name="read_room"),
    path("rooms/<int:pk>/people", mentions.people, name="people"),
    path("rooms/<int:pk>/standing", settings.room_standing, name="standing"),
    path("rooms/<int:pk>/settings/", settings.room_settings, name="room_settings"),
    path("rooms/<int:pk>/state/", settings.change_state, name="change_state"),
    path("rooms/<int:pk>/participants/", settings.add_participant, name="add_participant"),
    path(
        "rooms/<int:pk>/participants/<int:participant>/",
        settings.participant,
        name="participant",
    ),
    path(
        "rooms/<int:pk>/participants/<int:participant>/removal/",
        settings.remove_participant,
        name="remove_participant",
    ),
    path("rooms/<int:pk>/unread/", marks.mark_unread, name="mark_unread"),
    path("rooms/<int:pk>/transcripts/", transcripts.transcripts, name="transcripts"),
    path(
        "rooms/<int:pk>/transcripts/<int:number>/again/",
        transcripts.try_again,
        name="transcript_again",
    ),
    path(
        "rooms/<int:pk>/transcripts/<int:number>.<slug:kind>",
        transcripts.download,
        name="transcript",
    ),
]
