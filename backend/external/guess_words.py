"""Words by which the columns and answer scales of other tools are recognised."""

# fmt: off
WAVE_WORDS = frozenset((
    "wave", "round", "time", "year", "month", "quarter", "period", "survey", "occasion", "t",
    "welle", "ola",
))

UNIT_WORDS = (
    "organisation", "organization", "agency", "ministry", "region", "brigade", "regiment",
    "battalion", "bataillon", "btn", "bn", "company", "firm", "directorate", "division",
    "department", "dept", "abteilung", "departamento", "bureau", "branch", "site", "location",
    "plant", "store", "office", "section", "unit", "group", "team", "crew", "squad", "platoon",
    "shift",
)
"""From the largest level down, so that the order of the levels can be guessed."""

PEOPLE_WORDS = frozenset((
    "n", "count", "answers", "respondents", "responses", "headcount", "employees",
))

IDENTIFIER_WORDS = frozenset((
    "id", "uuid", "guid", "subnum", "subject", "respondent", "case", "person", "name", "email",
    "mail", "ip", "token", "started", "finished", "submitted", "timestamp", "date", "datetime",
    "start", "end", "duration", "seed",
))

BACKGROUND_WORDS = frozenset((
    "gender", "sex", "age", "birth", "marital", "education", "educate", "rank", "grade",
    "tenure", "howlong", "seniority", "race", "ethnicity", "ethnic", "religion", "disability",
    "nationality", "salary", "pay", "income", "role",
))

ADVERSE_WORDS = frozenset((
    "worry", "worried", "fear", "afraid", "stress", "stressed", "strain", "burnout",
    "insecurity", "insecure", "overload", "anxiety", "turnover", "quit", "exhaustion",
    "conflict", "surveillance", "monitored",
))

MISSING_TEXTS = (
    "NA", "N/A", "n/a", "NaN", "NULL", "null", ".", "-", "#NULL!", "-99", "-9", "999",
)

DONT_KNOW_LABELS = frozenset((
    "don't know", "dont know", "do not know", "not sure", "unsure", "can't say", "weiß nicht",
    "no sé",
))

NO_ANSWER_LABELS = frozenset((
    "no answer", "not applicable", "refused", "prefer not to say", "missing", "n/a",
    "keine angabe",
))

LABELLED_SCALES = (
    ("strongly disagree", "disagree", "neither agree nor disagree", "agree", "strongly agree"),
    ("strongly disagree", "disagree", "neutral", "agree", "strongly agree"),
    ("strongly disagree", "disagree", "agree", "strongly agree"),
    (
        "very dissatisfied", "dissatisfied", "neither satisfied nor dissatisfied",
        "satisfied", "very satisfied",
    ),
    ("very dissatisfied", "dissatisfied", "neutral", "satisfied", "very satisfied"),
    ("never", "rarely", "sometimes", "often", "always"),
    ("never", "seldom", "sometimes", "often", "always"),
    ("not at all", "slightly", "moderately", "very", "extremely"),
    ("not at all", "a little", "somewhat", "quite a bit", "very much"),
    ("not at all", "a little", "somewhat", "mostly", "completely"),
    (
        "to a very small extent", "to a small extent", "somewhat", "to a large extent",
        "to a very large extent",
    ),
    ("very poor", "poor", "fair", "good", "very good"),
    ("poor", "fair", "good", "very good", "excellent"),
    ("very low", "low", "medium", "high", "very high"),
    ("no", "yes"),
)
"""Answer texts of common scales, low to high."""
# fmt: on
