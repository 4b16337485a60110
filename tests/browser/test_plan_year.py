"""A whole plan year, played by six people in a browser, from an empty plan to its closing.

The plan is that of last calendar year, so that all its figures can be given and it can be closed.
Nothing is patched: what the clock says is what the product goes by.
"""

import re
import urllib.request
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from icalendar import Calendar
from playwright.sync_api import Browser, expect

from tests.browser.visitor import Visitor, run_all
from tests.objectives.planning.workbook_files import Opened
from tests.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.slow]

YEAR = date.today().year - 1  # noqa: DTZ011 - a day more or less does not matter here
WORKBOOK_YEAR = YEAR + 2 if YEAR < 2027 else YEAR - 1  # another one than those of the walk
ROLES = {
    "planner": ["--unit", "ADCV"],
    "head": ["--unit", "ADCV"],
    "corporate": [],
    "committee": [],
    "cabinet": ["--minister", "VBZ"],
    "auditor": [],
}

VAGUE = "Optimaliseren van de werking"
TITLE = "De gemiddelde wachttijd van noodoproepen verkorten tot 8 seconden"
TITLE_FR = "Réduire à 8 secondes l’attente moyenne des appels d’urgence"
NEW_TITLE = "De gemiddelde wachttijd van noodoproepen verkorten tot 7 seconden"
SECOND = "De hulpverleningszones driemaal per jaar inspecteren"
SUCCESSOR = "De gemiddelde wachttijd van noodoproepen verkorten tot 6 seconden"
IN_EXCEL = "Drie kazernes van de Civiele Bescherming renoveren"
INDICATOR = "Gemiddelde wachttijd van een noodoproep"
ANSWER = "De spoedgevallen staan er nu bij."


@dataclass
class Cast:
    """The six people at their windows, and where the two objectives are found."""

    product: Product
    people: dict[str, Visitor]
    objective: str = ""
    second: str = ""
    indicator: str = ""
    amendment: str = ""
    codes: list[str] = field(default_factory=list)

    def __getitem__(self, role: str) -> Visitor:
        return self.people[role]


@pytest.fixture(scope="module")
def cast(browser: Browser, empty_product: Product) -> Cast:
    """Give six people an account and a window; open the plan of the year for them."""
    years = [["open_plan", str(year)] for year in (YEAR, WORKBOOK_YEAR)]
    accounts = [
        ["create_user", role, "--name", role.title(), "--role", role, *scope]
        for role, scope in ROLES.items()
    ]
    printed = run_all(empty_product, years + accounts)[len(years) :]
    people = {}
    for role, said in zip(ROLES, printed, strict=True):
        password = said.split("Password, shown this once:")[1].strip()
        people[role] = Visitor(browser, empty_product, role, "en", password=password)
    return Cast(empty_product, people)


def test_a_whole_plan_year(cast: Cast) -> None:
    _register_the_holder(cast["corporate"])
    _begin_and_leave(cast["planner"])
    cast.objective = _enter_the_objective(cast["planner"])
    _add_activity_and_risk(cast["planner"], cast.objective)
    cast.indicator = _add_indicator(cast["planner"], cast.objective)
    _mend_what_the_check_finds(cast["planner"], cast.objective)
    cast.second = _enter_the_second(cast["planner"])
    _hand_over(cast["planner"], cast.objective)
    _send_back(cast["head"], cast.objective)
    _answer_and_mend(cast["planner"], cast.objective)
    for objective in (cast.objective, cast.second):
        _hand_over(cast["planner"], objective)
        _onward(cast["head"], objective, "submitted")
        _onward(cast["corporate"], objective, "passed_on")
    assert cast["cabinet"].go(cast.objective) == 404
    cast.codes = _approve_in_bulk(cast["committee"])
    assert cast["cabinet"].go(cast.objective) == 200
    assert TITLE in cast["cabinet"].text()
    _put_in_force(cast)
    _send_to_the_ministers(cast["corporate"])
    _record_and_validate(cast)
    cast.amendment = _propose(cast)
    before = datetime.now(UTC).isoformat()
    _approve_the_amendment(cast)
    _compare_versions(cast["auditor"])
    _read_before_and_after(cast["cabinet"], cast.objective, before)
    _evaluate(cast)
    _close(cast)
    _audit(cast["auditor"], cast.objective, before)
    _read_the_calendar(cast["planner"])
    assert {role: who.errors for role, who in cast.people.items() if who.errors} == {}


