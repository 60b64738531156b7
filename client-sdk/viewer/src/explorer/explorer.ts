// The page of `stratalens explore`: type prompts, see their layers arrive, compare and save results.
import './explorer.css';
import { App } from './app.js';
import { Bridge } from './bridge.js';

// The path contains the token; all addresses of the bridge are below it.
const app = new App(new Bridge(location.pathname));
document.body.append(app.element);
void app.open();
