"""Who is answered what at every address of the portal: the table.

One line of TABLE is one URL name, with the answer to each of ROLES, in their order, to GET and to
POST with data that would do something:

    o 200   l 302 to the sign-in   r 302 elsewhere   i 401   f 403   n 404   m 405   c 409   u 422

n is what a thing that is not there gets; f is for who may see the thing and not do this with it.
"""

from dataclasses import dataclass
from uuid import uuid4

from tests.factories import PASSWORD
from tests.files import image, upload
from tests.members.group_space import typed
from tests.portal.picture_things import institution_picture, new_picture, picture_file
from tests.portal.rights_things import (
    ACCOUNT,
    ANOTHER_CONTACT,
    APPLY,
    DRAFT,
    EDITOR,
    STATES,
    TWICE,
    Things,
    always,
    always_args,
    always_one,
    answers,
    app,
    asked,
    begun,
    bilal_muted,
    bilateral,
    charter,
    charter_text,
    dates,
    doubted,
    field,
    first_profile,
    form_as_seen,
    group,
    group_date,
    group_file,
    group_place,
    handover,
    in_room,
    item,
    join_request,
    kr,
    legal,
    message,
    news,
    news_picture,
    pdf,
    question,
    reason,
    reported,
    room,
    row_of_a_list,
    said,
    saved_filter,
    section_of,
    sent_file,
    statement,
    statement_draft,
    stopping,
    subject,
    to_be_sent,
    to_come,
    transcript,
    waiting_file,
    while_scheduled,
)
from tests.portal.standing_things import notice, owed, proposal, seen

ROLES = (
    "out",  # signed out
    "nobody",  # an account without a mandate
    "chloe",  # a delegate in no common group
    "amal",  # head of a delegation that is in the room
    "observer",  # of amal's delegation
    "suspended",  # head of a delegation whose membership is suspended
    "focal",  # focal point of another delegation
    "contact",  # of the applications
    "dina",  # secretariat
    "former",  # secretariat of the presidency before
)
CODES = {200: "o", 302: "r", 401: "i", 403: "f", 404: "n", 405: "m", 409: "c", 422: "u"}


@dataclass(frozen=True)
class Row:
    """An address and its answers. `args` and `data` are made of the world."""

    get: str
    post: str
    args: Things = lambda world: ()
    data: Things = lambda world: {}


