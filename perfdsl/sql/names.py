"""Names, words and remarks as SQL text: whatever the user's words hold, they stay what they are and end nothing early."""

from perfdsl.sql.dialects import Dialect

WIDE_SIGNS = str.maketrans("'\";:&%?$@{}\\`*", "＇＂；：＆％？＄＠｛｝＼｀＊")


class Names:
    """Gives every column a name of its own: short enough, without a sign that would have to be quoted, none twice."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.used: set[str] = set()

    def give(self, stem: str, suffix: str = "") -> str:
        """A name from the last part of a path, such as ``"预算执行率_得分"``."""
        plain = "".join(x if ord(x) < 0x10000 and (x.isalnum() or x == "_") else "_" for x in stem) or "_"
        room = self.dialect.name_bytes - len(suffix.encode()) - 5
        while len(plain.encode()) > room:
            plain = plain[:-1]
        number, name = 1, plain + suffix
        while name.casefold() in self.used:
            number += 1
            name = f"{plain}_{number}{suffix}"
        self.used.add(name.casefold())
        return self.dialect.quote + name + self.dialect.quote


def quoted(name: str, dialect: Dialect) -> str:
    """A name that is the user's own, as it is."""
    return dialect.quote + name.replace(dialect.quote, dialect.quote * 2) + dialect.quote


def literal(text: str, dialect: Dialect) -> str:
    """Words as a string of the database."""
    text = text.replace("'", "''")
    return "'" + (text.replace("\\", "\\\\") if dialect.backslash else text) + "'"


def remark(text: str) -> str:
    """Words as a remark to the end of the line: on one line, and without a sign a client might act on."""
    shown = "".join(x if x.isprintable() else " " for x in text.translate(WIDE_SIGNS))
    return "-- " + " ".join(shown.split())
