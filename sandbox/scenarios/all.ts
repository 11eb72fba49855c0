// Every scenario of the demo, in the order in which it plays them.
import { checkoutErrors } from './checkout-errors.ts';
import type { Scenario } from './scenario.ts';

export const scenarios: readonly Scenario[] = [checkoutErrors];
