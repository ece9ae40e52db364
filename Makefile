# `make` runs what a change must pass; every target is one command that also works without make.
.PHONY: check lint types test everything run ci sample pictures

check: lint types test

lint:
	ruff check .
	ruff format --check .

types:
	mypy

test:
	python -m pytest

everything:
	python -m tests.support.postgres python -m pytest -m ""

run:
	streamlit run app.py

ci:
	bash .ci/run

sample:
	python -m samples.make

pictures:
	python -m bench.pictures
