"""Parts about the account, its settings and its mandates."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.data_export.account import (
    account_rows,
    address_rows,
    factor_rows,
    session_rows,
    sign_in_rows,
)
from portal.data_export.parts import (
    ACT,
    CAPACITY,
    DEVICE,
    FILE,
    FROM,
    INSTITUTION,
    KIND,
    NAME,
    REASON,
    ROOM,
    SINCE,
    TEXT,
    UNTIL,
    USED,
    Part,
)
from portal.data_export.person import (
    browser_rows,
    invitation_rows,
    letter_rows,
    mandate_rows,
    profile_rows,
    suspension_rows,
)
from portal.data_export.preferences import (
    calendar_rows,
    filter_rows,
    level_rows,
    notification_rows,
    push_rows,
    told_rows,
)

ACCOUNT = (
    Part(
        "account",
        _("Account"),
        {
            "name": NAME,
            "name_arabic": _("Name in Arabic script"),
            "name_latin": _("Name in Latin script"),
            "email": _("E-mail address"),
            "language": _("Language"),
            "time_zone": _("Time zone"),
            "theme": pgettext_lazy("export", "Theme"),
            "digits": pgettext_lazy("export", "Digits"),
            "shows_hijri": _("Hijri dates"),
            "is_technical": _("Technical staff"),
            "since": _("Account since"),
            "last_login": _("Last signed in"),
        },
        account_rows,
    ),
    Part(
        "profile",
        _("Profile"),
        {
            "kind": KIND,
            "text": TEXT,
            "shown_to": pgettext_lazy("export", "Shown to"),
        },
        profile_rows,
        texts=("text",),
    ),
    Part(
        "addresses",
        _("E-mail addresses"),
        {
            "email": _("E-mail address"),
            "proved": pgettext_lazy("an address", "Proved"),
            "primary": pgettext_lazy("an address", "In use"),
        },
        address_rows,
    ),
    Part(
        "mandates",
        _("Mandates"),
        {"institution": INSTITUTION, "capacity": CAPACITY, "from": FROM, "until": UNTIL},
        mandate_rows,
    ),
    Part(
        "suspensions",
        _("Suspensions of your mandates"),
        {
            "institution": INSTITUTION,
            "capacity": CAPACITY,
            "at": SINCE,
            "act": ACT,
            "text": REASON,
        },
        suspension_rows,
        texts=("text",),
    ),
    Part(
        "letters",
        _("Letters of appointment"),
        {"institution": INSTITUTION, "file": FILE, "since": SINCE},
        letter_rows,
    ),
    Part(
        "invitations",
        _("Invitations that you received"),
        {
            "institution": INSTITUTION,
            "capacity": CAPACITY,
            "since": SINCE,
            "accepted": pgettext_lazy("an invitation", "Accepted"),
        },
        invitation_rows,
    ),
    Part(
        "second_factors",
        _("Second factor"),
        {"kind": KIND, "since": SINCE, "last_used": USED},
        factor_rows,
    ),
    Part(
        "sign_ins",
        _("Sign-ins through institutions"),
        {
            "provider": pgettext_lazy("export", "Sign-in of"),
            "known_as": pgettext_lazy("export", "Known there as"),
            "since": SINCE,
            "last_used": USED,
        },
        sign_in_rows,
    ),
    Part(
        "devices",
        _("Signed-in devices"),
        {
            "device": DEVICE,
            "address": _("Network address"),
            "since": SINCE,
            "last_used": USED,
        },
        session_rows,
    ),
    Part(
        "browsers",
        _("Browsers that are known as yours"),
        {"device": pgettext_lazy("export", "Browser"), "since": SINCE},
        browser_rows,
    ),
    Part(
        "notifications",
        _("Notifications"),
        {
            "rhythm": _("E-mails"),
            "absence": _("Away after"),
            "daily_hour": _("Hour of the daily e-mail"),
            "quiet_from": _("Quiet from"),
            "quiet_until": _("Quiet until"),
            "quiet_days": _("Quiet days"),
            "last_written": _("Last e-mail"),
        },
        notification_rows,
    ),
    Part(
        "notification_levels",
        _("What you are told of, by room"),
        {
            "room": ROOM,
            "level": pgettext_lazy("export", "Told of"),
        },
        level_rows,
    ),
    Part(
        "told_marks",
        _("What you were told of"),
        {
            "room": ROOM,
            "mailed": _("By e-mail, up to number"),
            "pushed": _("On devices, up to number"),
        },
        told_rows,
    ),
    Part(
        "push_devices",
        _("Devices on which you are told"),
        {
            "device": DEVICE,
            "since": SINCE,
        },
        push_rows,
    ),
    Part(
        "filters",
        _("Saved filters"),
        {
            "listing": pgettext_lazy("export", "List"),
            "name": NAME,
            "query": pgettext_lazy("export", "Filter"),
            "shared": _("Shared with the secretariat"),
            "since": SINCE,
        },
        filter_rows,
        texts=(
            "name",
            "query",
        ),
    ),
    Part(
        "calendar",
        _("Private calendar address"),
        {
            "since": _("There is one since"),
        },
        calendar_rows,
    ),
)
