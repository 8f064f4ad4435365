import { createFormat } from '../bot/texts/format.ts';
import {
  describeStep,
  type HistoryNames,
  type HistoryStep,
  type StepWords,
} from '../bot/texts/history.ts';
import { textsFor } from '../bot/texts/texts.ts';
import type { Person } from '../domain/person.ts';
import { tableNames, type TableName } from './tables/table.ts';
import type { SignedIn, Visitor } from './visitor.ts';
import { personName } from './words.ts';

type ActionWords = readonly [zhCn: string, en: string];

/** Actions that only the audit trail shows; those of a warning's or a request's history have words in bot/texts. */
const actionWords: Readonly<Record<string, ActionWords>> = {
  'warning.reminded': ['发出了提醒', 'sent a reminder'],
  'fix.planned': ['制定了修复方案', 'planned the fix'],
  'fix.started': ['开始修复', 'started the fix'],
  'fix.undoing': ['开始撤销修复', 'started to undo the fix'],
  'scan.started': ['发起了扫描', 'started a scan'],
  'scan.finished': ['完成了扫描', 'finished a scan'],
  'source.rows-rejected': [
    '跳过了无法读取的来源数据',
    'skipped rows of a source that could not be read',
  ],
  'silence.began': ['开始了静默', 'began a silence'],
  'silence.ended': ['提前结束了静默', 'ended a silence early'],
  'assessment.counted': ['计入了考核扣分', 'counted assessment points'],
  'assessment.contested': ['对考核扣分提出申诉', 'contested assessment points'],
  'assessment.upheld': ['维持了考核扣分', 'upheld assessment points'],
  'assessment.withdrawn': ['撤销了考核扣分', 'withdrew assessment points'],
  'assessment.refused': ['处理考核扣分被拒绝', 'was refused on assessment points'],
  'assessment.reported': ['发送了月度考核', 'sent a monthly assessment'],
  'assessment.month-closed': ['结算了月度考核', 'closed a month of the assessment'],
  'person.signed-out': ['退出了控制台', 'signed out of the console'],
  'person.sign-in-link-made': ['获取了登录链接', 'got a sign-in link'],
  'person.preferences-set': ['修改了个人设置', 'changed their settings'],
  'person.link-proposed': ['有账号待确认', 'has an account to be confirmed'],
  'person.linked': ['确认了账号的关联', 'linked an account'],
  'person.link-refused': ['拒绝了账号的关联', 'refused to link an account'],
  'person.turned-away': ['未被允许进入', 'was not let in'],
  'review.begun': ['开始了一轮标签复核', 'began a tag review'],
  'review.answered': ['答复了标签复核', 'answered a tag review'],
  'review.closed': ['结束了标签复核', 'ended a tag review'],
  'review.refused': ['处理标签复核被拒绝', 'was refused on a tag review'],
  'draft.kept': ['保存了申请草稿', 'kept a draft of a request'],
  'draft.discarded': ['删除了申请草稿', 'deleted a draft of a request'],
  'draft.refused': ['处理申请草稿被拒绝', 'was refused on a draft'],
  'tag-import.brought': ['上传了标签清单', 'brought a table of tags'],
  'tag-import.begun': ['开始写入标签清单', 'began to write a table of tags'],
  'tag-import.taken-in': ['导入了标签清单', 'took in a table of tags'],
  'tag-import.stopped': ['停止了写入标签清单', 'stopped writing a table of tags'],
  'tag-import.overtaken': [
    '字典有变化，标签清单没有写入',
    'did not write a table of tags, as the dictionary had changed',
  ],
  'tag-import.failed': ['标签清单写入失败', 'failed to write a table of tags'],
  'tag-import.refused': ['导入标签被拒绝', 'was refused on a table of tags'],
  'audit.exported': ['导出了审计记录', 'exported the audit trail'],
  'audit.refused': ['查看审计记录被拒绝', 'was refused the audit trail'],
  'table.exported': ['导出了表格', 'exported a table'],
  'configuration.exported': ['导出了配置', 'exported the configuration'],
  'candidates.looked-for': ['发起了字典检查', 'had the dictionary looked over'],
  'candidates.refused': ['处理待清理项被拒绝', 'was refused on clean-up candidates'],
  'scan.refused': ['发起扫描被拒绝', 'was refused a scan'],
  'digest.refused': ['获取报告被拒绝', 'was refused a digest'],
  'silence.refused': ['设置静默被拒绝', 'was refused on a silence'],
  'request.refused': ['处理申请被拒绝', 'was refused on a request'],
  'proposal.refused': ['提交申请被拒绝', 'was refused a request'],
  'rule.refused': ['调整规则被拒绝', 'was refused on a rule'],
  'api-token.refused': ['创建 API 令牌被拒绝', 'was refused an API token'],
  'sign-in-link.refused': ['获取登录链接被拒绝', 'was refused a sign-in link'],
  'person.refused': ['修改个人设置被拒绝', 'was refused a change of settings'],
  'link.refused': ['处理账号关联被拒绝', 'was refused on the link of an account'],
  'delivery.refused': ['重新发送卡片被拒绝', 'was refused to send cards again'],
  'delivery.sent-again': ['重新发送了卡片', 'sent a card again'],
  'api-token.made': ['创建了 API 令牌', 'made an API token'],
  'api-token.revoked': ['吊销了 API 令牌', 'revoked an API token'],
};

