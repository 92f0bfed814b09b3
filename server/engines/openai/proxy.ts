/**
 * Which proxy a request takes, if any: the conventions of HTTPS_PROXY and NO_PROXY as curl reads them. Pure; it
 * must not know sockets.
 */
import { isLoopback } from './settings.ts';

export interface ProxyChoice {
  readonly proxy?: string;
  readonly noProxy?: string;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** The proxy settings of the environment for requests of one protocol; lower-case names win, as in curl. */
export function proxyFromEnvironment(variables: Variables, baseURL: string): ProxyChoice {
  const first = (...names: string[]): string | undefined =>
    names.map(name => variables[name]).find(value => value !== undefined && value !== '');
  const secure = baseURL.startsWith('https:');
  const proxy = secure
    ? first('https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY')
    : first('http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY');
  const noProxy = first('no_proxy', 'NO_PROXY');
  return { ...(proxy === undefined ? {} : { proxy }), ...(noProxy === undefined ? {} : { noProxy }) };
}

/** The proxy for `target`, or undefined for a direct connection. Throws a TypeError when the proxy is no URL. */
export function proxyFor(target: URL, choice: ProxyChoice): URL | undefined {
  if (choice.proxy === undefined || choice.proxy === '' || isLoopback(target.hostname)) return undefined;
  if (matchesNoProxy(target, choice.noProxy ?? '')) return undefined;
  const url = new URL(choice.proxy.includes('://') ? choice.proxy : `http://${choice.proxy}`);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new TypeError(`proxies of the kind ${url.protocol} are not supported`);
  return url;
}

function matchesNoProxy(target: URL, list: string): boolean {
  const host = target.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const port = target.port === '' ? (target.protocol === 'https:' ? '443' : '80') : target.port;
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(entry => entry !== '')
    .some(entry => {
      if (entry === '*') return true;
      if (/^\d+\.\d+\.\d+\.\d+\/\d+$/.test(entry)) return inNetwork(host, entry);
      const [, name = '', wanted] = /^\[?([^\]]*?)\]?(?::(\d+))?$/.exec(entry) ?? [];
      if (isIPv6(entry)) return entry.replace(/^\[|\]$/g, '') === host;
      if (wanted !== undefined && wanted !== port) return false;
      const bare = name.replace(/^\*?\.+/, '');
      return bare !== '' && (host === bare || host.endsWith(`.${bare}`));
    });
}

const isIPv6 = (entry: string): boolean => (entry.match(/:/g) ?? []).length > 1 && !/\]:\d+$/.test(entry);

function inNetwork(host: string, network: string): boolean {
  const [base = '', bits = '32'] = network.split('/');
  const a = addressNumber(host);
  const b = addressNumber(base);
  const shift = 2 ** (32 - Math.min(32, Number(bits)));
  return a !== undefined && b !== undefined && Math.floor(a / shift) === Math.floor(b / shift);
}

function addressNumber(address: string): number | undefined {
  if (!/^\d+\.\d+\.\d+\.\d+$/.test(address)) return undefined;
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** The value of Proxy-Authorization for a proxy URL with user and password. */
export function proxyAuthorization(proxy: URL): string | undefined {
  if (proxy.username === '' && proxy.password === '') return undefined;
  const pair = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
}
