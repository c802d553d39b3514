export { oldestKept } from './kept';
export { scan, scannedTo } from './scan';
export { sift } from './sift';
