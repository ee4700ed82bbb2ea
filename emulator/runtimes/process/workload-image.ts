import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { ImageError } from '../runtime.ts';
import { assignments, commandForm, parseDockerfile, splitFlags, substitute, wordsForm } from './dockerfile.ts';
import type { CatalogueImage, ImageFile } from './image-catalogue.ts';

/** What PATH is in an image that does not say. */
const DOCKER_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What an image is while its Dockerfile is being read. */
interface Draft {
  entryPoint: readonly string[];
  command: readonly string[];
  environment: Record<string, string>;
  workingDirectory: string;
  files: Record<string, ImageFile>;
}

/**
 * Reads what an image of the project's own runs from the Dockerfile in its folder, the only place that says so.
 *
 * FROM, ARG, ENV, WORKDIR, COPY, ADD of local files, ENTRYPOINT and CMD are followed; what is copied appears as
 * links, so that a program finds the project's `node_modules` from where it really lies. RUN is not: what it would
 * install has to be on this machine. The rest (EXPOSE, LABEL, USER, HEALTHCHECK …) means nothing to a process.
 *
 * @param options `image`: the name, for messages; `findBase`: looks FROM up
 * @throws ImageError when there is no Dockerfile, or one that needs a build: several stages, COPY --from, ADD of a URL
 */
export async function readWorkload(options: {
  image: string;
  folder: string;
  findBase: (image: string) => Promise<CatalogueImage>;
}): Promise<CatalogueImage> {
  const { image, folder, findBase } = options;
  const instructions = parseDockerfile(await readDockerfile(image, folder));
  const variables: Record<string, string> = {};
  let draft: Draft | undefined;
  for (const { name, text } of instructions) {
    if (name === 'ARG') {
      const [argument = '', value = ''] = Object.entries(assignments(text))[0] ?? [];
      variables[argument] = substitute(value, variables);
      continue;
    }
    if (name === 'FROM') {
      if (draft) throw needsBuild(image, 'it has several stages');
      const [base = ''] = wordsForm(splitFlags(substitute(text, variables)).rest);
      draft = startDraft(await findBase(base));
      continue;
    }
    if (!draft) throw new ImageError(`${image}: the Dockerfile in ${folder} must begin with FROM, not ${name}.`);
    await follow(draft, name, text, { image, folder, variables });
  }
  if (!draft) throw new ImageError(`${image}: the Dockerfile in ${folder} has no FROM.`);
  return draft;
}

async function readDockerfile(image: string, folder: string): Promise<string> {
  const file = path.join(folder, 'Dockerfile');
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new ImageError(`pull access denied for ${image}: there is no ${file}, which would say what it runs.`, {
      cause,
    });
  }
}

function startDraft(base: CatalogueImage): Draft {
  return { ...base, environment: { ...base.environment }, files: { ...base.files } };
}

async function follow(
  draft: Draft,
  name: string,
  text: string,
  context: { image: string; folder: string; variables: Readonly<Record<string, string>> },
): Promise<void> {
  const substituted = substitute(text, { PATH: DOCKER_PATH, ...context.variables, ...draft.environment });
  switch (name) {
    case 'ENV':
      Object.assign(draft.environment, assignments(substituted));
      return;
    case 'WORKDIR':
      draft.workingDirectory = path.posix.resolve(draft.workingDirectory, substituted);
      return;
    case 'COPY':
    case 'ADD':
      await copy(draft, substituted, context);
      return;
    case 'ENTRYPOINT':
      draft.entryPoint = commandForm(text);
      // As Docker: an entry point of one's own takes the command of the base image away.
      draft.command = [];
      return;
    case 'CMD':
      draft.command = commandForm(text);
      return;
    default:
  }
}

async function copy(draft: Draft, text: string, { image, folder }: { image: string; folder: string }): Promise<void> {
  const { flags, rest } = splitFlags(text);
  if (flags.some((flag) => flag.startsWith('--from='))) throw needsBuild(image, 'it copies from another image');
  const words = wordsForm(rest);
  const destination = words.pop() ?? '';
  const place = path.posix.resolve(draft.workingDirectory, destination);
  const intoFolder = words.length > 1 || /(?:\/|^\.{1,2})$/.test(destination);
  for (const word of words) {
    if (/^\w+:\/\//.test(word)) throw needsBuild(image, `it fetches ${word}`);
    // As Docker: sources are below the folder, also when they begin with a slash.
    const source = path.join(folder, path.posix.resolve('/', word));
    const found = await stat(source).catch((cause: unknown) => {
      throw new ImageError(`${image}: its Dockerfile copies ${word}, which is not in ${folder}.`, { cause });
    });
    if (!found.isDirectory()) {
      draft.files[intoFolder ? path.posix.join(place, path.basename(source)) : place] = { link: source };
      continue;
    }
    // Of a folder, Docker copies what is in it.
    for (const entry of await readdir(source)) {
      draft.files[path.posix.join(place, entry)] = { link: path.join(source, entry) };
    }
  }
}

function needsBuild(image: string, reason: string): ImageError {
  return new ImageError(
    `${image}: the process runtime cannot build its Dockerfile, because ${reason}. ` +
      `Start Docker and set LOCAL_RUNTIME=docker, or make it a single stage that copies local files.`,
  );
}
