"""Browsers in which people sign in. Each carries a token of ours; we keep its digest alone."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from members.browsers import browser_name
from members.emails_sign_ins import send_code_letter, send_sign_in_letter
from members.models import KnownBrowser, User, token_digest
from records.actions import append_audit_entry
from records.models import AuditEntry
from records.text import neutral

TOKEN_BYTES, TOKEN_LENGTH = 32, 43
NEW_ACCOUNT = timedelta(hours=1)


AN_HOUR = timedelta(hours=1)
REFUSALS_AN_HOUR = 100  # of all accounts
AT_THE_CODE = "person.code_refused"


@transaction.atomic
def note_sign_in(*, user: User, token: str, user_agent: str, ways: list[str]) -> str:
    """Log it, remember the browser, and write to the person where they never signed in with it
    before.

    `ways`: keys of `audit_words.WAYS`, in their order. `token`: what the browser carries; "" or
    unknown: it gets the one that is returned. Whoever has just made the account is not told of
    it. A repeat is a sign-in of its own.
    """
    browser = neutral(browser_name(user_agent))[:100]
    append_audit_entry(
        actor=user, act="person.signed_in", thing=user, after={"ways": ways, "browser": browser}
    )
    if token and KnownBrowser.objects.of(user, token).exists():
        return token
    is_first = not KnownBrowser.objects.filter(user=user).exists()
    token = token if len(token) == TOKEN_LENGTH else secrets.token_urlsafe(TOKEN_BYTES)
    seen, is_new = KnownBrowser.objects.get_or_create(
        user=user,
        digest=token_digest(token),
        defaults={"browser": browser},
    )
    is_own_beginning = is_first and timezone.now() - user.created_at < NEW_ACCOUNT
    if is_new and not is_own_beginning:
        send_sign_in_letter.defer(browser_id=seen.pk)
    return token


@transaction.atomic
def note_refused_sign_in(*, user: User, act: str) -> bool:
    """Log that a sign-in was refused, and write to the person where the password was right; False
    where that was done within the hour, or the log has got as many as it takes. No stranger can
    fill it: nothing is ever taken out of it.
    """
    since = timezone.now() - AN_HOUR
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)  # two jobs at once
    if not user.is_active or AuditEntry.objects.lately(act, User, [user.pk], since):
        return False
    knows_password = act == AT_THE_CODE
    logged = AuditEntry.objects.page(act=act, since=since)
    if not knows_password and logged.count() >= REFUSALS_AN_HOUR:
        return False
    append_audit_entry(actor=None, act=act, thing=user)
    if knows_password:
        send_code_letter.defer(user_id=user.pk)
    return True
