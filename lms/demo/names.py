"""Invented names; every one says that it is of the demonstration."""

from __future__ import annotations

from competencies.people import OrganisationKind
from lms.demo.chance import Chance

MARK = "(demo)"
HOSPITAL, AMBULANCE = OrganisationKind.HOSPITAL, OrganisationKind.AMBULANCE_SERVICE

REGION = (
    (HOSPITAL, "Ziekenhuis Zilverveen"),
    (HOSPITAL, "Ziekenhuis Wierdenhart"),
    (HOSPITAL, "Medisch Centrum Terpenwoud"),
    (HOSPITAL, "Academisch Centrum Hogelicht"),
    (HOSPITAL, "Ziekenhuis Lauwerduin"),
    (HOSPITAL, "Streekziekenhuis Esselaar"),
    (HOSPITAL, "Ziekenhuis Waterlinde"),
    (HOSPITAL, "Medisch Centrum Zuiderhof"),
    (AMBULANCE, "Ambulancedienst Noorderzicht"),
    (AMBULANCE, "Ambulancedienst Drieveld"),
    (AMBULANCE, "Ambulancedienst Kustenwad"),
)
"""The organisations of the region for show; the fixed sign-ins work in the first."""

ALLIANCES = ("Opleidingsalliantie Zilverland", "Opleidingsalliantie Heuvelland", "Opleidingsalliantie Rivierenhof")

DEPARTMENTS = {
    HOSPITAL: (
        "Oncologie",
        "Dagbehandeling",
        "Interne geneeskunde",
        "Functieonderzoek",
        "Chirurgie",
        "Longgeneeskunde",
        "Polikliniek",
    ),
    AMBULANCE: ("Standplaats Noord", "Standplaats Zuid", "Meldkamer"),
}

GIVEN = """
Aafke Anouk Bart Bente Bram Carlijn Cas Daan Dewi Douwe Elin Emre Esra Evi Fenna Femke Floor Gijs Hanna Hidde
Ilse Imane Iris Jelle Jesse Jildou Joris Julia Karim Kim Koen Lana Lars Lieke Lotte Luuk Maaike Mees Meryem Milan
Naomi Nina Noor Olaf Pim Quinten Rachid Rosa Ruben Sanne Selin Sjoerd Stijn Tamar Teun Tess Thijs Vera Wessel Yara
"""
FIRST_HALVES = "Veld Zand Water Berk Duin Linde Esker Brem Hazel Kolk Meer Rietveld Spoor Ster Terp Vaart Wind Zilver"
SECOND_HALVES = "aar berg bos brink dijk hof horst kamp laar man mans meer oord sma stra veen wijk zicht"
_given, _first, _second = GIVEN.split(), FIRST_HALVES.split(), SECOND_HALVES.split()


def person(chance: Chance) -> str:
    """Return a name for a person."""
    return f"{chance.choice(_given)} {chance.choice(_first)}{chance.choice(_second)} {MARK}"


def organisation(number: int) -> tuple[OrganisationKind, str]:
    """Return the kind and the name of the organisation with that number, from 0."""
    if number < len(REGION):
        kind, name = REGION[number]
        return kind, f"{name} {MARK}"
    kind = AMBULANCE if number % 4 == 3 else HOSPITAL
    first = _first[number % len(_first)]
    second = _second[number // len(_first)]
    return kind, f"{'Ambulancedienst' if kind is AMBULANCE else 'Ziekenhuis'} {first}{second} {number} {MARK}"


def alliance(number: int) -> str:
    """Return the name of the alliance with that number, from 0."""
    name = ALLIANCES[number] if number < len(ALLIANCES) else f"Opleidingsalliantie {_first[number]}land"
    return f"{name} {MARK}"
