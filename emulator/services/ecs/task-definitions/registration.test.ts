import type { ContainerDefinition, RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import { expect, test } from '@playwright/test';
import { AwsError } from '../../../service.ts';
import { readDefinition } from './registration.ts';

const app: ContainerDefinition = { name: 'app', image: 'busybox', memory: 128 };
const side: ContainerDefinition = { name: 'side', image: 'busybox', memory: 128 };

/** A definition for EC2 with the given containers. */
function ec2(containers: ContainerDefinition[], more: Partial<RegisterTaskDefinitionRequest> = {}) {
  return { family: 'web', containerDefinitions: containers, ...more };
}

/** A definition that Fargate takes, with these changes. */
function fargate(container: Partial<ContainerDefinition> = {}, more: Partial<RegisterTaskDefinitionRequest> = {}) {
  return {
    family: 'web',
    requiresCompatibilities: ['FARGATE' as const],
    networkMode: 'awsvpc' as const,
    cpu: '256',
    memory: '512',
    containerDefinitions: [{ name: 'app', image: 'busybox', ...container }],
    ...more,
  };
}

function refusal(input: RegisterTaskDefinitionRequest): AwsError {
  try {
    readDefinition(input);
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
  throw new Error('The definition was not refused.');
}

test('what a container definition leaves out is filled in', () => {
  const { containerDefinitions, ...task } = readDefinition(ec2([app]));
  expect(containerDefinitions).toEqual([
    {
      ...app,
      cpu: 0,
      essential: true,
      portMappings: [],
      environment: [],
      mountPoints: [],
      volumesFrom: [],
      systemControls: [],
    },
  ]);
  expect(task).toMatchObject({
    family: 'web',
    networkMode: 'bridge',
    volumes: [],
    placementConstraints: [],
    compatibilities: ['EXTERNAL', 'EC2'],
  });
  expect(task).not.toHaveProperty('requiresCompatibilities');
  expect(task).not.toHaveProperty('cpu');
});

test('a health check and an enabled restart policy are kept with their defaults', () => {
  const { containerDefinitions } = readDefinition(
    ec2([{ ...app, healthCheck: { command: ['CMD-SHELL', 'true'] }, restartPolicy: { enabled: true } }]),
  );
  expect(containerDefinitions?.[0]).toMatchObject({
    healthCheck: { command: ['CMD-SHELL', 'true'], interval: 30, timeout: 5, retries: 3 },
    restartPolicy: { enabled: true, restartAttemptPeriod: 300 },
  });
});

for (const [mode, hostPort] of [
  ['awsvpc', 80],
  ['host', 80],
  ['bridge', 0],
] as const) {
  test(`a port mapping without a host port means ${hostPort} in network mode ${mode}`, () => {
    const { containerDefinitions } = readDefinition(
      ec2([{ ...app, portMappings: [{ containerPort: 80 }] }], { networkMode: mode }),
    );
    expect(containerDefinitions?.[0]?.portMappings).toEqual([{ containerPort: 80, hostPort, protocol: 'tcp' }]);
  });
}

test('a volume without a configuration is an empty bind mount', () => {
  const { volumes } = readDefinition(ec2([app], { volumes: [{ name: 'data' }] }));
  expect(volumes).toEqual([{ name: 'data', host: {} }]);
});

test('a definition that Fargate could run is compatible with it without asking for it', () => {
  const { requiresCompatibilities: _, ...input } = fargate();
  expect(readDefinition(input).compatibilities).toEqual(['EC2', 'FARGATE']);
});

test('a start timeout above 120 seconds is for EC2 only', () => {
  const { requiresCompatibilities: _, ...input } = fargate({ startTimeout: 121 });
  expect(readDefinition(input).compatibilities).toEqual(['EC2']);
  expect(readDefinition(fargate({ startTimeout: 120 })).compatibilities).toEqual(['EC2', 'FARGATE']);
});

test('a definition in awsvpc mode without a size is compatible with EC2 only', () => {
  expect(readDefinition(ec2([app], { networkMode: 'awsvpc' })).compatibilities).toEqual(['EC2']);
});

test('the attributes that an instance must have follow from what the definition uses', () => {
  const { requiresAttributes = [] } = readDefinition(
    fargate(
      {
        image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/web:1',
        logConfiguration: {
          logDriver: 'awslogs',
          options: { 'awslogs-group': 'web', 'awslogs-region': 'us-east-1', 'awslogs-stream-prefix': 'web' },
        },
        secrets: [{ name: 'TOKEN', valueFrom: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:token' }],
      },
      {
        executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
        taskRoleArn: 'arn:aws:iam::123456789012:role/task',
      },
    ),
  );
  expect(requiresAttributes.map(({ name }) => name)).toHaveLength(9);
  expect(new Set(requiresAttributes.map(({ name }) => name))).toEqual(
    new Set([
      'com.amazonaws.ecs.capability.docker-remote-api.1.18',
      'com.amazonaws.ecs.capability.docker-remote-api.1.19',
      'com.amazonaws.ecs.capability.ecr-auth',
      'com.amazonaws.ecs.capability.logging-driver.awslogs',
      'com.amazonaws.ecs.capability.task-iam-role',
      'ecs.capability.execution-role-awslogs',
      'ecs.capability.execution-role-ecr-pull',
      'ecs.capability.secrets.asm.environment-variables',
      'ecs.capability.task-eni',
    ]),
  );
});

const refused: readonly (readonly [string, RegisterTaskDefinitionRequest, string])[] = [
  ['an empty family', { ...ec2([app]), family: '' }, 'Family should not be null or empty.'],
  ['a family with a dot', { ...ec2([app]), family: 'a.b' }, 'Family contains invalid characters.'],
  ['a family of 256 characters', { ...ec2([app]), family: 'a'.repeat(256) }, 'Family cannot be longer'],
  ['no container', ec2([]), 'Container list cannot be empty.'],
  ['eleven containers', ec2(Array.from({ length: 11 }, (_, n) => ({ ...app, name: `c${n}` }))), 'Too many containers.'],
  ['a container without a name', ec2([{ image: 'a', memory: 8 }]), 'Container.name should not be null or empty.'],
  ['a container name with a space', ec2([{ ...app, name: 'a b' }]), 'Container.name contains invalid characters.'],
  ['a container name of 256 characters', ec2([{ ...app, name: 'a'.repeat(256) }]), 'Container.name cannot be longer'],
  ['a container without an image', ec2([{ name: 'a', memory: 8 }]), 'Container.image should not be null or empty.'],
  ['an image with a variable', ec2([{ ...app, image: '$IMAGE:$TAG' }]), 'Container.image contains invalid characters.'],
  ['an image with a short digest', ec2([{ ...app, image: 'a@sha256:12' }]), 'invalid digest'],
  ['two containers of one name', ec2([app, app]), 'Container names must be unique within a task definition'],
  [
    'no essential container',
    ec2([{ ...app, essential: false }]),
    "Task definition doesn't have any essential container.",
  ],
  [
    'no memory at all',
    ec2([{ name: 'app', image: 'busybox' }]),
    "Invalid setting for container 'app'. At least one of 'memory' or 'memoryReservation' must be specified.",
  ],
  [
    'a reservation above the limit',
    ec2([{ ...app, memoryReservation: 129 }]),
    "'memory' must be greater than or equal",
  ],
  [
    'more memory for a container than for the task',
    ec2([{ ...app, memory: 2048 }], { memory: '1024' }),
    "The 'memory' setting for container 'app' is greater than for the task.",
  ],
  [
    'more CPU for the containers than for the task',
    ec2(
      [
        { ...app, cpu: 200 },
        { ...side, cpu: 100 },
      ],
      { cpu: '256' },
    ),
    "The sum of all container 'cpu' values cannot be greater than the value of the task 'cpu'.",
  ],
  [
    'other host ports in awsvpc mode',
    ec2([{ ...app, portMappings: [{ containerPort: 80, hostPort: 8080 }] }], { networkMode: 'awsvpc' }),
    'When networkMode=awsvpc, the host ports and container ports in port mappings must match.',
  ],
  ['a container port of 0', ec2([{ ...app, portMappings: [{ containerPort: 0 }] }]), 'between 1 and 65535'],
  [
    'ports in network mode none',
    ec2([{ ...app, portMappings: [{ containerPort: 80 }] }], { networkMode: 'none' }),
    'networkMode=none',
  ],
  [
    'one port for two protocols',
    ec2([{ ...app, portMappings: [{ containerPort: 53 }, { containerPort: 53, protocol: 'udp' }] }]),
    'multiple protocols',
  ],
  [
    'links in awsvpc mode',
    ec2([{ ...app, links: ['side'] }, side], { networkMode: 'awsvpc' }),
    'Links are not supported when networkMode=awsvpc.',
  ],
  [
    'links in a circle',
    ec2([
      { ...app, links: ['side'] },
      { ...side, links: ['app:a'] },
    ]),
    'Container links should not have a cycle',
  ],
  ['a link to nowhere', ec2([{ ...app, links: ['db'] }]), "unknown container 'db'"],
  [
    'a dependency on an unknown container',
    ec2([{ ...app, dependsOn: [{ containerName: 'db', condition: 'START' }] }]),
    "Cannot depend on container + 'db' because it does not exist",
  ],
  [
    'dependencies in a circle',
    ec2([
      { ...app, dependsOn: [{ containerName: 'side', condition: 'START' }] },
      { ...side, dependsOn: [{ containerName: 'app', condition: 'START' }] },
    ]),
    'cycle',
  ],
  ['a dependency on itself', ec2([{ ...app, dependsOn: [{ containerName: 'app', condition: 'START' }] }]), 'cycle'],
  [
    'a wait for the success of an essential container',
    ec2([{ ...app, dependsOn: [{ containerName: 'side', condition: 'SUCCESS' }] }, side]),
    'A dependency container with SUCCESS or COMPLETE condition cannot be an essential container',
  ],
  [
    'a wait for the health of a container without a health check',
    ec2([{ ...app, dependsOn: [{ containerName: 'side', condition: 'HEALTHY' }] }, side]),
    'must have health check configured',
  ],
  [
    'an unknown volume',
    ec2([{ ...app, mountPoints: [{ sourceVolume: 'data', containerPath: '/data' }] }]),
    "Unknown volume 'data'.",
  ],
  [
    'two volumes of one name',
    ec2([app], { volumes: [{ name: 'data' }, { name: 'data' }] }),
    "duplicate volume name 'data'",
  ],
  ['volumes from nowhere', ec2([{ ...app, volumesFrom: [{ sourceContainer: 'db' }] }]), "Unknown container: 'db'"],
  [
    'a health check without CMD',
    ec2([{ ...app, healthCheck: { command: ['true'] } }]),
    'must start with CMD or CMD-SHELL',
  ],
  [
    'a health check every 4 seconds',
    ec2([{ ...app, healthCheck: { command: ['CMD', 'true'], interval: 4 } }]),
    'interval must be greater than or equal to the minimum allowed value 5',
  ],
  [
    'a health check with 11 retries',
    ec2([{ ...app, healthCheck: { command: ['CMD', 'true'], retries: 11 } }]),
    'retries must be less than or equal to the maximum allowed value 10',
  ],
  [
    'a restart period of 59 seconds',
    ec2([{ ...app, restartPolicy: { enabled: true, restartAttemptPeriod: 59 } }]),
    'between 60 and 1800',
  ],
  [
    'a soft limit above the hard one',
    ec2([{ ...app, ulimits: [{ name: 'nofile', softLimit: 2, hardLimit: 1 }] }]),
    'softLimit',
  ],
  [
    'awslogs without a group',
    ec2([{ ...app, logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-region': 'us-east-1' } } }]),
    'Log driver awslogs requires options: awslogs-group',
  ],
  [
    'secrets without an execution role',
    ec2([{ ...app, secrets: [{ name: 'TOKEN', valueFrom: 'token' }] }]),
    "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
  ],
  [
    'an environment file that is none',
    ec2([{ ...app, environmentFiles: [{ type: 's3', value: 'arn:aws:s3:::bucket/file.txt' }] }]),
    '.env file extension',
  ],
  ['a large ephemeral storage', fargate({}, { ephemeralStorage: { sizeInGiB: 201 } }), 'should be at most 200'],
  ['Fargate in bridge mode', fargate({}, { networkMode: 'bridge' }), 'Fargate only supports network mode ‘awsvpc’.'],
  [
    'Fargate without cpu',
    ec2([app], { requiresCompatibilities: ['FARGATE'], networkMode: 'awsvpc', memory: '512' }),
    "Fargate requires that 'cpu' be defined at the task level.",
  ],
  [
    'Fargate without memory',
    ec2([app], { requiresCompatibilities: ['FARGATE'], networkMode: 'awsvpc', cpu: '256' }),
    "Fargate requires that 'memory' be defined at the task level.",
  ],
  [
    'a size that Fargate lacks',
    fargate({}, { memory: '4096' }),
    'No Fargate configuration exists for given values: 256 CPU, 4096 memory.',
  ],
  ['a privileged container on Fargate', fargate({ privileged: true }), 'privileged'],
  [
    'a host path on Fargate',
    fargate({}, { volumes: [{ name: 'data', host: { sourcePath: '/data' } }] }),
    'do not support sourcePath',
  ],
  [
    'placement constraints on Fargate',
    fargate({}, { placementConstraints: [{ type: 'memberOf', expression: 'attribute:a == b' }] }),
    'do not support constraints',
  ],
  [
    'one port for two containers in awsvpc mode',
    ec2(
      [
        { ...app, portMappings: [{ containerPort: 80 }] },
        { ...side, portMappings: [{ containerPortRange: '79-81' }] },
      ],
      { networkMode: 'awsvpc' },
    ),
    "TCP container port '80' is used multiple times in task when networkMode=awsvpc.",
  ],
  [
    'awslogs on Fargate without a stream prefix',
    fargate(
      { logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': 'g', 'awslogs-region': 'r' } } },
      { executionRoleArn: 'arn:aws:iam::123456789012:role/execution' },
    ),
    'Fargate requires log configuration options to include awslogs-stream-prefix to support log driver awslogs.',
  ],
  [
    'awslogs on Fargate without an execution role',
    fargate({ logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': 'g', 'awslogs-region': 'r' } } }),
    'Fargate requires task definition to have execution role ARN to support log driver awslogs.',
  ],
  [
    'an ECR image on Fargate without an execution role',
    fargate({ image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/web' }),
    'Fargate requires task definition to have execution role ARN to support ECR images.',
  ],
  [
    'a dependency that Fargate does not wait for so long',
    fargate({ startTimeout: 121 }),
    'must have a container start timeout of less than or equal to 120 seconds',
  ],
  [
    'a log driver that Fargate lacks',
    fargate({ logConfiguration: { logDriver: 'syslog' } }),
    'Must be one of [awslogs,splunk,awsfirelens]',
  ],
  ['awsvpc for EXTERNAL', ec2([app], { requiresCompatibilities: ['EXTERNAL'], networkMode: 'awsvpc' }), 'awsvpc'],
];

for (const [what, input, message] of refused) {
  test(`${what} is refused`, () => {
    const error = refusal(input);
    expect(error.code).toBe('ClientException');
    expect(error.message).toContain(message);
  });
}
