import { readFileSync } from 'node:fs';
import { parse } from 'dotenv';
import { loadSettings, type Settings } from '../../../environments/settings.ts';
import type { Finding } from './check.ts';

/** Parses the settings: those that cannot be used are told, and nothing else can be looked for then. */
export function checkSettings(): { readonly findings: readonly Finding[]; readonly settings: Settings | undefined } {
  const unknown = unknownVariables(read('.env'), read('.env.example'));
  const findings: Finding[] = unknown.map((name) => ({
    name: `setting ${name}`,
    status: 'warning',
    found: 'in .env, and none that we know',
    remedy: '.env.example has all that there are: correct its name, or remove it',
  }));
  try {
    const settings = loadSettings();
    return {
      findings: [...findings, { name: 'settings', status: 'ok', found: 'all have values that are accepted' }],
      settings,
    };
  } catch (error) {
    const lines = (error instanceof Error ? error.message : String(error)).split('\n');
    const wrong = lines.map((line): Finding => ({
      name: 'settings',
      status: 'missing',
      found: line,
      remedy: 'correct it in the environment or in .env',
    }));
    return { findings: [...findings, ...wrong], settings: undefined };
  }
}

/**
 * The variables of `.env` that look like ours and are none: mistyped ones, which nobody reads.
 *
 * @param documented the text of `.env.example`
 */
export function unknownVariables(file: string, documented: string): string[] {
  const known = new Set(Object.keys(parse(documented)));
  const ours = /^(LOCAL|LOCALSTACK|REAL_AWS|TESTBED|REQUIRE|BENCH|PROPERTY)_/;
  return Object.keys(parse(file)).filter((name) => ours.test(name) && !known.has(name));
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
