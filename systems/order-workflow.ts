import { setTimeout as pause } from 'node:timers/promises';

export interface Order {
  readonly id: string;
  readonly amount: number;
}

/** How an order ended. */
export interface OrderResult {
  readonly status: 'SHIPPED' | 'CANCELLED';
  readonly paymentProcessed: boolean;
  readonly trackingNumber?: string;
  /** Why it was cancelled. */
  readonly reason?: string;
}

/** Finds where a service answers at the moment: its tasks come and go. */
export type Locate = () => Promise<string | undefined>;

/** Brings orders from their placing to their shipping, across three services. */
export interface OrderWorkflow {
  /**
   * Places an order, charges for it and ships it. A payment that is declined cancels the order; a shipment that
   * cannot be made gives the money back, too. Steps that are not answered are tried again; the payment service
   * knows orders by their id, so that no retry charges twice.
   *
   * @throws Error when the order or payment service does not answer in time
   */
  processOrder(order: Order): Promise<OrderResult>;
}

/**
 * Makes an order workflow.
 *
 * @param settings.patience milliseconds for each step, all its attempts together
 */
export function orderWorkflow(
  services: { readonly orders: Locate; readonly payments: Locate; readonly shipping: Locate },
  settings: { readonly patience: number },
): OrderWorkflow {
  const call = (service: keyof typeof services, method: string, path: string, body?: object) =>
    callPatiently(services[service], `${service} ${method} ${path}`, settings.patience, method, path, body);
  const setStatus = (id: string, status: OrderResult['status']) =>
    call('orders', 'POST', `/orders/${id}/status`, { status });

  return {
    async processOrder({ id, amount }) {
      await call('orders', 'POST', '/orders', { id, amount });

      const payment = await call('payments', 'POST', '/charges', { order: id, amount });
      if (payment.status === 402) {
        await setStatus(id, 'CANCELLED');
        return {
          status: 'CANCELLED',
          paymentProcessed: false,
          reason: `payment declined: ${payment.body.error ?? 'no reason given'}`,
        };
      }

      const shipment = await call('shipping', 'POST', '/shipments', { order: id }).catch((error: unknown): Answer => ({
        status: 503,
        body: { error: String(error) },
      }));
      if (shipment.status !== 200) {
        await call('payments', 'DELETE', `/charges/${id}`);
        await setStatus(id, 'CANCELLED');
        return {
          status: 'CANCELLED',
          paymentProcessed: false,
          reason: `not shipped: ${shipment.body.error ?? 'no reason given'}`,
        };
      }
      await setStatus(id, 'SHIPPED');
      return { status: 'SHIPPED', paymentProcessed: true, trackingNumber: shipment.body.trackingNumber ?? '' };
    },
  };
}

interface Answer {
  readonly status: number;
  readonly body: { readonly error?: string; readonly trackingNumber?: string };
}

/** Milliseconds between two attempts. */
const pauseBetween = 50;

/** Calls a service until it answers with anything but an error of its own, and looks anew where it is each time. */
async function callPatiently(
  locate: Locate,
  what: string,
  patience: number,
  method: string,
  path: string,
  body?: object,
): Promise<Answer> {
  const end = performance.now() + patience;
  for (;;) {
    const attempt = await callOnce(locate, method, path, body).catch((error: unknown) => String(error));
    if (typeof attempt !== 'string' && attempt.status < 500) return attempt;
    if (performance.now() >= end) {
      const last = typeof attempt === 'string' ? attempt : `status ${attempt.status}`;
      throw new Error(`${what}: not answered within ${patience} ms; at last: ${last}`);
    }
    await pause(pauseBetween);
  }
}

async function callOnce(locate: Locate, method: string, path: string, body?: object): Promise<Answer> {
  const url = await locate();
  if (!url) throw new Error('no task of it is ready');
  const response = await fetch(`${url}${path}`, {
    method,
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(5_000),
  });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}
