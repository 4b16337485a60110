"""Two moments of a plan year beside each other: what moved, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from ibzplan.core.clocks import Clocks, year_in
from ibzplan.core.exports import About, export_response
from objectives.indicators.choices import Status
from objectives.planning.models import OperationalPlan
from objectives.planning.selectors.plan_years import all_plans, current_plan
from personnel.access import Access, access_of
from reporting.choices import STATUS_CHOICES, CompareMode, MovementKind
from reporting.forms import CompareForm, report_label
from reporting.models import ProgressReport
from reporting.movement_texts import movement_phrase
from reporting.selectors.comparing import CompareFilter, Comparison, comparison
from reporting.selectors.movements import issued_reports
from reporting.selectors.reports import last_quarter_end
from reporting.selectors.since import since_last
from reporting.since_texts import unreported_text
from reporting.views.compare_tables import compare_tables, table_names
from reporting.views.filters import Choices, choices_of, words_of

# A reader looks for these, also when there are none.
_ALWAYS_SAID: Final = (MovementKind.IMPROVED, MovementKind.WORSENED, MovementKind.ADJUSTED)
_SIDES: Final = (
    ("since", "until"),
    ("since_known", "until_known"),
    ("since_report", "until_report"),
)
_UNPROCESSABLE: Final = 422


@dataclass(frozen=True, slots=True)
class _Offer:
    """What the form of this reader offers."""

    plan: OperationalPlan
    choices: Choices
    reports: Sequence[ProgressReport]
    access: Access


@require_safe
def compare_page(request: HttpRequest) -> HttpResponse:
    """Show what moved between two moments; everything that is chosen is in the address."""
    access = access_of(request.user)
    plan = current_plan(year_in(request.GET.get("year", ""))) or current_plan(None)
    if plan is None:
        return render(request, "reporting/dashboard_empty.html")
    reports = [report for report in issued_reports(access) if report.plan_id is not None]
    offer = _Offer(plan, choices_of(plan), reports, access)
    data = _asked(request, offer)
    form = _form(data, offer)
    if form.is_valid() and data["mode"] == CompareMode.LAST:
        _find_last(form, offer)
    if form.errors:
        context = {"form": form, "plan": offer.plan, "swap": _swapped(form, data)}
        return render(request, "reporting/compare.html", context, status=_UNPROCESSABLE)
    filter_ = _filter(form.cleaned_data, offer)
    before, after = form.cleaned_data["before"], form.cleaned_data["after"]
    page = comparison(filter_=filter_, before=before, after=after, access=access)
    file = export_response(
        request,
        lambda: compare_tables(page),
        file_name=_("comparison"),
        about=_about(page, form),
    )
    return file or render(request, "reporting/compare.html", _context(page, form))


def _asked(request: HttpRequest, offer: _Offer) -> dict[str, str]:
    """Return what the address asks for, with what it leaves to us.

    Cabinet staff start with their own minister; everyone with the last report, or without one
    with the last period that was closed, or that is over.
    """
    data = {name: str(value).strip() for name, value in request.GET.items()}
    data.setdefault("year", str(offer.plan.year))
    own = offer.choices.own_minister(offer.access)
    data.setdefault("minister", own.code if own else "")
    if "mode" not in data:
        data["mode"] = _mode(data, offer)
        if data["mode"] == CompareMode.DATES:
            today = timezone.localdate()
            data.setdefault("since", last_quarter_end(offer.plan.plan, today).isoformat())
    return data


def _mode(data: Mapping[str, str], offer: _Offer) -> CompareMode:
    """Return how an address compares that does not say so."""
    if data.get("since_report") or data.get("until_report"):
        return CompareMode.REPORTS
    if data.get("since"):
        return CompareMode.DATES
    minister = offer.choices.minister(data["minister"])
    found = since_last(offer.plan, minister, Clocks.now(), offer.access)
    return CompareMode.LAST if found else CompareMode.DATES


def _form(data: Mapping[str, str], offer: _Offer) -> CompareForm:
    return CompareForm(
        data,
        plans=all_plans(),
        ministers=offer.choices.ministers,
        units=offer.choices.units,
        reports=offer.reports,
    )


def _find_last(form: CompareForm, offer: _Offer) -> None:
    """Put the last report in the cleaned data, or say at the field that there is none.

    Without a report the last period that was closed takes its place.
    """
    data = form.cleaned_data
    minister = offer.choices.minister(data["minister"])
    found = since_last(offer.plan, minister, data["after"], offer.access)
    if found is None:
        form.add_error(
            "mode",
            _(
                "No report on this plan was issued for an earlier date, and no earlier period of it"
                " was closed: choose two dates instead."
            ),
        )
    else:
        data["before"], data["since_report"], data["since_last"] = found.clocks, found.report, found


def _filter(data: Mapping[str, Any], offer: _Offer) -> CompareFilter:
    is_reports = data["mode"] == CompareMode.REPORTS
    return CompareFilter(
        plan=data["until_report"].plan if is_reports else offer.plan,
        minister=offer.choices.minister(data["minister"]),
        unit=offer.choices.unit(data["unit"]),
        status=data["status"],
        kind=data["kind"],
    )


def _swapped(form: CompareForm, data: Mapping[str, str]) -> str:
    """Return the address with the two moments the other way round; '' when that is no remedy."""
    if not form.can_swap:
        return ""
    swapped = dict(data)
    for first, second in _SIDES:
        swapped[first], swapped[second] = data.get(second, ""), data.get(first, "")
    if data["mode"] == CompareMode.DATES and not swapped["since"]:
        swapped["since"] = form.cleaned_data["after"].reference_date.isoformat()
    return f"?{urlencode({name: value for name, value in swapped.items() if value})}"


def _context(page: Comparison, form: CompareForm) -> dict[str, object]:
    return {
        "form": form,
        "page": page,
        "plan": page.filter.plan,
        "before": page.before,
        "after": page.after,
        "before_report": _report(form, "since_report"),
        "unreported": unreported_text(form.cleaned_data.get("since_last")),
        "after_report": _report(form, "until_report"),
        "filter_summary": _summary(page),
        "counts": _counts(page),
        "phrases": _phrases(page),
        "statuses": Status.choices,
        "export_tables": table_names(page),
        "demo_mark": page.filter.plan.is_demo,
    }


def _report(form: CompareForm, name: str) -> ProgressReport | None:
    found = form.cleaned_data.get(name)
    return found if isinstance(found, ProgressReport) else None


def _counts(page: Comparison) -> list[tuple[MovementKind, int]]:
    """Return how many moved how; what a reader looks for is there also when there are none."""
    return [(kind, n) for kind, n in page.kinds.items() if n or kind in _ALWAYS_SAID]


def _phrases(page: Comparison) -> list[str]:
    """Return the counts as the parts of the headline sentence."""
    moved = [movement_phrase(kind, n) for kind, n in _counts(page)]
    return [*moved, _unchanged(page.unchanged)]


def _unchanged(n: int) -> str:
    return ngettext("%(n)s unchanged", "%(n)s unchanged", n) % {"n": n}


def _summary(page: Comparison) -> str:
    """Return both moments and the filters in one line, for the closed bar on a phone."""
    days = " → ".join(
        date_format(clocks.reference_date, "SHORT_DATE_FORMAT")
        for clocks in (page.before, page.after)
    )
    return " · ".join([days, *(value for _label, value in _words(page.filter))])


def _words(filter_: CompareFilter) -> list[tuple[str, str]]:
    """Return the filters in force as (label, value)."""
    words = words_of(filter_)
    if filter_.status:
        words.append((_("Status after"), str(dict(STATUS_CHOICES)[filter_.status])))
    if filter_.kind:
        words.append((_("Movement"), str(MovementKind(filter_.kind).label)))
    return words


def _about(page: Comparison, form: CompareForm) -> About:
    """Return what the file says of itself; the clocks are the later ones."""
    plan = page.filter.plan
    words = [(_("Compared with"), _moment(page.before, _report(form, "since_report")))]
    return About(
        _("What moved in the operational plan %(year)s") % {"year": plan.year},
        page.after,
        plan.year,
        [*words, *_words(page.filter)],
        is_demo=plan.is_demo,
    )


def _moment(clocks: Clocks, report: ProgressReport | None) -> str:
    if report is not None:
        return report_label(report)
    known = date_format(timezone.localtime(clocks.known_at), "SHORT_DATETIME_FORMAT")
    return _("%(day)s as known on %(moment)s") % {
        "day": date_format(clocks.reference_date, "SHORT_DATE_FORMAT"),
        "moment": known,
    }
