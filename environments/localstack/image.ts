import type { Settings } from '../settings.ts';
import { imageOf } from './container.ts';
import type { Preset } from './presets/preset.ts';

/** Milliseconds between two lines about a pull that goes on. */
const progressInterval = 10_000;

/**
 * Gets the image, once for all workers, before the first of them starts. One that is there is never pulled.
 *
 * @param tell gets a line of progress now and then
 * @throws Error that says why the image cannot be had and what else to do
 */
export async function provideImage(settings: Settings, tell: (line: string) => void): Promise<void> {
  const { preset, image } = imageOf(settings);
  const { getContainerRuntimeClient, ImageName } = await import('testcontainers');
  const client = await getContainerRuntimeClient();
  const name = ImageName.fromString(image);
  if (await client.image.exists(name)) return;
  if (preset.builtLocally) throw new Error(missing(preset, image));

  const start = performance.now();
  const elapsed = (): string => `${Math.round((performance.now() - start) / 1_000)} s`;
  tell(`pulling ${name.string}`);
  const progress = setInterval(() => tell(`still pulling ${name.string}, ${elapsed()}`), progressInterval);
  let reason = 'the pull ended, and the image is not there';
  try {
    await client.image.pull(name);
    // What a registry says in the middle of a pull is not told as an error.
    if (await isThere(client.container.dockerode, name.string)) {
      tell(`pulled ${name.string} in ${elapsed()}`);
      return;
    }
  } catch (error) {
    reason = (error instanceof Error ? error.message : String(error)).trim();
  } finally {
    clearInterval(progress);
  }
  throw new Error(missing(preset, name.string, reason));
}

function missing({ builtLocally, title }: Preset, image: string, reason?: string): string {
  const others =
    'or choose another with LOCALSTACK_IMAGE, or set LOCALSTACK_ENDPOINT to a server that runs already (docs/localstack.md)';
  return builtLocally
    ? `The image ${image} is not on this machine, and no registry has it: build it as the guide of ${title} says, and tag it ${image}, ${others}.`
    : `The image ${image} is not on this machine and cannot be pulled (${reason}): see to it that \`docker pull ${image}\` works, ${others}.`;
}

async function isThere(
  docker: { getImage(name: string): { inspect(): Promise<unknown> } },
  image: string,
): Promise<boolean> {
  return docker
    .getImage(image)
    .inspect()
    .then(
      () => true,
      () => false,
    );
}
