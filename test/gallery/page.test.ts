import { describe, expect, it } from 'vitest';
import { locales } from '../../domain/locale.ts';
import { galleryPage } from './page.tsx';

describe.each(locales)('the gallery in %s', (locale) => {
  it('draws every card and form of both platforms, and nothing of theirs as markup', async () => {
    const html = await galleryPage(locale, '');
    const count = (pattern: RegExp) => html.match(pattern)?.length ?? 0;
    const emails = count(/<iframe/g);
    const robots = count(/class="robot"/g) / 2;
    expect(emails).toBeGreaterThan(3);
    expect(robots).toBeGreaterThan(6);
    const samples = count(/<article/g) - emails - robots;
    expect(samples).toBeGreaterThan(70);
    expect(html.match(/class="feishu message"/g)).toHaveLength(samples);
    expect(html.match(/class="slack (?:message|modal)"/g)).toHaveLength(samples);
    expect(count(/<img[^>]* src="data:image\/png/g)).toBeGreaterThanOrEqual(6);
    const withoutPictures = html.replaceAll(/data:image\/png[^"]*/g, '');
    expect(withoutPictures).not.toMatch(/undefined|\[object|NaN|&amp;#|<script/);
  });
});
