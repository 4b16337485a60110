"""The SMART check in words and marks."""

from fractions import Fraction

from django import forms, template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ibzplan.core.numbers import format_quantity
from objectives.planning import smart_texts
from objectives.planning.forms.smart import MotivationForm
from objectives.planning.selectors.smart import MotivatedFinding, SmartReading
from objectives.planning.smart import Aspect, Rule, Score

register = template.Library()


@register.filter
def aspect_name(aspect: Aspect) -> str:
    """Return what a letter of SMART stands for."""
    return smart_texts.aspect_label(aspect)


@register.filter
def rule_name(rule: Rule) -> str:
    """Return the short name of a rule."""
    return smart_texts.rule_label(rule)


@register.filter
def aspect_shares(score: Score) -> list[tuple[Aspect, Fraction]]:
    """Return the letters in order, each with its share of what can be had."""
    return list(score.aspects.items())


@register.filter
def points(value: Fraction) -> str:
    """Return '6,75': a sum of scores, which are quarters."""
    return format_quantity(value)


@register.simple_tag
def finding_place(one: MotivatedFinding, reading: SmartReading) -> str:
    """Return which title or which indicator a finding is about; '' for the objective itself."""
    code = one.key.indicator
    return smart_texts.place_label(one.finding) or (reading.indicators[code].title if code else "")


@register.simple_tag
def finding_says(one: MotivatedFinding, reading: SmartReading) -> str:
    """Return what is wrong and how to mend it."""
    return smart_texts.finding_text(one.finding, title=one.title, indicators=reading.indicators)


@register.filter
def marked_title(one: MotivatedFinding) -> SafeString:
    """Return the title that a finding is about, with the words that it names marked."""
    pieces: list[tuple[SafeString]] = []
    last = 0
    for start, end in one.finding.words:
        pieces.append(
            (format_html("{}<mark>{}</mark>", one.title[last:start], one.title[start:end]),)
        )
        last = end
    pieces.append((format_html("{}", one.title[last:]),))
    return format_html(
        '<span lang="{}">{}</span>', one.finding.language, format_html_join("", "{}", pieces)
    )


@register.filter
def motivation_field(form: MotivationForm, one: MotivatedFinding) -> forms.BoundField | None:
    """Return the field in which a finding is motivated."""
    return form.field_of(one)
