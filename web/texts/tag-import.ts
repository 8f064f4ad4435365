import type { Locale } from '../../domain/locale.ts';
import type { Taking } from '../../domain/tag-table/table.ts';

interface TagImportTexts {
  readonly title: string;
  readonly subtitle: string;
  readonly file: string;
  readonly fileHint: (megabytes: string, rows: string) => string;
  readonly owner: string;
  readonly category: string;
  readonly noDefault: string;
  readonly defaultsHint: string;
  readonly read: string;
  readonly template: string;
  readonly past: string;
  readonly none: string;
  readonly noneHint: string;
  readonly who: string;
  readonly when: string;
  readonly state: string;
  readonly states: Readonly<Record<Taking['kind'] | 'waiting', string>>;
  readonly taken: (added: string, changed: string) => string;
  readonly noFile: string;
  readonly one: (file: string) => string;
  readonly howRead: string;
  readonly nothingYet: string;
  readonly columns: string;
  readonly columnsHint: string;
  readonly column: string;
  readonly example: string;
  readonly meaning: string;
  readonly leaveOut: string;
  readonly saveColumns: string;
  readonly saved: string;
  readonly all: string;
  readonly row: string;
  readonly tag: string;
  readonly outcome: string;
  readonly details: string;
  readonly report: string;
  readonly takeAll: (rows: string) => string;
  readonly takeGood: (rows: string, refused: string) => string;
  readonly nothingToTake: string;
  readonly done: (added: string, changed: string, refused: string) => string;
  /** Why what was to be written is not. */
  readonly ended: Readonly<Record<Exclude<Taking['kind'], 'running'>, string>>;
  readonly writing: (written: string, toWrite: string) => string;
  readonly allOrNothing: string;
  readonly stop: string;
  readonly emptyTab: string;
}

