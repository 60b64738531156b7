#!/usr/bin/env bash
# Checks the Python package: builds archive and wheel, installs the wheel into a fresh environment, and uses it there against a server on the
# demo model: types, style, tests, the README's lines, notebooks. check.sh ENVIRONMENT
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
environment=$(mkdir -p "$1" && cd "$1" && pwd)
export PIP_QUIET=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
cd "$here"

python3 -m venv --clear "$environment"
PATH=$environment/bin:$PATH
pip install -r requirements-check.txt
rm -rf dist
python -m build --outdir dist . >"$environment/build.log" 2>&1 || { cat "$environment/build.log"; exit 1; }
twine check --strict dist/*
wheel=$(echo dist/*.whl)
pip install --force-reinstall "$wheel[notebook,tables]"

# What is installed is what the tree has: the page, and the license.
installed=$(cd / && python -c 'import stratalens; print(*stratalens.__path__)')
case $installed in "$environment"/*) ;; *) echo "the wheel is not what is imported: $installed"; exit 1 ;; esac
for name in report.js report.css load.js; do
  cmp "$installed/_page/bundle/$name" "$root/client-sdk/report/src/main/resources/dev/stratalens/report/page/$name"
done
unzip -p "$wheel" '*/licenses/LICENSE' | cmp - "$root/LICENSE"

ruff check . --config pyproject.toml "$root/proto/vectors"
ruff format --check .
mypy
mypy --python-version 3.14
pytest
python run_notebooks.py notebooks/*.ipynb
