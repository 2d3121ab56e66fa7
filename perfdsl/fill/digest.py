"""What tells the rules of two sheets apart."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from perfdsl.plan import Plan
from perfdsl.plan_json import encode

LENGTH = 12
# Where a rule stands, and whom it is applied to, does not change what is asked.
ASIDE = frozenset({"line", "ruleset_sha256", "object", "accepted", "remarks"})


def digest(plans: Sequence[Plan]) -> str:
    """Twelve hexadecimal digits of everything in ``plans`` that a score depends on, in their order."""
    text = json.dumps([_kept(encode(plan)) for plan in plans], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:LENGTH]


def _kept(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _kept(inner) for name, inner in value.items() if name not in ASIDE}
    return [_kept(inner) for inner in value] if isinstance(value, (list, tuple)) else value
