export { nextStraceLine } from './strace';
export { learn } from './text';
