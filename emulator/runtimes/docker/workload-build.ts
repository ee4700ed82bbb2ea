import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type Docker from 'dockerode';
import { ImageError, type ResolvedImage } from '../runtime.ts';
import { WORKLOADS_FOLDER, workloadName } from '../workload-name.ts';
import { engineErrorStatus, engineErrorText } from './engine-error.ts';
import type { PullImage } from './image-pull.ts';

/** Where an image that we built says from which sources. */
const SOURCES_LABEL = 'cloud-testbed.sources';

/**
 * Images named `workloads/<name>` come from no registry: they are built from the Dockerfile in that folder,
 * again when anything in it has changed.
 *
 * @param pull where all other images come from
 */
export function withWorkloads(engine: Docker, pull: PullImage, workloadsFolder = WORKLOADS_FOLDER): PullImage {
  const building = new Map<string, Promise<ResolvedImage>>();
  return async (image, options) => {
    const name = workloadName(image);
    if (name === undefined) return pull(image, options);
    let build = building.get(image);
    if (!build) {
      build = buildWorkload(engine, image, path.join(workloadsFolder, name), options.onProgress).finally(() =>
        building.delete(image),
      );
      building.set(image, build);
    }
    return build;
  };
}

async function buildWorkload(
  engine: Docker,
  image: string,
  folder: string,
  onProgress: ((line: string) => void) | undefined,
): Promise<ResolvedImage> {
  const files = await filesIn(folder).catch((): string[] => []);
  if (!files.includes('Dockerfile')) {
    throw new ImageError(`pull access denied for ${image}: there is no Dockerfile in ${folder} to build it from.`);
  }
  const sources = await digest(folder, files);
  if ((await builtFrom(engine, image)) === sources) return {};
  try {
    const progress = await engine.buildImage(
      { context: folder, src: files },
      { t: image, labels: { [SOURCES_LABEL]: sources }, forcerm: true },
    );
    await new Promise<void>((resolve, reject) => {
      engine.modem.followProgress(
        progress,
        (error) => (error ? reject(error) : resolve()),
        (event: unknown) => {
          if (typeof event !== 'object' || event === null) return;
          if ('error' in event) reject(new Error(String(event.error)));
          else if ('stream' in event && String(event.stream).trim()) onProgress?.(String(event.stream).trim());
        },
      );
    });
    return {};
  } catch (cause) {
    throw new ImageError(`${image} cannot be built from ${folder}: ${engineErrorText(cause)}`, { cause });
  }
}

async function builtFrom(engine: Docker, image: string): Promise<string | undefined> {
  try {
    return (await engine.getImage(image).inspect()).Config.Labels?.[SOURCES_LABEL];
  } catch (error) {
    if (engineErrorStatus(error) === 404) return undefined;
    throw new ImageError(engineErrorText(error), { cause: error });
  }
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .toSorted();
}

async function digest(folder: string, files: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(await readFile(path.join(folder, file)))
      .update('\0');
  return hash.digest('hex');
}
