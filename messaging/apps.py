from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "messaging"

    def ready(self) -> None:
        from members import onboarding  # noqa: PLC0415  needs the loaded models
        from messaging import audit, queues, receivers  # noqa: F401, PLC0415  need the loaded models
        from messaging.models import Room  # noqa: PLC0415

        onboarding.FACTS["rooms"] = lambda it: not Room.objects.of_all_without(it).exists()
