from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class MembersConfig(AppConfig):
    name = "members"

    def ready(self) -> None:
        from members import (  # noqa: PLC0415  they connect
            audit_words_standing,  # noqa: F401
            emails_memberships,  # noqa: F401
            emails_notices,  # noqa: F401
            emails_people,  # noqa: F401
            emails_profiles,  # noqa: F401
            receivers,  # noqa: F401
            tasks_admission,  # noqa: F401
            tasks_applying,  # noqa: F401
            tasks_dossiers,  # noqa: F401
            tasks_groups,  # noqa: F401
            tasks_handovers,  # noqa: F401
            tasks_reviews,  # noqa: F401
            tasks_sign_ins,  # noqa: F401
        )

        connection_created.connect(let_the_network_say)


def let_the_network_say(**_kwargs: Any) -> None:
    """What classes are called, in which languages texts are asked for.

    Not before there is a connection: Django's system checks read every label, and a command that
    needs no database (`prepare --files`) would wait for one.
    """
    from members import enums, network  # noqa: PLC0415  once the apps are there
    from records import languages  # noqa: PLC0415

    enums.settled_class_name = network.class_name
    languages.offered = network.offered_languages
