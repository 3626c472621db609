import { Resolver } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { createAddressList } from '#adapters/address-list.ts';
import { isLoopback, isPublicAddress } from './public-addresses.ts';

/** Finds the IP addresses of a name. */
export type ResolveName = (name: string) => Promise<string[]>;

/** Where webhooks of users may lead. */
export type ReceiverRules = {
  /** Returns why a URL is refused, in words for who gave it; null if it may be tried. */
  findProblem(url: URL): string | null;
  /**
   * Finds the addresses to connect to, and leaves out those that are not allowed: the connection goes to an address that was checked. Fails
   * with AddressRefused if none is left. Not called for a URL with an IP address, which `findProblem` judges.
   */
  lookup: LookupFunction;
};

/** A name has addresses, but none that is allowed. */
export class AddressRefused extends Error {
  override name = 'AddressRefused';
}

/**
 * Creates the rules: https to public addresses, and to those in `allowedNetworks`. With `allowLoopback`, also to the machine itself, by
 * http, too.
 */
export function createReceiverRules(
  { allowedNetworks, allowLoopback }: { allowedNetworks: readonly string[]; allowLoopback: boolean },
  resolve: ResolveName = resolveName,
): ReceiverRules {
  const allowed = createAddressList(allowedNetworks);
  const isAllowed = (address: string) =>
    isPublicAddress(address) || allowed.has(address) || (allowLoopback && isLoopback(address));
  const findAllowed = async (name: string) => {
    const addresses = (isLocalName(name) ? LOCAL : await resolve(name)).filter(isAllowed);
    if (addresses.length === 0) throw new AddressRefused(NOT_ALLOWED);
    return addresses.map((address) => ({ address, family: isIP(address) }));
  };
  return {
    findProblem(url) {
      const host = url.hostname.replace(/^\[|\]$/g, '');
      const isLocal = isLoopback(host) || isLocalName(host);
      if (url.protocol !== 'https:' && !(allowLoopback && isLocal && url.protocol === 'http:'))
        return isLocal ? NO_LOOPBACK : 'This must begin with https://.';
      if (url.username || url.password) return 'This may hold no user or password; requests are signed instead.';
      if (isLocal ? !allowLoopback && !allowed.has(host) : isIP(host) && !isAllowed(host)) return NOT_ALLOWED;
      return null;
    },
    lookup(name, { all }, done) {
      findAllowed(name).then(
        (found) => (all ? done(null, found) : done(null, found[0]?.address ?? '', found[0]?.family)),
        (error: Error) => done(error, []),
      );
    },
  };
}

const NOT_ALLOWED = 'This has no public address.';
const NO_LOOPBACK =
  'This must begin with https://, and have a public address. Receivers on the same machine take WEBHOOK_ALLOW_LOOPBACK=true, while you develop.';

const LOCAL = ['127.0.0.1', '::1'];
/** RFC 6761, 6.3: names of the machine itself, which are not asked for in the DNS. */
const isLocalName = (name: string) => /^(.+\.)?localhost\.?$/i.test(name);

/** One server of names that does not answer is given up after 3 s, so that there is time for the next. */
const RESOLVER_OPTIONS = { timeout: 3_000, tries: 2 };

/**
 * Asks the DNS. Not by the operating system: names of a user whose server does not answer would occupy the few threads that also read all
 * files of the process.
 */
async function resolveName(name: string): Promise<string[]> {
  const resolver = new Resolver(RESOLVER_OPTIONS);
  const [v4, v6] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  const found = [v4, v6].flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  if (found.length === 0 && v4.status === 'rejected') throw v4.reason;
  return found;
}
