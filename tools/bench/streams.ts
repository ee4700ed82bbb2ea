import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { startProgram } from './children.ts';
import { currentMemory, peakMemory } from './process-usage.ts';
import type { Row } from './report.ts';
import { summarize } from './statistics.ts';
import { crc32Of, getStream, putStream } from './stream-client.ts';
import { clientSettings } from './workload.ts';

/** Bytes. */
const SIZE = 200 * 1000 * 1000;

/**
 * An object of 200 MB put and got with presigned URLs by a plain HTTP client, so that no work of an SDK is
 * measured; in turns, the same stream goes to a bare server, which sends it back as it comes. It is put with
 * its CRC32, as SDKs send it, and without: then S3 has to compute a CRC64NVME.
 */
export async function benchStreams(rounds: number, progress: (line: string) => void): Promise<Row[]> {
  const section = 'Streams of 200 MB';
  const emulator = startProgram('emulator/main.ts', ['--port', '0', '--runtime', 'process']);
  const bare = startProgram('tools/bench/bare-stream-server.ts');
  try {
    const own = await presigned((await emulator.line(/AWS_ENDPOINT_URL=(\S+)/, 30_000))[1] ?? '');
    const bareUrl = (await bare.line(/listening on (\S+)/, 30_000))[1] ?? '';
    const before = currentMemory(emulator.pid);
    const times: Times[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      progress(round === 0 ? 'streams: warming up' : `streams: round ${round} of ${rounds}`);
      const time = {
        echo: await putStream(bareUrl, SIZE, { answered: SIZE }),
        put: await putStream(own.put, SIZE, { headers: own.checksum }),
        'put without a checksum': await putStream(own.putWithout, SIZE),
        get: await getStream(own.get, SIZE),
      };
      if (round > 0) times.push(time);
    }
    const growth = Math.max(0, peakMemory(emulator.pid) - before);
    return [
      streamRow(section, 'put', times),
      streamRow(section, 'get', times),
      streamRow(section, 'put without a checksum', times),
      {
        section,
        name: 'growth of memory meanwhile, emulator',
        figure: summarize([growth]),
        unit: 'MiB',
        note: `peak over ${rounds + 1} objects in and out, from ${Math.round(before)} MiB`,
        goal: { is: 'at most', value: 64 },
      },
    ];
  } catch (error) {
    return [
      {
        section,
        name: 'emulator, all of it',
        unit: '× bare',
        problem: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error),
      },
    ];
  } finally {
    await emulator.stop();
    await bare.stop();
  }
}

async function presigned(endpoint: string): Promise<{
  readonly put: string;
  readonly putWithout: string;
  readonly get: string;
  /** The header that comes with `put`. */
  readonly checksum: Readonly<Record<string, string>>;
}> {
  // The presigner would sign the checksum of a body that is not there yet.
  const requestChecksumCalculation = 'WHEN_REQUIRED';
  const client = new S3Client({ ...clientSettings, endpoint, forcePathStyle: true, requestChecksumCalculation });
  const object = { Bucket: 'testbed-bench-streams', Key: 'large' };
  await client.send(new CreateBucketCommand({ Bucket: object.Bucket }));
  const checksum = { 'x-amz-checksum-crc32': crc32Of(SIZE) };
  const withChecksum = new PutObjectCommand({ ...object, ChecksumCRC32: checksum['x-amz-checksum-crc32'] });
  const urls = {
    checksum,
    put: await getSignedUrl(client, withChecksum, { unhoistableHeaders: new Set(Object.keys(checksum)) }),
    putWithout: await getSignedUrl(client, new PutObjectCommand(object)),
    get: await getSignedUrl(client, new GetObjectCommand(object)),
  };
  client.destroy();
  return urls;
}

/** Milliseconds of the same stream in each direction, and in both at once. */
interface Times {
  readonly put: number;
  readonly 'put without a checksum': number;
  readonly get: number;
  readonly echo: number;
}

function streamRow(section: string, direction: Exclude<keyof Times, 'echo'>, times: readonly Times[]): Row {
  const megabytes = (way: keyof Times) => Math.round(SIZE / 1000 / summarize(times.map((time) => time[way])).median);
  return {
    section,
    name: `${direction}, emulator`,
    figure: summarize(times.map((time) => time.echo / time[direction])),
    unit: '× bare',
    note: `${megabytes(direction)} MB/s, an echo ${megabytes('echo')} MB/s`,
    ...(direction !== 'put without a checksum' && { goal: { is: 'at least', value: 0.5 } as const }),
  };
}
