import type { Readable } from 'node:stream';
import { Busboy } from '@fastify/busboy';
import { AwsError } from '../../../service.ts';
import { invalidArgument } from '../errors.ts';

/** A form up to its file, which is still to be read. */
export interface UploadForm {
  /** By their names in lower case; what stands behind the file is not looked at. */
  readonly fields: ReadonlyMap<string, FormField>;
  readonly file: Readable;
  /** As the browser names it; undefined when it does not. */
  readonly filename: string | undefined;
}

export interface FormField {
  /** As it was sent. */
  readonly name: string;
  readonly value: string;
}

/** Bytes of all fields before the file. */
const fieldsLimit = 20_480;

/**
 * Reads a form as far as its file, the part named `file`
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTForms.html).
 *
 * @param body is not destroyed, so that the client can be answered; `file` fails when it ends early
 * @throws AwsError InvalidArgument when there is no file, MaxPostPreDataLengthExceeded, MalformedPOSTRequest
 */
export function readForm(contentType: string, body: Readable): Promise<UploadForm> {
  return new Promise((resolve, reject) => {
    const parser = startParser(contentType);
    const fields = new Map<string, FormField>();
    let size = 0;
    let file: Readable | undefined;
    const fail = (error: Error): void => {
      body.unpipe(parser);
      // What still comes is dropped, so that the client gets to hear why.
      body.resume();
      // The file tells whoever reads it; before it, nobody does.
      if (file) file.destroy(error);
      else reject(error);
    };
    parser.on('field', (name, value, nameTruncated, valueTruncated) => {
      if (file) return;
      size += Buffer.byteLength(name) + Buffer.byteLength(value);
      if (size > fieldsLimit || nameTruncated || valueTruncated) fail(fieldsTooLarge());
      else if (!fields.has(name.toLowerCase())) fields.set(name.toLowerCase(), { name, value });
    });
    parser.on('file', (_name, stream, filename: string | undefined) => {
      if (file) {
        stream.resume();
        return;
      }
      file = stream;
      // It may fail when nobody reads it any more.
      stream.on('error', () => {});
      resolve({ fields, file, filename });
    });
    parser.on('error', () => fail(malformedForm()));
    parser.on('finish', () => {
      if (!file) reject(invalidArgument('file', '0', 'POST requires exactly one file upload per request.'));
    });
    body.once('error', fail);
    body.once('close', () => {
      if (!body.readableEnded) fail(new Error('The client went away before its form was complete.'));
    });
    body.pipe(parser);
  });
}

function startParser(contentType: string): Busboy {
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      // Some clients name a file in every part.
      isPartAFile: (name) => name?.toLowerCase() === 'file',
      limits: { fieldSize: fieldsLimit, fieldNameSize: fieldsLimit },
    });
  } catch {
    throw malformedForm();
  }
}

type Busboy = ReturnType<typeof Busboy>;

function fieldsTooLarge(): AwsError {
  return new AwsError(
    'MaxPostPreDataLengthExceeded',
    'Your POST request fields preceeding the upload file was too large.',
    { statusCode: 400, members: { MaxPostPreDataLengthBytes: fieldsLimit } },
  );
}

/** The body is no form, or ends within one. */
export function malformedForm(): AwsError {
  const message = 'The body of your POST request is not well-formed multipart/form-data.';
  return new AwsError('MalformedPOSTRequest', message, { statusCode: 400 });
}
