"""What `majlis_verify` finds, in the reader's language."""

from django.utils.translation import gettext_lazy as _

from majlis_verify import Fault

WORDS = {
    "frame": _("The document inside the file was damaged: it is not as the format demands."),
    "first": _("Record %(record)s, or the hash before it, was altered."),
    "genesis": _("The beginning of the record was altered."),
    "altered": _("Record %(record)s was altered."),
    "missing": _("Record %(record)s is missing."),
    "order": _("Record %(record)s is out of order."),
    "foreign": _("Record %(record)s is of another room."),
    "text": _("Record %(record)s has another text than was recorded."),
    "files": _("Record %(record)s has other files, or other names of files, than were recorded."),
    "head": _("The hash at the end is not that of the last record."),
    "signature": _(
        "The signature does not fit: names, times, the range or the whole chain were changed "
        "after it was signed."
    ),
    "key": _("The key in the file is not the one that it names."),
    "period": _("The key was not in use when the file says that it was signed."),
    "page": _("The page shows something else than was recorded, at record %(record)s."),
    "page_frame": _("The page shows something else than was signed, outside the records."),
    "pages": _(
        "The records inside are whole, but the PDF is not the file that was made: its pages may "
        "show something else. Files that were saved or printed anew end here too."
    ),
}


def fault_in_words(fault: Fault) -> str:
    return str(WORDS[fault.what]) % {"record": fault.record}
