import { createHash } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** What the image of a workload is built from. */
export interface WorkloadContext {
  /** The files of its folder, relative to it. */
  readonly files: readonly string[];
  /** Changes with any of its files, and with the version of any package that it uses. */
  readonly digest: string;
  /**
   * Lends a folder with all of it, the packages of its `package.json` included, as they are installed here:
   * a build then needs no package registry, and a container runs the versions that a process would.
   */
  lend<T>(use: (folder: string, entries: string[]) => Promise<T>): Promise<T>;
}

/**
 * Reads what the image of a workload is built from.
 *
 * @throws Error when there is no such folder, or when a package that it names is not installed
 */
export async function readContext(folder: string): Promise<WorkloadContext> {
  const files = await filesIn(folder);
  const packages = files.includes('package.json') ? await packagesOf(folder) : new Map<string, InstalledPackage>();
  return {
    files,
    digest: await digestOf(folder, files, packages),
    async lend(use) {
      if (packages.size === 0) return use(folder, [...files]);
      const copy = await mkdtemp(path.join(tmpdir(), 'testbed-build-'));
      try {
        await cp(folder, copy, { recursive: true });
        for (const [place, { source }] of packages) {
          await cp(source, path.join(copy, place), {
            recursive: true,
            // What is nested is copied where it is needed itself.
            filter: (file) => file === source || path.basename(file) !== 'node_modules',
          });
        }
        return await use(copy, await readdir(copy));
      } finally {
        await rm(copy, { recursive: true, force: true });
      }
    },
  };
}

interface InstalledPackage {
  /** Its folder. */
  readonly source: string;
  readonly version: string;
}

/** The packages that a folder's `package.json` asks for, and what they need, by their place: `node_modules/…`. */
async function packagesOf(folder: string): Promise<ReadonlyMap<string, InstalledPackage>> {
  const found = new Map<string, InstalledPackage>();
  const add = async (name: string, from: string, optional: boolean): Promise<void> => {
    const installed = await locate(name, from);
    if (!installed) {
      if (optional) return;
      throw new Error(`${name}, which ${from} uses, is not installed: run npm ci`);
    }
    const { source, place, manifest } = installed;
    if (found.has(place)) return;
    found.set(place, { source, version: manifest.version ?? '' });
    await addAll(manifest, source);
  };
  const addAll = async (manifest: Manifest, from: string): Promise<void> => {
    for (const name of Object.keys(manifest.dependencies ?? {})) await add(name, from, false);
    for (const name of Object.keys(manifest.optionalDependencies ?? {})) await add(name, from, true);
  };
  await addAll(await readManifest(folder), folder);
  return found;
}

interface Manifest {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

async function readManifest(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** Looks for a package as Node does: in the `node_modules` of each folder on the way up. */
async function locate(
  name: string,
  from: string,
): Promise<{ readonly source: string; readonly place: string; readonly manifest: Manifest } | undefined> {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const source = path.join(folder, 'node_modules', name);
    const manifest = await readManifest(source).catch(() => undefined);
    if (manifest) {
      // Nested packages keep their nesting; everything else stands at the top.
      const outermost = source.indexOf(`${path.sep}node_modules${path.sep}`);
      return { source, place: source.slice(outermost + 1), manifest };
    }
    if (folder === path.dirname(folder)) return undefined;
  }
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .toSorted();
}

async function digestOf(
  folder: string,
  files: readonly string[],
  packages: ReadonlyMap<string, InstalledPackage>,
): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(await readFile(path.join(folder, file)))
      .update('\0');
  for (const [place, { version }] of packages) hash.update(`${place}\0${version}\0`);
  return hash.digest('hex');
}
