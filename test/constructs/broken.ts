// The broken shops that a look without layout takes for well: by what users meet. Must never hold one that such a look refuses.

export const BROKEN = {
  'shop-policy': 'its script is blocked by the content policy',
  'shop-loading': 'the layer "Loading" lies over it',
  'shop-thanks-hidden': 'the thanks stay hidden by a style sheet of its own',
  'shop-sheet-hangs': 'the style sheet hangs',
  'shop-thanks-beforehand': 'the thanks are there, hidden, and the button is dead',
} as const;
