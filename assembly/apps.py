from django.apps import AppConfig


class AssemblyConfig(AppConfig):
    name = "assembly"

    def ready(self) -> None:
        from assembly.enums import Choice, MeetingKind, Outcome, PollState  # noqa: PLC0415
        from members.audit import VALUES  # noqa: PLC0415  after the models

        # The audit log is read in `members`, which may not know these.
        VALUES["kind"] = (*VALUES["kind"], MeetingKind)
        VALUES["state"] = (*VALUES["state"], PollState)
        VALUES["outcome"] = (Outcome,)
        VALUES["roll"] = (Choice,)
