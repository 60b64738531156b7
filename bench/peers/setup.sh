#!/usr/bin/env bash
# Sets up the Python logit-lens tools at pinned versions under environments/.
# Run again at any time: what is already there stays, what failed is tried again.
set -uo pipefail

logitlenskit_repository=https://github.com/davidbau/logitlenskit
logitlenskit_commit=e1bdd2810f6957d377f44825186674aa90781b22
tuned_lens_repository=https://github.com/AlignmentResearch/tuned-lens
tuned_lens_commit=abdac0c4de23d9f6d6c8459d576ad203aec15deb

usage() {
  cat <<TEXT
usage: setup.sh [--python PYTHON] [--logitlenskit CHECKOUT] [--tuned-lens CHECKOUT]

  --python PYTHON          the interpreter to use, 3.11 to 3.13 (default: python3)
  --logitlenskit CHECKOUT  a local checkout of $logitlenskit_repository at $logitlenskit_commit,
                           for a machine that cannot reach the repository
  --tuned-lens CHECKOUT    likewise, of $tuned_lens_repository at $tuned_lens_commit
TEXT
}

python=python3
logitlenskit_checkout=
tuned_lens_checkout=
while (($#)); do
  case $1 in
    --python | --logitlenskit | --tuned-lens)
      (($# > 1)) || { echo "setup.sh: $1 needs a value" >&2; exit 2; }
      case $1 in
        --python) python=$2 ;;
        --logitlenskit) logitlenskit_checkout=$(realpath "$2") ;;
        --tuned-lens) tuned_lens_checkout=$(realpath "$2") ;;
      esac
      shift 2
      ;;
    -h | --help) usage; exit 0 ;;
    *) echo "setup.sh: unknown argument '$1'" >&2; usage >&2; exit 2 ;;
  esac
done

"$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || {
  echo "setup.sh: '$python' is not Python 3.11, 3.12 or 3.13, which torch 2.7.1 and numpy 2.4.6 need; name one with --python" >&2
  exit 2
}

here=$(cd "$(dirname "$0")" && pwd)
environments=$here/environments
mkdir -p "$environments"

# Makes an empty environment, unless it is there.
create() {
  [[ -x $environments/$1/bin/python ]] || "$python" -m venv "$environments/$1"
}

site_packages() {
  "$environments/$1/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))'
}

# Lets an environment see the packages of the base one, so that all tools run on one torch, stored once.
build_on_base() {
  printf 'import site; site.addsitedir(%s)\n' "'$(site_packages base)'" >"$(site_packages "$1")/base.pth"
}

install() {
  local environment=$1
  shift
  "$environments/$environment/bin/python" -m pip install --disable-pip-version-check \
    --constraint "$here/requirements/constraints.txt" "$@" \
    >>"$environments/$environment.log" 2>&1
}

# The line of the log that says most: what git could not do, else pip's last error.
last_error() {
  local log=$environments/$1.log
  { grep -E '^ *fatal: ' "$log" || grep -E '^ *(ERROR|error): ' "$log"; } | tail -n 1 | sed 's/^ *//'
}

# Records why a tool is missing, for `run --list`, and says so.
not_installed() {
  echo "not installed: $2" >"$environments/$1.reason"
  echo "$1: not installed: $2"
}

installed() {
  rm -f "$environments/$1.reason"
  echo "$1: installed${2:+ ($2)}"
}

# Installs a project at a commit, from the checkout if one is given, and notes the commit that was installed.
# usage: install_commit ENVIRONMENT REPOSITORY COMMIT SUBDIRECTORY CHECKOUT
install_commit() {
  local environment=$1 repository=$2 commit=$3 subdirectory=$4 checkout=$5
  local source="git+$repository@$commit${subdirectory:+#subdirectory=$subdirectory}"
  [[ -n $checkout || $(cat "$environments/$environment/revision" 2>/dev/null) != "$commit" ]] || return 0
  if [[ -n $checkout ]]; then
    source=$checkout${subdirectory:+/$subdirectory}
    commit=$(git -C "$checkout" rev-parse HEAD 2>/dev/null || echo 'commit unknown')
    [[ $commit == "$3" ]] || echo "warning: $checkout is at '$commit', not at $3: figures will not compare" >&2
  fi
  install "$environment" --no-deps --force-reinstall "$source" || return 1
  echo "$commit" >"$environments/$environment/revision"
}

set_up_base() {
  : >"$environments/base.log"
  create base && install base -r "$here/requirements/base.txt" || {
    not_installed base "$(last_error base) (see $environments/base.log)"
    echo 'Every tool runs on torch and transformers, so there is nothing to measure without them.' >&2
    exit 1
  }
  installed base
}

# Makes an environment over the base one and installs its requirements file.
set_up_requirements() {
  : >"$environments/$1.log"
  create "$1" && build_on_base "$1" && install "$1" -r "$here/requirements/$1.txt" || {
    not_installed "$1" "$(last_error "$1") (see $environments/$1.log)"
    return 1
  }
}

set_up_logitlenskit() {
  set_up_requirements logitlenskit || return
  if install_commit logitlenskit $logitlenskit_repository $logitlenskit_commit python "$logitlenskit_checkout"; then
    installed logitlenskit "$(cat "$environments/logitlenskit/revision")"
  else
    not_installed logitlenskit "$(last_error logitlenskit); give a checkout of $logitlenskit_repository at $logitlenskit_commit by --logitlenskit (see $environments/logitlenskit.log)"
  fi
}

set_up_transformer_lens() {
  set_up_requirements transformer-lens || return
  installed transformer-lens
}

set_up_tuned_lens() {
  set_up_requirements tuned-lens || return
  if install_commit tuned-lens $tuned_lens_repository $tuned_lens_commit '' "$tuned_lens_checkout"; then
    installed tuned-lens "$(cat "$environments/tuned-lens/revision")"
  else
    installed tuned-lens "release 0.2.0, which cannot do bfloat16; $(last_error tuned-lens); give a checkout of $tuned_lens_repository at $tuned_lens_commit by --tuned-lens"
  fi
}

set_up_base
set_up_logitlenskit
set_up_transformer_lens
set_up_tuned_lens
"$here/run" --list
