import { expect, test } from '@playwright/test';
import { readEnvironmentFiles } from './environment-files.ts';

const objects: Record<string, string> = {
  'settings/app.env':
    '# the application\nNAME=first\r\n\n  QUOTED="as it is" # not a comment\nEMPTY=\nEQUALS=a=b=c\nno value',
  'settings/more.env': 'NAME=second\nMORE=yes',
};

const readObject = (bucket: string, key: string): Promise<string> => {
  const text = objects[`${bucket}/${key}`];
  return text === undefined ? Promise.reject(new Error('The specified key does not exist.')) : Promise.resolve(text);
};

const file = (key: string) => ({ type: 's3' as const, value: `arn:aws:s3:::settings/${key}` });

test('variables come as Docker reads them, and the first file that names one counts', async () => {
  const app = { name: 'app', environmentFiles: [file('app.env'), file('more.env')] };
  const environments = await readEnvironmentFiles({ containerDefinitions: [app, { name: 'other' }] }, {}, readObject);
  expect(environments.get('app')).toEqual({
    NAME: 'first',
    QUOTED: '"as it is" # not a comment',
    EMPTY: '',
    EQUALS: 'a=b=c',
    MORE: 'yes',
  });
  expect(environments.get('other')).toEqual({});
});

test("the files of an override come instead of the definition's", async () => {
  const app = { name: 'app', environmentFiles: [file('app.env')] };
  const overrides = { containerOverrides: [{ name: 'app', environmentFiles: [file('more.env')] }] };
  const environments = await readEnvironmentFiles({ containerDefinitions: [app] }, overrides, readObject);
  expect(environments.get('app')).toEqual({ NAME: 'second', MORE: 'yes' });
});

test('a file that cannot be had is named, with the reason', async () => {
  const app = { name: 'app', environmentFiles: [file('gone.env')] };
  await expect(readEnvironmentFiles({ containerDefinitions: [app] }, {}, readObject)).rejects.toThrow(
    'failed to download env files: arn:aws:s3:::settings/gone.env: The specified key does not exist.',
  );
});
