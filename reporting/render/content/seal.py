"""What the approval of a report adds to it: who read it, what was waived, and why."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from reporting.choices import GateKind, ReviewVerdict
from reporting.render.blocks import Block, Heading, Items, Name, Paragraph, Run, Terms, Words
from reporting.render.sentences import joined, sentence
from reporting.render.wording import as_typed, dated, labelled_run

Part = Mapping[str, Any]

# Where what was typed at the approval stands.
WITHOUT_REVIEW: Final = "method.seal.withoutReview"
WAIVER: Final = "method.seal.waiver.0"


def seal_blocks(seal: Part | None) -> list[Block]:
    """Return the approval of an issued report; nothing for a draft."""
    if seal is None:
        return []
    return [
        Heading(2, (Words(_("Approval")),), "method.seal"),
        Terms(((_("Approved on"), (dated(seal["approvedOn"]),)),), "method.seal.approved"),
        *_reviews(seal),
        *_waivers(seal),
    ]


def _reviews(seal: Part) -> list[Block]:
    blocks: list[Block] = []
    if seal["reviews"]:
        blocks.append(Items(tuple(_review(row) for row in seal["reviews"]), "method.seal.reviews"))
    if reason := seal["withoutReview"]:
        run = sentence(
            _("Approved without every review, because: %(reason)s"), reason=as_typed(reason)
        )
        blocks.append(Paragraph(run, WITHOUT_REVIEW))
    return blocks


def _review(row: Part) -> Run:
    """Return 'ADCV: agreed, 12.11.2026'; of a directorate that did not answer, that it did not."""
    said: Run = (Words(_("has not answered")),)
    if row["verdict"]:
        verdict = Words(str(ReviewVerdict(row["verdict"]).label).lower())
        said = joined(verdict, dated(row["on"]), separator=", ")
    return labelled_run(Name(row["unit"], style="strong"), said)


def _waivers(seal: Part) -> list[Block]:
    blocks: list[Block] = []
    for number, row in enumerate(seal["waivers"]):
        gate = Words(str(GateKind(row["gate"]).label), style="strong")
        run = sentence(
            _("%(gate)s. Issued all the same on %(day)s, because: %(reason)s"),
            gate=gate,
            day=dated(row["on"]),
            reason=as_typed(row["reason"]),
        )
        blocks.append(Paragraph(run, f"method.seal.waiver.{number}"))
    return blocks
