"""Short invented sentences in Dutch for notes, comments and reasons; about work, never about a patient."""

from __future__ import annotations

from competencies.observations import ActivityKind

NOTES = {
    ActivityKind.PATIENT_CONTACT: (
        "Zorg zelfstandig voorbereid en samen uitgevoerd.",
        "Voorlichting gegeven met de afgesproken folder.",
        "Opnamegesprek gevoerd en het zorgplan aangevuld.",
        "Controles gedaan en de uitslagen besproken met de arts.",
        "Overdracht gegeven volgens SBAR.",
        "Begeleiding bij een langere behandeling op de afdeling.",
    ),
    ActivityKind.PROCEDURE: (
        "Handeling volgens protocol uitgevoerd, materiaal zelf klaargezet.",
        "Onderzoek afgenomen en de kwaliteit beoordeeld.",
        "Handeling twee keer geoefend, daarna uitgevoerd.",
        "Voorbereiding, uitvoering en nazorg volledig gedaan.",
        "Serie onderzoeken op het ochtendprogramma.",
    ),
    ActivityKind.SIMULATION: (
        "Scenario in het skillslab met nabespreking.",
        "Acute situatie geoefend met het team.",
        "Geoefend op de oefenpop, met videofeedback.",
    ),
    ActivityKind.CASE_DISCUSSION: (
        "Casus besproken: afwegingen en alternatieven.",
        "Keuze voor het beleid toegelicht aan de werkbegeleider.",
        "Besproken wat er mis had kunnen gaan en wat dan te doen.",
    ),
    ActivityKind.COURSE: (
        "Lesdag gevolgd en de toets gemaakt.",
        "E-learning afgerond en vragen besproken.",
        "Scholing over het nieuwe protocol.",
    ),
    ActivityKind.PROJECT: (
        "Verbeterplan uitgewerkt en voorgelegd aan het team.",
        "Verslag ingeleverd met aanbevelingen voor de afdeling.",
        "Nieuwe werkwijze beschreven en getest.",
    ),
    ActivityKind.SHIFT: (
        "Dienst gecoördineerd en taken verdeeld.",
        "Overleg voorgezeten en besluiten vastgelegd.",
        "Late dienst met veel wisselingen, prioriteiten gesteld.",
        "Teamoverleg voorbereid en geleid.",
    ),
    ActivityKind.FEEDBACK_ROUND: (
        "Ronde feedback van collega’s over de samenwerking.",
        "Collega’s gevraagd naar mijn rol in het team.",
    ),
}

REFLECTIONS = (
    "Wat ging goed, wat deed het met mij en wat doe ik de volgende keer anders.",
    "Ik merkte dat ik te lang wachtte met hulp vragen.",
    "Terugblik op mijn leerdoelen van deze periode.",
    "Ik kreeg feedback op mijn gesprekstechniek en wil die oefenen.",
)
"""What is written in a reflection; its line in the logbook says nothing of it."""

COMMENTS = {
    -1: (
        "Nog veel hulp nodig bij de voorbereiding; oefen de stappen hardop.",
        "Je begon zonder te controleren of alles klaarlag. Volgende keer eerst de checklist.",
        "Goed dat je om hulp vroeg. De volgorde van de stappen is nog onzeker.",
    ),
    0: (
        "Netjes gedaan. Vat aan het eind nog samen wat je hebt afgesproken.",
        "Je houdt overzicht; let op je tempo bij de uitleg.",
        "Rustig en volgens protocol. Benoem je afwegingen wat meer.",
        "Goede voorbereiding, ik hoefde maar één keer bij te sturen.",
    ),
    1: (
        "Volledig zelfstandig, ik hoefde niet mee te kijken.",
        "Je ziet wat er nodig is voordat ik het zeg. Blijf dit doen.",
        "Sterke overdracht, ook onder druk.",
        "Collega’s vragen jou nu om raad, dat zegt genoeg.",
    ),
}
"""By what came of it: below what is asked, about that, above it."""

FEEDBACK = (
    "Prettig in de samenwerking en duidelijk over wat je nodig hebt.",
    "Je luistert goed; spreek je ook uit als je het niet eens bent.",
    "Betrouwbaar in afspraken.",
    "Neemt de tijd voor uitleg en controleert of die begrepen is.",
    "Mag eerder om hulp vragen als het druk is.",
)
DECLINES = (
    "Ik was niet bij deze activiteit aanwezig.",
    "Te lang geleden om goed te kunnen beoordelen.",
    "Ik ken dit onderdeel onvoldoende, vraag het een collega.",
    "Ik begeleid op deze afdeling niet meer.",
)
REMARKS = (
    "",
    "",
    "Besproken in het voortgangsgesprek.",
    "Alle bewijs bekeken, het beeld is eensluidend.",
    "Collega’s op de afdeling zijn op de hoogte.",
)
EARLY = (
    "Nog niet alle beoordelingen zijn op niveau; werkt met een begeleider die snel beschikbaar is.",
    "Inzet met indirecte supervisie is verantwoord, het einddoel volgt later.",
)
OVERRULES = (
    "Eén beoordeling ontbreekt, maar de bekwaamheid is op de afdeling ruimschoots gezien.",
    "Eerder behaalde ervaring elders weegt mee; het dossier is daar besproken.",
)
SHORTER = "Kortere geldigheid: de handeling komt hier weinig voor."

PROOF = "Diploma en cijferlijst van de vorige opleiding, ingezien op papier; kopie bij het leerhuis."
DIPLOMA = "Diploma mbo-verpleegkundige"
