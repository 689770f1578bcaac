from django.apps import AppConfig


class AssemblyConfig(AppConfig):
    name = "assembly"

    def ready(self) -> None:
        from assembly.enums import Choice, MeetingKind, Outcome, PollState  # noqa: PLC0415
        from assembly.occasions import meetings_of  # noqa: PLC0415
        from members.audit_words import VALUES  # noqa: PLC0415  after the models
        from messaging.occasions import finders  # noqa: PLC0415

        # The audit log is read in `members`, which may not know these.
        VALUES["kind"] = (*VALUES["kind"], MeetingKind)
        VALUES["state"] = (*VALUES["state"], PollState)
        VALUES["outcome"] = (Outcome,)
        VALUES["roll"] = (Choice,)
        finders.append(meetings_of)  # and a room's meeting in `messaging`
