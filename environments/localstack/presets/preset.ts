import type { Capability } from '../../capabilities.ts';
import type { AttachedServer } from '../attached-server.ts';
import type { OfferedService } from '../offered-services.ts';

/** The services that our own control planes can answer for where a server lacks them. */
export const controlPlanes = ['ecs', 'batch'] as const;
export type ControlPlane = (typeof controlPlanes)[number];

/** What we know of an image with a LocalStack-compatible server: all that is needed to start and use it. */
export interface Preset {
  /** What `LOCALSTACK_IMAGE` and the list of divergences call it. */
  readonly name: AttachedServer;
  /** As reports call it. */
  readonly title: string;
  /** Without a tag; an image reference that ends in it, behind any registry, is taken for this server. */
  readonly repository: string;
  readonly tag: string;
  /** The tag that is used instead where there is a `LOCALSTACK_AUTH_TOKEN`. */
  readonly tagWithToken?: string;
  /** No registry has it: whoever wants it builds it. */
  readonly builtLocally?: true;
  /** The port that it listens on in its container. */
  readonly port: number;
  readonly protocol: 'http' | 'https';
  readonly environment: Readonly<Record<string, string>>;
  /** The command, where it is not the image's own. */
  readonly command?: readonly string[];
  /** It is ready once `path` answers with such a body, and with status 200 unless `anyStatus`. */
  readonly health: {
    readonly path: string;
    readonly isReady: (body: string) => boolean;
    readonly anyStatus?: true;
  };
  /** The folder in its container where it writes the certificate (`ca.pem`) and keys (`credentials`) of this start. */
  readonly generatedFiles?: string;
  /** What it has to answer for before it is used; undefined where nobody has seen it: what it answers for is used. */
  readonly services?: readonly OfferedService[];
  /** The control planes that are its own; ours stand in for the others. */
  readonly native: readonly ControlPlane[];
  /** What its own ECS has of what scenarios ask for. */
  readonly ecsCapabilities: readonly Capability[];
  /** Whether it refuses subnets, security groups and roles that nobody has made. */
  readonly checksPlacement: boolean;
  /** What it is good for, in a sentence. */
  readonly offers: string;
  /** What it is not, in a sentence. */
  readonly limits: string;
  readonly licence: string;
  /** When the scenarios ran against it, `YYYY-MM-DD`; or since when that is still to be done. */
  readonly verification: { readonly verified: string } | { readonly unverified: string };
}

/** A health body that names a service and what it is doing, as LocalStack's does. */
export function tellsOfServices(body: string): boolean {
  try {
    const { services } = JSON.parse(body) as { readonly services?: unknown };
    return typeof services === 'object' && services !== null && Object.keys(services).length > 0;
  } catch {
    return false;
  }
}

/** A health body that is any JSON document. */
export function isJson(body: string): boolean {
  try {
    JSON.parse(body);
    return true;
  } catch {
    return false;
  }
}
