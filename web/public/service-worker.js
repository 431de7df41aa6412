// The static site without a network. 'chainrule lab export' writes VERSION and FILES above these lines: whoever comes again after another export
// gets all of the new site or all of the old one.
/* global self, caches, fetch, Request, VERSION, FILES */
const NAME = `chainrule-lab ${self.registration.scope} ${VERSION}`;
const OURS = `chainrule-lab ${self.registration.scope} `;

// What has a hash in its name is the same for ever: the page has just fetched it, and it is not fetched again, whatever a host says of how long it keeps.
const HASHED = /(\.[a-z0-9]{10}\.(wasm\.gz|js)|^\.\/assets\/.*-[\w-]{8}\.(js|css))$/;

self.addEventListener('install', (event) => {
  const wanted = FILES.map((file) => new Request(file, { cache: HASHED.test(file) ? 'force-cache' : 'default' }));
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(wanted)));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter((name) => name.startsWith(OURS) && name !== NAME).map((name) => caches.delete(name)))));
});

self.addEventListener('fetch', (event) => {
  if (event.request.method !== 'GET') return;
  event.respondWith(caches.open(NAME)
    .then((cache) => cache.match(event.request, { ignoreSearch: true }))
    .then((kept) => kept ?? fetch(event.request)));
});
