// Asks for credentials as an AWS SDK in a container does, and prints, as JSON, all of them that is no secret.
const { AWS_CONTAINER_CREDENTIALS_FULL_URI: full, AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: relative } = process.env;

async function main() {
  const response = await fetch(full ?? `http://169.254.170.2${relative}`);
  const credentials = await response.json();
  console.log(
    JSON.stringify({
      members: Object.keys(credentials).toSorted(),
      role: credentials.RoleArn,
      validForMinutes: Math.round((Date.parse(credentials.Expiration) - Date.now()) / 60_000),
    }),
  );
}

void main();
