import { ImageError } from '../runtime.ts';
import type { CatalogueImage } from './image-catalogue.ts';

/** Reads what an image of the project's own runs from its Dockerfile. */
export async function readWorkload(options: {
  image: string;
  folder: string;
  findBase: (image: string) => Promise<CatalogueImage>;
}): Promise<CatalogueImage> {
  throw new ImageError(`${options.image}: there is no Dockerfile in ${options.folder}.`);
}
