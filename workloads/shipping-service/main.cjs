// Ships orders that are paid: POST /shipments asks the payment service at PAYMENTS, a URL, for the charge of the
// order in its body, and answers with a tracking number; 409 when there is none. POST /crash-at-next ends the
// process in the middle of the next shipment.
// GET /health is 200. PORT: where it listens; 8080 unless set.
const { randomUUID } = require('node:crypto');
const { createServer } = require('node:http');

let crashAtNext = false;

const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += chunk;
  const answer = (status, value) => response.writeHead(status).end(JSON.stringify(value));

  if (request.url === '/health') return answer(200, {});
  if (request.url === '/crash-at-next') {
    crashAtNext = true;
    return answer(200, {});
  }
  if (crashAtNext) process.exit(1);
  const { order } = JSON.parse(body);
  const paid = await fetch(`${process.env.PAYMENTS}/charges/${order}`);
  if (!paid.ok) return answer(409, { error: `order ${order} is not paid` });
  return answer(200, { order, trackingNumber: randomUUID() });
});
server.listen(Number(process.env.PORT ?? 8080), () => console.log('listening'));

process.on('SIGTERM', () => process.exit(0));
