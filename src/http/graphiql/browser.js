// Runs in the browser, before GraphiQL: page.ts puts it into the page. The key comes in the fragment, which
// browsers never send, and stays in sessionStorage, which ends with the browser tab.

const KEY = 'parley:key';

/** Takes the key out of the address, so that it gets into no bookmark, screenshot or copied link. */
function takeKey() {
  const key = new URLSearchParams(location.hash.slice(1)).get('key');
  if (!key) return false;
  sessionStorage.setItem(KEY, key);
  history.replaceState(null, '', location.pathname + location.search);
  return true;
}

/** Of every request: the key, unless the headers editor says who asks, and that the answer is to say what it cost and took. */
function createHeaders({ extensions }) {
  const key = sessionStorage.getItem(KEY);
  const typed = Object.keys(extensions?.headers ?? {}).some((name) => name.toLowerCase() === 'authorization');
  return {
    'x-parley-cost': '1',
    'x-parley-receipt': '1',
    ...(key && !typed ? { authorization: `Bearer ${key}` } : {}),
  };
}

/** The link opens a tab that has the key, too: with `opener`, the browser copies sessionStorage. */
function heading() {
  const key = sessionStorage.getItem(KEY);
  const shown = key?.slice(0, 8).replace(/[^\w-]/g, '');
  const text = key
    ? `Key ${shown}… · <a href="${location.pathname}" target="_blank" rel="opener">open another tab</a>`
    : `No key yet: open ${location.pathname}#key=prl_…`;
  return `<span style="font-size: 14px; font-weight: 400">${text}</span>`;
}

/** GraphiQL takes what it shows first from here. Without this it adds an empty tab whenever the page is loaded again. */
function showFirst({ query, variables }) {
  if (sessionStorage.getItem('graphiql:tabState')) return;
  sessionStorage.setItem('graphiql:query', query);
  sessionStorage.setItem('graphiql:variables', variables);
}

// biome-ignore lint/correctness/noUnusedVariables: the page calls it when GraphiQL is there.
function openGraphiql(tabs, logo) {
  showFirst(tabs[0]);
  YogaGraphiQL.renderYogaGraphiQL(document.getElementById('root'), {
    title: heading(),
    logo,
    defaultTabs: tabs,
    method: 'POST',
    additionalHeaders: createHeaders,
    // GraphiQL's history keeps the headers that were typed, keys among them: it ends with the browser tab, too.
    storage: sessionStorage,
    // By default every edit goes into the address.
    onEditQuery() {},
  });
}

takeKey();
addEventListener('hashchange', () => takeKey() && location.reload());
