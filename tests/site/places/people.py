"""People, their mandates and invitations, the presidency."""

from tests.site.places.place import Place
from tests.site.things.institutions import korea, nigeria
from tests.site.things.people import (
    earlier_term,
    handover_number,
    invitation,
    invitation_number,
    letter_of,
    mandate,
    person_of,
    photo_of,
    saved_filter,
)

PLACES: dict[str, list[Place]] = {
    "members:invite": [Place(korea)],
    "members:invite_several": [Place(korea)],
    "members:empty_list": [
        Place(lambda: (*korea(), "csv")),
        Place(lambda: (*korea(), "xlsx"), state="workbook"),
        Place(lambda: (*korea(), "pdf"), state="unknown", answers="lnn"),
    ],
    "members:resend_invitation": [Place(invitation_number)],
    "members:revoke_invitation": [Place(invitation_number)],
    "members:invitation": [
        Place(invitation("new.person@demo.example")),
        Place(invitation("observer@demo.example"), state="known", also=("observer",)),
        Place(invitation("late.person@demo.example"), state="expired", answers="ggg"),
        Place(invitation("wrong.person@demo.example"), state="revoked", answers="ggg"),
        Place(invitation("adviser.kr@demo.example"), state="accepted", answers="ggg"),
        Place(lambda: ("no-such-token",), state="unknown", answers="nnn"),
        Place(invitation("new.person@kr.demo.example"), state="provider"),
    ],
    "members:mandate": [
        Place(mandate("head.kr")),
        Place(mandate("guest.kr"), state="suspended"),
    ],
    "members:record_letters": [Place(mandate("head.kr"))],
    "members:appointment_letter": [Place(letter_of("head.kr"))],
    "members:suspend_mandate": [
        Place(mandate("delegate.kr"), asks_password=True, answers="loo"),
        Place(mandate("head.kr"), state="own", asks_password=True, answers="lfo"),
    ],
    "members:reinstate_mandate": [Place(mandate("guest.kr"))],
    "members:hand_over_mandate": [Place(mandate("head.kr"), asks_password=True, answers="loo")],
    "members:lay_down_mandate": [Place(mandate("head.kr"), asks_password=True, answers="lon")],
    "members:change_last_day": [Place(mandate("head.kr"), asks_password=True, answers="loo")],
    "members:end_mandate": [
        Place(mandate("head.kr"), asks_password=True, answers="loo"),
        Place(mandate("focal.kr"), state="last", asks_password=True, answers="loo"),
    ],
    "members:allow_statements": [Place(mandate("delegate.kr"))],
    "members:schedule_handover": [Place(nigeria, answers="lno", asks_password=True)],
    "members:presidency": [Place()],
    "members:earlier_terms": [Place()],
    "members:earlier_term": [Place(earlier_term)],
    "members:remove_term": [Place(earlier_term)],
    "members:handover": [Place(handover_number, state="cancelled", answers="lno")],
    "members:move_handover": [Place(handover_number, answers="lnc")],
    "members:cancel_handover": [Place(handover_number, answers="lnc")],
    "members:next_presidency": [
        Place(answers="lno"),
        Place(state="empty", query="?institution=", answers="lnu"),
    ],
    "members:person": [
        Place(person_of("head.kr")),
        Place(person_of("head.ng"), state="bare"),
    ],
    "members:person_photo": [Place(photo_of("head.kr"))],
    "members:person_profile": [Place(also=("contact", "observer"))],
    "members:own_photo": [Place()],
    "members:remove_photo": [Place()],
    "members:settings": [Place(also=("contact", "observer"))],
    "members:people": [
        Place(),
        Place(state="narrowed", query="?capacity=head&no_factor=on&order=institution"),
        Place(state="ended", query="?state=ended"),
        Place(state="unseated", query="?state=none&order=seen"),
        Place(state="nothing", query="?q=nobody&institution=nowhere"),
    ],
    "members:saved_filter": [Place(saved_filter)],
    "members:remove_filter": [Place(saved_filter)],
}
