#!/bin/sh
# Run by `unshare --mount`: enclose.sh <directory> <user:group> <source> <target>… -- <command…>
# Mounts sources at their targets below an empty root, all of it read-only but for /tmp, and becomes the command there.
set -eu
root=$1
user=$2
shift 2
mount -t tmpfs -o mode=755 image "$root"
while [ "$1" != -- ]; do
  source=$1
  target=$root$2
  shift 2
  mkdir -p "$(dirname "$target")"
  if [ -d "$source" ]; then mkdir -p "$target"; else touch "$target"; fi
  mount --bind "$source" "$target"
  mount -o remount,bind,ro "$target"
done
shift
mkdir -p "$root/tmp"
mount -t tmpfs -o mode=1777 tmp "$root/tmp"
mount -o remount,ro "$root"
exec chroot --userspec="$user" --groups= "$root" "$@"
