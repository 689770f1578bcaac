"""Static files under names that carry their digest, the modules' imports of each other too."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Without this a changed module would be fetched beside an old one that imports it."""

    support_js_module_import_aggregation = True
