/** What a person reads of a page without scripts: no markup, entities resolved. */
export function readHtml(html: string): string {
  return html
    .replaceAll(/<(head|style|title)[\s\S]*?<\/\1>/g, '')
    .replaceAll(/<br>/g, '\n')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
