import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import type { ContainerSpec, NetworkBinding, RunningContainer } from '../../../runtimes/runtime.ts';

/** What the links of a container add to its spec. */
export interface ContainerLinks {
  readonly environment: Readonly<Record<string, string>>;
  readonly extraHosts: ContainerSpec['extraHosts'];
}

type Linked = Pick<RunningContainer, 'networkBindings' | 'privateIpv4Address'>;

/**
 * What `docker run --link` gives a container, to which `links` maps: the other container's name and alias
 * as host names, and variables that tell where its ports are. A runtime whose containers have no
 * addresses of their own gives the variables only, with the host ports in them.
 *
 * @param definition the container that has the links
 * @param running the containers that run already, by name; a linked one is among them by then
 */
export function linksOf(definition: ContainerDefinition, running: ReadonlyMap<string, Linked>): ContainerLinks {
  const links = (definition.links ?? []).flatMap((link) => {
    const [name = link, alias = name] = link.split(':');
    const container = running.get(name);
    return container ? [{ name, alias, container }] : [];
  });
  return {
    environment: Object.assign(
      {},
      ...links.map(({ alias, container }) => linkVariables(alias, `/${definition.name}/${alias}`, container)),
    ) as Record<string, string>,
    extraHosts: links.flatMap(({ name, alias, container: { privateIpv4Address: ipAddress } }) =>
      ipAddress === undefined ? [] : [...new Set([alias, name])].map((hostname) => ({ hostname, ipAddress })),
    ),
  };
}

/** Docker's documentation, "Legacy container links", environment variables. */
function linkVariables(alias: string, path: string, container: Linked): Record<string, string> {
  const prefix = alias.replaceAll('-', '_').toUpperCase();
  const variables: Record<string, string> = { [`${prefix}_NAME`]: path };
  const bindings = container.networkBindings.toSorted((a, b) => a.containerPort - b.containerPort);
  for (const binding of bindings) {
    const { address, port } = endpointOf(container, binding);
    const url = `${binding.protocol}://${address}:${port}`;
    const name = `${prefix}_PORT_${binding.containerPort}_${binding.protocol.toUpperCase()}`;
    variables[`${prefix}_PORT`] ??= url;
    variables[name] = url;
    variables[`${name}_ADDR`] = address;
    variables[`${name}_PORT`] = String(port);
    variables[`${name}_PROTO`] = binding.protocol;
  }
  return variables;
}

function endpointOf(container: Linked, binding: NetworkBinding): { address: string; port: number } {
  if (container.privateIpv4Address === undefined) return { address: binding.bindIP, port: binding.hostPort };
  return { address: container.privateIpv4Address, port: binding.containerPort };
}
