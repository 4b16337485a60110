"""`manage.py smart_score [--language nl|fr] [--rule RULE ...]`."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from objectives.planning.smart import LANGUAGES, SMART_VERSION, TEXT_RULES, Rule
from objectives.planning.smart.labelled import Example, examples
from objectives.planning.smart.measuring import Tally, misses, tally

FOLDER: Final = settings.BASE_DIR / "fixtures" / "smart"
RULE_WIDTH: Final = 24


class Command(BaseCommand):
    """Measure the SMART check against the labelled objectives."""

    help = (
        "Prints for each rule of the SMART check how often it agrees with the labelled objectives "
        "in fixtures/smart, for those it was tuned on and for those held out, and where it differs."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take a language and rules to keep to."""
        parser.add_argument("--language", choices=LANGUAGES)
        parser.add_argument(
            "--rule", action="append", choices=[str(rule) for rule in Rule], dest="rules"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print it all."""
        rules = tuple(map(Rule, options["rules"])) if options["rules"] else tuple(Rule)
        languages = (options["language"],) if options["language"] else LANGUAGES
        self.stdout.write(f"SMART check, version {SMART_VERSION}")
        for language in languages:
            sample = examples(FOLDER / f"{language}.yaml")
            tuned = [example for example in sample if not example.is_held_out]
            held_out = [example for example in sample if example.is_held_out]
            self._part(f"{language}, tuned on", tuned, rules)
            self._part(f"{language}, held out", held_out, rules)

    def _part(self, heading: str, sample: Sequence[Example], rules: Sequence[Rule]) -> None:
        self.stdout.write(f"\n{heading}: {len(sample)} objectives")
        self.stdout.write(
            f"  {'rule':<{RULE_WIDTH}}precision  recall  labels  right  wrong  missed"
        )
        for rule in rules:
            counts = tally(sample, [rule])
            if counts.right or counts.wrong or counts.missed:
                self._line(str(rule), counts)
        titles = [rule for rule in rules if rule in TEXT_RULES]
        if len(titles) > 1:
            self._line("all rules on titles", tally(sample, titles))
        if len(rules) > 1:
            self._line("all", tally(sample, rules))
        for miss in misses(sample, rules):
            marks = [f"missed {rule}" for rule in miss.missed]
            marks += [f"wrongly {rule}" for rule in miss.wrong]
            self.stdout.write(f"  ! {', '.join(marks)}: {miss.example.text}")

    def _line(self, name: str, counts: Tally) -> None:
        precision, recall = _decimal(counts.precision), _decimal(counts.recall)
        self.stdout.write(
            f"  {name:<{RULE_WIDTH}}{precision:>9}{recall:>8}{counts.right + counts.missed:>8}"
            f"{counts.right:>7}{counts.wrong:>7}{counts.missed:>8}"
        )


def _decimal(share: Fraction | None) -> str:
    return "-" if share is None else f"{float(share):.2f}"
