# shellcheck shell=bash
# build/venv: the pinned tools for testing and formatting.

python=$build/venv/bin/python

python_find() {
  local requirements=$root/python/requirements-dev.txt host key
  key=$(hash_of python/requirements-dev.txt)
  if [[ -x $python ]] && stamped venv "$key"; then return 0; fi
  host=$(command -v python3) || die "python3 is needed; install it: apt-get install python3 python3-venv"
  rm -rf "$build/venv"
  say "      make build/venv with the tools of python/requirements-dev.txt"
  logged venv "Install venv: apt-get install python3-venv" "$host" -m venv "$build/venv"
  logged pip "Check the network and the versions in python/requirements-dev.txt" \
    "$python" -m pip install --quiet --disable-pip-version-check -r "$requirements"
  stamp venv "$key"
}
