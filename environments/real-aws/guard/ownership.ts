import type { Input } from './operation.ts';

/** Whose things are ours: those of this run, in this account. */
export interface Owner {
  /** What every name begins with. */
  readonly prefix: string;
  readonly account: string;
}

/** What every name of a run begins with. */
export function prefixOf(runId: string): string {
  return `${anyPrefix}${runId}-`;
}

/** What the names of all runs begin with. */
export const anyPrefix = 'tb-';

/** The name of a log group has it before the prefix, as `fixtures/test/logs.ts` makes it. */
export const logGroupFolder = '/testbed/';

/** Whether a name, or the name in an ARN, is one that this run has given. */
export function isOurs(nameOrArn: string, { prefix, account }: Owner): boolean {
  const name = nameOrArn.startsWith('arn:') ? nameIn(nameOrArn, account) : nameOrArn;
  return name !== undefined && (name.startsWith(prefix) || name.startsWith(`${logGroupFolder}${prefix}`));
}

/** `<type>/<name>…` or `<type>:<name>…`, but a bucket's ARN has the name alone. */
function nameIn(arn: string, account: string): string | undefined {
  const [, , service, , owner, ...rest] = arn.split(':');
  const resource = rest.join(':');
  if (owner !== '' && owner !== account) return undefined;
  return service === 's3' ? resource : /^[a-z-]+[/:](.*)$/.exec(resource)?.[1];
}

/**
 * The values that a path leads to in an input; `MutatingOperation` tells how a path is written.
 *
 * @returns nothing where a member on the way is not there
 */
export function valuesAt(input: Input, path: string): string[] {
  let found: unknown[] = [input];
  for (const step of path.replace(/^[?~]/, '').split('.')) {
    const member = step.replace(/(\[\]|\{\})$/, '');
    found = found.flatMap((value) => {
      const next = (value as Record<string, unknown> | null | undefined)?.[member];
      if (step.endsWith('[]')) return Array.isArray(next) ? next : [];
      if (step.endsWith('{}')) return Object.keys(next ?? {});
      return next === undefined || next === null ? [] : [next];
    });
  }
  return found.map(String);
}
