"""Names beside ages: "mevrouw De Boer, 67 jaar", "Jan Pietersen (54)", "de 81-jarige heer Van Dijk"."""

import re
from collections.abc import Iterator

from competencies.patient_data.passages import Passage

PARTICLE = r"(?:(?:[Vv]an(?: der| den| de| het| 't)?|[Dd]e(?: la)?|[Dd]en|[Tt]er|[Tt]en|'t|[Ee]l|[Aa]l|[Bb]en)[ -])?"
CAPITALISED = r"[A-ZÀ-Þ][\wà-ÿ'’]+"
SURNAME = rf"(?:[A-ZÀ-Þ]\.\s?){{0,4}}{PARTICLE}{CAPITALISED}(?:[ -]{PARTICLE}{CAPITALISED})?"
FORM_OF_ADDRESS = (
    r"(?:[Mm]evrouw|[Mm]evr\.?|[Mm]w\.?|[Dd]hr\.?|[Hh]r\.|(?:[Dd]e )?[Hh]eer|[Mm]eneer|[Pp]ati[eë]nte?|[Pp]at\."
    r"|[Pp]t\.?|[Kk]leine|[Bb]aby|[Mm]eisje|[Jj]ongen"
    r"|[Cc]li[eë]nte?|[Bb]ewoner|[Bb]ewoonster|[Mm]rs\.?|[Mm]r\.?|[Mm]s\.?|[Mm]iss|[Pp]atient)"
)
FIRST_AND_LAST = rf"[A-ZÀ-Þ][a-zà-ÿ]+ {SURNAME}"
INITIALS_AND_LAST = rf"(?:[A-ZÀ-Þ]\.\s?){{1,4}}{PARTICLE}{CAPITALISED}"
NUMBER = r"(?:1[01]\d|\d?\d)"
YEARS = r"(?:jaar|jr\.?|jarige?|j\.?|years?(?:[ -]old)?|yrs?|y\.?o?\.?)"
NO_AGE = (
    r"(?!\.?\s+(?:ervaring|in dienst|werk|geleden|later|lang|verpleegkundig|laborant|arts|opleid|experience|ago"
    r"|in post|of\b|as an?\b))"
)
"""What follows a number of years that somebody worked, or that passed."""
AGE = rf"{NUMBER}\s?-?{YEARS}(?!\w){NO_AGE}"
AGE_BETWEEN_BRACKETS = rf"\((?:[♀♂mvf/, ]*)?{NUMBER}(?:\s?{YEARS})?(?:[,/ ]*[♀♂mvf])?\)"
BARE_AGE = r"[2-9]\d(?=\s*(?:[,;)]\D|\.(?!\d)|\Z)|\s+met\b)"
"""A number alone, where the sentence or its part ends: beside a form of address it is an age."""
AGED = rf"aged\s+{NUMBER}(?!\w)"
BIRTH_YEAR = r"\(?(?:[Gg]eb(?:oren)?\.?|[Bb]orn|[°*])\s?(?:in\s+|uit\s+)?(?:19|20)\d\d(?![\w/-])"
BETWEEN = r"(?:[,;]?\s+(?:is\s+|van\s+|aged?\s+|oud\s+)?|\s*[,;]\s*(?:is\s+|van\s+|aged?\s+)?)"
JARIGE = rf"{NUMBER}\s?-?(?:jarige|year[ -]old)"
BESIDE = (
    re.compile(
        rf"(?<!\w){FORM_OF_ADDRESS}\s+(?P<name>{SURNAME})"
        rf"(?:{BETWEEN}(?:{AGE}|{BARE_AGE})|[,;]?\s+(?:{AGED}|{BIRTH_YEAR})|\s?{AGE_BETWEEN_BRACKETS})"
    ),
    re.compile(
        rf"(?<!\w)(?P<name>{FIRST_AND_LAST})(?:{BETWEEN}{AGE}|[,;]?\s+(?:{AGED}|{BIRTH_YEAR})|\s?{AGE_BETWEEN_BRACKETS})"
    ),
    re.compile(rf"(?<![\w.])(?P<name>{INITIALS_AND_LAST})(?:{BETWEEN}{AGE}|[,;]?\s+(?:{AGED}|{BIRTH_YEAR}))"),
    re.compile(rf"(?<!\w)(?:{JARIGE}|{NUMBER}\s?jr\.?)\s+{FORM_OF_ADDRESS}\s+(?P<name>{SURNAME})"),
    re.compile(rf"(?<!\w){JARIGE}\s+(?P<name>{FIRST_AND_LAST})"),
)
EPONYMS = frozenset(
    {
        *("addison", "alzheimer", "asperger", "barrett", "basedow", "bechterew", "bell", "burkitt", "colles", "crohn"),
        *("cushing", "dercum", "down", "duchenne", "dupuytren", "ewing", "fallot", "gaucher", "graves", "hashimoto"),
        *(
            "henoch",
            "hirschsprung",
            "hodgkin",
            "horner",
            "horton",
            "huntington",
            "kahler",
            "kaposi",
            "kawasaki",
            "klinefelter",
        ),
        *("korsakov", "lyme", "lynch", "marfan", "menière", "ménière", "paget", "parkinson", "perthes", "pfeiffer"),
        *(
            "pompe",
            "raynaud",
            "scheuermann",
            "sjögren",
            "stevens",
            "tourette",
            "turner",
            "waldenström",
            "wegener",
            "wilms",
            "wilson",
        ),
    }
)
"""Names that a disease is called after: in a sentence about a patient they are no patient's name."""
NO_NAMES = frozenset(
    {
        *(
            "afdeling",
            "cohort",
            "epa",
            "fase",
            "gold",
            "groep",
            "jaar",
            "kamer",
            "level",
            "module",
            "niveau",
            "polikliniek",
        ),
        *("stadium", "stage", "type", "versie", "week", "werkbegeleider", "nyha", "who", "asa", "mbo", "hbo", "bbl"),
    }
)
"""Words that begin with a capital here and there and are followed by a number."""


def names_beside_ages(text: str) -> Iterator[Passage]:
    """Yield what is a person's name with an age beside it; a name alone may be a colleague's and is left."""
    for beside in BESIDE:
        for found in beside.finditer(text):
            words = re.findall(r"[\wà-ÿ]+", found["name"].lower())
            if not EPONYMS.intersection(words) and not NO_NAMES.intersection(words):
                yield found.span()
