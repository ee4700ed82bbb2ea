/**
 * Makes a reader of objects of the S3 behind the gateway, for what ECS needs of it.
 *
 * @param upstream its endpoint, the region and the key pair that it takes
 */
export function readObjectFrom(upstream: {
  readonly endpoint: string;
  readonly ca?: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}): (bucket: string, key: string) => Promise<string> {
  return async (bucket, key) => {
    // Loaded when a task has environment files, which few have.
    const { GetObjectCommand, S3Client } = await import('@aws-sdk/client-s3');
    const { ca, ...configuration } = upstream;
    const client = new S3Client({
      ...configuration,
      forcePathStyle: true,
      ...(ca !== undefined && { requestHandler: { httpsAgent: { ca } } }),
    });
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return (await Body?.transformToString()) ?? '';
    } finally {
      client.destroy();
    }
  };
}
