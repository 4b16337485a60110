"""French words of the SMART check, in lower case and without accents."""

from typing import Final

from .vocabulary import Vocabulary, phrases, words

# End like an infinitive and are none.
NON_VERBS: Final = words(
    """
    chantier dossier cahier papier metier atelier premier dernier particulier financier calendrier
    courrier quartier panier foyer loyer danger policier pompier officier greffier ouvrier hiver
    fer mer enfer amer cher leger entier regulier singulier familier journalier hospitalier
    routier ferroviaire frontalier hier escalier clavier fichier palier terrier sentier gibier
    levier pilier plancher rocher bucher boucher etranger passager messager verger archer berger
    leader manager cluster poster master charter transfer center helicopter scooter
    container tiger super hyper inter cancer laser radar cavalier chevalier huissier
    banquier douanier infirmier cuisinier jardinier plombier prisonnier geolier meurtrier
    romancier echiquier semestrier trimestrier grossier altier tracteur bouclier brasier casier
    collier gosier immobilier mobilier denier usager avenir desir plaisir souvenir tir soupir
    loisir cuir menhir elixir nadir saphir emir zephyr pouvoir savoir-faire soir espoir couloir
    tiroir miroir trottoir reservoir terroir rasoir manoir comptoir territoire observatoire
    repertoire laboratoire memoire histoire noir cadre registre centre titre lettre chiffre
    ministre membre nombre octobre septembre novembre decembre theatre ordre autre notre votre
    quatre arbre livre mesure procedure structure ouverture culture nature lecture facture voiture
    maire formulaire inventaire
    """
)

# Endings of infinitives in -re and -oir; the other words in -re are nouns and adjectives.
RE_ENDINGS: Final = (
    "endre", "andre", "ondre", "erdre", "aindre", "eindre", "oindre", "uire", "crire",
    "dire", "lire", "rire", "faire", "plaire", "mettre", "battre", "vaincre",
    "suivre", "vivre", "naitre", "paraitre", "croitre", "clure", "clore", "rompre", "soudre",
    "croire", "boire", "coudre", "moudre", "suffire",
)  # fmt: skip
OIR_ENDINGS: Final = ("cevoir", "voir", "loir", "seoir", "mouvoir")
# Verbs in -re with an ending of nouns and adjectives, and nouns with one of the endings above.
RE_VERBS: Final = words("etre taire traire extraire soustraire distraire abstraire tordre mordre")
RE_NON_VERBS: Final = words(
    """
    affaire cendre gendre scaphandre salamandre sourire delire navire empire
    """
)

PRE_VERBS: Final = words("se s ne pas plus jamais en y ensuite egalement aussi")
ADVERBS: Final = words(
    """
    mieux davantage plus vite rapidement toujours encore regulierement ensemble bien notamment
    aussi egalement ensuite constamment systematiquement pleinement annuellement
    """
)
STATES: Final = words("etre avoir rester demeurer devoir pouvoir sembler paraitre savoir")
DETERMINERS: Final = words(
    """
    le la les l un une des du de d au aux ce cet cette ces son sa ses leur leurs notre nos tout
    toute tous toutes chaque plusieurs certains certaines quelques
    """
)
PREPOSITIONS: Final = words(
    """
    a au aux de d du des en dans sur sous par pour avec sans entre vers chez contre selon via
    apres avant depuis pendant afin lors dont jusqu dès envers
    """
)
GOVERNORS: Final = words("a de d pour par sans")
SUBORDINATORS: Final = words("qui que qu dont ou lorsque lorsqu quand lequel laquelle afin")
CONJUNCTIONS: Final = words("et puis") | {"&", "+", ",", ";"}
GENERIC_ADJECTIVES: Final = words(
    """
    necessaire necessaires concret concrete concrets concretes nouveau nouveaux nouvelle nouvelles
    prevu prevue prevus prevues cible ciblee cibles ciblees adequat adequate adequats adequates
    approprie appropriee appropries appropriees bon bonne bons bonnes meilleur meilleure meilleurs
    meilleures utile utiles requis requise requises supplementaire supplementaires divers diverses
    different differents differentes specifique specifiques important importante importants
    importantes commun commune communs communes pertinent pertinentes planifie planifiees
    planifies serie nombre annee an ans mois
    """
)
FUNCTION_WORDS: Final = (
    DETERMINERS
    | PREPOSITIONS
    | SUBORDINATORS
    | CONJUNCTIONS
    | ADVERBS
    | PRE_VERBS
    | GENERIC_ADJECTIVES
)

FR: Final = Vocabulary(
    months=words(
        """
        janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre
        """
    ),
    references=words(
        "article art phase partie version loi etape chapitre titre n no numero pilier"
    ),
    quantities=words(
        """
        deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize
        vingt trente quarante cinquante soixante cent cents mille million millions doubler tripler
        moitie tiers quart hebdomadaire hebdomadaires mensuel mensuelle mensuels mensuelles
        quotidien quotidienne trimestriel trimestrielle
        """
    ),
    vague_phrases=phrases(
        """
        poursuivre|continuer les|ses|nos|l|leurs efforts|effort
        intensifier les|ses efforts
        accorder ... attention
        preter ... attention
        porter ... attention
        veiller a|au|aux
        tendre vers|a
        viser a
        s efforcer de|d
        s employer a
        contribuer a une
        contribuer a un
        continuer a investir|travailler|oeuvrer|miser
        miser sur
        investir dans le|la|l|les
        œuvrer a|pour|au
        oeuvrer a|pour|au
        tenir compte de|des|du
        au maximum
        autant que possible
        le plus possible
        le mieux possible
        au mieux
        dans la mesure du possible
        si|la|lorsque|quand necessaire|possible|opportun
        le cas echeant
        a terme
        a long terme
        a l avenir
        de maniere|facon efficace|optimale|adequate|appropriee|professionnelle
        s inscrire dans
        reflechir a
        sensibiliser a l importance
        """
    ),
    weak_verbs=words(
        """
        optimiser ameliorer renforcer favoriser soutenir stimuler faciliter accroitre augmenter
        professionnaliser moderniser assurer garantir developper intensifier consolider poursuivre
        encourager suivre promouvoir adapter approfondir elargir affiner maintenir dynamiser
        valoriser perenniser appuyer perfectionner fluidifier
        """
    ),
    containers=words(
        """
        fonctionnement service services collaboration collaborations cooperation qualite
        efficacite efficience communication approche politique image visibilite processus
        concertation coordination organisation culture transformation innovation
        securite bien-etre motivation implication connaissances expertise echange echanges partage
        circulation professionnalisme transparence gestion suivi appui soutien direction methodes
        agilite resilience synergies synergie gouvernance relations partenariat partenariats
        performance performances ressources
        """
    ),
    qualifiers=words(
        "meilleur meilleure meilleurs meilleures bon bonne bons bonnes optimal optimale"
    ),
    bare_nouns=words(
        """
        action actions mesure mesures initiative initiatives activite activites projet projets
        demarche demarches effort efforts tache taches mission missions objectif objectifs
        solution solutions travail travaux chose choses moyens elements pas
        """
    ),
)
