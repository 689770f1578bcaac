from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        from portal import audit, checks, receivers  # noqa: F401, PLC0415  they register when imported
