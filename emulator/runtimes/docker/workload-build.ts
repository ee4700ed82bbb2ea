import path from 'node:path';
import type Docker from 'dockerode';
import { ImageError } from '../runtime.ts';
import { WORKLOADS_FOLDER, workloadName } from '../workload-name.ts';
import { engineErrorStatus, engineErrorText } from './engine-error.ts';
import type { PullImage } from './image-pull.ts';
import { followProgress, sharedSteps, type SharedStep } from './shared-steps.ts';
import { readContext } from './workload-context.ts';

/** Where an image that we built says from which sources. */
const SOURCES_LABEL = 'cloud-testbed.sources';

/**
 * Images named `workloads/<name>` come from no registry: they are built from the Dockerfile in that folder,
 * again when anything in it, or a package that its `package.json` names, has changed.
 *
 * @param pull where all other images come from
 */
export function withWorkloads(engine: Docker, pull: PullImage, workloadsFolder = WORKLOADS_FOLDER): PullImage {
  const share = sharedSteps();
  return async (image, options) => {
    const name = workloadName(image);
    if (name === undefined) return pull(image, options);
    const folder = path.join(workloadsFolder, name);
    await share(image, `the build of ${image}`, options, async (step) => buildWorkload(engine, image, folder, step));
    return {};
  };
}

async function buildWorkload(
  engine: Docker,
  image: string,
  folder: string,
  { signal, onProgress }: SharedStep,
): Promise<void> {
  const context = await readContext(folder).catch((cause: unknown) => {
    if (isMissing(cause)) return undefined;
    throw new ImageError(`${image} cannot be built from ${folder}: ${engineErrorText(cause)}`, { cause });
  });
  if (!context?.files.includes('Dockerfile')) {
    throw new ImageError(`pull access denied for ${image}: there is no Dockerfile in ${folder} to build it from.`);
  }
  if ((await builtFrom(engine, image)) === context.digest) return;
  try {
    await context.lend(async (source, entries) => {
      const progress = await engine.buildImage(
        { context: source, src: entries },
        { t: image, labels: { [SOURCES_LABEL]: context.digest }, forcerm: true, abortSignal: signal },
      );
      await followProgress(engine, progress, (event) => {
        const line = 'stream' in event ? String(event.stream).trim() : '';
        if (line !== '') onProgress(line);
      });
    });
  } catch (cause) {
    throw new ImageError(`${image} cannot be built from ${folder}: ${engineErrorText(cause)}`, { cause });
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

async function builtFrom(engine: Docker, image: string): Promise<string | undefined> {
  try {
    return (await engine.getImage(image).inspect()).Config.Labels?.[SOURCES_LABEL];
  } catch (error) {
    if (engineErrorStatus(error) === 404) return undefined;
    throw new ImageError(engineErrorText(error), { cause: error });
  }
}
