from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "members"

    def ready(self) -> None:
        from members import (  # noqa: PLC0415  they connect
            audit_words_standing,  # noqa: F401
            emails_memberships,  # noqa: F401
            emails_notices,  # noqa: F401
            emails_people,  # noqa: F401
            emails_profiles,  # noqa: F401
            enums,
            network,
            receivers,  # noqa: F401
            tasks_admission,  # noqa: F401
            tasks_applying,  # noqa: F401
            tasks_dossiers,  # noqa: F401
            tasks_groups,  # noqa: F401
            tasks_handovers,  # noqa: F401
            tasks_reviews,  # noqa: F401
        )

        enums.settled_class_name = network.class_name
