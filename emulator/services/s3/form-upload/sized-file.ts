import { Transform, type Readable } from 'node:stream';
import { AwsError } from '../../../service.ts';
import type { SizeRange } from './form-policy.ts';
import { malformedForm } from './form.ts';

/**
 * Passes a file on as long as its size is in a range. Too long a one is read to its end, so that the
 * refusal can say how long it is.
 *
 * @returns fails with AwsError EntityTooLarge or EntityTooSmall, MalformedPOSTRequest when the form ends within it
 */
export function withinSize(file: Readable, range: SizeRange | undefined): Readable {
  const { minimum, maximum } = range ?? { minimum: 0, maximum: Infinity };
  let size = 0;
  const checked = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > maximum) done();
      else done(null, chunk);
    },
    flush(done) {
      if (size > maximum) {
        done(
          refusal('EntityTooLarge', 'exceeds the maximum allowed size', {
            ProposedSize: size,
            MaxSizeAllowed: maximum,
          }),
        );
      } else if (size < minimum) {
        const members = { ProposedSize: size, MinSizeAllowed: minimum };
        done(refusal('EntityTooSmall', 'is smaller than the minimum allowed size', members));
      } else {
        done();
      }
    },
  });
  // Whoever reads it sees the failure; the event may come when the reading is over.
  checked.on('error', () => {});
  file.once('error', () => checked.destroy(malformedForm()));
  file.once('close', () => {
    if (!file.readableEnded) checked.destroy(malformedForm());
  });
  return file.pipe(checked);
}

function refusal(code: string, what: string, members: Record<string, unknown>): AwsError {
  return new AwsError(code, `Your proposed upload ${what}`, { statusCode: 400, members });
}
