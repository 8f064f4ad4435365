import { Converter } from 'opencc-js/t2cn';
import { pinyin } from 'pinyin-pro';
import type { Language } from '../domain/intelligence/language.ts';

let loaded: Language | undefined;

/** Chinese with its dictionaries: about 40 MB of memory from the first call on, loaded once for a process. */
export function chinese(): Language {
  loaded ??= load();
  return loaded;
}

function load(): Language {
  const convert = Converter({ from: 'tw', to: 'cn' });
  const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });
  return {
    simplify: (text) => (hasHan(text) ? convert(text) : text),
    spell: (text) =>
      hasHan(text) ? pinyin(text, { toneType: 'none', nonZh: 'consecutive', v: true }) : text,
    segment: (text) => Array.from(segmenter.segment(text), ({ segment }) => segment),
  };
}

function hasHan(text: string): boolean {
  return /\p{Script=Han}/u.test(text);
}
