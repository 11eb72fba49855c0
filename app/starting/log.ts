// The log of the app. Must never hold what a request or a delivery held, nor a header.
import { type Logger, pino } from 'pino';
import type { Config } from '../config.ts';

export function openLog(config: Config): Logger {
  const hidden = ['event', 'request', 'errors[*].event', 'aggregateErrors[*].event'];
  return pino({
    level: config.logLevel,
    base: { replica: config.replica },
    redact: {
      paths: [...hidden, ...hidden.map((path) => `err.${path}`), 'payload', 'headers', 'req'],
      remove: true,
    },
    // What is not signed is counted and told once (deliveries.ts), not twice for each.
    hooks: {
      logMethod(given, method) {
        if (!/signature does not match event payload/.test(String(given[0]))) method.apply(this, given);
      },
    },
  });
}
