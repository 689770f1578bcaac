"""Texts in several languages that are published."""

from typing import Any, ClassVar, NamedTuple

from django.conf import settings
from django.db import models
from django.utils.translation import get_language, get_language_info

from members.network import languages_with
from records.languages import TextState, final_only, in_language, state_of


class Edition(NamedTuple):
    """A thing's texts in one language: what a page shows of it."""

    language: str
    asked: str  # the language that was asked for
    title: str
    summary: str
    body: str

    @property
    def is_fallback(self) -> bool:
        return self.language != self.asked

    @property
    def direction(self) -> str:
        return "rtl" if get_language_info(self.language)["bidi"] else "ltr"


class LanguageState(NamedTuple):
    """How far a thing has come in one language."""

    code: str
    name: str  # what its speakers call it
    state: TextState


class EditableTexts(models.Model):
    """Titles and bodies per language, with a state in each; the body is in Markdown."""

    titles = models.JSONField(default=dict)
    bodies = models.JSONField(default=dict)
    states = models.JSONField(default=dict)  # language code -> draft or final
    version = models.PositiveIntegerField(default=0)  # of the texts: a stale form shows by it
    changed_at = models.DateTimeField(auto_now=True)

    objects: Any = models.Manager()  # mypy's plugin goes in circles without one
    kinds: ClassVar[tuple[str, ...]] = ("titles", "bodies")  # the columns that hold texts

    class Meta:
        abstract = True

    @property
    def final_titles(self) -> dict[str, str]:
        """The titles that may be published."""
        return final_only(self.titles, self.states)

    @property
    def final_languages(self) -> list[str]:
        return [code for code, _name in settings.LANGUAGES if code in self.final_titles]

    @property
    def language_states(self) -> list[LanguageState]:
        """In the languages of the network, and in those that it has left where there is a text."""
        return [
            LanguageState(code, name, state_of(self.titles, self.states, code))
            for code, name in languages_with(self.titles)
        ]

    def texts(self) -> dict[str, dict[str, str]]:
        """What a version keeps."""
        return {kind: getattr(self, kind) for kind in (*self.kinds, "states")}

    @property
    def edition_with_drafts(self) -> Edition:
        """For the secretariat, which reads drafts too."""
        return self.edition(drafts=True)

    def edition(self, language: str | None = None, *, drafts: bool = False) -> Edition:
        """The texts in `language` (default: the active one), or the language nearest to it.

        Title, summary and body are of one language. Without `drafts` only final ones count.
        """
        asked = language or get_language() or settings.LANGUAGE_CODE
        found = in_language(self.titles if drafts else self.final_titles, asked).language
        return Edition(
            language=found,
            asked=asked,
            title=self.titles.get(found, ""),
            summary=getattr(self, "summaries", {}).get(found, ""),
            body=self.bodies.get(found, ""),
        )
