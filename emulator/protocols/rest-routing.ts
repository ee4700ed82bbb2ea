import { memoize } from './memoize.ts';
import type { RequestHead } from './protocol.ts';
import type { OperationModel, ServiceModel } from './service-model.ts';
import { requiredMembers } from './validation.ts';

/** The operation that a REST request means, and the labels in its path and endpoint. */
export interface RouteMatch {
  readonly operation: OperationModel;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Finds the operation by method, path and query, the most specific first: `GET /bucket?list-type=2` is
 * ListObjectsV2, `GET /bucket` ListObjects. Operations that differ in none of these (PutObject,
 * CopyObject, UploadPart) are told apart by the parameters and headers that they require.
 */
export function matchRoute(model: ServiceModel, request: RequestHead, query: URLSearchParams): RouteMatch | undefined {
  const { path, labels } = model.endpointLabels?.(request) ?? { path: request.path, labels: {} };
  const present = Object.keys(labels).length;
  for (const route of routesOf(model).get(request.method) ?? []) {
    if (route.endpointLabels !== present) continue;
    const match = route.path.exec(path);
    if (!match || !queryFits(route, query) || !requirementsMet(route, query, request.headers)) continue;
    const found: Record<string, string> = { ...labels };
    for (const [index, label] of route.labels.entries()) found[label] = decodeLabel(match[index + 1] ?? '');
    return { operation: route.operation, labels: found };
  }
  return undefined;
}

interface Route {
  readonly operation: OperationModel;
  readonly path: RegExp;
  readonly labels: readonly string[];
  /** How many labels of the input the template lacks, because the endpoint carries them. */
  readonly endpointLabels: number;
  /** What the template asks of the query: `list-type=2`. */
  readonly literals: readonly (readonly [string, string])[];
  /** Some templates repeat the operation's name as `x-id`, for the benefit of logs; not every SDK sends it. */
  readonly id: string | null;
  /** Method, path and literals: operations with the same key are told apart by what they require. */
  readonly key: string;
  readonly requiredQuery: readonly string[];
  readonly requiredHeaders: readonly string[];
}

/** The routes of each method, the most specific first. */
const routesOf = memoize((model: ServiceModel): ReadonlyMap<string, readonly Route[]> => {
  const routes = [...model.operations.values()].flatMap((operation) => compileRoute(operation) ?? []);
  const methods = new Map<string, Route[]>();
  for (const route of routes) {
    const alone = routes.every((other) => other === route || other.key !== route.key);
    const method = route.operation.http?.method ?? '';
    const list = methods.get(method) ?? [];
    list.push(alone ? { ...route, requiredQuery: [], requiredHeaders: [] } : route);
    methods.set(method, list);
  }
  for (const list of methods.values()) {
    list.sort((a, b) => specificity(b) - specificity(a) || (a.operation.name < b.operation.name ? -1 : 1));
  }
  return methods;
});

function specificity({ literals, requiredQuery, requiredHeaders }: Route): number {
  return literals.length * 100 + requiredQuery.length + requiredHeaders.length;
}

function compileRoute(operation: OperationModel): Route | undefined {
  if (!operation.http) return undefined;
  const [template = '/', literalQuery = ''] = operation.http.uri.split('?');
  const labels: string[] = [];
  const source = template
    .split(/(\{[^}]+\})/)
    .map((part) => {
      const label = /^\{([^+}]+)(\+?)\}$/.exec(part);
      if (!label) return part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
      labels.push(label[1] ?? '');
      return label[2] === '+' ? '(.+)' : '([^/]+)';
    })
    .join('');
  const query = new URLSearchParams(literalQuery);
  const id = query.get('x-id');
  query.delete('x-id');
  const literals = [...query];
  return {
    operation,
    path: new RegExp(`^${source}$`, 's'),
    labels,
    endpointLabels: boundMembers(operation, 'httpLabel').filter((name) => !labels.includes(name)).length,
    literals,
    id,
    key: [operation.http.method, source, ...literals.map(String)].join(' '),
    requiredQuery: requiredBindings(operation, 'httpQuery'),
    requiredHeaders: requiredBindings(operation, 'httpHeader').map((name) => name.toLowerCase()),
  };
}

function boundMembers({ input }: OperationModel, trait: string): string[] {
  if (!input.isStructSchema()) return [];
  return [...input.structIterator()].filter(([, member]) => member.getMergedTraits()[trait]).map(([name]) => name);
}

/** The names on the wire of the required members that are bound by the trait. */
function requiredBindings({ input }: OperationModel, trait: 'httpQuery' | 'httpHeader'): string[] {
  return requiredMembers(input).flatMap((name) => input.getMemberSchema(name).getMergedTraits()[trait] ?? []);
}

function queryFits({ literals, id }: Route, query: URLSearchParams): boolean {
  const sentId = query.get('x-id');
  if (id !== null && sentId !== null && sentId !== id) return false;
  return literals.every(([name, value]) => {
    const sent = query.get(name);
    return sent !== null && (value === '' || sent === value);
  });
}

function requirementsMet(route: Route, query: URLSearchParams, headers: Readonly<Record<string, string>>): boolean {
  return (
    route.requiredQuery.every((name) => query.has(name)) &&
    route.requiredHeaders.every((name) => headers[name] !== undefined)
  );
}

function decodeLabel(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A percent sign that encodes nothing stands for itself.
    return text;
  }
}
