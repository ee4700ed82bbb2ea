import { seededRandom } from './seeded-random.ts';
import { type Fault, type FaultRule, operationsThatAnswerEarly } from './fault-rule.ts';

/** What a call is matched by. */
export interface FaultableCall {
  readonly service: string;
  readonly operation: string;
  readonly testId: string | undefined;
  readonly caller: { readonly accessKeyId: string; readonly arn: string };
}

/** One fault for one call. */
export interface Injection {
  /** Of the rule. */
  readonly id: string;
  readonly fault: Fault;
  /** Aborted when the rule is removed, so that its fault holds nothing up any longer. */
  readonly removed: AbortSignal;
}

/** A rule, and how often it was injected so far. */
export interface ListedFault extends FaultRule {
  readonly id: string;
  readonly injected: number;
}

/** The faults that are to be injected. */
export interface FaultList {
  add(rule: FaultRule): ListedFault;
  /**
   * Takes the fault for a call, and counts it: the first added of those that match and have their turn.
   * Synchronous, so that no two calls ever take the same turn.
   */
  take(call: FaultableCall): Injection | undefined;
  /** In the order in which they were added; those whose times are used up, too. */
  list(): ListedFault[];
  /** @returns false when there is none with the id */
  remove(id: string): boolean;
  /**
   * Removes all, or all of one test.
   *
   * @returns how many there were
   */
  clear(filter?: { readonly testId?: string }): number;
}

/** Makes an empty list. */
export function createFaultList(): FaultList {
  const entries = new Map<string, Entry>();
  let added = 0;
  const remove = (id: string): boolean => {
    entries.get(id)?.removal.abort();
    return entries.delete(id);
  };
  return {
    add(rule) {
      const id = `fault-${++added}`;
      const entry = { id, rule, injected: 0, hasTurn: turnsOf(rule), removal: new AbortController() };
      entries.set(id, entry);
      return listed(entry);
    },
    take(call) {
      // Most emulators have none, and this is asked for every call.
      if (entries.size === 0) return undefined;
      for (const entry of entries.values()) {
        if (!matches(entry.rule, call) || !entry.hasTurn()) continue;
        entry.injected++;
        return { id: entry.id, fault: entry.rule.fault, removed: entry.removal.signal };
      }
      return undefined;
    },
    list: () => [...entries.values()].map(listed),
    remove,
    clear({ testId } = {}) {
      const meant = [...entries.values()].filter(({ rule }) => testId === undefined || rule.testId === testId);
      for (const { id } of meant) remove(id);
      return meant.length;
    },
  };
}

interface Entry {
  readonly id: string;
  readonly rule: FaultRule;
  injected: number;
  /** Asked once for each call that matches. */
  readonly hasTurn: () => boolean;
  readonly removal: AbortController;
}

function turnsOf({ times = Infinity, rate, seed = 1 }: FaultRule): () => boolean {
  if (rate !== undefined) {
    const random = seededRandom(seed);
    return () => random() < rate;
  }
  let left = times;
  return () => left-- > 0;
}

function matches(rule: FaultRule, { service, operation, testId, caller }: FaultableCall): boolean {
  return (
    rule.service === service &&
    (rule.operation === undefined || rule.operation === operation) &&
    (rule.testId === undefined || rule.testId === testId) &&
    (rule.client === undefined || rule.client === caller.accessKeyId || rule.client === caller.arn) &&
    (rule.fault.kind !== 'error-in-200' || operationsThatAnswerEarly.includes(operation))
  );
}

function listed({ id, rule, injected }: Entry): ListedFault {
  return { id, ...rule, injected };
}
