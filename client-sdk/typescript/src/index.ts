export * from './api.js';
export { connect, type ConnectOptions } from './connect.js';
