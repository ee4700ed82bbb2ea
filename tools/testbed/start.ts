import { imageOf } from '../../environments/localstack/container.ts';
import { UsageError } from './command-line.ts';
import { asJson, type CommandContext, keptNamed, type Run } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { keptEnvironments } from './kept/index.ts';
import { type KeptName, locked, readRecord, removeRecord } from './state-folder.ts';
import { describe, type KeptStatus, statusFrom, statusOf } from './status.ts';

/** Milliseconds to wait for another `start` or `stop`, which may be pulling an image. */
export const lockTimeout = 300_000;

/** Keeps an environment up until `stop`. One that is up already stays as it is. */
export const start: Run = async (context) => {
  const { command, settings, print } = context;
  const name = keptNamed(command.environment ?? 'local');
  if (name === 'localstack' && settings.localstackEndpoint) {
    throw new UsageError(
      `LOCALSTACK_ENDPOINT=${settings.localstackEndpoint} names a server that runs already: it is used as it is. ` +
        'Unset it to have one started.',
    );
  }
  const { status, begun } = await locked(context.folder, name, lockTimeout, () => startOnce(name, context));
  if (command.json) print(asJson(status));
  else for (const line of told(status, begun, context)) print(line);
  return status.state === 'healthy' ? exitCodes.done : exitCodes.failed;
};

async function startOnce(
  name: KeptName,
  context: CommandContext,
): Promise<{ readonly status: KeptStatus; readonly begun: boolean }> {
  const { folder, tell } = context;
  const before = await statusOf(name, context);
  if (before.state === 'healthy' || before.state === 'unhealthy') return { status: before, begun: false };
  const stale = readRecord(folder, name);
  if (stale) {
    tell(`${name}: ${before.detail}; what was left of it is removed`);
    await keptEnvironments[name].end(stale, context);
    removeRecord(folder, name);
  }
  const record = await keptEnvironments[name].start({ ...context, port: context.command.port });
  const condition = await keptEnvironments[name].inspect(record, context);
  return { status: statusFrom(name, record, condition, folder), begun: true };
}

/** For people, and for `eval`: what is no command is a comment. */
function told(status: KeptStatus, begun: boolean, { settings, command }: CommandContext): string[] {
  const lines = [`# ${describe(status, Date.now())}${begun ? '' : '; it was up already'}`];
  const wanted = status.image === undefined ? undefined : imageOf(settings).image;
  if (wanted !== undefined && wanted !== status.image) {
    lines.push(`# LOCALSTACK_IMAGE asks for ${wanted}: \`testbed stop --env localstack\` first, to change to it`);
  }
  const port = status.endpoint === undefined ? '' : new URL(status.endpoint).port;
  if (!begun && command.port !== undefined && command.port !== 0 && String(command.port) !== port) {
    lines.push(
      `# it does not listen on ${command.port}: \`testbed stop --env ${status.environment}\` first, to change that`,
    );
  }
  if (status.endpoint !== undefined) {
    lines.push(
      `export AWS_ENDPOINT_URL=${status.endpoint}`,
      `export AWS_REGION=${settings.region} AWS_DEFAULT_REGION=${settings.region}`,
    );
    // A key pair of somebody's own is not printed.
    const { accessKeyId, secretAccessKey } = settings.localstackCredentials;
    if (status.environment === 'local' || (accessKeyId === 'test' && secretAccessKey === 'test')) {
      lines.push('export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test');
    }
  }
  return lines;
}
