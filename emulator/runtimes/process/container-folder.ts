import { chown, lstat, mkdir, readdir, readlink, realpath, rm, rmdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ContainerStartError, type ContainerSpec } from '../runtime.ts';
import { mountTarget } from './container-path.ts';
import type { CatalogueImage } from './image-catalogue.ts';

/** A volume of a task. */
export interface TaskVolume {
  readonly folder: string;
  /** `bind`: a folder of the machine, whose owner and content are not ours to change. */
  readonly type: 'bind' | 'volume';
}

/**
 * Makes a container's folder: the image's files, the volumes as links at their container paths, and the
 * working directory, which Docker makes too when it is not there. What was made for the task belongs to
 * the container's user then.
 *
 * @param options `volumes`: by volume name; `workingDirectory`: a container path
 * @throws ContainerStartError when a mount names a volume that the task does not have, or a place where
 *   none can be
 */
export async function fillContainerFolder(options: {
  root: string;
  files: CatalogueImage['files'];
  mounts: ContainerSpec['mounts'];
  volumes: ReadonlyMap<string, TaskVolume>;
  workingDirectory: string;
  user: { uid: number; gid: number } | undefined;
}): Promise<void> {
  const { root, user } = options;
  const mounts = options.mounts.map(({ volume: name, containerPath }) => {
    const volume = options.volumes.get(name);
    if (!volume) throw new ContainerStartError('create', `Error response from daemon: no such volume: ${name}`);
    return { ...volume, target: mountTarget(containerPath, volume.type) };
  });
  await mkdir(root, { recursive: true });
  const mountPoints = new Set<string>();
  for (const [containerPath, file] of Object.entries(options.files)) {
    const place = await clearPlace(root, containerPath, mountPoints);
    if ('link' in file) await symlink(file.link, place);
    else await writeFile(place, file.script, { mode: 0o755 });
  }
  // Outer ones first, so that one may lie in another.
  for (const { folder, target } of mounts.toSorted((a, b) => a.target.length - b.target.length)) {
    const place = await clearPlace(root, target, mountPoints);
    await symlink(folder, place);
    mountPoints.add(place);
  }
  const { folder: workingDirectory } = await ownFolder(root, options.workingDirectory, mountPoints);
  if (!user) return;
  const own = [root, ...mounts.filter(({ type }) => type === 'volume').map(({ folder }) => folder)];
  await changeOwner([...own, workingDirectory], own, user);
}

/** Changes the owner of those folders that really lie in one of our own: a link may lead anywhere. */
async function changeOwner(
  folders: readonly string[],
  own: readonly string[],
  user: { uid: number; gid: number },
): Promise<void> {
  const ours = await Promise.all(own.map(async (folder) => realpath(folder)));
  for (const folder of folders) {
    const place = await realpath(folder);
    if (ours.some((parent) => place === parent || place.startsWith(parent + path.sep))) {
      await chown(place, user.uid, user.gid);
    }
  }
}

/** Makes room for a file, a link or a mount: the folders above it are there, and nothing is at its place. */
async function clearPlace(root: string, containerPath: string, mountPoints: ReadonlySet<string>): Promise<string> {
  const target = path.posix.resolve('/', containerPath);
  const parent = await ownFolder(root, path.posix.dirname(target), mountPoints);
  const place = path.join(parent.folder, path.posix.basename(target));
  if (parent.mounted) await clearInVolume(place, target);
  else await rm(place, { recursive: true, force: true });
  return place;
}

/** What a volume has is somebody's: only an empty folder, or a link as we make them, gives way to a mount in it. */
async function clearInVolume(place: string, target: string): Promise<void> {
  const there = await lstat(place).catch(() => undefined);
  if (!there) return;
  try {
    await (there.isSymbolicLink() ? rm(place) : rmdir(place));
  } catch (cause) {
    throw new ContainerStartError(
      'create',
      `${target} cannot be a mount point: it lies in another volume of the container and is not an empty folder ` +
        'there, and the process runtime can hide nothing. Mount it elsewhere, or set LOCAL_RUNTIME=docker.',
      { cause },
    );
  }
}

/**
 * Makes a folder of the container's own. A link to a folder of the image on the way to it becomes a folder
 * of links: a container must not write into the project. Only mounts are written through.
 */
async function ownFolder(
  root: string,
  containerPath: string,
  mountPoints: ReadonlySet<string>,
): Promise<{ folder: string; mounted: boolean }> {
  let folder = root;
  let mounted = false;
  for (const name of path.posix.resolve('/', containerPath).split('/').filter(Boolean)) {
    folder = path.join(folder, name);
    mounted ||= mountPoints.has(folder);
    const there = await lstat(folder).catch(() => undefined);
    if (!there) await mkdir(folder);
    else if (there.isSymbolicLink() && !mounted) await unfold(folder);
  }
  return { folder, mounted };
}

async function unfold(link: string): Promise<void> {
  const target = await readlink(link);
  await rm(link);
  await mkdir(link);
  for (const entry of await readdir(target)) await symlink(path.join(target, entry), path.join(link, entry));
}
