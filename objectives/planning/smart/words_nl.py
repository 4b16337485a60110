"""Dutch words of the SMART check, in lower case and without accents."""

from typing import Final

from .vocabulary import Vocabulary, phrases, words

# Simple verbs; a prefix below may stand before any of them. Verbs in -eren need not be listed.
VERBS: Final = words(
    """
    sparen dagen storen horen scoren sponsoren beslissen missen lassen planten slopen verrassen
    evenaren openbaren bezetten bevoorraden bewapenen stopzetten verjaren dromen
    arbeiden baten bakenen bannen beitelen bergen bieden bijten binden blijven blussen boren
    bouwen breiden breken brengen buigen bundelen bakken controleren dammen danken dekken delen
    denken dienen dichten doen dopen draaien dragen drijven dringen drukken duiden duren duwen
    dwingen eigenen eindigen eisen ervaren fietsen filmen gaan gaven gelden geven gieten gooien
    graven grijpen groeien groeperen gunnen haken halen handelen handhaven hangen hebben hechten
    heffen helpen herbergen hinderen houden huren huizen huisvesten hullen hollen ijken inzetten
    jagen juichen kaarten keren kennen keuren kiezen kijken klaren klagen kleden kleuren knippen
    knopen kondigen komen kopen koppelen korten krijgen kunnen kweken kwalificeren laden lanceren
    laten leggen leiden lenen leren leveren lezen liggen lijnen lichten linken lokken loodsen
    lopen lossen luiden luisteren maken malen mannen melden mengen merken meten mijden minderen
    moedigen munten matigen nemen nodigen noemen noteren oefenen offeren oogsten openen ordenen
    pakken passen peilen plaatsen plegen ploegen plooien poetsen polsen posten praten printen
    prikken promoten proeven punten pompen plukken raden raken rapen reageren redden reiken reizen
    rekenen remmen rennen rekken richten rijden rijven roepen rollen ronden rouwen ruilen ruimen
    rusten rukken ruggen rechten reden schaffen schakelen schalen schatten scheiden schenken
    scheppen scherpen schermen schetsen schieten schikken schilderen schonen schoeien scholen
    schrappen schrijven schroeven schuiven schudden schorsen screenen sjouwen slaan slagen slapen
    slepen slijten sluiten smeden smelten snijden snoeien soleren spannen spelen speuren spitsen
    sporen spreiden spreken springen spuiten staan stappen starten staven steken stellen stemmen
    sterken steunen stichten stijgen stippelen stoppen storten stoten straffen streven strijden
    stromen sturen stutten stuiten stremmen sussen stroken stroomlijnen tekenen tellen temmen
    testen tillen tijgen toetsen tonen traceren trainen trachten treden treffen trekken troeven
    typen tasten vallen vangen varen vatten vechten vegen vellen vesten vieren vijzelen vinden
    vlechten voeden voegen voelen voeren volgen vormen vorderen vragen vrijwaren vullen vuren
    voorkomen vaardigen waarborgen waarmerken waarschuwen waken walsen wachten wassen wegen weiden
    weigeren wenden wennen weren werken werpen werven weten weven wijden wijken wijzen wijzigen
    willen winnen wippen wisselen wissen wonen wortelen worden wrijven zaaien zakken zenden zetten
    zeggen zeven ziften zien zijn zinken zitten zoeken zorgen zullen zuigen zuiveren zweren
    zwengelen zwaaien actualiseren alarmeren ankeren antwoorden argumenteren auditen bemiddelen
    benutten coachen digitaliseren downloaden evalueren faciliteren filteren focussen garanderen
    hacken informeren implementeren inschakelen integreren kaderen kalibreren monitoren outsourcen
    rationaliseren reguleren renoveren scannen updaten uploaden bekrachtigen bemannen beperken
    beantwoorden begeleiden begroten beheersen beheren behandelen behouden bejegenen belonen
    belasten benaderen benoemen beoordelen bepalen bereiden bereiken berekenen beschermen
    beschikken beschrijven beslechten bespreken bestendigen bestrijden bestuderen betalen
    betrekken beveiligen bevestigen bevorderen bevragen bewaken bewaren bewegen bezorgen bijbenen
    erkennen ontdubbelen ontlenen ontmijnen ontraden ontsluiten ontwikkelen ontmantelen
    onderbouwen ondernemen onderhouden onderhandelen ondersteunen ondervragen onderwijzen onthalen
    overbruggen overtuigen herbekijken herdenken herijken herzien vergroten verhogen verlagen
    verminderen verkorten verlengen versnellen versterken verbeteren vereenvoudigen verduidelijken
    verduurzamen vergelijken vergoeden vergemakkelijken verankeren verantwoorden verdedigen
    verdelen verdubbelen vernieuwen vernietigen verruimen verschaffen verspreiden verstrekken
    vertalen vertegenwoordigen vervangen vervolledigen vervolgen verwerken verwerven verwijderen
    verwittigen verzamelen verzekeren verzenden verhuizen verfijnen verbieden verbinden vrijgeven
    vrijmaken halveren terugdringen tegengaan samenbrengen samenwerken klaarstomen goedkeuren
    bekendmaken doorlichten doorvoeren teweegbrengen waarmaken weerleggen wegwerken bijspijkeren
    verhelpen
    """
)