def test_a_workbook_goes_round(cast: Cast, tmp_path: Path) -> None:
    """The planner changes three cells in Excel; the page says the same afterwards."""
    planner = cast["planner"]
    objective = _enter_a_draft(planner)
    planner.go(f"/directies/ADCV/?year={WORKBOOK_YEAR}")
    planner.follow(f"main a[href^='/plannen/{WORKBOOK_YEAR}/werkboek/']")
    with planner.page.expect_download() as download:
        planner.page.click("main a[href*='/werkboek/bestand/']")
    book = Opened(Path(download.value.path()).read_bytes())
    row = next(
        row
        for row in book.rows("objectives")
        if book.cell("objectives", row, "title_nl").value == IN_EXCEL
    )
    book.put("objectives", row, "title_nl", NEW_TITLE)
    book.put("objectives", row, "title_fr", TITLE_FR)
    book.put("objectives", row, "description_nl", "Uit het werkboek")
    path = tmp_path / "plan.xlsx"
    path.write_bytes(book.saved())
    planner.page.set_input_files("main [name=file]", path)
    planner.follow("main form:has([name=file]) button[type=submit]")
    apply = planner.page.locator("main form[action$='/toepassen/'] button")
    apply.wait_for(timeout=60_000)  # the page follows the check by itself
    assert "3 cells change" in planner.text()
    with planner.page.expect_navigation():
        apply.click()
    expect(planner.page.locator("#progress-h")).to_have_text(
        "The workbook is applied", timeout=60_000
    )
    planner.go(objective)
    for text in (NEW_TITLE, "Uit het werkboek"):
        assert text in planner.text()
    assert planner.errors == []


def _register_the_holder(corporate: Visitor) -> None:
    corporate.go("/mandaten/")
    corporate.follow("main a[href='/mandaten/register/nieuw/']")
    corporate.fill(
        code="ADCV-112",
        unit="ADCV",
        title_nl="Directeur noodcentrales 112",
        title_fr="Directeur des centrales 112",
        valid_from=f"{YEAR - 1}-01-01",
    )
    corporate.save("code")
    assert corporate.path() == "/mandaten/ADCV-112/houders/nieuw/"  # the next thing to fill in
    corporate.fill(name="De houder van de functie", holds_from=f"{YEAR}-01-01")
    corporate.save("holds_from")
    corporate.go(f"/mandaten/ADCV-112/?year={YEAR}")
    assert "De houder van de functie" in corporate.text()


def _begin_and_leave(planner: Visitor) -> None:
    """Type a name, go elsewhere at once, come back: the text is there."""
    planner.go(f"/directies/ADCV/?year={YEAR}")
    planner.follow(f"main a[href='/doelstellingen/nieuw/{YEAR}/']")
    planner.page.fill("#id_title_nl", VAGUE)
    planner.go("/indicatoren/")
    planner.page.wait_for_timeout(500)
    planner.go(f"/doelstellingen/nieuw/{YEAR}/")
    planner.follow(f".draft-note li:has-text('{VAGUE}') a")
    expect(planner.page.locator("#id_title_nl")).to_have_value(VAGUE)


def _enter_the_objective(planner: Visitor) -> str:
    """Fill in the rest of the form that stands open."""
    planner.fill(
        title_fr=TITLE_FR,
        description_nl="De noodcentrales nemen oproepen sneller aan.",
        holder="ADCV-112",
        origin="coalition_agreement",
        origin_reference="Hoofdstuk Veiligheid, p. 42",
    )
    _choose_werf(planner, "2.6")
    planner.page.locator("main [name=co_owners]").first.check()
    planner.page.locator("main details.choice-group summary").first.click()
    planner.page.locator("main [name=goals]").first.check()
    planner.save("title_nl")
    assert re.fullmatch(r"/doelstellingen/[0-9a-f-]{36}/", planner.path())
    for text in ("Coalition agreement", "p. 42", "Directeur noodcentrales 112"):
        assert text in planner.text()
    return planner.path()


def _choose_werf(planner: Visitor, code: str) -> None:
    option = planner.page.locator(f"#id_werf option:text-matches('^{re.escape(code)} ')")
    planner.page.select_option("#id_werf", option.get_attribute("value"))


