import { expect, test } from '@playwright/test';
import { assert, asyncProperty, constantFrom, uint8Array } from 'fast-check';
import { checksumAlgorithms, checksumOf, checksumSizes, combineChecksums, startChecksum } from './checksums.ts';

// The check values of the CRC catalogue (https://reveng.sourceforge.io/crc-catalogue/) and of RFC 3174 and FIPS 180.
const checkValues = {
  CRC32: 'cbf43926',
  CRC32C: 'e3069283',
  CRC64NVME: 'ae8b14860a799888',
  SHA1: 'f7c3bc1d808e04732adf679965ccc34ca7ae3441',
  SHA256: '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225',
};

for (const algorithm of checksumAlgorithms) {
  test(`${algorithm} of "123456789" is the published check value, in one piece and in two`, async () => {
    expect((await checksumOf(algorithm, Buffer.from('123456789'))).toString('hex')).toBe(checkValues[algorithm]);
    const running = await startChecksum(algorithm);
    running.update(Buffer.from('12345'));
    const beside = await checksumOf(algorithm, Buffer.from('something else in between'));
    running.update(Buffer.from('6789'));
    expect(running.digest().toString('hex')).toBe(checkValues[algorithm]);
    expect(beside).toHaveLength(checksumSizes[algorithm]);
  });
}

test('the CRC of a whole follows from those of its pieces', async () => {
  await assert(
    asyncProperty(
      constantFrom('CRC32', 'CRC32C', 'CRC64NVME'),
      uint8Array({ maxLength: 300 }),
      uint8Array({ maxLength: 300 }),
      async (algorithm, first, second) => {
        const whole = await checksumOf(algorithm, Buffer.concat([first, second]));
        const [left, right] = [await checksumOf(algorithm, first), await checksumOf(algorithm, second)];
        expect(combineChecksums(algorithm, left, right, second.length)).toEqual(whole);
      },
    ),
  );
});
