"""Applications, from the draft to the charter."""

from members.models import User
from tests.site.places.place import ASKED, KOREAN, Place
from tests.site.things.applications import (
    application,
    document,
    editor,
    form_part,
    korean_dossier,
    place_invitation,
    written,
)

PLACES: dict[str, list[Place]] = {
    "members:application_list": [
        Place(also=("contact", "observer")),
        *(Place(state=tab, query=f"?tab={tab}") for tab in ("applicant", "assembly", "closed")),
        Place(state="narrowed", query="?q=house&kind=research_body&order=country"),
        Place(state="nothing", query="?q=nobody&overdue=on"),
    ],
    "members:application": [
        *(
            Place(application(state), state=state, also=ASKED)
            for state in (
                "submitted",
                "under_review",
                "information_requested",
                "recommended",
                "not_recommended",
                "on_agenda",
                "admitted",
                "deferred",
                "declined",
                "charter_signed",
                "lapsed",
            )
        ),
        Place(application("active"), state="active", also=("welcomed",)),
    ],
    "members:application_form": [
        Place(application("draft"), also=ASKED),
        Place(application("information_requested"), state="asked", also=ASKED, answers="lnf"),
    ],
    "members:application_section": [
        *(
            Place(written("draft", section), state=section, also=ASKED)
            for section in ("institution", "contact", "reasons", "documents", "declaration")
        ),
        Place(
            written("information_requested", "reasons"), state="asked", also=ASKED, answers="lnf"
        ),
    ],
    "members:renew_application_form": [Place(application("draft"))],
    "members:form_version": [Place(lambda: (1,)), Place(lambda: (9,), state="none", answers="lnn")],
    "members:form_question": [
        Place(lambda: ("new",), state="new"),
        Place(form_part("questions"), state="one"),
    ],
    "members:form_document": [
        Place(lambda: ("new",), state="new"),
        Place(form_part("documents"), state="one"),
    ],
    "members:form_field": [
        Place(lambda: ("aims",)),
        Place(lambda: ("country",), state="always_needed"),
    ],
    "members:form_declaration": [Place()],
    "members:move_form_question": [Place(form_part("questions"))],
    "members:remove_form_part": [Place(form_part("documents"))],
    "members:application_revisions": [
        Place(application("submitted"), state="submitted", also=ASKED),
        Place(application("under_review"), also=ASKED, answers="loo"),
    ],
    "members:application_people": [
        Place(application("draft"), state="draft", also=ASKED, answers="lnn"),
        Place(application("submitted"), also=ASKED),
        Place(application("declined"), state="closed", also=ASKED),
    ],
    "members:invite_application_editor": [Place(application("submitted"))],
    "members:revoke_application_place": [Place(place_invitation)],
    "members:transfer_application": [Place(application("submitted"))],
    "members:remove_application_editor": [Place(editor)],
    "members:answer_application": [Place(application("information_requested"))],
    "members:hand_in_charter": [Place(application("admitted"))],
    "members:withdraw_application": [Place(application("submitted"), also=ASKED)],
    "members:let_admission_lapse": [
        Place(application("admitted")),
        Place(application("lapsed"), state="over", answers="lnc"),
    ],
    "members:application_document": [
        Place(document("credentials"), also=ASKED),
        Place(document("other"), state="picture", also=ASKED),
    ],
    "members:start_review": [Place(application("submitted"))],
    "members:request_information": [Place(application("under_review"))],
    "members:recommend_application": [Place(application("under_review"))],
    "members:activate_application": [Place(application("charter_signed"))],
    "members:assessment": [
        Place(application("under_review"), also=("focal",)),
        Place(application("recommended"), state="closed", answers="lno"),
    ],
    "members:tick_point": [Place(lambda: (*application("under_review")(), "letter"))],
    "members:review_guide_versions": [Place()],
    "members:review_guide_version": [
        Place(lambda: (0,)),
        Place(lambda: (9,), state="none", answers="lnn"),
    ],
    "members:assign_reviewer": [Place(application("under_review"))],
    "members:release_reviewer": [
        Place(lambda: (*application("under_review")(), User.objects.get(email=KOREAN).pk))
    ],
    "members:change_review_day": [
        Place(lambda: (*application("under_review")(), User.objects.get(email=KOREAN).pk))
    ],
    "members:declare_conflict": [Place(application("under_review"))],
    "members:write_review_note": [Place(application("under_review"))],
    "members:give_recommendation": [Place(application("under_review"))],
    "members:charter": [
        Place(application("admitted")),
        Place(application("charter_signed"), state="signed"),
        Place(application("active"), state="active"),
    ],
    "members:send_charter": [Place(application("admitted"))],
    "members:refuse_charter": [Place(application("charter_signed"))],
    "members:tick_step": [Place(lambda: (*application("active")(), "web_page"))],
    "members:welcome_member": [Place(application("active"))],
    "members:charter_file": [Place(application("admitted"), also=("contact",))],
    "members:make_dossier": [Place(application("under_review"))],
    "members:dossier_file": [Place(korean_dossier)],
}
