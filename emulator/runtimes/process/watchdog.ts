import { startDetachedProcess } from '../detached-process.ts';
import { CONTAINER_ID_VARIABLE } from './process-table.ts';

/** Ends the processes and removes the folder of a run whose own process was killed. */
export interface Watchdog {
  /** A process group has begun. */
  add(groupId: number): void;
  /** A process group has ended. */
  delete(groupId: number): void;
  /** Ends the watchdog; resolves when its process is gone. */
  close(): Promise<void>;
}

/**
 * Starts the watchdog: one small shell per run, in a session of its own, that reads the process groups
 * from a pipe. The kernel closes the pipe however we end, SIGKILL included; then the shell kills the
 * groups, whatever else carries the runtime's mark (Linux), and removes the folder and the control groups.
 * A clean end leaves it nothing to do.
 *
 * @param options `runtimeId`: what the ids of its containers begin with; `controlGroup`: the folder of the
 *   memory control groups, where there is one
 */
export function startWatchdog(options: {
  runtimeId: string;
  folder: string;
  controlGroup: string | undefined;
}): Watchdog {
  const mark = `${CONTAINER_ID_VARIABLE}=${options.runtimeId}`;
  // Without a watchdog all still works but the clean-up after SIGKILL.
  const shell = startDetachedProcess(
    '/bin/sh',
    ['-c', SCRIPT, 'cloud-testbed-watchdog', options.folder, mark, options.controlGroup ?? ''],
    { PATH: '/usr/local/bin:/usr/bin:/bin' },
  );
  return {
    add: (groupId) => shell.tell(`+ ${groupId}\n`),
    delete: (groupId) => shell.tell(`- ${groupId}\n`),
    close: async () => shell.close(),
  };
}

const SCRIPT = `
folder=$1 mark=$2 control_group=$3 groups=' '
while read -r change group; do
  case $change in
    +) groups="$groups$group " ;;
    -) case $groups in *" $group "*) groups="\${groups%% $group *} \${groups#* $group }" ;; esac ;;
  esac
done
for group in $groups; do kill -9 -- "-$group" 2>/dev/null; done
[ -d "$folder" ] || [ -d "$control_group" ] || exit 0
# Several times: a process that is about to become another program shows neither mark nor group for a moment.
for pass in 1 2 3; do
  for members in "$control_group"/*/cgroup.procs; do
    [ -r "$members" ] && while read -r process; do kill -9 "$process" 2>/dev/null; done <"$members"
  done
  for environment in /proc/[0-9]*/environ; do
    [ -r "$environment" ] || continue
    if tr '\\0' '\\n' <"$environment" 2>/dev/null | grep -q -- "^$mark"; then
      process=\${environment#/proc/}
      kill -9 "\${process%/environ}" 2>/dev/null
    fi
  done
  rm -rf -- "$folder"
  [ -d "$control_group" ] && find "$control_group" -depth -type d -exec rmdir {} + 2>/dev/null
  sleep 0.2
done
`;
