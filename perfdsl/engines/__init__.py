"""One engine a file: ``NAME``, ``NEEDS`` and ``EXTRA`` (its library and how it is installed), ``run(program, grid) -> Scores``."""
