import { chown, lstat, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ContainerStartError, type ContainerSpec } from '../runtime.ts';
import type { CatalogueImage } from './image-catalogue.ts';

/**
 * Makes a container's folder: the image's files, the volumes as links at their container paths, and the
 * working directory, which Docker makes too when it is not there.
 *
 * @param options `volumes`: folders by volume name; `workingDirectory`: a path of this machine below `root`
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
  for (const [containerPath, file] of Object.entries(options.files)) {
    const place = path.join(root, containerPath);
    await mkdir(path.dirname(place), { recursive: true });
    if ('link' in file) await symlink(file.link, place);
    else await writeFile(place, file.script, { mode: 0o755 });
  }
  for (const mount of options.mounts) {
    const folder = options.volumes.get(mount.volume);
    if (folder === undefined) {
      throw new ContainerStartError('create', `Error response from daemon: no such volume: ${mount.volume}`);
    }
    await mountAt(path.join(root, mount.containerPath), folder);
    if (user) await chown(folder, user.uid, user.gid);
  }
  await mkdir(options.workingDirectory, { recursive: true });
  if (user) for (const folder of [root, options.workingDirectory]) await chown(folder, user.uid, user.gid);
}

/** A mount hides what the image has at its place. */
async function mountAt(place: string, folder: string): Promise<void> {
  await mkdir(path.dirname(place), { recursive: true });
  const there = await lstat(place).catch(() => undefined);
  if (there) await rm(place, { recursive: true });
  await symlink(folder, place);
}
