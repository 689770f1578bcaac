"""Texts of Django and allauth that this portal's catalogues say in its own manner.

Their Arabic addresses one man in the singular, and their French says « e-mail ». Nothing imports
this: it names the texts so that they are collected, and a catalogue of ours wins over theirs.
"""

from django.utils.translation import gettext_noop, ngettext_lazy

FORMS = [
    gettext_noop("Email"),
    gettext_noop("Email address"),
    gettext_noop("email address"),
    gettext_noop("Current Password"),
    gettext_noop("New Password"),
    gettext_noop("New Password (again)"),
    gettext_noop("Authenticator code"),
    gettext_noop("Code"),
    gettext_noop("Forgot your password?"),
]
REFUSALS = [
    gettext_noop("A user is already registered with this email address."),
    gettext_noop("Be patient, you are sending too many requests."),
    gettext_noop("Enter a valid URL."),
    gettext_noop("Enter a valid date."),
    gettext_noop("Enter a valid email address."),
    gettext_noop("Enter a whole number."),
    gettext_noop("Incorrect code."),
    gettext_noop("Incorrect password."),
    gettext_noop("Please type your current password."),
    gettext_noop("Select a valid choice. %(value)s is not one of the available choices."),
    gettext_noop(
        "Select a valid choice. That choice is not one of the available choices.",
    ),
    gettext_noop("The email address and/or password you specified are not correct."),
    gettext_noop("The new value must be different from the current one."),
    gettext_noop("The password is too similar to the %(verbose_name)s."),
    gettext_noop("The password reset token was invalid."),
    gettext_noop("This account is currently inactive."),
    gettext_noop("This email address is already associated with this account."),
    gettext_noop("This password is too common."),
    gettext_noop("Too many failed login attempts. Try again later."),
    gettext_noop("You must type the same password each time."),
    ngettext_lazy(
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
        "limit_value",
    ),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
        "min_length",
    ),
]
HELP = [
    gettext_noop("Your password can’t be a commonly used password."),
    gettext_noop("Your password can’t be too similar to your other personal information."),
    ngettext_lazy(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
        "min_length",
    ),
]
LETTERS = [  # what their subjects are
    gettext_noop("New Recovery Codes Generated"),
    gettext_noop("Authenticator App Activated"),
    gettext_noop("Authenticator App Deactivated"),
    gettext_noop("Security Key Added"),
    gettext_noop("Security Key Removed"),
]
NEWS = [
    gettext_noop("A new set of recovery codes has been generated."),
    gettext_noop("Authenticator app activated."),
    gettext_noop("Authenticator app deactivated."),
    gettext_noop("Confirmation email sent to %(email)s."),
    gettext_noop("Password successfully changed."),
    gettext_noop("Signed out of all other sessions."),
    gettext_noop("Successfully signed in as %(name)s."),
    gettext_noop(
        "Unable to confirm %(email)s because it is already confirmed by a different account."
    ),
    gettext_noop("You have confirmed %(email)s."),
    gettext_noop("You have signed out."),
]
TIMES = [  # they stand after "for", in Arabic after a preposition
    ngettext_lazy("%(num)d minute", "%(num)d minutes", "num"),
    ngettext_lazy("%(num)d hour", "%(num)d hours", "num"),
    ngettext_lazy("%(num)d day", "%(num)d days", "num"),
    ngettext_lazy("%(num)d week", "%(num)d weeks", "num"),
    ngettext_lazy("%(num)d month", "%(num)d months", "num"),
    ngettext_lazy("%(num)d year", "%(num)d years", "num"),
]
