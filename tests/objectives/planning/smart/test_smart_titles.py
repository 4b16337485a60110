"""Titles that are specific, and titles that are not."""

import pytest

from objectives.planning.smart import Rule
from tests.objectives.planning.smart.smart_builders import words


@pytest.mark.parametrize(
    "title",
    [
        "Een nieuwe Kadernota Integrale Veiligheid tot stand brengen",
        "Masterplan NCU uitvoeren",
        "De bevolking sneller alarmeren met BE-Alert",
        "Opstellen van een gids voor organisatoren",
        "Het uitwerken van een crisisplan",
        "De nieuwe generatie reisdocumenten laten certificeren",
        "Ambtenaren de weg leren vinden in de nieuwe regelgeving",
        "Crisisinformatie in real time delen via één platform",
    ],
)
def test_a_dutch_infinitive_may_open_or_close_the_phrase(title: str) -> None:
    assert words(title) == {}


@pytest.mark.parametrize(
    "title",
    [
        "Voorstellen voor een nieuw statuut",
        "Nieuwe richtlijnen en besluiten",
        "Veilige verkiezingen voor alle burgers",
        "Een betrouwbare partner zijn voor de gouverneurs",
        "Tegen eind 2026 zijn alle dossiers gedigitaliseerd",
    ],
)
def test_a_dutch_plural_or_a_state_is_no_action(title: str) -> None:
    assert words(title) == {Rule.NO_ACTION_VERB: [title]}


@pytest.mark.parametrize(
    "title",
    [
        "Mettre en service la nouvelle centrale",
        "Se doter d’un outil de traduction",
        "S’assurer de la présence d’un interprète",
        "Ne plus accepter de formulaires papier",
        "Mieux répartir les effectifs des centrales",
        "Faire certifier les documents de voyage",
        "Recevoir les plaintes par voie électronique",
        "Extraire les données du registre",
    ],
)
def test_a_french_infinitive_comes_first(title: str) -> None:
    assert words(title, "fr") == {}


@pytest.mark.parametrize(
    ("title", "first"),
    [
        ("Chantier de rénovation des casernes", "Chantier"),
        ("Cadre légal pour les drones", "Cadre"),
        ("Couloir humanitaire pour les réfugiés", "Couloir"),
        ("Prestataire unique pour la paie", "Prestataire"),
        ("D’ici fin 2026, tous les dossiers sont numérisés", "D’ici"),
        ("Être un partenaire fiable", "Être"),
    ],
)
def test_a_french_noun_in_er_re_or_oir_is_no_action(title: str, first: str) -> None:
    assert words(title, "fr") == {Rule.NO_ACTION_VERB: [first]}


@pytest.mark.parametrize(
    ("title", "language", "named"),
    [
        ("Optimaliseren van de werking", "nl", ["Optimaliseren", "werking"]),
        ("Verder inzetten op preventie", "nl", ["inzetten", "op"]),
        ("Aan welzijn op het werk aandacht besteden", "nl", ["aandacht", "besteden"]),
        ("Streven naar een moderne dienst", "nl", ["Streven", "naar"]),
        ("Améliorer le fonctionnement", "fr", ["Améliorer", "fonctionnement"]),
        ("Poursuivre les efforts de prévention", "fr", ["Poursuivre", "les", "efforts"]),
    ],
)
def test_vague_words_are_named(title: str, language: str, named: list[str]) -> None:
    assert words(title, language) == {Rule.VAGUE_WORDS: named}


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ("De werking van de centrale optimaliseren: 90 % van de oproepen in 5 seconden", "nl"),
        ("De doorlooptijd van de dossiers verbeteren", "nl"),
        ("De dienstverlening verbeteren met een wekelijkse zitdag", "nl"),
        ("Améliorer le service en traitant 8 demandes sur 10 en cinq jours", "fr"),
        ("Renforcer les équipes de nuit de la centrale", "fr"),
    ],
)
def test_a_quantity_or_a_concrete_object_makes_up_for_a_vague_verb(
    title: str, language: str
) -> None:
    assert words(title, language) == {}


@pytest.mark.parametrize(
    "title",
    [
        "De werking optimaliseren tegen 30 juni 2026",
        "De werking van de 112 optimaliseren",
        "De werking optimaliseren volgens artikel 12",
    ],
)
def test_a_date_or_a_number_in_a_name_is_no_quantity(title: str) -> None:
    assert Rule.VAGUE_WORDS in words(title)


def test_a_container_in_a_proper_name_is_a_real_object() -> None:
    assert words("De Kadernota Integrale Veiligheid opvolgen") == {}


@pytest.mark.parametrize(
    ("title", "language", "named"),
    [
        ("De nodige maatregelen nemen", "nl", ["maatregelen", "nemen"]),
        ("Concrete initiatieven ontwikkelen", "nl", ["initiatieven", "ontwikkelen"]),
        ("Mener des actions ciblées", "fr", ["Mener", "actions"]),
    ],
)
def test_an_action_needs_an_object(title: str, language: str, named: list[str]) -> None:
    assert words(title, language) == {Rule.NO_OBJECT: named}


@pytest.mark.parametrize(
    ("title", "language", "named"),
    [
        ("De codes herzien en verspreiden", "nl", ["en", "verspreiden"]),
        ("Een gids schrijven en de besturen opleiden", "nl", ["en", "opleiden"]),
        ("Het opmaken en testen van een noodplan", "nl", ["en", "testen"]),
        ("Évaluer et simplifier la loi", "fr", ["et", "simplifier"]),
        ("Désamianter, isoler et repeindre la caserne", "fr", [",", "isoler"]),
    ],
)
def test_two_actions_in_one_title_are_named(title: str, language: str, named: list[str]) -> None:
    assert words(title, language) == {Rule.TWO_OBJECTIVES: named}


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ("Wetten en besluiten over de veiligheid herzien", "nl"),
        ("De kosten en baten van een drukkerij berekenen", "nl"),
        ("De gemeenten helpen om attesten te herkennen en te melden", "nl"),
        ("Een netwerk uitbouwen dat gemeenten adviseert en begeleidt", "nl"),
        ("Aider les communes à reconnaître et signaler les faux", "fr"),
        ("Coordonner les lois et les arrêtés", "fr"),
    ],
)
def test_joined_nouns_and_subordinate_verbs_are_one_objective(title: str, language: str) -> None:
    assert words(title, language) == {}


def test_the_words_past_the_limit_are_named() -> None:
    title = "Een gids openen " + "voor iedereen " * 11 + "die daar iets aan heeft"
    assert words(title)[Rule.TOO_LONG] == ["die daar iets aan heeft"]


def test_two_words_are_too_few() -> None:
    assert words("Rijbewijzen drukken") == {Rule.TOO_SHORT: ["Rijbewijzen drukken"]}
