"""What the audit log calls the release of profiles, dues and notices."""

from django.utils.translation import gettext_lazy as _

from members.audit_words import ACTS, KEYS, THINGS, VALUES
from members.enums_standing import NoticeSubject

THINGS.update(
    {
        "members.dues": _("dues of an institution"),
        "members.releaserule": _("release of profiles"),
        "members.standingnotice": _("notice to an institution"),
    }
)
ACTS.update(
    {
        "dues.changed": _("dues of an institution corrected"),
        "dues.entered": _("dues of an institution entered"),
        "notice.changed": _("draft of a notice changed"),
        "notice.discarded": _("draft of a notice discarded"),
        "notice.drafted": _("notice to an institution drafted"),
        "notice.sent": _("notice to an institution sent"),
        "profile.proposed": _("changes to a profile proposed"),
        "profile.release_settled": _("release of profiles by the secretariat settled"),
        "profile.released": _("changes to a profile released"),
        "profile.returned": _("changes to a profile returned with reasons"),
        "profile.taken_back": _("proposed changes to a profile taken back"),
        "standing.exported": _("list of the standing of members taken along"),
    }
)
KEYS.update(
    {
        "amount": _("amount"),
        "paid_on": _("paid on"),
        "payable_on": _("due on"),
        "proposal": _("number of the proposal"),
        "recipients": _("recipients"),
        "subject": _("subject"),
        "waits_for_release": _("changes wait for the release"),
        "waived_because": _("waived because"),
        "year": _("year"),
    }
)
VALUES["subject"] = (NoticeSubject,)
