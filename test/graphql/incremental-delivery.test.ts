import { expect, it } from 'vitest';
import { EVERY_TRANSPORT } from '../support/transports.ts';
import { useParley } from '../support/use-parley.ts';

const app = useParley();

it.each(EVERY_TRANSPORT)(
  '@defer and @stream are off over %s, as nothing would bound their parts',
  async (_name, transport) => {
    const ann = await app.user();
    for (const [directive, query] of [
      ['@defer', '{ viewer { ... @defer { username } } }'],
      ['@stream', '{ conversations { edges @stream(initialCount: 0) { node { id } } } }'],
    ]) {
      const { data, errors } = await transport(app.parley.url, ann.key, { query: query as string });
      expect(data).toBeUndefined();
      expect(errors).toMatchObject([
        { message: `Unknown directive "${directive}".`, extensions: { code: 'BAD_USER_INPUT' } },
      ]);
    }
  },
);

it('the schema offers neither', async () => {
  const { __schema } = await app.admin.ask('{ __schema { directives { name } } }');
  const names = __schema.directives.map(({ name }: { name: string }) => name);
  expect(names).not.toContain('defer');
  expect(names).not.toContain('stream');
});
