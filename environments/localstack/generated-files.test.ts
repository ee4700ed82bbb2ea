import { expect, test } from '@playwright/test';
import { type CommandRunner, readGeneratedFiles } from './generated-files.ts';

const certificate = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

/** A container with these files, by name. */
const containerWith = (files: Readonly<Record<string, string>>): CommandRunner => ({
  exec: async ([, file = '']) => {
    const output = files[file.replace('/keys/', '')];
    return output === undefined ? { output: 'No such file', exitCode: 1 } : { output, exitCode: 0 };
  },
});

test('the certificate and the key pair of a start are read', async () => {
  const container = containerWith({
    'ca.pem': certificate,
    credentials: '[default]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key=a+b/c\n',
  });

  expect(await readGeneratedFiles(container, '/keys')).toEqual({
    ca: certificate,
    credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'a+b/c' },
  });
});

test('what is not there is named, and nothing of a secret is told', async () => {
  await expect(readGeneratedFiles(containerWith({ credentials: 'x' }), '/keys')).rejects.toThrow('has no /keys/ca.pem');
  const half = containerWith({ 'ca.pem': certificate, credentials: 'aws_secret_access_key=hush' });
  const error = await readGeneratedFiles(half, '/keys').catch((reason: Error) => reason.message);
  expect(error).toBe('/keys/credentials has no aws_access_key_id.');
});