def _add_activity_and_risk(planner: Visitor, objective: str) -> None:
    planner.go(objective)
    planner.follow("#activities a[href$='/activiteiten/nieuw/']")
    planner.fill(
        title_nl="Operatoren opleiden",
        milestone_1_title_nl="Eerste lichting klaar",
        milestone_1_due_on=f"{YEAR}-05-31",
        milestone_2_title_nl="Tweede lichting klaar",
        milestone_2_due_on=f"{YEAR}-11-30",
    )
    planner.save("milestone_1_title_nl")
    planner.follow("#risks a[href$='/risicos/nieuw/']")
    planner.fill(
        title_nl="Te weinig kandidaten",
        likelihood="3",
        impact="4",
        response="reduce",
        measure_nl="Wervingsreserve aanleggen",
    )
    planner.save("likelihood")
    for text in ("Eerste lichting klaar", "Tweede lichting klaar", "Te weinig kandidaten"):
        assert text in planner.text()


def _add_indicator(planner: Visitor, objective: str) -> str:
    planner.go(objective)
    planner.follow("main .actions a[href$='/indicator/']")
    planner.fill(
        title_nl=INDICATOR,
        target_kind="decrease",
        unit_nl="seconden",
        source_nl="Oproepregistratie",
        baseline="12",
        target="8",
    )
    planner.save("target_kind")
    assert planner.path().startswith("/indicatoren/")
    return planner.path()


def _mend_what_the_check_finds(planner: Visitor, objective: str) -> None:
    """The name stops the submission: it is mended. Advice is answered in a few words."""
    planner.go(objective)
    assert "werking" in planner.page.inner_text("#smart")
    _rename(planner, objective, TITLE)
    assert VAGUE not in planner.text().split("History")[0]
    _motivate(planner)


def _rename(planner: Visitor, objective: str, title: str) -> None:
    planner.go(f"{objective}bewerken/")
    planner.fill(title_nl=title)
    planner.save("title_nl")
    assert planner.path() == objective


def _motivate(planner: Visitor) -> None:
    boxes = planner.page.locator("#smart textarea")
    for n in range(boxes.count()):
        boxes.nth(n).fill("Zo afgesproken met de centrales.")
    if boxes.count():
        planner.follow("#smart button[type=submit]")
    assert "Zo afgesproken" in planner.page.inner_text("#smart") or not boxes.count()


def _enter_the_second(planner: Visitor) -> str:
    planner.go(f"/doelstellingen/nieuw/{YEAR}/")
    planner.fill(title_nl=SECOND, holder="ADCV-112")
    _choose_werf(planner, "2.6")
    planner.save("title_nl")
    objective = planner.path()
    planner.follow("main .actions a[href$='/indicator/']")
    planner.fill(
        title_nl="Aantal inspecties",
        target_kind="increase",
        accumulation="flow",
        unit_nl="inspecties",
        source_nl="Inspectieverslagen",
        baseline="0",
        target="30",
    )
    planner.save("target_kind")
    planner.go(objective)
    _motivate(planner)
    return objective


def _hand_over(planner: Visitor, objective: str) -> None:
    planner.go(objective)
    planner.step("handed_over")


def _onward(visitor: Visitor, objective: str, step: str) -> None:
    """Find the objective in the queue, open it, take the step."""
    visitor.go("/taken/")
    visitor.follow(f"main .queue a[href^='{objective}']")
    visitor.step(step)
    assert visitor.page.locator("main [role=alert]").count() == 0, visitor.text()


def _send_back(head: Visitor, objective: str) -> None:
    head.go("/taken/")
    head.follow(f"main .queue a[href^='{objective}']")
    panel = head.page.locator("#steps")
    panel.locator("summary").first.click()
    panel.locator("[name=reason]").fill("De omschrijving is te kort.")
    panel.locator("summary").nth(1).click()
    panel.locator("[name=comment_description]").fill("Welke oproepen tellen mee?")
    head.follow("#steps button[name=step][value=returned]")


def _answer_and_mend(planner: Visitor, objective: str) -> None:
    """See the remark beside the field, mend the text, answer, and settle it."""
    planner.go("/taken/")
    planner.follow(f"main .queue a[href^='{objective}']")
    planner.follow("main .actions a[href$='/bewerken/']")
    assert "Welke oproepen tellen mee?" in planner.page.inner_text(".field-remarks")
    planner.fill(description_nl="Ook spoedgevallen bij de brandweer tellen mee.")
    planner.save("title_nl")
    remark = planner.page.locator("#comments .remark")
    remark.locator("summary").click()
    remark.locator("[name=text]").fill(ANSWER)
    planner.follow("#comments .remark details button")
    assert ANSWER in planner.page.inner_text("#comments")
    planner.follow("#comments form:has([name=settled]) button")


