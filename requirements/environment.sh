#!/bin/sh
# Make the virtual environment that all other commands use: environment.sh FOLDER.
set -eu
folder=$1
python=${PYTHON:-python3}

refuse() {
    echo "$1" >&2
    exit 1
}

command -v "$python" >/dev/null 2>&1 ||
    refuse "Bekwaam needs Python 3.11 or newer, and '$python' was not found: install python3, or name another with PYTHON=…"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    refuse "Bekwaam needs Python 3.11 or newer, and this is $("$python" --version): name another with PYTHON=…"
if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "Installing the Debian package python3-venv"
        apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
    else
        refuse "This Python cannot make virtual environments: run 'sudo apt-get install python3-venv' and try again."
    fi
fi
echo "Making the virtual environment $folder"
"$python" -m venv --clear "$folder"
