// An HTTP server that answers every request with what it got, as JSON.
// PORT: where it listens; 8080 unless set. GREETING: goes into each answer.
const { createServer } = require('node:http');

const port = Number(process.env.PORT ?? 8080);

const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += chunk;
  response.setHeader('content-type', 'application/json');
  response.end(
    JSON.stringify({
      greeting: process.env.GREETING ?? '',
      hostname: require('node:os').hostname(),
      method: request.method,
      path: request.url,
      headers: request.headers,
      body,
    }),
  );
});

server.listen(port, () => console.log(`listening on ${port}`));

process.on('SIGTERM', () => {
  console.log('closing');
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
