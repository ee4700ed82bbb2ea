// Keeps orders. POST /orders makes one of its body, PENDING; again with the same id it is the same one.
// POST /orders/<id>/status sets the status that the body names; GET /orders/<id> tells the order.
// GET /health is 200. PORT: where it listens; 8080 unless set.
const { createServer } = require('node:http');

const orders = new Map();

const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += chunk;
  const answer = (status, value) => response.writeHead(status).end(JSON.stringify(value));
  const [, , id, action] = request.url.split('/');
  const order = orders.get(id);

  if (request.url === '/health') return answer(200, {});
  if (request.method === 'POST' && !id) {
    const placed = JSON.parse(body);
    if (!orders.has(placed.id)) orders.set(placed.id, { ...placed, status: 'PENDING' });
    return answer(200, orders.get(placed.id));
  }
  if (!order) return answer(404, { error: `no order ${id}` });
  if (action === 'status') order.status = JSON.parse(body).status;
  return answer(200, order);
});
server.listen(Number(process.env.PORT ?? 8080), () => console.log('listening'));

process.on('SIGTERM', () => process.exit(0));