PROFILE = {
    "name_latin": "Amal",
    **{
        f"seen_{part}": "members"
        for part in ("form_of_address", "position", "languages", "photo", "time_zone", "email")
    },
}
ALL_O, ALL_M, ALL_R, ALL_N = "o" * 10, "m" * 10, "r" * 10, "n" * 10
TEXTS = {
    "title_en": "Another title",
    "summary_en": "",
    "body_en": "It is so.",
    "state_ar": "draft",
    "state_en": "final",
    "state_fr": "draft",
}
ALL_O, ALL_M, ALL_R = "o" * 10, "m" * 10, "r" * 10
OWN_O = "l" + "o" * 9
OWN_M, OWN_N, OWN_R = "l" + "m" * 9, "l" + "n" * 9, "l" + "r" * 9
TABLES = (  # of Django's admin
    *(f"members_{model}" for model in ("user", "institution", "membership", "mandate")),
    *(f"members_{model}" for model in ("presidency", "handover", "identityprovider")),
    *("records_auditentry", "records_storedfile", "procrastinate_procrastinatejob"),
)
TABLE: dict[str, Row] = {
    "root": Row(ALL_R, ALL_M),
    "set_language": Row(ALL_M, ALL_R, data=always(language="fr", next="/en/members/")),
    "health": Row(ALL_O, ALL_M),
    "service_worker": Row(ALL_O, ALL_M),
    "favicon": Row(ALL_R, ALL_M),
    "sitemap": Row(ALL_O, ALL_M),
    "robots": Row(ALL_O, ALL_M),
    "security_txt": Row(ALL_N, ALL_M),  # nobody is named in the tests' settings
    "signing_keys": Row(ALL_O, ALL_M),
    "signed_heads": Row(ALL_O, ALL_M),
    # With a provider that is there: tests/members/test_identity_sign_in.py.
    "institution_sign_in": Row("orrrrrrrrr", "urrrrrrrrr", data=always(email="a@kr.example")),
    "sign_in_through": Row(ALL_N, ALL_N, kr),
    "institution_callback": Row(ALL_N, ALL_M, kr),
    # With one: tests/members/test_identity_acceptance.py.
    "members:accept_through": Row(ALL_R, ALL_R, lambda w: (w.invitation.token,)),
    "confirm_through": Row(OWN_R, OWN_R),
    "account_signup": Row(ALL_O, ALL_M),
    "account_login": Row(
        "orrrrrrrrr", ALL_R, data=always(login="bilal@example.org", password=PASSWORD)
    ),
    "account_logout": Row("rooooooooo", ALL_R),
    "account_inactive": Row(ALL_O, ALL_M),
    "account_reauthenticate": Row(OWN_O, OWN_R, data=always(password=PASSWORD)),
    "account_email": Row(OWN_O, OWN_R, data=always(email="other@example.org", action_add="")),
    "account_email_verification_sent": Row(ALL_O, ALL_M),
    "account_change_password": Row(OWN_O, OWN_R, data=always(oldpassword=PASSWORD, **TWICE)),
    "account_set_password": Row(OWN_R, OWN_R, data=always(**TWICE)),
    "account_reset_password": Row(ALL_O, ALL_R, data=always(email="bilal@example.org")),
    "account_confirm_login_code": Row(OWN_R, OWN_R, data=always(code="123456")),
    "account_confirm_email": Row(ALL_O, "nnnnnnnnnn", args=lambda w: ("abc:def",)),
    "account_reset_password_from_key_done": Row(ALL_O, ALL_M),
    "account_reset_password_from_key": Row(
        ALL_R, ALL_R, args=lambda w: w.reset, data=always(**TWICE)
    ),
    "account_reset_password_done": Row(ALL_O, ALL_M),
    "mfa_index": Row(OWN_O, OWN_M),
    "mfa_authenticate": Row(OWN_R, OWN_R, data=always(code="123456")),
    "mfa_reauthenticate": Row(OWN_R, OWN_R, data=always(code="123456")),
    "mfa_activate_totp": Row(OWN_R, OWN_R, data=always(code="123456")),
    "mfa_deactivate_totp": Row(OWN_N, OWN_N),
    "mfa_view_recovery_codes": Row(OWN_N, OWN_M),
    "mfa_generate_recovery_codes": Row(OWN_R, OWN_R),
    "mfa_download_recovery_codes": Row(OWN_N, OWN_N),
    "mfa_list_webauthn": Row(OWN_O, OWN_M),
    "mfa_add_webauthn": Row(OWN_R, OWN_R, data=always(name="Key", credential="{}")),
    "mfa_reauthenticate_webauthn": Row(OWN_R, OWN_R, data=always(credential="{}")),
    "mfa_remove_webauthn": Row(OWN_R, OWN_R, always_one),
    "mfa_edit_webauthn": Row(OWN_R, OWN_R, always_one, always(name="Key")),
    "mfa_login_webauthn": Row(OWN_R, OWN_R, data=always(credential="{}")),
    "usersessions_list": Row(OWN_O, OWN_R),
    "members:directory": Row(ALL_O, ALL_M),
    "members:directory_print": Row(ALL_O, ALL_M),
    "members:directory_csv": Row(ALL_O, ALL_M),
    "members:directory_xlsx": Row(ALL_O, ALL_M),
    "members:institution": Row(ALL_O, ALL_M, kr),
    "members:delegation": Row("lnnoonnnon", ALL_M, kr),
    "members:invite": Row(
        "lnnofnnnon",
        "lnnrfnnnrn",
        kr,
        always(email="x@example.org", name="X", capacity="adviser", language="en"),
    ),
    "members:invite_several": Row("lnnofnnnon", "lnnrfnnnrn", kr, row_of_a_list),
    "members:empty_list": Row("lnnofnnnon", ALL_M, lambda w: (w.cast.kr.pk, "xlsx")),
    "members:group_list": Row("lnooononoo", ALL_M),
    "members:new_group": Row(
        "lnnnnnnnon", "lnnnnnnnrn", data=always(kind="committee", name_en="G", **STATES)
    ),
    "members:group": Row("lnooononoo", ALL_M, group),
    "members:edit_group": Row("lnfffnfnof", "lnfffnfnrf", group, always(name_en="G", **STATES)),
    "members:close_group": Row("lnfffnfnof", "lnfffnfnrf", group, always(reason="It is done.")),
    "members:reopen_group": Row(ALL_M, "lnfffnfnrf", group),
    "members:add_group_members": Row(
        "lnfofnfnof",
        "lnfrfnfnrf",
        group,
        lambda w: {"role": "member", "delegations": w.cast.pl.pk},
    ),
    "members:group_place": Row("lnfofnfnof", "lnfrfnfnrf", group_place, always(role="observer")),
    "members:remove_group_member": Row("lnfofnonof", "lnfrfnrnrf", group_place),
    "members:group_files": Row("lnnoononon", "lnnrfnrnrn", group, pdf("file", title="Paper")),
    "members:group_file": Row(
        "lnnoononon", "lnnrfnrnrn", group_file, always(title="Paper", version="1")
    ),
    "members:group_file_version": Row("lnnoononon", ALL_M, lambda w: (*group_file(w), 1)),
    "members:remove_group_file": Row(ALL_M, "lnnrfnfnrn", group_file),
    "members:restore_group_file": Row(ALL_M, "lnnrfnfnrn", group_file),
    "members:group_calendar": Row("lnnoononon", ALL_M, group),
    "members:group_calendar_file": Row("lnnoononon", ALL_M, group),
    "members:new_group_date": Row("lnnofnfnon", "lnnrfnfnrn", group, always(**typed())),
    "members:group_date": Row("lnnoononon", ALL_M, group_date),
    "members:group_date_file": Row("lnnoononon", ALL_M, group_date),
    "members:edit_group_date": Row(
        "lnnofnfnon", "lnnrfnfnrn", group_date, always(**typed(version="1"))
    ),
    "members:cancel_group_date": Row(
        "lnnofnfnon", "lnnrfnfnrn", group_date, always(reason="Nobody can come.")
    ),
    "members:ask_to_join": Row(
        "lnfofnonff",
        "lnfrfnrnff",
        lambda w: (w.empty_group.pk,),
        always(role="member", words="We wish to help."),
    ),
    "members:join_request": Row("lnnonnonon", ALL_M, join_request),
    "members:accept_join_request": Row(ALL_M, "lnnrnnfnrn", join_request),
    "members:decline_join_request": Row(ALL_M, "lnnrnnfnrn", join_request, always(reason="No")),
    "members:withdraw_join_request": Row(ALL_M, "lnnfnnrnfn", join_request),
    "members:resend_invitation": Row(ALL_M, "lnnrfnnnrn", lambda w: (w.invitation.pk,)),
    "members:revoke_invitation": Row(ALL_M, "lnnrfnnnrn", lambda w: (w.invitation.pk,)),
    "members:invitation": Row(
        ALL_O, "rooooooooo", lambda w: (w.invitation.token,), always(**ACCOUNT)
    ),
    "members:choose_mandate": Row(ALL_M, OWN_R, data=always(mandate="1", next="/en/members/")),
    "members:mandate": Row("lnnonnnnon", ALL_M, lambda w: (w.cast.amal_mandate.pk,)),
    "members:record_letters": Row(
        ALL_M,
        "lnnrnnnnrn",
        lambda w: (w.cast.amal_mandate.pk,),
        lambda w: {"letters": upload()},
    ),
    "members:appointment_letter": Row(
        "lnnonnnnon", ALL_M, lambda w: (w.cast.amal_mandate.pk, w.letter.pk)
    ),
    "members:suspend_mandate": Row(  # who may is asked for the password first
        "lnnfnnnnrn",
        "lnnfnnnnrn",
        lambda w: (w.cast.amal_mandate.pk,),
        always(reason="Called back"),
    ),
    "members:reinstate_mandate": Row(ALL_M, "lnnfnnnnrn", lambda w: (w.cast.amal_mandate.pk,)),
    "members:hand_over_mandate": Row(
        "lnnrnnnnrn",
        "lnnrnnnnrn",
        lambda w: (w.cast.amal_mandate.pk,),
        lambda w: {"to": w.users["observer"].pk},
    ),
    "members:end_mandate": Row("lnnofnnnrn", "lnnrfnnnrn", lambda w: (w.cast.amal_mandate.pk,)),
    "members:require_release": Row(ALL_M, "lnnrfnnnfn", kr, always(required="yes")),
    "members:allow_statements": Row(
        ALL_M, "lnnrfnnnfn", lambda w: (w.draft.mandate_id,), always(allowed="yes")
    ),
    "members:change_standing": Row(
        "lnnnnnnnrn",
        "lnnnnnnnrn",
        lambda w: (w.cast.kr.pk, "suspension"),
        lambda w: {
            "standing": w.cast.kr.membership.pk,
            "since": "2026-01-01",
            "reason": "Absent three times.",
        },
    ),
    "members:membership_document": Row("lnnoonnnon", ALL_M, lambda w: (w.cast.kr.pk, w.ground.pk)),
    "members:profile": Row(
        "lnnofnnnon", "lnnrfnnnrn", kr, always(name_en="K", version="1", **STATES)
    ),
    "members:identity_provider": Row(
        "lnnnnnnnrn", "lnnnnnnnrn", kr, always(issuer="https://x.example", version="0")
    ),
    "members:check_identity_provider": Row(ALL_M, OWN_N, kr),
    "members:profile_logo": Row(
        "lnnofnnnon", "lnnrfnnnrn", kr, lambda w: {"logo": upload(image(), "logo.png")}
    ),
    "members:remove_logo": Row(ALL_M, "lnnrfnnnrn", kr),
    "members:logo": Row(ALL_O, ALL_M, lambda w: (w.cast.kr.pk, w.logo)),
    "members:picture": Row(ALL_O, ALL_M, institution_picture),
    "members:picture_file": Row(ALL_O, ALL_M, picture_file),
    "members:profile_pictures": Row("lnnofnnnon", "lnnrfnnnrn", kr, new_picture),
    "members:profile_picture": Row(
        "lnnofnnnon", "lnnrfnnnrn", institution_picture, always(alternative_en="A hall")
    ),
    "members:move_picture": Row(ALL_M, "lnnrfnnnrn", institution_picture, always(place="1")),
    "members:remove_picture": Row("lnnofnnnon", "lnnrfnnnrn", institution_picture),
    "members:restore_picture": Row(ALL_M, "lnnrfnnnrn", institution_picture),
    "members:profile_versions": Row("lnnoonnnon", ALL_M, kr),
    "members:profile_version": Row("lnnoonnnon", ALL_M, first_profile),
    "members:take_back_profile": Row(ALL_M, "lnnrfnnnrn", first_profile, always(version="1")),
    "members:network_settings": Row("lnnnnnnnon", ALL_M),
    "members:network_names": Row(
        "lnnnnnnnon", "lnnnnnnnrn", data=always(name_en="Network", version="0")
    ),
    "members:network_version": Row("lnnnnnnnon", ALL_M, always_args(0)),
    "members:return_network": Row(ALL_M, "lnnnnnnnrn", always_args(0), always(version="0")),
    "members:charter_versions": Row("lnnnnnnnon", ALL_M),
    "members:new_charter_version": Row("lnnnnnnnrn", "lnnnnnnnrn", data=charter),
    "members:charter_text": Row("lnnnnnnnon", ALL_M, charter_text),
    "members:letter_list": Row("lnnnnnnnon", ALL_M),
    "members:letter_text": Row(
        "lnnnnnnnon",
        "lnnnnnnnrn",
        always_args("application.submitted", "en"),
        always(subject="Received", body="{link}", version="0"),
    ),
    "members:letter_version": Row(
        "lnnnnnnnon", ALL_M, always_args("application.submitted", "en", 0)
    ),
    "members:return_letter": Row(
        ALL_M,
        "lnnnnnnnrn",
        always_args("application.submitted", "en", 0),
        always(version="0"),
    ),
    "members:profile_releases": Row("lnnnnnnnon", ALL_M),
    "members:settle_release_rule": Row(ALL_M, "lnnnnnnnrn", data=always(waits="yes")),
    "members:profile_proposal": Row("lnnonnnnon", ALL_M, proposal),
    "members:release_profile": Row(ALL_M, "lnnfnnnnrn", proposal, seen),
    "members:return_profile": Row(ALL_M, "lnnfnnnnrn", proposal, always(reasons="Too long.")),
    "members:countries": Row("lnnnnnnnon", ALL_M),
    "members:country": Row("lnnnnnnnon", "lnnnnnnnrn", always_args("KR"), always(is_on_map="on")),
    "members:reset_country": Row(ALL_M, "lnnnnnnnrn", always_args("KR")),
    "members:fields": Row("lnnnnnnnon", ALL_M),
    "members:new_field": Row("lnnnnnnnon", "lnnnnnnnrn", data=always(name_en="Music")),
    "members:field": Row("lnnnnnnnon", "lnnnnnnnrn", field, always(name_en="Music")),
    "members:retire_field": Row(ALL_M, "lnnnnnnnrn", field, always(retired="yes")),
    "members:move_field": Row(ALL_M, "lnnnnnnnrn", field, always(to="up")),
    "members:settings": Row(OWN_O, OWN_R, data=always(language="fr", time_zone="UTC")),
    "members:calendar_feed": Row("lnrrrnrnrr", "lnrrrnrnrr"),
    "members:close_calendar_feed": Row(ALL_M, OWN_R),
    "members:calendar_feed_file": Row(ALL_N, ALL_M, lambda w: ("no-such-token",)),
    "members:erasure": Row(OWN_O, "lucccccccc"),
    "members:person": Row("lnooononoo", ALL_M, lambda w: (w.cast.amal.pk,)),
    "members:person_photo": Row("lnooononoo", ALL_M, lambda w: (w.cast.amal.pk, w.photo)),
    "members:person_profile": Row(OWN_O, OWN_R, data=always(**PROFILE)),
    "members:own_photo": Row(
        OWN_O, OWN_R, data=lambda w: {"photo": upload(image(size=(50, 50)), "photo.png")}
    ),
    "members:remove_photo": Row(ALL_M, OWN_R),
    "members:end_session": Row(ALL_M, OWN_N, always_one),
    "members:sign_out_everywhere": Row(ALL_M, "llllllllll"),
    "members:apply": Row(ALL_O, ALL_R, data=always(**APPLY)),
    "members:apply_sent": Row(ALL_O, ALL_M),
    "members:application_list": Row(OWN_O, ALL_M),
    "members:start_application": Row(ALL_M, OWN_R),
    "members:application": Row("lnnnnnnoon", ALL_M, app("submitted")),
    "members:application_form": Row("lnnnnnnonn", ALL_M, app("draft")),
    "members:application_section": Row(
        "lnnnnnnonn", "lnnnnnnrnn", section_of("draft"), always(**DRAFT)
    ),
    "members:renew_application_form": Row(ALL_M, "lnnnnnnrnn", app("draft")),
    "members:form_definition": Row("lnnnnnnnon", ALL_M),
    "members:form_version": Row("lnnnnnnnon", ALL_M, always_args(1)),
    "members:form_question": Row(
        "lnnnnnnnon",
        "lnnnnnnnrn",
        always_args("new"),
        form_as_seen(section="reasons", kind="text", need="no", label_en="Why?"),
    ),
    "members:form_document": Row(
        "lnnnnnnnon",
        "lnnnnnnnrn",
        always_args("new"),
        form_as_seen(need="no", label_en="Statutes"),
    ),
    "members:form_help": Row(
        "lnnnnnnnon", "lnnnnnnnrn", always_args("aims"), form_as_seen(help_en="Say why.")
    ),
    "members:move_form_question": Row(ALL_M, "lnnnnnnnrn", always_args("x")),
    "members:remove_form_part": Row(ALL_M, "lnnnnnnnrn", always_args("x")),
    "members:publish_form": Row(ALL_M, "lnnnnnnnrn"),
    "members:discard_form": Row(ALL_M, "lnnnnnnnrn"),
    "members:application_revisions": Row("lnnnnnnoon", ALL_M, app("submitted")),
    "members:application_people": Row("lnnnnnnoon", ALL_M, app("submitted")),
    "members:invite_application_editor": Row(
        ALL_M, "lnnnnnnrfn", app("submitted"), always(**EDITOR)
    ),
    "members:revoke_application_place": Row(
        ALL_M, "lnnnnnnrfn", lambda w: (w.apps["submitted"].pk, w.place_invitation.pk)
    ),
    "members:transfer_application": Row(
        ALL_M, "lnnnnnnrrn", app("submitted"), always(**ANOTHER_CONTACT)
    ),
    "members:remove_application_editor": Row(
        ALL_M, "lnnnnnnrfn", lambda w: (w.apps["submitted"].pk, w.editor.pk)
    ),
    "members:answer_application": Row(
        ALL_M, "lnnnnnnrfn", app("asked"), pdf("file", answer="These.")
    ),
    "members:hand_in_charter": Row(ALL_M, "lnnnnnnrfn", app("admitted"), pdf("charter")),
    "members:withdraw_application": Row("lnnnnnnofn", "lnnnnnnrfn", app("submitted")),
    "members:application_document": Row(
        "lnnnnnnoon", ALL_M, lambda w: (w.apps["submitted"].pk, w.document.pk)
    ),
    "members:start_review": Row(ALL_M, "lnnnnnnfrn", app("submitted")),
    "members:request_information": Row(
        ALL_M, "lnnnnnnfrn", app("reviewed"), always(question="Which?")
    ),
    "members:recommend_application": Row(
        ALL_M,
        "lnnnnnnfrn",
        app("reviewed"),
        always(favourable="yes", reasons="It does.", incomplete_because="By post."),
    ),
    "members:activate_application": Row(ALL_M, "lnnnnnnfrn", app("signed")),
    "members:presidency": Row("lnnnnnonon", ALL_M, while_scheduled),
    "members:next_presidency": Row("lnnnnnnncn", ALL_M, while_scheduled),
    "members:schedule_handover": Row(
        "lnnnnnnncn", "lnnnnnnncn", lambda w: (w.cast.kr.pk, *while_scheduled(w))
    ),
    "members:handover": Row("lnnnnnonon", ALL_M, handover),
    "members:move_handover": Row(
        "lnnnnnfnrn",
        "lnnnnnfnrn",
        handover,
        always(version="1", takes_effect_at="2029-01-01T09:00"),
    ),
    "members:cancel_handover": Row(
        "lnnnnnfnrn", "lnnnnnfnrn", handover, always(reason="Not agreed.")
    ),
    "members:people": Row("lnnnnnnnon", ALL_M),
    "members:export_people": Row(ALL_M, "lnnnnnnnon", data=always(form="csv")),
    "members:act_on_people": Row(
        ALL_M, "lnnnnnnnon", data=lambda w: {"act": "end", "row": w.cast.amal_mandate.pk}
    ),
    "members:save_filter": Row(
        ALL_M, "lnnnnnnnrn", data=always(name="Heads", listing="people", query="capacity=head")
    ),
    "members:saved_filter": Row(
        "lnnnnnnnon", "lnnnnnnnrn", saved_filter, always(name="Heads of delegation")
    ),
    "members:remove_filter": Row(ALL_M, "lnnnnnnnrn", saved_filter),
    "members:application_figures": Row("lnnnnnnnon", ALL_M),
    "members:export_applications": Row(ALL_M, "lnnnnnnnon", data=always(form="csv")),
    "members:act_on_applications": Row(
        ALL_M, "lnnnnnnnon", data=lambda w: {"act": "review", "row": w.apps["submitted"].pk}
    ),
    # Of the application under review, which amal is asked to review:
    "members:assessment": Row("lnnonnnnon", ALL_M, app("reviewed")),
    "members:tick_point": Row(
        ALL_M,
        "lnnfnnnnrn",
        lambda w: (w.apps["reviewed"].pk, "letter"),
        always(met="yes", remark="", seen="0"),
    ),
    "members:assign_reviewer": Row(
        ALL_M, "lnnfnnnnrn", app("reviewed"), lambda w: {"person": w.cast.chloe.pk}
    ),
    "members:release_reviewer": Row(
        ALL_M, "lnnfnnnnrn", lambda w: (w.apps["reviewed"].pk, w.cast.amal.pk)
    ),
    "members:declare_conflict": Row(
        ALL_M, "lnnrnnnnfn", app("reviewed"), always(reason="We are kin.")
    ),
    "members:write_review_note": Row(
        ALL_M,
        "lnnrnnnnfn",
        app("reviewed"),
        lambda w: {"body": "A note.", "client_id": str(uuid4())},
    ),
    "members:give_recommendation": Row(
        ALL_M,
        "lnnrnnnnfn",
        app("reviewed"),
        always(advice="admit", reasons="Good.", seen="0", guide_version="0"),
    ),
    "members:review_guide": Row(
        "lnnnnnnnon", "lnnnnnnnrn", data=always(**{"version": "0", "point-0-label_en": "A seal"})
    ),
    "members:charter": Row("lnnnnnnfon", ALL_M, app("admitted")),
    "members:send_charter": Row(ALL_M, "lnnnnnnfrn", app("admitted"), pdf("file")),
    "members:refuse_charter": Row(ALL_M, "lnnnnnnfrn", app("signed"), always(reason="No seal.")),
    "members:tick_step": Row(  # not a member yet
        ALL_M,
        "lnnnnnnfcn",
        lambda w: (w.apps["signed"].pk, "web_page"),
        always(met="yes", seen="0"),
    ),
    "members:welcome_member": Row(ALL_M, "lnnnnnnfcn", app("signed"), always(words="Welcome.")),
    "members:charter_file": Row("lnnnnnnoon", ALL_M, app("admitted")),
    "members:make_dossier": Row(ALL_M, "lnnrnnnnrn", app("reviewed"), always(language="fr")),
    "members:dossier_file": Row(  # amal's own
        "lnnonnnnnn", ALL_M, lambda w: (w.apps["reviewed"].pk, w.dossier.pk)
    ),
    "members:audit_log": Row("lnnnnnnnon", ALL_M),
    "members:export_audit_log": Row(ALL_M, "lnnnnnnnon", data=always(form="csv")),
    "members:prove_audit_log": Row(ALL_M, "lnnnnnnnrn"),
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
    "assembly:standing_monitor": Row("lnnnnnnnon", ALL_M),
    "assembly:export_standing": Row(ALL_M, "lnnnnnnnon", data=always(form="csv")),
    "assembly:dues_of_year": Row(
        "lnnnnnnnon", "lnnnnnnnrn", data=always(year="2020", classes="full")
    ),
    "assembly:standing": Row("lnnonnnnon", ALL_M, kr),
    "assembly:new_dues": Row("lnnnnnnnon", "lnnnnnnnrn", kr, always(version="0", year="2021")),
    "assembly:dues": Row(
        "lnnnnnnnon", "lnnnnnnnrn", owed, always(version="1", paid_on="2020-03-01")
    ),
    "assembly:draft_notice": Row(ALL_M, "lnnnnnnnrn", kr, always(subject="dues")),
    "assembly:notice": Row(
        "lnnnnnnnon", "lnnnnnnnrn", notice, always(version="1", title_en="Dues", body_en="Pay.")
    ),
    "assembly:discard_notice": Row(ALL_M, "lnnnnnnnrn", notice, always(version="1")),
    "assembly:meeting_list": Row("lnooononoo", ALL_M),
    "assembly:new_meeting": Row("lnnnnnnnon", "lnnnnnnnrn", data=dates),
    "assembly:meeting": Row("lnooononoo", ALL_M, lambda w: (w.meeting.pk,)),
    "assembly:attendance": Row(
        "lnnnnnnnon", "lnnnnnnnrn", begun, lambda w: {"present": w.cast.kr.pk, "was": ""}
    ),
    "assembly:open_room": Row(
        "lnfffnfnof", "lnfffnfnrf", lambda w: (w.meeting.pk,), always(open="1")
    ),
    "assembly:hold_results": Row(
        ALL_M, "lnfffnfnrf", lambda w: (w.meeting.pk,), always(holds="yes")
    ),
    "assembly:release_results": Row(  # nobody here is the president
        ALL_M, "lnfffnfnff", lambda w: (w.meeting.pk,)
    ),
    "assembly:decision_terms": Row(
        "lnfffnfnof", "lnfffnfnrf", item("unopened"), always(conditions="A budget.", seen="0")
    ),
    "assembly:add_item": Row(
        ALL_M, "lnfffnfnrf", lambda w: (w.meeting.pk,), always(title_en="Minutes")
    ),
    "assembly:place_application": Row(
        ALL_M, "lnnnnnnnrn", app("recommended"), lambda w: {"meeting": w.meeting.pk}
    ),
    "assembly:agenda_item": Row("lnooononoo", ALL_M, item("opened")),
    "assembly:agenda_titles": Row(
        "lnfffnfnof", "lnfffnfnrf", item("unopened"), always(title_en="Admission")
    ),
    "assembly:open_vote": Row(ALL_M, "lnfffnfnrf", item("unopened")),
    "assembly:roll_call": Row("lnfffnfnof", "lnfffnfnrf", item("opened"), answers),
    "assembly:review": Row("lnfffnfnof", ALL_M, item("opened")),
    "assembly:certify": Row(
        ALL_M, "lnfffnfnrf", item("opened"), always(reviewed="x", confirmed="on")
    ),
    "picture": Row("nnnnnnnnon", ALL_M, lambda w: (w.picture.small.sha256,)),
    "portal:news_list": Row(ALL_O, ALL_M),
    "portal:news_feed": Row(ALL_O, ALL_M),
    "portal:news_item": Row(ALL_O, ALL_M, lambda w: (w.news.pk,)),
    "portal:news_new": Row("lnnnnnnnon", "lnnnnnnnrn", data=always(**TEXTS, version="0")),
    "portal:news_edit": Row("lnnnnnnnon", "lnnnnnnnrn", news, always(**TEXTS, version="1")),
    "portal:news_preview": Row("lnnnnnnnon", ALL_M, news),
    "portal:news_publication": Row(
        "lnnnnnnnon", "lnnnnnnnrn", news, always(version="1", when="now", at="")
    ),
    "portal:news_withdrawal": Row(
        ALL_M, "lnnnnnnnrn", lambda w: (w.news.pk,), always(reason="It was wrong.")
    ),
    "portal:news_deletion": Row("lnnnnnnnon", "lnnnnnnnrn", news),
    "portal:news_pictures": Row(
        "lnnnnnnnon",
        "lnnnnnnnrn",
        news,
        lambda w: {"picture": upload(image(), "a.png"), "decorative": "on", "credit": ""},
    ),
    "portal:news_picture": Row(
        "lnnnnnnnon", "lnnnnnnnrn", news_picture, always(version="1", alternative_en="A hall")
    ),
    "portal:news_picture_removal": Row(ALL_M, "lnnnnnnnrn", news_picture),
    "portal:news_picture_lead": Row(ALL_M, "lnnnnnnnrn", news_picture),
    "portal:news_versions": Row("lnnnnnnnon", ALL_M, news),
    "portal:news_version": Row("lnnnnnnnon", ALL_M, lambda w: (w.news_draft.pk, 1)),
    "portal:page_about": Row(ALL_O, ALL_M),
    "portal:page_charter": Row(ALL_O, ALL_M),
    "portal:page_how_to_apply": Row(ALL_O, ALL_M),
    "portal:page_legal": Row(ALL_O, ALL_M),
    "portal:page_privacy": Row(ALL_O, ALL_M),
    "portal:page_accessibility": Row(ALL_O, ALL_M),
    "portal:page_contact": Row(
        ALL_O,
        ALL_R,
        data=always(name="A", email="a@example.org", subject="Press", body="May we come?"),
    ),
    "portal:contact_sent": Row(ALL_O, ALL_M),
    "portal:page_list": Row("lnnnnnnnon", ALL_M),
    "portal:page_edit": Row("lnnnnnnnon", "lnnnnnnnrn", legal, always(**TEXTS, version="1")),
    "portal:page_preview": Row("lnnnnnnnon", ALL_M, legal),
    "portal:page_reset": Row("lnnnnnnnon", "lnnnnnnnrn", legal),
    "portal:page_versions": Row("lnnnnnnnon", ALL_M, legal),
    "portal:page_version": Row("lnnnnnnnon", ALL_M, lambda w: ("legal", 1)),
    "portal:handover_pack": Row("lnnnnnnnon", "lnnnnnnnrn", handover),
    "portal:handover_pack_file": Row("lnnnnnnnnn", ALL_M, handover),  # none is made
    "portal:your_data": Row(OWN_O, OWN_R),
    "portal:data_export": Row(OWN_R, OWN_M, always_one),
    "portal:home": Row(ALL_O, ALL_M),
    "portal:styleguide": Row("nnnnnnnnon", ALL_M),
    "portal:verify": Row(ALL_O, ALL_O, data=lambda w: {"file": upload(b"{}", "transcript.json")}),
    "portal:manifest": Row(ALL_O, ALL_M),
    "portal:offline": Row(ALL_O, ALL_M),
    "portal:calendar": Row(ALL_O, ALL_M),
    "portal:calendar_meeting": Row(ALL_O, ALL_M, lambda w: (w.meeting.pk,)),
    "portal:calendar_feed": Row(ALL_O, ALL_M),
    "portal:calendar_meeting_feed": Row(ALL_O, ALL_M, lambda w: (w.meeting.pk,)),
    "portal:search": Row(ALL_O, ALL_M),
    "portal:figures": Row("lnnnnnnnon", ALL_M),
    "portal:failed_letters": Row("lnnnnnnnon", ALL_M),
    "portal:send_letter_again": Row(ALL_M, "lnnnnnnnrn", lambda w: (w.failed.pk,)),
    "portal:mail": Row(OWN_N, ALL_M),
    "portal:letter": Row(OWN_N, ALL_M, lambda w: ("letter-0",)),
    # For nobody here: see test_admin.
    **{f"admin:{name}": Row(ALL_N, ALL_N) for name in ("index", "jsi18n")},
    "admin:app_list": Row(ALL_N, ALL_N, always_args("members")),
    **{f"admin:{table}_changelist": Row(ALL_N, ALL_N) for table in TABLES},
    **{f"admin:{table}_change": Row(ALL_N, ALL_N, always_one) for table in TABLES},
}