def _approve_in_bulk(committee: Visitor) -> list[str]:
    """Tick both objectives in the queue and approve them together; return their codes."""
    committee.go("/taken/")
    boxes = committee.page.locator("main .queue [name=pick]")
    assert boxes.count() == 2, committee.text()
    codes = [text.strip() for text in committee.page.locator(".queue .code").all_inner_texts()]
    for n in range(2):
        boxes.nth(n).check()
    committee.follow("main .queue form:has([name=step][value=approved]) button.btn-primary")
    assert committee.page.locator("main .queue [name=pick]").count() == 0
    return codes


def _put_in_force(cast: Cast) -> None:
    corporate, committee = cast["corporate"], cast["committee"]
    corporate.go(f"/plannen/{YEAR}/")
    corporate.follow("form[action$='/indienen/'] button")
    committee.go(f"/plannen/{YEAR}/")
    committee.follow("form[action$='/goedkeuren/'] button")
    assert "Version 1" in committee.page.inner_text("section:has(#versions-h)")


def _send_to_the_ministers(corporate: Visitor) -> None:
    """The due day follows from the vote on the budget, by an article of the law."""
    corporate.go(f"/plannen/{YEAR}/")
    corporate.fill(voted_on=f"{YEAR - 1}-12-20")
    corporate.follow("form[action$='/begroting/'] button")
    days = corporate.page.inner_text("section:has(#days-h)")
    assert re.search(rf"\b(20/0?1|0?1/20)/{YEAR}\b", days), days
    assert "11bis" in days
    corporate.follow("form[action$='/verzenden/'] button")
    assert "Sent to the ministers" in corporate.text()


def _record_and_validate(cast: Cast) -> None:
    """Give the figure of every period of the year; the head validates each."""
    planner, head = cast["planner"], cast["head"]
    address = f"{cast.indicator}?year={YEAR}"
    planner.go(address)
    periods = planner.page.locator("main [name=period] option")
    names = [periods.nth(n).get_attribute("value") or "" for n in range(periods.count())]
    names = [name for name in names if name.startswith(str(YEAR))]
    assert len(names) in (3, 4)
    for period, value in zip(names, ("11", "10", "9", "8"), strict=False):
        planner.go(address)
        planner.fill(period=period, value=value)
        planner.save("period")
        if planner.page.locator("#id_confirmed").count():
            planner.page.check("#id_confirmed")
            planner.save("period")
    head.go("/directies/ADCV/")
    for _period in names:
        head.go(address)
        head.follow("main form[action$='/valideren/'] button")
    assert head.page.locator("main form[action$='/valideren/']").count() == 0


def _propose(cast: Cast) -> str:
    """Another target and name for the one, the end for the other; the head submits it."""
    planner = cast["planner"]
    planner.go(f"/plannen/{YEAR}/wijzigingen/nieuw/")
    planner.fill(title_nl="Bijsturing na het eerste halfjaar", motivation_nl="Het loopt vlotter.")
    planner.save("title_nl")
    amendment = planner.path()
    _propose_change(planner, cast.objective, "change", title_nl=NEW_TITLE)
    _propose_change(planner, cast.objective, "target", target="7")
    _propose_change(planner, cast.second, "withdraw")
    planner.go(amendment)
    assert planner.page.locator("main section[aria-labelledby^=change-]").count() == 3
    head = cast["head"]
    head.go(amendment)
    head.follow("main button[name=step][value=submit]")
    return amendment


def _propose_change(planner: Visitor, objective: str, kind: str, **values: str) -> None:
    planner.go(objective)
    planner.follow("main .actions a[href$='/wijziging/']")
    planner.page.check(f"main [name=kind][value={kind}]")
    planner.page.select_option("main [name=amendment]", index=0)
    planner.save("kind")
    if planner.page.locator("main [name=motivation]").count() == 0:  # which indicator?
        planner.follow("main .panel a[href*='indicator=']")
    planner.fill(motivation="Gevraagd door de centrales.", **values)
    planner.page.check("main [name=is_important][value=yes]")
    planner.save("motivation")


def _approve_the_amendment(cast: Cast) -> None:
    committee = cast["committee"]
    committee.go("/taken/")
    committee.follow(f"main a[href^='{cast.amendment}']")
    for text in (TITLE, NEW_TITLE, "Important"):
        assert text in committee.text()
    committee.follow("main button[name=step][value=approve]")
    assert "Version 2" in committee.text()


def _compare_versions(auditor: Visitor) -> None:
    auditor.go(f"/plannen/{YEAR}/versies/")
    auditor.fill(van="1", tot="2")
    auditor.follow("main form:has([name=van]) button")
    text = auditor.text()
    assert "From version 1 to version 2" in text
    assert SECOND in auditor.page.inner_text("section:has(#withdrawn-h)")
    assert auditor.page.locator("main del, main ins").count() >= 2


