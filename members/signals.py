"""News for the apps above. All are sent inside the transaction that made them true."""

from django.dispatch import Signal

member_admitted = Signal()  # institution, membership (candidate until the charter is signed)
member_activated = Signal()  # institution, membership
mandate_started = Signal()  # mandate
mandate_ended = Signal()  # mandate
mandate_changed = Signal()  # mandate: it will end at another time, or is suspended, or is not
mandate_to_be_handed_over = Signal()  # before: nothing is written yet, what is needed is locked
mandate_handed_over = Signal()  # before, after: mandates of one capacity at one institution
group_created = Signal()  # group
# group, institution, role, before (its role until now; "" where it comes anew), actor, mandate
group_member_added = Signal()
group_member_removed = Signal()  # group, institution, role
membership_changed = Signal()  # institution, before (its standing until now, or None)
group_renamed = Signal()  # group, before (its names until now), actor, mandate
group_closed = Signal()  # group, actor, mandate
group_reopened = Signal()  # group, closed_at, actor, mandate
person_erased = Signal()  # user: nameless by now; what is theirs alone is to go
presidency_changed = Signal()  # handover: it is settled, moved, taken back, or in effect
