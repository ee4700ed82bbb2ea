/** The key pair of the emulators that contract tests start. */
export const credentials = { accessKeyId: 'AKIATESTBED123456789', secretAccessKey: 'a secret/of+the test' };

/** The account of the emulators that contract tests start. */
export const account = '123456789012';
