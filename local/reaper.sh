# Ends the supervisor's children when the supervisor is gone without having ended them itself (kill -9, out of memory).
# It holds the reading end of a pipe: whatever kills the supervisor closes the other end.
#
# Told on its input:  watch <pid> | forget <pid> | done
# Every child leads a process group of its own, so that what it started goes with it.
trap '' HUP INT TERM
pids=''

while read -r verb pid; do
  case $verb in
    watch) pids="$pids $pid" ;;
    forget)
      left=''
      for each in $pids; do
        [ "$each" = "$pid" ] || left="$left $each"
      done
      pids=$left
      ;;
    done) exit 0 ;;
  esac
done

for pid in $pids; do kill -TERM "$pid" 2>/dev/null; done

# Ten seconds to write down what they have.
tries=0
while [ "$tries" -lt 100 ]; do
  alive=''
  for pid in $pids; do kill -0 "$pid" 2>/dev/null && alive=yes; done
  [ -n "$alive" ] || break
  sleep 0.1
  tries=$((tries + 1))
done

for pid in $pids; do kill -KILL "-$pid" 2>/dev/null; done
exit 0
