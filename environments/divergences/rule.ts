import type { AttachedServer } from '../localstack/attached-server.ts';
import type { Divergence } from './divergence.ts';

/** Something that AWS does, and the servers that do it otherwise. */
export interface Rule {
  /** The service that it is of, by its signing name. */
  readonly service: string;
  /** The scenarios that show it, below `tests/`: `s3/listing.spec.ts › keys are …`. */
  readonly scenarios: readonly string[];
  /** What AWS does, and where it says so. */
  readonly aws: string;
  /** The call that shows a breach. */
  readonly call: string;
  readonly brokenBy: Partial<Record<AttachedServer, Breach>>;
}

/** What a server does instead. */
export interface Breach {
  readonly does: string;
  /** What the failure of the scenarios says then. */
  readonly failure: RegExp;
}

/** It takes what AWS refuses. */
export const takesIt: Breach = { does: 'takes it', failure: /but the call succeeded/ };

/** One divergence for each scenario and server. */
export function divergencesFrom(rules: readonly Rule[]): Divergence[] {
  return rules.flatMap(({ service, scenarios, aws, call, brokenBy }) =>
    Object.entries(brokenBy).flatMap(([server, { does, failure }]) =>
      scenarios.map((scenario): Divergence => ({
        server: server as AttachedServer,
        service,
        scenario: `tests/${scenario}`,
        reason: `${server} ${does}. ${aws}`,
        call,
        failure,
      })),
    ),
  );
}

/** The same breach by several servers. */
export function by(servers: readonly AttachedServer[], breach: Breach): Partial<Record<AttachedServer, Breach>> {
  return Object.fromEntries(servers.map((server) => [server, breach]));
}