/** What a row of the audit trail is about. */
const subjectWords: Readonly<Record<string, ActionWords>> = {
  'api-token': ['API 令牌', 'API token'],
  assessment: ['考核扣分', 'assessment points'],
  'assessment-month': ['月度考核', 'monthly assessment'],
  'assessment-report': ['月度考核通知', 'assessment report'],
  audit: ['审计记录', 'audit trail'],
  candidate: ['待清理项', 'clean-up candidate'],
  candidates: ['字典整理', 'clean-up'],
  channel: ['渠道', 'channel'],
  configuration: ['配置', 'configuration'],
  delivery: ['消息投递', 'delivery'],
  digest: ['报告', 'digest'],
  draft: ['申请草稿', 'draft'],
  event: ['事件', 'event'],
  fix: ['修复', 'fix'],
  link: ['账号关联', 'account link'],
  person: ['人员', 'person'],
  proposal: ['申请', 'request'],
  request: ['申请', 'request'],
  retention: ['数据清理', 'retention'],
  review: ['标签复核', 'tag review'],
  rule: ['规则', 'rule'],
  scan: ['扫描', 'scan'],
  'sign-in-link': ['登录链接', 'sign-in link'],
  silence: ['静默', 'silence'],
  source: ['来源系统', 'source'],
  table: ['表格', 'table'],
  tag: ['标签', 'tag'],
  'tag-import': ['标签导入', 'tag import'],
  warning: ['预警', 'warning'],
};

/** What was taken as a file. */
const tableWords: Readonly<Record<TableName, ActionWords>> = {
  inbox: ['收件箱', 'inbox'],
  warnings: ['预警', 'warnings'],
  times: ['认领与关闭用时', 'times to claim and to close'],
  tags: ['标签字典', 'tags'],
  relations: ['标签关系', 'relations of tags'],
  rules: ['规则', 'rules'],
  candidates: ['字典整理', 'clean-up'],
  requests: ['标签申请', 'requests'],
  scans: ['扫描', 'scans'],
  deliveries: ['消息投递', 'deliveries'],
  people: ['人员', 'people'],
  silences: ['静默', 'silences'],
  exceptions: ['例外', 'exceptions'],
  assessment: ['月度考核', 'assessment'],
  audit: ['审计', 'audit trail'],
};

/** What a row of the audit trail is about, in words; people and tables by their names. */
export function describeSubject(
  { subjectKind, subjectId }: { readonly subjectKind: string; readonly subjectId: string },
  visitor: SignedIn,
  people: ReadonlyMap<string, Person>,
): string {
  const inLocale = ([zhCn, en]: ActionWords) => (visitor.locale === 'zh-CN' ? zhCn : en);
  const words = subjectWords[subjectKind];
  const kind = words === undefined ? subjectKind : inLocale(words);
  if (subjectKind === 'person') return `${kind} ${personName(subjectId, people, visitor)}`;
  const table = subjectKind === 'table' ? tableNames.find((name) => name === subjectId) : undefined;
  return `${kind} ${table === undefined ? subjectId : inLocale(tableWords[table])}`;
}

/** A step of the audit trail in words, after the name of whoever did it; one that has none is shown by its name. */
export function describeAction(
  step: HistoryStep,
  visitor: Visitor,
  names: HistoryNames,
): StepWords {
  const words = actionWords[step.action];
  if (words !== undefined) {
    return { what: visitor.locale === 'zh-CN' ? words[0] : words[1], comment: null };
  }
  return describeStep(step, textsFor(visitor.locale), createFormat(visitor, visitor.nowMs), names);
}
