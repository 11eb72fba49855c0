// The limits on how much may be written in a minute. Checking them uses them up, so it is done on request only.
import { expect } from 'vitest';
import { answer, subject } from './rule.ts';

const LIMITS = 'rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits';

subject('limits', (rule) => {
  rule(
    'after 80 pieces of content in a minute comes 403 with retry-after',
    LIMITS,
    ['exhausting'],
    async (target) => {
      const { rest } = target.as(target.tokens.writer);
      const { data } = await rest.issues.create({ ...target.at, title: target.unique('much') });
      const say = () =>
        answer(rest.issues.createComment({ ...target.at, issue_number: data.number, body: 'more' }));
      const seen = [];
      for (let count = 0; count < 81; count++) seen.push(await say());
      const refused = seen.find(({ status }) => status !== 201);
      expect(refused).toMatchObject({ status: 403 });
      expect(JSON.stringify(refused?.data)).toContain('secondary rate limit');
      const wait = Number(refused?.headers['retry-after']);
      expect(wait).toBeGreaterThan(0);
      expect(wait).toBeLessThanOrEqual(60);
    },
  );
  rule('reading goes on meanwhile', LIMITS, ['exhausting'], async ({ writer, at }) => {
    expect((await writer.rest.issues.listForRepo(at)).status).toBe(200);
  });
  rule('what is left can be asked for at no cost', 'rest/rate-limit/rate-limit', [], async ({ writer }) => {
    const { data } = await writer.rest.rateLimit.get();
    const { limit, used, remaining } = data.resources.core;
    expect(remaining + used).toBe(limit);
    const again = await writer.rest.rateLimit.get();
    expect(again.data.resources.core.used).toBe(used);
  });
});
