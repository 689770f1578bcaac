"""What is said of a group, its closing and reopening: the secretariat's."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members import signals, tasks_groups
from members.actions.groups import (
    GroupClosedError,
    answer_request,
    check_maker,
    lock_group,
    log_request,
)
from members.enums import JoinState
from members.models import Group, GroupVersion, JoinRequest, Mandate, User
from records.actions import append_audit_entry


class StaleGroupError(ValidationError):
    """Somebody else changed what is said of the group after the form was opened."""

    def __init__(self, version: int) -> None:
        super().__init__(_("Somebody else has saved this in the meantime."), code="stale")
        self.version = version  # as it stands now


@transaction.atomic
def change_group(
    *,
    group: Group,
    names: dict[str, str],
    mandate_texts: dict[str, str],
    mandate_states: dict[str, str],
    starts_on: date | None,
    ends_on: date | None,
    secretariat_chairs: bool,
    version: int | None,
    actor: User,
    mandate: Mandate | None,
) -> Group:
    """Keep what is said of the group. The room that bears its name follows (`group_renamed`); the
    others keep their titles: who runs them names them.

    `version`: of what the actor has seen; None for whoever has seen none. Each change is kept as a
    version; the log says of the mandate's text only in which languages it changed. Safe to repeat:
    where nothing changes, nothing is kept. Raises PermissionDenied, GroupClosedError,
    StaleGroupError.
    """
    check_maker(actor)
    kept = lock_group(group)
    if kept.is_closed:
        raise GroupClosedError
    new: dict[str, Any] = {
        "names": names,
        "mandate_texts": mandate_texts,
        "mandate_states": mandate_states,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "secretariat_chairs": secretariat_chairs,
    }
    before = {key: getattr(kept, key) for key in new}
    changed = [key for key, value in new.items() if before[key] != value]
    if not changed:
        return kept
    if version not in (None, kept.version):
        raise StaleGroupError(kept.version)
    if kept.version == 0:
        GroupVersion.objects.create(group=kept, number=0, at=kept.created_at, said=kept.said())
    for key in changed:
        setattr(kept, key, new[key])
    kept.version += 1
    kept.save(update_fields=[*changed, "version"])
    GroupVersion.objects.create(
        group=kept,
        number=kept.version,
        at=timezone.now(),
        actor=actor,
        mandate=mandate,
        said=kept.said(),
    )
    if "names" in changed:
        signals.group_renamed.send(
            Group, group=kept, before=before["names"], actor=actor, mandate=mandate
        )
    shown = [key for key in changed if key != "mandate_texts"]
    languages = [
        code
        for code in dict.fromkeys([*before["mandate_texts"], *mandate_texts])
        if before["mandate_texts"].get(code) != mandate_texts.get(code)
    ]
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="group.changed",
        thing=kept,
        before={key: _said(before[key]) for key in shown},
        after={
            **{key: _said(new[key]) for key in shown},
            **({"mandate_texts": languages} if languages else {}),
        },
    )
    return kept


@transaction.atomic
def close_group(*, group: Group, reason: str, actor: User, mandate: Mandate | None) -> Group:
    """Close it, and its rooms with it (`group_closed`); requests that wait are declined for the
    same reason. Its members keep their places, go on reading, and are told. Repeated, it does
    nothing.
    """
    check_maker(actor)
    kept = lock_group(group)
    if kept.is_closed:
        return kept
    kept.closed_at = timezone.now()
    kept.closing_reason = reason
    kept.save(update_fields=["closed_at", "closing_reason"])
    declined = list(JoinRequest.objects.pending().of_group(kept).for_display())
    for request in declined:
        request.reason = reason
        answer_request(request, JoinState.DECLINED, mandate)
        tasks_groups.tell_answer(request)
    tasks_groups.tell_members("closed", kept, actor)
    signals.group_closed.send(Group, group=kept, actor=actor, mandate=mandate)
    for request in declined:
        log_request(request, "group.join_declined", actor, mandate)
    append_audit_entry(
        actor=actor, mandate=mandate, act="group.closed", thing=kept, after={"reason": reason}
    )
    return kept


@transaction.atomic
def reopen_group(*, group: Group, actor: User, mandate: Mandate | None) -> Group:
    """Let it work again, in the rooms that were closed with it (`group_reopened`). Repeated, it
    does nothing.
    """
    check_maker(actor)
    kept = lock_group(group)
    if kept.closed_at is None:
        return kept
    closed_at, reason = kept.closed_at, kept.closing_reason
    kept.closed_at, kept.closing_reason = None, ""
    kept.save(update_fields=["closed_at", "closing_reason"])
    tasks_groups.tell_members("reopened", kept, actor)
    signals.group_reopened.send(
        Group, group=kept, closed_at=closed_at, actor=actor, mandate=mandate
    )
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="group.reopened",
        thing=kept,
        before={"from": closed_at.date().isoformat(), "reason": reason},
    )
    return kept


def _said(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