# Both a verb and the plural of a noun: the words around it tell which.
VERBS_AND_NOUNS: Final = words(
    """
    aanvragen adviezen antwoorden bedragen bedrijven beelden belasten bergen berichten beroepen
    besluiten bestellen besturen betogen bevelen bewijzen bezoeken bezwaren bijdragen boeten
    branden bruggen delen diensten dieven doelen drukken eisen feesten fietsen filmen formulieren
    geboden gebruiken gedragen gevaren graven groepen haken huizen huren kaarten kansen kappen
    klachten kleuren koppelingen kosten kranten lampen landen lasten leren leiden linken lijnen
    lijsten lonen maten maatregelen merken netten noten offerten omslagen onderwerpen onderzoeken
    ontwerpen oordelen opdrachten openen oproepen opslagen overvallen paden palen patrouilles
    percelen pijlen plaatsen plannen platen posten prijzen proeven projecten punten raden rechten
    reden reizen regelen rijen rollen ronden schalen schatten scholen schulden slachten smeden
    sporen staten steden steken stemmen steunen stappen straffen stromen taken tekenen testen
    toetsen tonen treinen uitgaven verblijven verhalen verkopen verliezen verzoeken voertuigen
    voorstellen voorvallen vormen vragen wachten wagens wapens wegen wensen werken wijken winsten
    zaken zeden zegels zetten
    """
)

# End in -en or -n and are no infinitives; so is what is composed with them.
NON_VERBS: Final = words(
    """
    aandelen aanslagen aantallen adressen afdelingen afspraken agenten akkoorden akten ambten
    ambtenaren apotheken apparaten archieven arbeidsongevallen artsen attesten autoriteiten baden
    banken banden basissen basisteksten beambten beelden begrippen belangen belgen benden beroepen
    bestanden bijlagen boeken boetes bomen bossen bronnen brieven budgetten bunkers burgers
    camera’s centra cijfers collega’s competenties contacten contracten criteria cursussen dagen
    daden daken data datums debatten decreten deelstaten dienstvoertuigen dieren dingen documenten
    doelgroepen doelstellingen dossiers dorpen draaiboeken eenheden effecten eigenaren eindtermen
    elementen experten facturen feiten federaties files fondsen fouten functies gangen gassen
    gasten gebieden gebouwen gegevens gehandicapten geluiden gemeenten gesprekken gevallen
    gevolgen gezinnen gidsen goederen golven goeden granaten grenzen gronden handen havens helften
    heren huisartsen hulpmiddelen huurders indicatoren ingrepen inkomsten inspecteurs installaties
    instanties instellingen instrumenten inwoners jaren jongeren journalisten kaders kalenders
    kanalen kandidaten kantoren kazernes kerken ketens kernen kernwaarden keten kinderen klanten
    klassen kleren knelpunten kolommen korpsen koersen krachten kringen kruispunten landschappen
    leden leerkrachten leerlingen levens leveranciers lieden lokalen loketten loonkosten
    luchthavens machten manieren markten media medewerkers meetpunten mensen methoden middelen
    ministeries misdrijven modellen momenten monumenten musea nachten namen netwerken niveaus
    normen nummers objecten onderdelen ongevallen ontwikkelingen oorzaken organen organisaties
    ouderen ouders overheden paarden panden papieren parken partijen partners patienten paspoorten
    personen pistes platformen pleinen politici politiezones portalen postpunten poorten
    praktijken prestaties principes problemen procedures processen producten projectfasen
    provincies publicaties radars rampen rapporten ramen regels registers regimes resultaten
    richtlijnen rijbewijzen rivieren routes ruimten samenwerkingsakkoorden sancties schepen
    schijven scholieren slachtoffers sectoren seinen sessies sites soorten specialisten spelregels
    stakingen standaarden standpunten statuten stelsels stoffen straten streken studenten stukken
    systemen talen talenten teksten tekorten telefoons termijnen themas tijden tijdstippen titels
    toestellen tolken trajecten tunnels uren vaardigheden vaklieden varianten vacatures
    veiligheden velden verantwoordelijken verbanden verdachten verdragen vereisten verenigingen
    vergunningen verkiezingen verslagen vertragingen vluchtelingen vluchten voorbeelden voordelen
    voorwaarden voorzieningen vraagstukken vreemdelingen vrijwilligers vrouwen waarden wateren
    weken wereldbeelden wetten wetgevingen wijzen woningen woorden zalen ziekenhuizen ziekten
    zinnen zones zwaartepunten binnen buiten tussen boven beneden samen morgen heden een geen
    eigen open even allen velen enkelen beiden anderen tien negen dan van aan in en ten men hen
    mijn eveneens sinsdien bovendien indien misschien voortaan daarvan hiervan daaraan teneinde
    gezien mogen moeten houten gouden stenen dringend verscheiden
    """
)

