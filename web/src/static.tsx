// The page as a static site: its sessions are in a web worker, and it opens again without a network.
import { render } from 'preact';
import { App } from './App';
import { follow } from './shared/route';
import { worker } from './shared/worker';

follow();
const host = worker();
render(<App host={host} />, document.getElementById('lab')!);
// Without it, as on a page that is not served over https, the site works while there is a network. It comes after the engine, whose files it finds in the
// browser's cache then.
void host.rooms().finally(() => navigator.serviceWorker?.register('./service-worker.js')).catch(() => undefined);
