# `make` runs what a change must pass; every target is one command that also works without make.
.PHONY: check lint types test run ci sample pictures

check: lint types test

lint:
	ruff check .
	ruff format --check .

types:
	mypy

test:
	python -m pytest

run:
	streamlit run app.py

ci:
	CI=true bash .ci/run

sample:
	python -m samples.make

pictures:
	python -m bench.pictures
