"""The personnel app."""

from django.apps import AppConfig


class PersonnelConfig(AppConfig):
    """Users, organisation units, ministers and roles."""

    name = "personnel"

    def ready(self) -> None:
        """Offer its texts to the translation queue, say who asks and answers questions."""
        from personnel import questions, translations

        translations.register_all()
        questions.register_all()
