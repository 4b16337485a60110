"""The objectives.indicators app."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """See the package's docstring."""

    name = "objectives.indicators"
    label = "indicators"

    def ready(self) -> None:
        """Offer its texts to the translation queue."""
        from objectives.indicators import translations

        translations.register_all()
