from django.db import models

from members.models.applications import InformationRequest


class RequestedItem(models.Model):
    """One thing that a request for information asks about, and what was answered to it.

    `about` is as in `members.application_parts`: the name of a field, "document:" and a kind, or
    "question:" and the key of a question of the form.
    """

    request = models.ForeignKey(InformationRequest, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    about = models.CharField(max_length=80)
    question = models.TextField(blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["request", "about"], name="one_item_of_request")
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.about}"

    @property
    def is_document(self) -> bool:
        return self.about.startswith("document:")

    @property
    def asked_document(self) -> tuple[str, str]:
        """Kind and language of the document that it asks for."""
        kind, _slash, language = self.about.removeprefix("document:").partition("/")
        return kind, language
