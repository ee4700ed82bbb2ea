import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { pipeline, Transform, type Readable } from 'node:stream';
import type { ProtocolName } from '../protocols/service-model.ts';
import { authError } from './auth-errors.ts';

/**
 * Hands a request's body on as a stream. Where its signature claims a hash, the stream fails at its end
 * unless the body had that hash; until then nobody can tell.
 */
export function streamedBody(request: IncomingMessage, protocol: ProtocolName): Readable {
  const claimed = request.headers['x-amz-content-sha256'];
  if (typeof claimed !== 'string' || !/^[0-9a-f]{64}$/.test(claimed)) return request;
  const hash = createHash('sha256');
  const checked = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
    flush(done) {
      const computed = hash.digest('hex');
      done(computed === claimed ? null : authError(protocol, { kind: 'payloadHash', claimed, computed }));
    },
  });
  // Whoever reads the stream gets its errors; there is nothing to add here.
  pipeline(request, checked, () => {});
  return checked;
}
