from django.db import models


class CountryNameQuerySet(models.QuerySet["CountryName"]):
    def find(self, code: str) -> "CountryName | None":
        return self.filter(code=code).first()

    def by_code(self) -> dict[str, "CountryName"]:
        return {settled.code: settled for settled in self}


class CountryName(models.Model):
    """What this network settled about a country or territory; read through `members.countries`.

    A language without a name here has the library's.
    """

    code = models.CharField(max_length=2, unique=True)  # ISO 3166, two letters
    names = models.JSONField(default=dict)
    is_on_map = models.BooleanField(default=True)
    note = models.TextField(blank=True)  # where the name comes from, who decided

    objects = CountryNameQuerySet.as_manager()

    def __str__(self) -> str:
        return self.code
