import { render } from 'preact';
import { App } from './App';
import { http } from './shared/http';
import { follow } from './shared/route';

follow();
render(<App host={http} />, document.getElementById('lab')!);
