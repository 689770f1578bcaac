"""What allauth keeps of an account. Its models are not ours: what would be a method of a QuerySet
is a function here.
"""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db.models import QuerySet

from members.models.people import User


def addresses_of(user: User) -> QuerySet[EmailAddress]:
    found: QuerySet[EmailAddress] = EmailAddress.objects.filter(user=user)
    return found.order_by("pk")


def factors_of(user: User) -> QuerySet[Authenticator]:
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user=user)
    return found.order_by("pk")


def sign_ins_of(user: User) -> QuerySet[SocialAccount]:
    """At the providers of institutions."""
    found: QuerySet[SocialAccount] = SocialAccount.objects.filter(user=user)
    return found.order_by("pk")


def sessions_of(user: User) -> QuerySet[UserSession]:
    """The first first."""
    found: QuerySet[UserSession] = UserSession.objects.filter(user=user)
    return found.order_by("created_at", "pk")