export const tagImportTexts: Readonly<Record<Locale, TagImportTexts>> = {
  'zh-CN': {
    title: '导入标签字典',
    subtitle: '上传公司现有的标签清单。先逐行核对，确认后才写入，每个标签都会留下版本。',
    file: '文件（.xlsx 或 .csv）',
    fileHint: (megabytes, rows) =>
      `最大 ${megabytes} MB、${rows} 行。列的顺序不限，表头中英文均可；编码可以是 UTF-8、GBK/GB18030 或 UTF-16。`,
    owner: '新标签的默认责任人',
    category: '新标签的默认类别',
    noDefault: '不设默认值',
    defaultsHint: '只用于文件里没有写明的新标签。',
    read: '读取并核对',
    template: '下载现有字典作为模板（Excel）',
    past: '最近的导入',
    none: '还没有导入过',
    noneHint: '上传一个文件，就能看到每一行会怎样。',
    who: '上传人',
    when: '时间',
    state: '结果',
    states: {
      waiting: '待确认，尚未写入',
      running: '正在写入',
      stopped: '已停止，没有写入',
      overtaken: '字典有变化，请重新确认，没有写入',
      failed: '写入失败，没有写入',
    },
    taken: (added, changed) => `已导入：新增 ${added}，修改 ${changed}`,
    noFile: '请选择一个文件。',
    one: (file) => `导入 ${file}`,
    howRead: '读取方式',
    nothingYet: '下面是导入后的结果预览，目前还没有写入字典。',
    columns: '列的含义',
    columnsHint: '系统按表头识别各列，识别错了可以在这里改。同一含义只能对应一列。',
    column: '文件中的列',
    example: '示例',
    meaning: '含义',
    leaveOut: '不导入',
    saveColumns: '按这些含义重新核对',
    saved: '已按新的含义重新核对。',
    all: '全部',
    row: '行',
    tag: '标签',
    outcome: '结果',
    details: '说明',
    report: '下载逐行报告（CSV）',
    takeAll: (rows) => `写入全部 ${rows} 行`,
    takeGood: (rows, refused) => `只写入没有问题的 ${rows} 行，跳过 ${refused} 行`,
    nothingToTake: '没有需要写入的行。',
    done: (added, changed, refused) =>
      `导入完成：新增 ${added} 个标签，修改 ${changed} 个，跳过 ${refused} 行。`,
    ended: {
      stopped: '写入已停止，字典没有任何变化。可以重新写入。',
      overtaken:
        '核对之后字典、人员或部门有了变化，有些行的结果和刚才看到的不同，所以一行也没有写入。下面是重新核对的结果，请再确认一次。',
      failed: '写入没有成功，字典没有任何变化。请稍后再试；如果仍然失败，请联系运维查看日志。',
    },
    writing: (written, toWrite) => `正在写入：${written} / ${toWrite} 个标签`,
    allOrNothing:
      '要么全部生效，要么一个都不生效：完成之前，字典里看不到任何变化。可以离开此页，写入会继续。',
    stop: '停止写入',
    emptyTab: '没有这样的行。',
  },
  en: {
    title: 'Import tags',
    subtitle:
      'Bring the list of tags that your company has. Every row is looked at first and written only when you say so; each tag keeps a version.',
    file: 'File (.xlsx or .csv)',
    fileHint: (megabytes, rows) =>
      `At most ${megabytes} MB and ${rows} rows. Columns in any order, headed in Chinese or English; UTF-8, GBK/GB18030 or UTF-16.`,
    owner: 'Owner of new tags',
    category: 'Category of new tags',
    noDefault: 'No default',
    defaultsHint: 'For new tags of which the file does not say it.',
    read: 'Read and look over',
    template: 'Download the dictionary as a template (Excel)',
    past: 'Imports so far',
    none: 'Nothing has been imported yet',
    noneHint: 'Bring a file and see what would become of each row.',
    who: 'Brought by',
    when: 'When',
    state: 'Outcome',
    states: {
      waiting: 'Waits for your word, nothing written',
      running: 'Being written',
      stopped: 'Stopped, nothing written',
      overtaken: 'The dictionary changed: look again, nothing written',
      failed: 'Failed, nothing written',
    },
    taken: (added, changed) => `Taken in: ${added} new, ${changed} changed`,
    noFile: 'Choose a file.',
    one: (file) => `Import of ${file}`,
    howRead: 'Read as',
    nothingYet: 'This is what would become of each row. Nothing has been written yet.',
    columns: 'What the columns mean',
    columnsHint:
      'Columns are known by their headings; what was taken wrongly can be changed. Each meaning belongs to one column.',
    column: 'Column of the file',
    example: 'Example',
    meaning: 'Means',
    leaveOut: 'Left out',
    saveColumns: 'Look over again with these meanings',
    saved: 'Looked over with the new meanings.',
    all: 'All',
    row: 'Row',
    tag: 'Tag',
    outcome: 'Outcome',
    details: 'Details',
    report: 'Download the report (CSV)',
    takeAll: (rows) => `Write all ${rows} rows`,
    takeGood: (rows, refused) => `Write the ${rows} good rows and leave out ${refused}`,
    nothingToTake: 'No row needs writing.',
    done: (added, changed, refused) =>
      `Taken in: ${added} tags new, ${changed} changed, ${refused} rows left out.`,
    ended: {
      stopped: 'Writing was stopped; the dictionary is as it was. It can be written again.',
      overtaken:
        'The dictionary, people or departments changed since the rows were looked over, and some would come to something else than you saw; so nothing was written. The rows have been looked over again: please confirm once more.',
      failed:
        'Writing did not succeed; the dictionary is as it was. Try again later; if it fails again, ask whoever runs Tagwarden to look at the log.',
    },
    writing: (written, toWrite) => `Being written: ${written} of ${toWrite} tags`,
    allOrNothing:
      'All of it comes into force or nothing does: until the end the dictionary shows none of it. You may leave this page; writing goes on.',
    stop: 'Stop writing',
    emptyTab: 'There is no such row.',
  },
};
