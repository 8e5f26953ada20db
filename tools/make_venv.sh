#!/bin/sh
# make_venv.sh PYTHON FOLDER GOAL: a virtual environment in FOLDER, for `make GOAL`.
# One that is there and works is kept, unless it was made in another place: it does not survive a move.
set -eu
python=$1 folder=$2 goal=$3
stamp=$folder/.stamp-venv
new_enough='import sys; sys.exit(sys.version_info < (3, 11))'

if [ ! -e "$stamp" ] && "$folder/bin/python" -c "$new_enough" 2>/dev/null &&
   "$folder/bin/python" -m pip --version >/dev/null 2>&1; then
  echo "Using the virtual environment $folder that is there"
else
  if ! command -v "$python" >/dev/null; then
    echo "There is no '$python'. Name a Python 3.11 or newer: make $goal PYTHON=/path/to/python3" >&2
    exit 1
  fi
  if ! "$python" -c "$new_enough" 2>/dev/null; then
    echo "'$python' is older than Python 3.11. Name a newer one: make $goal PYTHON=/path/to/python3" >&2
    exit 1
  fi
  echo "Making the virtual environment $folder"
  rm -rf "$folder"
  if ! "$python" -m venv "$folder"; then
    rm -rf "$folder"
    echo "The venv module is missing. On Debian or Ubuntu: apt install python3-venv" >&2
    exit 1
  fi
fi
pwd -P > "$stamp"