def _read_before_and_after(cabinet: Visitor, objective: str, before: str) -> None:
    """The cabinet sees the new name now, and the old one as known before the approval."""
    cabinet.go(objective)
    assert NEW_TITLE in cabinet.page.inner_text("h1")
    cabinet.page.goto(f"{cabinet.base}{objective}?known={before.replace('+', '%2B')}")
    assert TITLE in cabinet.page.inner_text("h1")


def _evaluate(cast: Cast) -> None:
    """Close is not offered; the planner writes, with what goes on next year; the head hands in."""
    committee, corporate = cast["committee"], cast["corporate"]
    planner, head = cast["planner"], cast["head"]
    committee.go(f"/plannen/{YEAR}/evaluatie/")
    code = cast.codes[0]
    assert code in committee.page.inner_text("section:has(#close-h)")
    assert committee.page.locator("form[action$='/afsluiten/']").count() == 0
    corporate.go(f"/plannen/{YEAR}/")
    corporate.follow("form[action$='/volgend/'] button")
    planner.go(f"/directies/ADCV/?year={YEAR}")
    planner.follow("main a[href*='/evaluatie/']")
    planner.follow(f"main a[href='{cast.objective}evaluatie/']")
    planner.follow(f"main a[href^='/doelstellingen/nieuw/{YEAR + 1}/']")
    planner.fill(title_nl=SUCCESSOR)
    planner.save("title_nl")
    planner.go(f"{cast.objective}evaluatie/")
    planner.fill(
        result="partly", explanation_nl="Acht seconden gehaald.", lessons_nl="Vroeger beginnen."
    )
    planner.page.locator("main [name=successors]").first.check()
    planner.follow("main button[name=action][value=save]")
    head.go(f"{cast.objective}evaluatie/")
    head.follow("main button[name=action][value=hand_in]")
    assert "Handed in" in head.page.inner_text("#evaluation")
    assert SUCCESSOR in head.page.inner_text("#evaluation")


def _close(cast: Cast) -> None:
    """The committee looks at a page on which all is ready, while an evaluation opens again."""
    committee, corporate, head = cast["committee"], cast["corporate"], cast["head"]
    committee.go(f"/plannen/{YEAR}/evaluatie/")
    corporate.go(cast.objective)
    corporate.page.click("#evaluation summary")
    corporate.page.fill("#evaluation [name=reason]", "De les kan scherper.")
    corporate.follow("#evaluation form[action$='/heropenen/'] button")
    committee.follow("form[action$='/afsluiten/'] button")
    said = committee.page.inner_text("body")
    assert "The plan cannot be closed" in said
    assert cast.codes[0] in said
    head.go(f"{cast.objective}evaluatie/")
    head.fill(lessons_nl="Eerst werven, dan opleiden.")
    head.follow("main button[name=action][value=hand_in]")
    committee.go(f"/plannen/{YEAR}/evaluatie/")
    committee.follow("form[action$='/afsluiten/'] button")
    assert "Closed on" in committee.text()


def _audit(auditor: Visitor, objective: str, before: str) -> None:
    """The history names every step and who took it; the page of then says what it said then."""
    assert auditor.go(objective) == 200
    history = auditor.page.locator("section:has(#history-h)").inner_text()
    for who in ("Planner", "Head", "Corporate", "Committee"):
        assert who in history
    auditor.page.goto(f"{auditor.base}{objective}?known={before.replace('+', '%2B')}")
    assert TITLE in auditor.page.inner_text("h1")
    assert "Approved" in auditor.page.inner_text("main .meta")
    assert auditor.page.locator("main .actions a").count() == 0


def _read_the_calendar(planner: Visitor) -> None:
    planner.go("/kalender/")
    planner.follow("main a[href='/kalender/adres/']")
    planner.follow("form[action='/kalender/adres/'] button")
    address = planner.page.input_value("#feed-address")
    with urllib.request.urlopen(address, timeout=20) as answer:  # noqa: S310
        calendar = Calendar.from_ical(answer.read())
    assert len(list(calendar.walk("VEVENT"))) > 0


def _enter_a_draft(planner: Visitor) -> str:
    """Enter an objective in the plan of the first year; return its address."""
    planner.go(f"/doelstellingen/nieuw/{WORKBOOK_YEAR}/")
    planner.fill(title_nl=IN_EXCEL)
    _choose_werf(planner, "2.6")
    planner.save("title_nl")
    return planner.path()
