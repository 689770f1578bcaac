"""Browsers in which people sign in. Each carries a token of ours; we keep its digest alone."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from members.browsers import browser_name
from members.emails_sign_ins import send_sign_in_letter
from members.models import KnownBrowser, User, token_digest
from records.text import neutral

TOKEN_BYTES, TOKEN_LENGTH = 32, 43
NEW_ACCOUNT = timedelta(hours=1)


@transaction.atomic
def note_sign_in(*, user: User, token: str, user_agent: str) -> str:
    """Remember the browser, and write to the person where they never signed in with it before.

    `token`: what the browser carries; "" or unknown: it gets the one that is returned. Whoever has
    just made the account is not told of it. Safe to repeat.
    """
    if token and KnownBrowser.objects.of(user, token).exists():
        return token
    is_first = not KnownBrowser.objects.filter(user=user).exists()
    token = token if len(token) == TOKEN_LENGTH else secrets.token_urlsafe(TOKEN_BYTES)
    seen, is_new = KnownBrowser.objects.get_or_create(
        user=user,
        digest=token_digest(token),
        defaults={"browser": neutral(browser_name(user_agent))[:100]},
    )
    is_own_beginning = is_first and timezone.now() - user.created_at < NEW_ACCOUNT
    if is_new and not is_own_beginning:
        send_sign_in_letter.defer(browser_id=seen.pk)
    return token
