import { expect, test } from '@playwright/test';
import { showProgress } from './progress.ts';

function stream(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, columns: 10, write: (text: string) => written.push(text), written };
}

test('without a terminal each step is a line that stays', () => {
  const log = stream(false);
  const { tell, end } = showProgress(log);
  tell('pulling');
  tell('still pulling');
  end();
  expect(log.written).toEqual(['pulling\n', 'still pulling\n']);
});

test('on a terminal a step takes the place of the one before it, cut to the width', () => {
  const terminal = stream(true);
  const { tell, end } = showProgress(terminal);
  tell('pulling an image');
  end();
  expect(terminal.written).toEqual(['\r\u001B[2Kpulling a', '\r\u001B[2K']);
});
