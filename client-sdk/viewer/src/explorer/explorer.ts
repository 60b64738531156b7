// The page of `stratalens explore`: prompts are typed, their layers drawn as they come, runs compared and saved.
import './explorer.css';
import { App } from './app.js';
import { Bridge } from './bridge.js';

// The path holds the token, and every address of the bridge is below it.
const app = new App(new Bridge(location.pathname));
document.body.append(app.element);
void app.open();
