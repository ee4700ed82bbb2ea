/**
 * A text without the secret that may be in it.
 *
 * @param secret undefined or empty where there is none
 */
export function redact(text: string, secret: string | undefined): string {
  return secret ? text.replaceAll(secret, '<redacted>') : text;
}
