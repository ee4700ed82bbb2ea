// An HTTP server as a service runs it. GET / tells VERSION, GREETING and which instance answers; GET /health is
// 200 until POST /sicken, which makes it 503; POST /crash ends the process with 1; GET /backend passes on what
// BACKEND, a URL, answers.
// PORT: where it listens; 8080 unless set. DRAIN: milliseconds that it goes on answering after SIGTERM, while clients
// learn that it leaves; 0 unless set. AILING: set to anything, it is sick from the start.
const { randomUUID } = require('node:crypto');
const { createServer } = require('node:http');

const port = Number(process.env.PORT ?? 8080);
const instance = randomUUID();
let healthy = !process.env.AILING;

const server = createServer(async ({ method, url }, response) => {
  response.setHeader('content-type', 'application/json');
  const answer = (status, body) => response.writeHead(status).end(JSON.stringify(body));
  switch (`${method} ${url}`) {
    case 'GET /health':
      return answer(healthy ? 200 : 503, { healthy });
    case 'POST /sicken':
      healthy = false;
      return answer(200, { healthy });
    case 'POST /crash':
      console.error('crashing as asked');
      response.on('close', () => process.exit(1));
      return answer(200, { crashing: true });
    case 'GET /backend':
      try {
        return answer(200, await (await fetch(process.env.BACKEND)).json());
      } catch (error) {
        return answer(502, { error: String(error), cause: String(error.cause) });
      }
    default:
      return answer(200, { version: process.env.VERSION ?? '', greeting: process.env.GREETING ?? '', instance });
  }
});
// Longer than clients keep a connection: whoever closes first must not be this side.
server.keepAliveTimeout = 60_000;
server.listen(port, () => console.log(`listening on ${port}`));

process.on('SIGTERM', () => {
  console.log('draining');
  setTimeout(
    () => {
      server.close(() => process.exit(0));
      server.closeIdleConnections();
    },
    Number(process.env.DRAIN ?? 0),
  );
});
