from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "messaging"

    def ready(self) -> None:
        from messaging import audit, queues, receivers  # noqa: F401, PLC0415  need the loaded models
