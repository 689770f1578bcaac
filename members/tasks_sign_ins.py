"""What becomes of a sign-in that was refused. Afterwards and in a job: the answer must not tell,
not by the time that it takes either, who has an account.
"""

from procrastinate.contrib.django import app

from members.actions import sign_ins
from members.models import User
from members.tasks import RETRY
from members.throttle import within_limit

PASSWORD, CODE = "password", "code"
NOBODY = 0
HOUR = 60 * 60
_ACTS = {PASSWORD: "person.sign_in_refused", CODE: sign_ins.AT_THE_CODE}


def tell_of_refusal(email: str) -> None:
    """The same is done for an address without an account: a job that finds nobody."""
    if not within_limit("refused-sign-in", email.strip().lower(), limit=1, seconds=HOUR):
        return
    user = User.objects.of_email(email)
    note_refused_sign_in.defer(user_id=user.pk if user else NOBODY, by=PASSWORD)


@app.task(name="members.note_refused_sign_in", retry=RETRY)
def note_refused_sign_in(*, user_id: int, by: str) -> None:
    """`by`: at what it was refused."""
    user = User.objects.filter(pk=user_id).first()
    if user is not None:
        sign_ins.note_refused_sign_in(user=user, act=_ACTS[by])
