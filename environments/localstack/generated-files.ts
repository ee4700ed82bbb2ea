import type { EnvironmentCredentials } from '../environment.ts';

/** What a server makes for itself when it starts. */
export interface GeneratedFiles {
  /** The certificate that it is trusted by; PEM. */
  readonly ca: string;
  /** The one key pair that it takes. */
  readonly credentials: EnvironmentCredentials;
}

/** What is asked of a started container. */
export interface CommandRunner {
  exec(command: string[]): Promise<{ readonly output: string; readonly exitCode: number }>;
}

/**
 * Reads the certificate and the keys of a server out of its container, as AWS Emulator keeps them:
 * https://docs.aws.amazon.com/emulator/latest/userguide/point-sdk-to-emulator.html
 *
 * @param folder has `ca.pem`, and `credentials` in the form of an SDK's file of that name
 * @throws Error that names the file which is not there or has not what it should; it quotes nothing of it
 */
export async function readGeneratedFiles(container: CommandRunner, folder: string): Promise<GeneratedFiles> {
  const read = async (name: string): Promise<string> => {
    const { output, exitCode } = await container.exec(['cat', `${folder}/${name}`]);
    if (exitCode !== 0) throw new Error(`The container has no ${folder}/${name}, which its server should have made.`);
    return output;
  };
  const [ca, credentials] = await Promise.all([read('ca.pem'), read('credentials')]);
  if (!ca.includes('-----BEGIN CERTIFICATE-----')) throw new Error(`${folder}/ca.pem is no certificate.`);
  const value = (name: string): string => {
    const found = new RegExp(`^\\s*${name}\\s*=\\s*(\\S+)\\s*$`, 'm').exec(credentials)?.[1];
    if (found === undefined) throw new Error(`${folder}/credentials has no ${name}.`);
    return found;
  };
  return {
    ca,
    credentials: { accessKeyId: value('aws_access_key_id'), secretAccessKey: value('aws_secret_access_key') },
  };
}
