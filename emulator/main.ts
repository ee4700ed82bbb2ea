import { parseArgs } from 'node:util';
import type { Emulator, EmulatorOptions } from './index.ts';
import { regionPattern } from './partition.ts';

const usage = `Usage: npm run emulator -- [options]

Runs the embedded AWS until it gets SIGINT or SIGTERM.

  --port <number>          the port on 127.0.0.1; 0 for a free one (4566)
  --account <12 digits>    the account that everything belongs to (000000000000)
  --region <name>          the region of requests that name none (us-east-1)
  --access-key <id>        the key pair that requests must be signed with (test)
  --secret-key <secret>    (test)
  --no-signature-check     take any or no signature
  --container-instances <number>
                           simulated container instances in every new ECS cluster (0)
  --upstream <url>         a server that answers for all services but those of --own; requests for them go there
  --own <names>            the services that the emulator answers itself then (ecs,batch,logs)
  --runtime <name>         what runs containers: docker, process, or auto (auto)
  --help                   show this`;

await main();

async function main(): Promise<void> {
  let options: EmulatorOptions | 'help';
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`emulator: ${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exitCode = 2;
    return;
  }
  if (options === 'help') {
    console.log(usage);
    return;
  }
  try {
    // Loaded only now: a wrong option should be told at once.
    const { startEmulator } = await import('./index.ts');
    const emulator = await startEmulator(options);
    stopOnSignals(emulator);
    console.log(describe(emulator, options));
  } catch (error) {
    console.error(`emulator: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}

/** @throws Error that names the option, what it was and what is accepted */
function readOptions(argv: string[]): EmulatorOptions | 'help' {
  const { values } = parseArgs({
    args: argv,
    options: {
      port: { type: 'string', default: '4566' },
      account: { type: 'string', default: '000000000000' },
      region: { type: 'string', default: 'us-east-1' },
      'access-key': { type: 'string', default: 'test' },
      'secret-key': { type: 'string', default: 'test' },
      'no-signature-check': { type: 'boolean', default: false },
      'container-instances': { type: 'string', default: '0' },
      upstream: { type: 'string' },
      own: { type: 'string', default: 'ecs,batch,logs' },
      runtime: { type: 'string', default: 'auto' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const port = accept('port', values.port, /^\d{1,5}$/, 'a number from 0 to 65535');
  if (Number(port) > 65_535) throw wrong('port', port, 'a number from 0 to 65535');
  return {
    port: Number(port),
    account: accept('account', values.account, /^\d{12}$/, 'twelve digits'),
    region: accept('region', values.region, regionPattern, "a region's name such as eu-west-1"),
    credentials: {
      accessKeyId: accept('access-key', values['access-key'], /^[^\s,/]+$/, 'a word without slashes or commas'),
      secretAccessKey: accept('secret-key', values['secret-key'], /^\S+$/, 'a word'),
    },
    verifySignatures: !values['no-signature-check'],
    containerInstances: Number(
      accept('container-instances', values['container-instances'], /^\d{1,3}$/, 'a number from 0 to 999'),
    ),
    runtime: runtimeNamed(values.runtime),
    runId: `emulator-${process.pid}`,
    ...(values.upstream !== undefined && { upstream: upstreamOf(values.upstream, values.own) }),
  };
}

function upstreamOf(endpoint: string, own: string): NonNullable<EmulatorOptions['upstream']> {
  accept('upstream', endpoint, /^https?:\/\/[^/\s]+\S*$/, 'an http:// or https:// URL');
  return { endpoint, own: accept('own', own, /^[a-z0-9]+(,[a-z0-9]+)*$/, 'names such as ecs,logs').split(',') };
}

function accept(option: string, value: string, pattern: RegExp, accepted: string): string {
  if (!pattern.test(value)) throw wrong(option, value, accepted);
  return value;
}

function runtimeNamed(value: string): EmulatorOptions['runtime'] {
  if (value === 'docker' || value === 'process' || value === 'auto') return value;
  throw wrong('runtime', value, 'docker, process or auto');
}

function wrong(option: string, value: string, accepted: string): Error {
  // A key may be secret even when it is wrong.
  return new Error(`--${option} must be ${accepted}${option === 'secret-key' ? '' : `, not '${value}'`}`);
}

/** Milliseconds; the reset in it may take 30 seconds, and what is left then is still to be ended. */
const stopDeadline = 45_000;

function stopOnSignals(emulator: Emulator): void {
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // A terminal's Ctrl+C comes twice under npm, which passes it on.
      if (stopping) return;
      stopping = true;
      setTimeout(() => {
        console.error(`emulator: still not stopped after ${stopDeadline / 1000} s; containers may be left`);
        process.exit(1);
      }, stopDeadline).unref();
      emulator.stop().then(
        () => process.exit(0),
        (error: unknown) => {
          console.error(`emulator: could not stop cleanly: ${error instanceof Error ? error.stack : String(error)}`);
          process.exit(1);
        },
      );
    });
  }
}

function describe({ endpoint, runtime }: Emulator, options: EmulatorOptions): string {
  const { accessKeyId, secretAccessKey } = options.credentials;
  return `# The emulator listens on ${endpoint} (${runtime} runtime${options.verifySignatures ? '' : ', signatures not checked'}).
# Set these for the AWS CLI and every SDK; Ctrl+C stops the emulator.
export AWS_ENDPOINT_URL=${endpoint}
export AWS_REGION=${options.region}
export AWS_DEFAULT_REGION=${options.region}
export AWS_ACCESS_KEY_ID=${quoted(accessKeyId)}
export AWS_SECRET_ACCESS_KEY=${quoted(secretAccessKey)}`;
}

/** For the shell; most values need nothing. */
function quoted(value: string): string {
  return /^[\w+=.@/-]+$/.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`;
}
