#!/usr/bin/env bash
# Builds the shop and copies it to its servers.
set -euo pipefail

target=${1:-staging}
servers=(
  alpha.example.org
  beta.example.org
)

usage() {
  cat <<EOF
usage: deploy.sh [staging|production]
  Copies the build to every server of a stage.
EOF
}

# Prints a message with the time in front.
log() {
  local now
  now=$(date +%H:%M:%S)
  printf '%s %s\n' "$now" "$*" >&2
}

build() {
  log "building for $target"
  rm -rf build/*
  if [[ -f package-lock.json ]]; then
    npm ci
  elif [[ -f yarn.lock ]]; then
    yarn install --frozen-lockfile
  else
    log "no lock file"
    return 1
  fi
  npm run build -- --mode "$target"
}

copy() {
  local server=$1 tries=0
  until rsync -a build/ "$server:/srv/shop"; do
    tries=$((tries + 1))
    if ((tries > 3)); then
      log "giving up on $server"
      return 1
    fi
    sleep $((1 << tries))
  done
  ssh "$server" '
    cd /srv/shop
    systemctl restart shop
  '
}

case $target in
  staging)
    servers=(staging.example.org)
    ;;
  production)
    log "this is production"
    ;;
  -h | --help)
    usage
    exit 0
    ;;
  *)
    usage >&2
    exit 2
    ;;
esac

build
for server in "${servers[@]}"; do
  copy "$server" &&
    log "copied to $server"
done
