from members.models import User


def choose_language(*, user: User, language: str) -> None:
    """Keep the person's language (a code of settings.LANGUAGES)."""
    user.language = language
    user.save(update_fields=["language"])
