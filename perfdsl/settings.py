"""What a bureau sets once for many files: findings it accepts, with the reason, and limits of its own (docs/lints.md)."""

from fractions import Fraction

import attrs


@attrs.frozen(kw_only=True)
class Settings:
    """``accepted`` are (code, reason); ``limits`` are (name, number), each named after the lint that asks for it."""

    accepted: tuple[tuple[str, str], ...] = ()
    limits: tuple[tuple[str, Fraction], ...] = ()

    def limit(self, name: str, default: Fraction) -> Fraction:
        """The number set under ``name``."""
        return dict(self.limits).get(name, default)


STANDARD = Settings()