# Nouns in -e; other words in -e before a plural are taken for adjectives.
NOUNS_IN_E: Final = words(
    """
    procedure analyse campagne routine website machine time online offline software studie
    commissie organisatie informatie politie brandweer justitie wijze hoogte orde gemeente ruimte
    periode methode route oefening zone ziekte prestatie familie premie legislatie
    """
)

NOUN_ENDINGS: Final = (
    "ingen", "heden", "teiten", "schappen", "isten", "aten", "enten", "anten", "atoren", "ieen",
    "agen", "oren", "tieven", "lieden", "ssen", "aren", "urgen", "ieven", "omen", "nissen",
)  # fmt: skip

SEPARABLE: Final = (
    "aaneen", "aan", "achteruit", "achterna", "af", "beschikbaar", "bekend", "bijeen", "bij",
    "binnen", "bloot", "dicht", "door", "gelijk", "goed", "heropen", "in", "klaar", "kwijt",
    "los", "mede", "mee", "na", "neer", "om", "onder", "open", "op", "over", "rond", "samen",
    "schoon", "stil", "stop", "tegemoet", "tegen", "terecht", "terug", "tewerk", "teweeg",
    "toe", "uiteen", "uit", "vast", "veilig", "vol", "voorop", "vooruit", "voor", "voort",
    "vrij", "waar", "weg", "weer", "achter", "deel", "groot",
)  # fmt: skip
INSEPARABLE: Final = ("be", "ver", "ont", "her", "mis")

STATES: Final = words("zijn hebben blijven zullen kunnen moeten mogen willen liggen bestaan worden")
HELPERS: Final = words("laten doen helpen leren blijven gaan komen kunnen")
DETERMINERS: Final = words(
    """
    de het een deze dit die dat alle elke elk ieder iedere hun onze ons zijn haar enkele sommige
    verschillende meerdere diverse beide geen zulke andere
    """
)
PREPOSITIONS: Final = words(
    """
    van voor met in op aan bij naar tot door over onder uit tussen tegen via om per volgens zonder
    binnen buiten rond sinds vanaf tijdens inzake betreffende ten ter te na langs dankzij
    naargelang conform richting bovenop omtrent rondom krachtens als wegens
    """
)
SUBORDINATORS: Final = words(
    """
    zodat waarop waarbij waarin waardoor waarmee waarvan waarvoor waaraan die dat opdat wanneer
    indien nadat voordat terwijl om teneinde zodra omdat
    """
)
CONJUNCTIONS: Final = words("en alsook evenals alsmede of daarna vervolgens") | {"&", "+", ",", ";"}
ADVERBS: Final = words(
    """
    beter sneller verder meer minder vlotter gerichter efficienter effectiever structureel continu
    permanent steeds altijd ook nog zo snel tijdig jaarlijks maandelijks dagelijks regelmatig goed
    optimaal maximaal systematisch blijvend actief proactief gezamenlijk samen intern extern
    correct volledig grondig voortdurend duurzaam duidelijker eenvoudiger vaker opnieuw
    daadwerkelijk veel mogelijk nodig waar indien
    """
)
GENERIC_ADJECTIVES: Final = words(
    """
    nodige noodzakelijke concrete nieuwe geplande voorziene gepaste passende verdere bijkomende
    extra andere diverse verschillende gerichte belangrijke relevante structurele gezamenlijke
    aantal betere interne lopende specifieke goede vereiste gewenste reeks
    """
)
FUNCTION_WORDS: Final = (
    DETERMINERS
    | PREPOSITIONS
    | SUBORDINATORS
    | CONJUNCTIONS
    | ADVERBS
    | GENERIC_ADJECTIVES
    | words("niet wel wat er hier daar wij we zich elkaar dan maar jaar dienst gebruik")
)

