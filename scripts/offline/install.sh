#!/bin/sh
# Installs Doudi from this folder, without a network: ./install.sh /opt/doudi
# Checks every file first. Again, from a newer bundle, it installs beside and switches over; the data in var/ stays.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=${1:-}
[ -n "$target" ] || { echo "用法 · usage: ./install.sh FOLDER"; exit 2; }
machine=$(uname -m)
[ "$machine" = arm64 ] && machine=aarch64
[ -d "$here/wheels/$machine" ] || { echo "本包没有 $machine 的文件 · nothing for $machine in this bundle"; exit 1; }
wanted=$(cat "$here/PYTHON")
python=${PYTHON:-python$wanted}
command -v "$python" >/dev/null || { echo "需要 Python $wanted · Python $wanted is needed (set PYTHON=…)"; exit 1; }
"$python" -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$wanted')" || {
  echo "需要 Python $wanted · this bundle is for Python $wanted"; exit 1; }

echo "核对每个文件 · checking every file"
(cd "$here" && sha256sum --quiet -c SHA256SUMS) || {
  echo "文件不完整或被改动，没有安装 · damaged or changed; nothing was installed"; exit 1; }

version=$(sed -n 's/^doudi==\([^ ]*\) .*/\1/p' "$here/requirements.txt")
mkdir -p "$target"
target=$(cd "$target" && pwd)
release="$target/releases/$version"
rm -rf "$release"
mkdir -p "$release"
echo "安装 · installing $version for $machine"
"$python" -m venv "$release/venv"
"$release/venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --no-deps --require-hashes \
  --find-links "$here/wheels/$machine" --find-links "$here" -r "$here/requirements.txt"
"$release/venv/bin/python" -m pip check --disable-pip-version-check >/dev/null
for part in policy reforms demo docs LICENSE; do cp -R "$here/$part" "$release/$part"; done
ln -sfn "releases/$version" "$target/current.new"
mv -T "$target/current.new" "$target/current"
cat >"$target/doudi.new" <<'RUN'
#!/bin/sh
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
export DOUDI_HOME="${DOUDI_HOME:-$here/var}" DOUDI_POLICY="${DOUDI_POLICY:-$here/current/policy}"
exec "$here/current/venv/bin/doudi" "$@"
RUN
chmod 755 "$target/doudi.new"
mv "$target/doudi.new" "$target/doudi"
echo "装好了 · installed: $target/doudi"
