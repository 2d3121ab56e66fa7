"""Makes the pages that are made, and shows ``.perf`` in colour; ``python -m sitegen`` writes, the site reads."""