NL: Final = Vocabulary(
    months=words(
        """
        januari februari maart april mei juni juli augustus september oktober november december
        """
    ),
    references=words(
        "artikel art fase deel versie wet stap hoofdstuk titel nr nummer schijf pijler"
    ),
    quantities=words(
        """
        twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien twintig
        dertig veertig vijftig zestig zeventig tachtig negentig honderd tweehonderd duizend
        miljoen halveren verdubbelen helft derde kwart wekelijkse maandelijkse dagelijkse
        driemaandelijkse procent nultolerantie
        """
    ),
    vague_phrases=phrases(
        """
        inzetten op
        aandacht ... besteden
        aandacht besteden
        aandacht ... hebben
        aandacht ... schenken
        oog ... hebben
        streven naar
        nastreven
        werk maken van
        bijdragen tot
        bijdragen aan een
        blijven investeren
        verder investeren
        blijven werken
        verder werken
        waken over
        toezien op een
        nadenken over
        stilstaan bij
        zorgen voor een goede|betere|optimale|vlotte|efficiente
        rekening houden met
        zo veel mogelijk
        zoveel mogelijk
        zo goed mogelijk
        zo snel mogelijk
        zo efficient mogelijk
        waar|indien|wanneer nodig|mogelijk|wenselijk|opportuun
        op termijn
        op lange termijn
        in de mate van het mogelijke
        op een efficiente|optimale|adequate|gepaste|kwaliteitsvolle|professionele manier|wijze
        optimaal
        maximaal inzetten
        inspanningen voortzetten|verderzetten|leveren
        verder zetten
        """
    ),
    weak_verbs=words(
        """
        optimaliseren verbeteren versterken bevorderen ondersteunen stimuleren faciliteren
        verhogen vergroten professionaliseren moderniseren waarborgen verzekeren garanderen
        ontwikkelen uitbouwen intensifieren bestendigen voortzetten verderzetten aanmoedigen
        opvolgen bewaken vernieuwen aanpassen bijsturen uitdiepen verdiepen verruimen aanscherpen
        verfijnen vergemakkelijken herbekijken handhaven behouden promoten verduurzamen
        """
    ),
    containers=words(
        """
        werking dienstverlening samenwerking kwaliteit efficientie effectiviteit doeltreffendheid
        communicatie aanpak beleid imago zichtbaarheid processen proces overleg afstemming
        coordinatie organisatie cultuur organisatiecultuur transformatie innovatie
        veiligheid welzijn motivatie betrokkenheid kennis expertise kennisdeling
        informatiedoorstroming informatie-uitwisseling werkomgeving werksfeer professionaliteit
        transparantie klantgerichtheid klantvriendelijkheid beheer opvolging ondersteuning dienst
        diensten directie werkmethoden wendbaarheid weerbaarheid synergie synergieen governance
        bestuur relaties partnerschap partnerschappen
        """
    ),
    qualifiers=words("betere beter goede optimale vlotte efficiente performante kwaliteitsvolle"),
    bare_nouns=words(
        """
        acties actie maatregelen maatregel initiatieven initiatief stappen stap zaken dingen
        activiteiten activiteit projecten project inspanningen taken taak opdrachten opdracht
        doelstellingen doelstelling doelen voorstellen oplossingen oplossing werkzaamheden
        aangelegenheden middelen elementen
        """
    ),
)
