import { createAddressList } from '#adapters/address-list.ts';

/**
 * IPv4 ranges that are not globally reachable, or are no address of a host: the IANA IPv4 Special-Purpose Address Registry (RFC 6890 and
 * its updates), multicast and class E; and 168.63.129.16, at which Azure serves the metadata of its machines.
 */
const NOT_PUBLIC_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];

/** Of IPv6, only global unicast is public: neither mapped and translated IPv4 addresses, nor local ones, are in it. */
const GLOBAL_V6 = ['2000::/3'];

/** Ranges within global unicast that are for special purposes (IANA IPv6 Special-Purpose Address Registry), Teredo and 6to4 among them. */
const NOT_PUBLIC_V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'];

const LOOPBACK = ['127.0.0.0/8', '::1'];

const notPublic = createAddressList([...NOT_PUBLIC_V4, ...NOT_PUBLIC_V6]);
const globalV6 = createAddressList(GLOBAL_V6);
const loopback = createAddressList(LOOPBACK);

/** Whether a host that anybody may reach can have this IP address. */
export const isPublicAddress = (address: string): boolean =>
  !notPublic.has(address) && (!address.includes(':') || globalV6.has(address));

/** Whether this is an IP address of the machine itself. */
export const isLoopback = (address: string): boolean => loopback.has(address);
