from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "members"

    def ready(self) -> None:
        from members import emails_people, receivers  # noqa: F401, PLC0415  they connect
