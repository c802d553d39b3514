export { keepHeads } from './heads';
export { readPlainLines } from './plain';
