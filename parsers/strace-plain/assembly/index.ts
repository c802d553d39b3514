export { learn } from '../../sieve/assembly/text';
export { keepHeads } from './heads';
export { readPlainLines } from './plain';
