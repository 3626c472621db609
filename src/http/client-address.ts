import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

const found = new WeakMap<IncomingMessage, string>();

/** Returns what `createAddressFinder` has found for a request; the other side of its socket where it was not asked. */
export function addressOf(request: IncomingMessage): string {
  return found.get(request) ?? socketAddressOf(request);
}

/**
 * Creates what finds the address of a request's client behind proxies that are trusted, by `x-forwarded-for`: each of them has added whom
 * it got the request from, so the last that is no such proxy is the client. What stands before it anybody may have written.
 */
export function createAddressFinder(trusted: readonly string[]): (request: IncomingMessage) => void {
  if (trusted.length === 0) return () => {}; // to ask an empty list makes an object of C++ for each address
  const proxies = createProxyList(trusted);
  const isProxy = (address: string) => isIP(address) !== 0 && proxies.check(address, familyOf(address));
  return (request) => {
    let client = socketAddressOf(request);
    if (!isProxy(client)) return;
    const hops = String(request.headers['x-forwarded-for'] ?? '').split(',');
    for (const hop of hops.reverse()) {
      const address = plainAddress(hop.trim());
      if (!isIP(address)) break;
      client = address;
      if (!isProxy(client)) break;
    }
    found.set(request, client);
  };
}

function createProxyList(trusted: readonly string[]): BlockList {
  const proxies = new BlockList();
  for (const each of trusted) {
    const [address = '', bits] = each.split('/');
    if (bits === undefined) proxies.addAddress(address, familyOf(address));
    else proxies.addSubnet(address, Number(bits), familyOf(address));
  }
  return proxies;
}

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

const socketAddressOf = ({ socket }: IncomingMessage) => plainAddress(socket.remoteAddress ?? 'unknown');

/** Without a port, which some proxies add; and IPv4 as such, which a socket of both families has as IPv6. */
function plainAddress(text: string): string {
  const [, bracketed] = /^\[([^\]]+)\](?::\d+)?$/.exec(text) ?? [];
  const [, withPort] = /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(text) ?? [];
  return (bracketed ?? withPort ?? text).replace(/^::ffff:(?=\d+\.)/i, '');
}

const HEXTETS = 8;
/** Of the half of an IPv6 address that names a network. */
const NETWORK_HEXTETS = 4;

/**
 * Returns what one client has at least: the /64 of an IPv6 address, within which it picks addresses as it likes; other addresses as they
 * are. For limits, not for the audit.
 */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = [], tail] = address.replace(/%.*/, '').split('::').map(parseHextets);
  const zeros = Array<string>(tail ? HEXTETS - head.length - tail.length : 0).fill('0');
  return `${[...head, ...zeros, ...(tail ?? [])].slice(0, NETWORK_HEXTETS).join(':')}::/64`;
}

/** The groups of 16 bits, without leading zeros; an IPv4 address at the end is two, whatever they are. */
function parseHextets(text: string): string[] {
  if (text === '') return [];
  return text
    .split(':')
    .flatMap((group) => (group.includes('.') ? ['0', '0'] : Number.parseInt(group, 16).toString(16)));
}
