import { createServer } from 'node:http';
import { expect, test as base } from '@playwright/test';
import { orderWorkflow } from './order-workflow.ts';

/** A server that answers as it is scripted, by method and path, and keeps what it was asked. */
interface Scripted {
  readonly url: string;
  readonly asked: string[];
  readonly answers: Record<string, { status: number; body?: object }>;
}

const test = base.extend<{ server: Scripted }>({
  server: async ({}, use) => {
    const asked: string[] = [];
    const answers: Scripted['answers'] = {};
    const server = createServer((request, response) => {
      const call = `${request.method} ${request.url}`;
      asked.push(call);
      const { status, body = {} } = answers[call] ?? { status: 200 };
      response.writeHead(status).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    await use({ url: `http://127.0.0.1:${port}`, asked, answers });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  },
});

const order = { id: '1', amount: 10 };

test('a shipment that is never made gives the money back and cancels the order', async ({ server }) => {
  const here = async () => server.url;
  const workflow = orderWorkflow({ orders: here, payments: here, shipping: async () => undefined }, { patience: 120 });

  expect(await workflow.processOrder(order)).toEqual({
    status: 'CANCELLED',
    paymentProcessed: false,
    reason: expect.stringContaining('shipping POST /shipments: not answered within 120 ms; at last: Error: no task'),
  });
  expect(server.asked).toEqual(['POST /orders', 'POST /charges', 'DELETE /charges/1', 'POST /orders/1/status']);
});

test('a shipment that is refused is not tried again', async ({ server }) => {
  const here = async () => server.url;
  server.answers['POST /shipments'] = { status: 409, body: { error: 'not paid' } };
  const workflow = orderWorkflow({ orders: here, payments: here, shipping: here }, { patience: 5_000 });

  expect(await workflow.processOrder(order)).toMatchObject({ status: 'CANCELLED', reason: 'not shipped: not paid' });
  expect(server.asked.filter((call) => call === 'POST /shipments')).toHaveLength(1);
});

test('a step is tried again where the service is by then', async ({ server }) => {
  const here = async () => server.url;
  server.answers['POST /shipments'] = { status: 200, body: { trackingNumber: 'T1' } };
  const before = [undefined, 'http://127.0.0.1:1'].values();
  const moving = async () => {
    const { done, value } = before.next();
    return [value, server.url][Number(done)];
  };
  const workflow = orderWorkflow({ orders: here, payments: here, shipping: moving }, { patience: 5_000 });

  expect(await workflow.processOrder(order)).toEqual({
    status: 'SHIPPED',
    paymentProcessed: true,
    trackingNumber: 'T1',
  });
});

test('a payment service that does not answer is told by name', async ({ server }) => {
  const here = async () => server.url;
  server.answers['POST /charges'] = { status: 500 };
  const workflow = orderWorkflow({ orders: here, payments: here, shipping: here }, { patience: 60 });

  await expect(workflow.processOrder(order)).rejects.toThrow(
    'payments POST /charges: not answered within 60 ms; at last: status 500',
  );
});
