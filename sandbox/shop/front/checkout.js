// The last step of buying, released by itself and not with the rest. It must never load anything: whoever shows it hands in all it needs.

/** The form of a customer who has signed in. */
export const checkout = ({ h, customer, order }) =>
  h(
    'form',
    { id: 'checkout', onSubmit: order },
    h('p', null, `Signed in as ${customer}. You pay on delivery.`),
    h('button', { class: 'primary' }, 'Order now'),
  );
