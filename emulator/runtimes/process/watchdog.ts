import { spawn } from 'node:child_process';

/** Ends the processes and removes the folder of a run whose own process was killed. */
export interface Watchdog {
  /** A process group has begun. */
  add(groupId: number): void;
  /** A process group has ended. */
  delete(groupId: number): void;
  /** Ends the watchdog; resolves when its process is gone. */
  close(): Promise<void>;
}

/** The variable that marks every process of a run, so that left-overs can be found. */
export const RUN_ID_VARIABLE = 'TESTBED_RUN_ID';

/**
 * Starts the watchdog: one small shell per run, in a session of its own, that reads the process groups
 * from a pipe. The kernel closes the pipe however we end, SIGKILL included; then the shell kills the
 * groups, whatever else carries the run's id (Linux), and removes the folder. A clean end leaves it
 * nothing to do.
 */
export function startWatchdog({ runId, folder }: { runId: string; folder: string }): Watchdog {
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'cloud-testbed-watchdog', folder, `${RUN_ID_VARIABLE}=${runId}`], {
    detached: true,
    cwd: '/',
    env: { PATH: '/usr/local/bin:/usr/bin:/bin' },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.unref();
  // Without a watchdog all still works but the clean-up after SIGKILL; a broken pipe means it was killed itself.
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
  if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
  const tell = (line: string): void => {
    if (child.stdin.writable) child.stdin.write(`${line}\n`);
  };
  return {
    add: (groupId) => tell(`+ ${groupId}`),
    delete: (groupId) => tell(`- ${groupId}`),
    close: async () => {
      child.ref();
      child.stdin.end();
      await ended;
    },
  };
}

const SCRIPT = `
folder=$1 marker=$2 groups=' '
while read -r change group; do
  case $change in
    +) groups="$groups$group " ;;
    -) case $groups in *" $group "*) groups="\${groups%% $group *} \${groups#* $group }" ;; esac ;;
  esac
done
for group in $groups; do kill -9 -- "-$group" 2>/dev/null; done
[ -d "$folder" ] || exit 0
for environment in /proc/[0-9]*/environ; do
  [ -r "$environment" ] || continue
  if tr '\\0' '\\n' <"$environment" 2>/dev/null | grep -qxF -- "$marker"; then
    process=\${environment#/proc/}
    kill -9 "\${process%/environ}" 2>/dev/null
  fi
done
rm -rf -- "$folder"
`;
