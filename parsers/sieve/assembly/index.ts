export { nextStraceLine } from './strace';
export { learn } from './text';
export { nextTrussLine } from './truss-illumos';
