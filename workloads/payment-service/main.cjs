// Charges customers. POST /charges charges the amount of its body for its order: 402 above LIMIT, 1000 unless set.
// A second charge of the same order is answered with the first one. GET /charges/<order> tells the charge and how
// often it was asked for; DELETE /charges/<order> gives the money back.
// GET /health is 200. PORT: where it listens; 8080 unless set.
const { createServer } = require('node:http');

const limit = Number(process.env.LIMIT ?? 1000);
const charges = new Map();

const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += chunk;
  const answer = (status, value) => response.writeHead(status).end(JSON.stringify(value));
  const id = request.url.split('/')[2];

  if (request.url === '/health') return answer(200, {});
  if (request.method === 'POST') {
    const { order, amount } = JSON.parse(body);
    if (amount > limit) return answer(402, { error: `above the limit of ${limit}` });
    const charge = charges.get(order) ?? { order, amount, charged: 0, asked: 0, refunded: false };
    charges.set(order, charge);
    charge.asked++;
    if (charge.charged === 0) charge.charged = amount;
    return answer(200, charge);
  }
  const charge = charges.get(id);
  if (!charge) return answer(404, { error: `no charge for ${id}` });
  if (request.method === 'DELETE') Object.assign(charge, { charged: 0, refunded: true });
  return answer(200, charge);
});
server.listen(Number(process.env.PORT ?? 8080), () => console.log('listening'));

process.on('SIGTERM', () => process.exit(0));
