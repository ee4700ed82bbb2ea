import { createHash } from 'node:crypto';

/**
 * The owner of everything in an account, by its canonical user id
 * (https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html). S3 has not returned
 * the owner's DisplayName since November 2025.
 */
export function ownerOf(account: string): { readonly ID: string } {
  return { ID: createHash('sha256').update(`canonical user of ${account}`).digest('hex') };
}
