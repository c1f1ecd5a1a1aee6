#!/bin/sh
# The demonstration behind `make demo`: a sample publication, compiled and sent
# over real SMTP to a sink on this machine. Run again, it sends nothing.
set -eu

broadsheet=$BROADSHEET
dir=$1
now=$DEMO_NOW

if [ ! -e "$dir/broadsheet.yaml" ]; then
  "$broadsheet" --now "$now" init "$dir"
  echo
fi

: >"$dir/sink.log"
"$broadsheet" sink --addr 127.0.0.1:2525 --dir "$dir/mails" >"$dir/sink.log" 2>&1 &
sink=$!
trap 'kill "$sink" 2>/dev/null || true; wait "$sink" 2>/dev/null || true' EXIT
tries=0
until grep -q 127.0.0.1:2525 "$dir/sink.log"; do
  tries=$((tries + 1))
  if [ "$tries" -gt 100 ] || ! kill -0 "$sink" 2>/dev/null; then
    echo "the sink did not start:" >&2
    cat "$dir/sink.log" >&2
    exit 1
  fi
  sleep 0.05
done

key=$(sed -n 's/^issue: //p' "$dir"/issues/*/issue.md 2>/dev/null | head -n 1)
if [ -n "$key" ] && [ -e "$dir/issues/$key/frozen.json" ]; then
  echo "Issue $key was compiled and sent before."
else
  "$broadsheet" -C "$dir" --now "$now" compile
  key=$(sed -n 's/^issue: //p' "$dir"/issues/*/issue.md | head -n 1)
fi

echo
code=0
"$broadsheet" -C "$dir" --now "$now" send --yes --issue "$key" || code=$?
case $code in
  0) ;;
  3) echo "Everybody has the issue already; nothing was sent." ;;
  *) exit "$code" ;;
esac

cat <<END

Open in a browser   $dir/issues/$key/index.html
Read the mails      $dir/mails/
The editor's file   $dir/issues/$key/issue.md

Try next
  $broadsheet -C $dir --now $now preview --open
  $broadsheet -C $dir status
  $broadsheet -C $dir subscribers check
  make demo-clean   and begin again
END
