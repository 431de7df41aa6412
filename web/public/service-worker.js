// The static site without a network. 'chainrule lab export' writes VERSION and FILES above these lines: whoever comes again after another export
// gets all of the new site or all of the old one.
/* global self, caches, fetch, VERSION, FILES */
const NAME = `chainrule-lab ${self.registration.scope} ${VERSION}`;
const OURS = `chainrule-lab ${self.registration.scope} `;

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(FILES)));
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
