import { chown, lstat, mkdir, readdir, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ContainerStartError, type ContainerSpec } from '../runtime.ts';
import type { CatalogueImage } from './image-catalogue.ts';

/**
 * Makes a container's folder: the image's files, the volumes as links at their container paths, and the
 * working directory, which Docker makes too when it is not there.
 *
 * @param options `volumes`: folders by volume name; `workingDirectory`: a container path
 * @throws ContainerStartError when a mount names a volume that the task does not have
 */
export async function fillContainerFolder(options: {
  root: string;
  files: CatalogueImage['files'];
  mounts: ContainerSpec['mounts'];
  volumes: ReadonlyMap<string, string>;
  workingDirectory: string;
  user: { uid: number; gid: number } | undefined;
}): Promise<void> {
  const { root, user } = options;
  await mkdir(root, { recursive: true });
  const mountPoints = new Set<string>();
  for (const [containerPath, file] of Object.entries(options.files)) {
    const place = await clearPlace(root, containerPath, mountPoints);
    if ('link' in file) await symlink(file.link, place);
    else await writeFile(place, file.script, { mode: 0o755 });
  }
  // Outer ones first, so that one may lie in another.
  for (const mount of options.mounts.toSorted((a, b) => a.containerPath.length - b.containerPath.length)) {
    const folder = options.volumes.get(mount.volume);
    if (folder === undefined) {
      throw new ContainerStartError('create', `Error response from daemon: no such volume: ${mount.volume}`);
    }
    const place = await clearPlace(root, mount.containerPath, mountPoints);
    await symlink(folder, place);
    mountPoints.add(place);
    if (user) await chown(folder, user.uid, user.gid);
  }
  const workingDirectory = await ownFolder(root, options.workingDirectory, mountPoints);
  if (user) for (const folder of [root, workingDirectory]) await chown(folder, user.uid, user.gid);
}

/** Makes room for a file, a link or a mount: the folders above it are there, and nothing is at its place. */
async function clearPlace(root: string, containerPath: string, mountPoints: ReadonlySet<string>): Promise<string> {
  const parent = await ownFolder(root, path.posix.dirname(path.posix.resolve('/', containerPath)), mountPoints);
  const place = path.join(parent, path.basename(containerPath));
  await rm(place, { recursive: true, force: true });
  return place;
}

/**
 * Makes a folder of the container's own. A link to a folder of the image on the way to it becomes a folder
 * of links: a container must not write into the project. Only mounts are written through.
 */
async function ownFolder(root: string, containerPath: string, mountPoints: ReadonlySet<string>): Promise<string> {
  let folder = root;
  let mounted = false;
  for (const name of path.posix.resolve('/', containerPath).split('/').filter(Boolean)) {
    folder = path.join(folder, name);
    mounted ||= mountPoints.has(folder);
    const there = await lstat(folder).catch(() => undefined);
    if (!there) await mkdir(folder);
    else if (there.isSymbolicLink() && !mounted) await unfold(folder);
  }
  return folder;
}

async function unfold(link: string): Promise<void> {
  const target = await readlink(link);
  await rm(link);
  await mkdir(link);
  for (const entry of await readdir(target)) await symlink(path.join(target, entry), path.join(link, entry));
}
