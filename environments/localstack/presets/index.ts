import { awsEmulator } from './aws-emulator.ts';
import { fakecloud } from './fakecloud.ts';
import { floci } from './floci.ts';
import { localemu } from './localemu.ts';
import { localstack } from './localstack.ts';
import { ministack } from './ministack.ts';
import { moto } from './moto.ts';
import type { Preset } from './preset.ts';

/** Every server that we know how to start. */
export const presets: readonly Preset[] = [localstack, ministack, moto, localemu, floci, fakecloud, awsEmulator];

/** An image, and what we know of the server in it. */
export interface PresetImage {
  readonly preset: Preset;
  /** With its tag or digest, as Docker takes it. */
  readonly image: string;
}

/**
 * Finds the server that `LOCALSTACK_IMAGE` means.
 *
 * @param choice a preset's name; or an image reference, whose repository tells the preset: `ministackorg/ministack:1.5`,
 * `registry.example.com/mirror/localstack/localstack:4.14.0`
 * @param hasToken takes the preset's tag for those who have a `LOCALSTACK_AUTH_TOKEN`
 * @returns undefined for an image of a server that we do not know
 */
export function findPreset(choice: string, hasToken: boolean): PresetImage | undefined {
  const named = presets.find(({ name }) => name === choice);
  if (named) return { preset: named, image: `${named.repository}:${tagOf(named, hasToken)}` };
  const { repository, suffix } = splitReference(choice);
  const preset = presets.find(
    (known) => repository === known.repository || repository.endsWith(`/${known.repository}`),
  );
  if (!preset) return undefined;
  return { preset, image: suffix === '' ? `${choice}:${tagOf(preset, hasToken)}` : choice };
}

/** What `LOCALSTACK_IMAGE` may be, for whoever mistyped it. */
export const acceptedImages = `${presets.map(({ name }) => name).join(', ')}, or an image of one of them, such as ${localstack.repository}:${localstack.tag}`;

function tagOf({ tag, tagWithToken }: Preset, hasToken: boolean): string {
  return (hasToken ? tagWithToken : undefined) ?? tag;
}

/** A port of the registry is no tag: that stands behind the last slash. */
function splitReference(reference: string): { readonly repository: string; readonly suffix: string } {
  const digest = reference.indexOf('@');
  const name = digest < 0 ? reference : reference.slice(0, digest);
  const colon = name.indexOf(':', name.lastIndexOf('/') + 1);
  const end = colon < 0 ? name.length : colon;
  return { repository: name.slice(0, end), suffix: reference.slice(end) };
}
