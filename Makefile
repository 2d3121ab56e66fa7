# Two commands do everything on a machine with Python 3.11, pip and make:
#   make demo   sets up, scores a real document, prints and writes the report
#   make test   sets up, runs all tests and checks; the same examples of every law in every run
# and for the documents
#   make test-new  all tests with examples nobody has tried yet, and more of them (about half an hour)
#   make pages  makes the pages of the grammar, the rulesets and the codes anew
#   make prove-deep  tries the prover on a million small rubrics (about a quarter of an hour on one core)
#   make forms-deep  writes every example in every form and thousands of rules of chance, all reckoned again by LibreOffice (some minutes)
#   make batch-deep  scores ten million observations and measures the memory (some minutes; OBJECTS=3333334 ORDER=in-order: a hundred million)
#   make conformance  writes the expected scores of the conformance suite and its table anew (a minute)
#   make differential N=1000000  compares every engine with the exact one on so many objects (an hour; N=20000 without)
#   make bench-batch  scores the common workload beside Polars, DuckDB, numpy, OpenFisca, zen-engine and C (about ten minutes)
#   make test-spark  scores on a Spark cluster it starts here, kills a worker, compares every row (some minutes; needs Java 17, fetches 400 MB)
#   make test-spark-slice  two jobs of it on two workers, one of which is killed (two minutes)
#   make docs   makes the site in site/ (open site/index.html)
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# the tests start the command hundreds of times: its modules are compiled once, whatever the surroundings say
export PYTHONDONTWRITEBYTECODE :=
# an example that shows defects; tests/test_examples.py says which
FAULTY := examples/incumbent/现行办法.perf

.PHONY: help demo test test-new check pages docs bench prove-deep forms-deep batch-deep conformance differential bench-batch test-spark test-spark-slice clean
help:
	@sed -n 's/^#   //p' Makefile

$(VENV)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check 'pip>=25.1'
	$(BIN)/pip install --quiet -c constraints.txt -e '.[excel,html]' --group test
	touch $@

demo: $(VENV)/.ready
	@mkdir -p demo-out
	$(BIN)/perfdsl score examples/nanjing-2024/热线服务中心.perf --actuals examples/nanjing-2024/actuals.csv --force \
	  -o demo-out/南京2024.html -o demo-out/南京2024.md -o demo-out/南京2024.json -o demo-out/南京2024.txt
	@echo; echo "报告已写到 demo-out/ （the report is in demo-out/）"

check: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: $(VENV)/.ready check
	CI=1 $(BIN)/pytest -n auto --dist loadfile
	$(BIN)/perfdsl test rulesets $(filter-out $(FAULTY),$(wildcard examples/*/*.perf examples/*/*/*.perf))

test-new: $(VENV)/.ready
	env -u CI $(BIN)/pytest -n auto --dist loadfile

pages: $(VENV)/.ready
	$(BIN)/python -m sitegen

docs: pages
	$(BIN)/python -m zensical build --clean

bench: $(VENV)/.ready
	$(BIN)/pip install --quiet -c constraints.txt --group bench
	$(BIN)/python benchmarks/run.py

bench-batch: $(VENV)/.ready
	$(BIN)/pip install --quiet -c constraints.txt --group bench
	$(BIN)/python benchmarks/batch/run.py -o benchmarks/batch/results.md $(BENCH)

prove-deep: $(VENV)/.ready
	PYTHONPATH=. $(BIN)/python tests/prove_deep.py

forms-deep: $(VENV)/.ready
	CI=1 FORMS_DEEP=1 $(BIN)/pytest -n auto --dist loadfile tests/test_forms_excel.py tests/test_forms_chance.py --durations=0

OBJECTS ?= 333334
batch-deep: $(VENV)/.ready
	PYTHONPATH=. $(BIN)/python tests/batch_deep.py $(OBJECTS) $(ORDER)

conformance: $(VENV)/.ready
	PYTHONPATH=. $(BIN)/python tests/conformance_engines.py

N ?= 20000
differential: $(VENV)/.ready
	PYTHONPATH=. $(BIN)/python tests/differential.py --rows $(N)

# not part of "make test": pyspark is 400 MB, and starting Java takes most of a minute before the first row
test-spark: $(VENV)/.spark
	CI=1 $(BIN)/pytest tests/test_spark.py --durations=0
	CI=1 $(BIN)/pytest tests/test_diagnostics.py -k "B160 or B161 or B162 or B163 or B164 or B165"

# what .ci/run has time for
test-spark-slice: $(VENV)/.spark
	CI=1 $(BIN)/pytest tests/test_spark.py -m cluster_slice --durations=0

$(VENV)/.spark: $(VENV)/.ready
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt --group spark
	touch $@

clean:
	rm -rf $(VENV) demo-out site .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
