"""Names: how the names of pupils are compared, and which of them are no pupil's.

Here lives the comparing of two texts as names. Nothing is guessed: no short form, no preferred forename. Whose name
it is does not live here (see `identities`).
"""

from __future__ import annotations

import unicodedata

# What stands between two words of a name, and what stands within one and is left out as easily as written.
_BETWEEN = ",-\u2010\u2011\u2012\u2013\u2014\u2212"
_WITHIN = "'`\u00ad\u00b4\u02bb\u02bc\u2018\u2019\u201b\u2032"
_SIGNS = str.maketrans({**dict.fromkeys(_BETWEEN, " "), **dict.fromkeys(_WITHIN)})
# Letters that are written otherwise without their mark and that Unicode does not take apart.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_SURE_TEST = {"dummy", "testpupil", "teststudent", "testchild"}
_TEST = {"test", "testing", "sample", "example", "fake"}
_FILLER = {"pupil", "student", "child", "learner", "name", "surname", "forename", "only", "do", "not", "use"}


def fold_name(name: str) -> str:
    """Return a name as it is compared: no case, comma, hyphen or apostrophe, one space; accents stay."""
    return " ".join(unicodedata.normalize("NFC", name.casefold()).translate(_SIGNS).split())


def drop_accents(folded: str) -> str:
    """Return a folded name in plain letters: for two systems of which one cannot write the accents."""
    apart = unicodedata.normalize("NFD", folded.translate(_LETTERS))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def is_test_name(folded: str) -> bool:
    """Whether a folded name is one that people give to a pupil who does not exist, such as Dummy or Test Pupil.

    One word of a name is not enough where it is also somebody's surname: Test Pupil is none, Test Anna may be one.
    """
    words = {word.strip("0123456789") for word in folded.split()} - {""}
    if words & _SURE_TEST or words == {"a", "n", "other"}:
        return True
    return bool(words & _TEST) and words <= _TEST | _FILLER
