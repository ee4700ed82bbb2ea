import { readFileSync } from 'node:fs';
import { ContainerStartError } from '../runtime.ts';

/**
 * Reads a container definition's `user` (`user`, `user:group`, `uid`, `uid:gid`, `user:gid`, `uid:group`).
 *
 * @returns undefined when none is given, and when we are not root, who alone may become another user
 * @throws ContainerStartError in Docker's words when this machine does not know the name
 */
export function findUser(user: string | undefined): { uid: number; gid: number } | undefined {
  if (user === undefined || user === '' || process.getuid?.() !== 0) return undefined;
  const [userName = '', groupName] = user.split(':');
  const entry = lookUp('/etc/passwd', userName);
  const uid = entry?.id ?? numeric(userName);
  if (uid === undefined) throw notFound('user', userName, 'passwd');
  if (groupName === undefined) return { uid, gid: entry?.groupId ?? 0 };
  const gid = lookUp('/etc/group', groupName)?.id ?? numeric(groupName);
  if (gid === undefined) throw notFound('group', groupName, 'group');
  return { uid, gid };
}

function numeric(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** Finds a line of passwd or group, both of which have the name first and the id third. */
function lookUp(file: string, nameOrId: string): { id: number; groupId: number } | undefined {
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [name, , id, groupId] = line.split(':');
    if (name !== undefined && id !== undefined && (name === nameOrId || id === nameOrId)) {
      return { id: Number(id), groupId: Number(groupId) };
    }
  }
  return undefined;
}

function notFound(what: 'user' | 'group', name: string, file: string): ContainerStartError {
  return new ContainerStartError(
    'start',
    `Error response from daemon: unable to find ${what} ${name}: no matching entries in ${file} file`,
  );
}
