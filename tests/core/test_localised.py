"""Localised texts: which language is shown, and what an edit does to the other one."""

from ibzplan.core.localised import LocalisedText, fold, joined


def test_a_missing_language_shows_the_other_one_with_its_code() -> None:
    assert LocalisedText({"nl": "Kaderen"}).best("fr") == ("Kaderen", "nl")


def test_an_empty_text_is_missing() -> None:
    assert LocalisedText({"nl": "Kaderen", "fr": "  "}).state("fr") == "missing"


def test_editing_one_language_outdates_the_other() -> None:
    before = LocalisedText({"nl": "Kaderen", "fr": "Encadrer"})
    after = before.edited({"nl": "Omkaderen", "fr": "Encadrer"})
    assert (after.state("nl"), after.state("fr")) == ("approved", "outdated")


def test_editing_both_languages_leaves_none_outdated() -> None:
    before = LocalisedText({"nl": "Kaderen", "fr": "Encadrer"}, {"fr": "unofficial"})
    after = before.edited({"nl": "Omkaderen", "fr": "Cadrer"})
    assert after.states == {}


def test_saving_without_a_change_keeps_the_states() -> None:
    before = LocalisedText({"nl": "Kaderen", "fr": "Encadrer"}, {"fr": "unofficial"})
    assert before.edited(dict(before)).states == {"fr": "unofficial"}


def test_the_stored_form_comes_back_the_same() -> None:
    text = LocalisedText({"nl": "Kaderen", "fr": "Encadrer"}, {"fr": "unofficial"})
    back = LocalisedText.from_json(text.as_json())
    assert (back, back.states) == (text, text.states)


def test_fold_takes_case_and_accents_away() -> None:
    assert fold("Één GEÏNTEGREERDE opérationnelle") == "een geintegreerde operationnelle"


def test_what_is_said_is_parted_and_what_is_empty_left_out() -> None:
    assert joined(["", "ADCV", "", "3 of 4 given"]) == "ADCV; 3 of 4 given"
    assert joined(["alone"]) == "alone"
    assert joined([]) == ""
