"""Invitations and mandates."""

from tests.files import upload
from tests.portal.rights.row import ALL_M, ALL_O, OWN_R, Row
from tests.portal.rights_things import ACCOUNT, always, kr

ROWS: dict[str, Row] = {
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
    "members:lay_down_mandate": Row(  # asked for the password first
        "lnnrnnnnnn", "lnnrnnnnnn", lambda w: (w.cast.amal_mandate.pk,)
    ),
    "members:change_last_day": Row(
        "lnnofnnnrn",
        "lnnrfnnnrn",
        lambda w: (w.cast.amal_mandate.pk,),
        always(when="later", ends_on="2099-12-31"),
    ),
    "members:end_mandate": Row("lnnofnnnrn", "lnnrfnnnrn", lambda w: (w.cast.amal_mandate.pk,)),
    "members:require_release": Row(ALL_M, "lnnrfnnnfn", kr, always(required="yes")),
    "members:allow_statements": Row(
        ALL_M, "lnnrfnnnfn", lambda w: (w.draft.mandate_id,), always(allowed="yes")
    ),
}
