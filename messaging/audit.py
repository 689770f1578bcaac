"""What the audit log says of transcripts, added to `members.audit`."""

from django.utils.translation import gettext_lazy as _

from members.audit import ACTS, KEYS, THINGS

THINGS |= {"messaging.transcript": _("transcript")}
ACTS |= {
    "transcript.downloaded": _("transcript downloaded"),
    "transcript.made": _("transcript made"),
}
KEYS |= {
    "first_record": _("first record"),
    "format": _("format"),
    "head": _("hash at the end"),
    "last_record": _("last record"),
    "room": _("room"),
}
