import { createHash, randomUUID } from 'node:crypto';
import type { Attachment, NetworkConfiguration, Task } from '@aws-sdk/client-ecs';

/** The attachment that a task in network mode `awsvpc` has before its network interface is there. */
export function plannedNetworkInterface(network: NetworkConfiguration, index: number): Attachment {
  const subnets = network.awsvpcConfiguration?.subnets ?? [];
  return {
    id: randomUUID(),
    type: 'ElasticNetworkInterface',
    status: 'PRECREATED',
    details: [{ name: 'subnetId', value: subnets[index % subnets.length] ?? '' }],
  };
}

/** Notes that the network interface is being made. */
export function attachingNetworkInterface(task: Task): void {
  const attachment = networkInterfaceOf(task);
  if (attachment) attachment.status = 'ATTACHING';
}

/**
 * Shows the network interface as attached, and the task's containers on it.
 *
 * @param address the task's own IPv4 address
 */
export function attachNetworkInterface(task: Task, address: string, region: string): void {
  const attachment = networkInterfaceOf(task);
  if (!attachment) return;
  const digest = createHash('sha1')
    .update(attachment.id ?? '')
    .digest('hex');
  attachment.status = 'ATTACHED';
  attachment.details = [
    ...(attachment.details ?? []),
    { name: 'networkInterfaceId', value: `eni-0${digest.slice(0, 16)}` },
    // The second digit 2 makes it a locally administered unicast address.
    { name: 'macAddress', value: `02:${(digest.slice(20, 30).match(/../g) ?? []).join(':')}` },
    { name: 'privateDnsName', value: privateDnsName(address, region) },
    { name: 'privateIPv4Address', value: address },
  ];
  for (const container of task.containers ?? []) {
    container.networkInterfaces = [
      { ...(attachment.id !== undefined && { attachmentId: attachment.id }), privateIpv4Address: address },
    ];
  }
}

/** Shows the network interface as gone; its details stay, as on AWS. */
export function deleteNetworkInterface(task: Task): void {
  const attachment = networkInterfaceOf(task);
  if (attachment) attachment.status = 'DELETED';
}

export function networkInterfaceOf(task: Task): Attachment | undefined {
  return task.attachments?.find(({ type }) => type === 'ElasticNetworkInterface');
}

function privateDnsName(address: string, region: string): string {
  const domain = region === 'us-east-1' ? 'ec2.internal' : `${region}.compute.internal`;
  return `ip-${address.replaceAll('.', '-')}.${domain}`;
}
